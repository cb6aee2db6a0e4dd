"""Every public page once, by its one address: what the site map for search engines lists.

Left out: print pages and sheets (noindex), the handbook's own lines (they stand behind their guide), and states of
a page that only parameters tell apart. Two cities side by side are left out too: their number grows with the square
of the cities'.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from offices.models import City

from .models import Guide, LifeEvent, Matter
from .paths import PATHS


def general_addresses() -> Iterator[str]:
    """Pages that belong to no single city."""
    for page in ("guides:home", "guides:list", "guides:materials", "offices:index", "guides:site_map"):
        yield reverse(page)
    yield from (event.get_absolute_url() for event in LifeEvent.objects.all())
    yield from (reverse("guides:path", args=[slug]) for slug in PATHS)
    yield from (matter.get_absolute_url() for matter in Matter.objects.with_published_guides())


def city_addresses(city: City) -> Iterator[str]:
    """A city's offices, then its guides, each for the city and for every county.

    200 matters in 20 counties make 4,241 pages; a site map may have 50,000.
    """
    counties = list(city.counties.values_list("slug", flat=True))
    yield reverse("offices:city", args=[city.slug])
    for county in counties:
        yield reverse("offices:county", args=[city.slug, county])
        yield reverse("guides:plan", args=[city.slug, county])
    guides = Guide.objects.published().in_city(city).order_by("matter__position", "matter__slug")
    for matter in guides.values_list("matter__slug", flat=True):
        yield reverse("guides:guide", args=[city.slug, matter])
        for county in counties:
            yield reverse("guides:county_guide", args=[city.slug, matter, county])
