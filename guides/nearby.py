"""The guides to some matters at the place a visitor has chosen, or in a few cities while none is chosen."""

from __future__ import annotations

from collections.abc import Iterable

from offices.models import City
from offices.place import Place

from .models import Guide, Matter

FEW_CITIES = 6
"""How many cities stand side by side while none is chosen."""


def guides_at(place: Place, matters: Iterable[Matter]) -> dict[int, list[Guide]]:
    """Published guides by the key of their matter: of the chosen city, else of the first few cities."""
    cities = [place.city] if place.city else City.objects.all()[:FEW_CITIES]
    found: dict[int, list[Guide]] = {}
    for guide in Guide.objects.published().to_matters(matters).in_cities(cities).with_effort():
        found.setdefault(guide.matter_id, []).append(guide)
    return found


def audience_words(guides: Iterable[Guide]) -> list[str]:
    """Whom the guides are for, in the handbooks' own words; what several say alike is said once."""
    return list(dict.fromkeys(guide.audience for guide in guides if guide.audience))
