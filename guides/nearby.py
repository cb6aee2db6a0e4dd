"""The guides to some matters at the place a visitor has chosen, or in a few cities while none is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from offices.models import City, County, Office
from offices.place import Place
from offices.reversing import reverse

from .models import Guide, GuideOffice, Matter

FEW_CITIES = 6
"""How many cities stand side by side while none is chosen."""


def guides_at(place: Place, matters: Iterable[Matter]) -> dict[int, list[Guide]]:
    """Published guides by the key of their matter: of the chosen city, else of the first few cities."""
    cities = [place.city] if place.city else City.objects.all()[:FEW_CITIES]
    found: dict[int, list[Guide]] = {}
    for guide in Guide.objects.published().to_matters(matters).in_cities(cities).with_effort():
        found.setdefault(guide.matter_id, []).append(guide)
    return found


def handled_at(counties: Sequence[County], matters: Sequence[Matter]) -> dict[int, set[int]]:
    """Keys of those of the matters that can be handled in each county, by the rule of ``GuideQuerySet.in_county``."""
    handled: dict[int, set[int]] = {county.pk: set() for county in counties}
    if not matters:
        return handled
    cities = {county.city for county in counties}
    guides = list(Guide.objects.published().to_matters(matters).in_cities(cities).order_by())
    own = set(GuideOffice.objects.filter(guide__in=guides).values_list("guide", "office__county").order_by())
    named = set(Office.objects.filter(county__in=handled).values_list("county", flat=True).order_by())
    for county in counties:
        for guide in guides:
            usable = {(guide.pk, county.pk), (guide.pk, None)} & own or county.pk not in named
            if guide.city_id == county.city_id and usable:
                handled[county.pk].add(guide.matter_id)
    return handled


def matter_page(matter: Matter, place: Place) -> str:
    """The guide to a matter at a place; while none is chosen, the matter in all cities."""
    if place.county and place.city:
        return reverse("guides:county_guide", args=[place.city.slug, matter.slug, place.county.slug])
    if place.city:
        return reverse("guides:guide", args=[place.city.slug, matter.slug])
    return matter.get_absolute_url()


def audience_words(guides: Iterable[Guide]) -> list[str]:
    """Whom the guides are for, in the handbooks' own words; what several say alike is said once."""
    return list(dict.fromkeys(guide.audience for guide in guides if guide.audience))
