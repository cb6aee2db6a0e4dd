"""Every public address that the mirror holds: those of which there are only so many.

Further pages of a list (``page=2``) are found on the way, by the link to them. ``LEFT_OUT`` names what is not held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from django.urls import reverse

from guides.models import Audience, Category, Guide, LifeEvent, Matter
from guides.paths import PATHS, GuidedPath, Position
from guides.site_map import city_addresses
from guides.vocabulary import CHANNEL_KINDS, LIST_ORDERS, SPEEDS
from offices.addresses import address
from offices.models import City, County
from offices.place import HANDFUL, Place

QUERY = re.compile(r"[a-z0-9=&_-]*")
"""The queries that may become part of a file's name."""
LEFT_OUT = {
    r".*[?&]q=": "search words are any words",
    r".*[?&]accepted=": "every day has an address",
    r".*/notice/\?": "which papers are missing: 2^n choices",
    r".*\?(?:.*&)?(?:size|steps|notes|case)=": "options of a printed sheet: the sheet itself is held",
    r"/plan/.*matters=.*&matters=": "a trip for several matters: 2^n choices",
    r"/plan/.*/print/": "the paper of such a trip",
    r"/offices/.*/booklet[./].*\?": "what a booklet is to hold: 2^n choices; the whole one is held",
    r"/materials/\?.*paper=": "names of papers in Chinese letters, which no file is named by; the index is held",
    r"/guides/\?(?:.*&)?(?:channel|limit|audience|category|sort)=.*&(?:channel|limit|audience|category|sort)=": (
        "two filters at once: their number is the product of all choices; each filter alone is held"
    ),
    r"/matters/.*city=.*&city=.*&city=": "three cities or more side by side: every combination has an address",
    r"/compare/": f"every two of more than {HANDFUL} cities; a handful's are held",
    r"/display/": "sets a cookie: nginx answers it",
    r"/search/": "suggestions while somebody types",
    r"/report/": "the form of a reader's report: only the site can take it in",
}
"""Patterns of linked public addresses that the mirror does not hold, with the reason of each."""
ERROR_PAGES = ("/_errors/404.html", "/_errors/500.html")
"""Pages without an address of their own, for whoever serves the mirror as it is: an object store, a CDN."""


def public_addresses() -> Iterator[str]:
    """Every address, as the site writes it, each once and first what most is read."""
    cities = list(City.objects.with_counties())
    places = [Place(), *(place for city in cities for place in places_in(city))]
    yield reverse("guides:home")
    for city in cities:
        yield from of_city(city)
    for place in places:
        yield from of_place(place)
    yield from of_matters(cities)
    yield from (reverse(f"guides:{page}") for page in SINGLE)
    yield reverse("offices:index")
    yield from ERROR_PAGES


SINGLE = ("data", "sitemap", "sitemap_general", "robots", "manifest", "favicon", "apple_touch_icon")


def places_in(city: City) -> list[Place]:
    """The whole city, then each of its counties."""
    return [Place(city), *(Place(city, county) for county in city.counties.all())]


def of_place(place: Place) -> Iterator[str]:
    """The pages that can be read for any place, named by parameters."""
    if place.city:
        yield address(reverse("guides:home"), place.pairs)
    yield address(reverse("guides:list"), place.pairs)
    for name, values in filters():
        yield from (address(reverse("guides:list"), [*place.pairs, (name, value)]) for value in values)
    for page in ("guides:materials", "guides:site_map"):
        yield address(reverse(page), place.pairs)
    for event in LifeEvent.objects.all():
        yield address(event.get_absolute_url(), place.pairs)
    for path in PATHS.values():
        for given in answers(path):
            yield address(reverse("guides:path", args=[path.slug]), [("a", given), *place.pairs])


def filters() -> list[tuple[str, list[str]]]:
    """Each filter of the list with all its values; the mirror holds every one alone."""
    return [
        ("channel", list(CHANNEL_KINDS)),
        ("limit", list(SPEEDS)),
        ("audience", list(Audience.objects.values_list("slug", flat=True))),
        ("category", list(Category.objects.values_list("slug", flat=True))),
        ("sort", [order for order in LIST_ORDERS if order != "handbook"]),
    ]


def answers(path: GuidedPath) -> list[str]:
    """Every beginning of a way along the path, as it stands in an address; an end only where there is the matter."""
    known, found = Matter.objects.by_slug(path.matters), []
    ahead = [Position((), path.first)]
    while ahead:
        position = ahead.pop()
        if position.question:
            ahead += [position.after(answer) for answer in position.question.answers]
        if position.question or position.matter in known:
            found.append(position.given)
    return found


def of_city(city: City) -> Iterator[str]:
    """A city's offices and guides: what the site map lists, and everything below it."""
    counties = list(city.counties.all())
    offered = {county: matters_in(county) for county in counties}
    idle = {f"/plan/{city.slug}/{county.slug}/" for county in counties if not offered[county]}
    yield from (each for each in city_addresses(city) if each not in idle)
    yield reverse("guides:sitemap_city", args=[city.slug])
    yield reverse("guides:city_data", args=[city.slug])
    yield reverse("guides:city_list", args=[city.slug])
    for county in counties:
        yield from of_county(city, county, offered[county])
    published = Guide.objects.published().in_city(city).order_by("matter__position", "matter__slug")
    for matter in published.values_list("matter__slug", flat=True):
        yield from of_guide(city, matter, counties)


def matters_in(county: County) -> list[str]:
    """The slugs of what can be done in a county."""
    return list(Guide.objects.published().in_county(county).values_list("matter__slug", flat=True).distinct())


def of_county(city: City, county: County, matters: Sequence[str]) -> Iterator[str]:
    """The clerk's pages of a county, its papers, and a trip that begins with any matter."""
    here = [city.slug, county.slug]
    yield reverse("guides:counter", args=here)
    if matters:
        yield from (reverse(f"guides:{page}", args=here) for page in ("booklet_choice", "booklet", "poster"))
    for matter in matters:
        yield address(reverse("guides:plan", args=here), [("matters", matter)])


def of_guide(city: City, matter: str, counties: Sequence[County]) -> Iterator[str]:
    """The pages and the paper below one guide."""
    guide = [city.slug, matter]
    for page in ("print", "sheet", "text", "notice", "source", "deadline"):
        yield reverse(f"guides:{page}", args=guide)
    for county in counties:
        for page in ("print", "sheet", "text", "notice"):
            yield reverse(f"guides:county_{page}", args=[*guide, county.slug])
        for page in ("source", "deadline"):
            yield address(reverse(f"guides:{page}", args=guide), [("county", county.slug)])


def of_matters(cities: Sequence[City]) -> Iterator[str]:
    """Every matter, one without guides too: its page says so. Then in each city, and, of a handful, in every two."""
    for matter in Matter.objects.all():
        page = matter.get_absolute_url()
        here = Guide.objects.published().to_matter(matter).in_reading_order()
        slugs = list(here.values_list("city__slug", flat=True))
        yield page
        yield from (address(page, [("city", slug)]) for slug in slugs)
        if len(cities) <= HANDFUL:
            yield from (address(page, [("city", one), ("city", two)]) for one, two in combinations(slugs, 2))
    if len(cities) <= HANDFUL:
        for one, two in combinations(cities, 2):
            yield reverse("guides:compare", args=[one.slug, two.slug])
