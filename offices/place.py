"""The place a visitor has chosen, as links carry it: ``?city=dazhou&county=xuanhan``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from django.http import HttpRequest
from django.utils.safestring import SafeString

from .addresses import Pairs, address, asked
from .long_lists import city_links, options
from .lookup import OFFERED, NothingHere, WayOn, counties_of, find_city, find_county
from .memory import remembered
from .models import City, County
from .reversing import reverse

PARAMETERS = ("city", "county")
HANDFUL = 8
"""How many cities stand as links; with more of them the others are chosen from a list."""


@dataclass(frozen=True)
class Place:
    """A county, a whole city, or (both ``None``) nowhere in particular."""

    city: City | None = None
    county: County | None = None

    def __str__(self) -> str:
        if self.county:
            return self.county.full_name
        return self.city.name if self.city else ""

    @property
    def pairs(self) -> Pairs:
        """Its parameters in an address."""
        return [
            ("city", self.city.slug if self.city else ""),
            ("county", self.county.slug if self.county else ""),
        ]

    @property
    def query(self) -> str:
        """``?city=dazhou&county=xuanhan``, to carry the choice on in a link; empty when nothing is chosen."""
        return address("", self.pairs)

    @property
    def offices_url(self) -> str:
        """The page with the offices and phones of this place."""
        place = self.county or self.city
        return place.get_absolute_url() if place else reverse("offices:index")


Page = Callable[[Place], str]
"""Gives the address of one page for any place."""


def asked_place(request: HttpRequest, page: Page) -> Place:
    """The place named by ``city`` and ``county``; a county alone will do when only one city has it.

    Raises ``NothingHere`` with the same page for the right places when one of them is wrong.
    """
    anywhere = [WayOn("不选城市，直接看这一页", page(Place()))]
    city_slug, county_slug = (asked(request, name, anywhere) for name in PARAMETERS)
    if not city_slug:
        return only_place_called(county_slug, page) if county_slug else Place()
    city = find_city(city_slug, lambda city: page(Place(city)))
    if not county_slug:
        return Place(city)
    return Place(city, find_county(city, county_slug, lambda county: page(Place(city, county))))


def only_place_called(slug: str, page: Page) -> Place:
    """The one county of this slug; raises ``NothingHere`` when there is none, or offering all of several."""
    counties = list(County.objects.called(slug))
    if len(counties) == 1:
        return Place(counties[0].city, counties[0])
    if not counties:
        cities = City.objects.all()[:OFFERED]
        raise NothingHere(
            f"本站没有“{slug}”这个县（市、区）。", [WayOn(city.name, page(Place(city))) for city in cities]
        )
    names = "、".join(county.city.name for county in counties[:OFFERED])
    raise NothingHere(
        f"{names}都有“{counties[0].name}”，请选择是哪个城市的。",
        [WayOn(county.full_name, page(Place(county.city, county))) for county in counties[:OFFERED]],
    )


def place_named(request: HttpRequest) -> Place:
    """The place an address names, in its path or its parameters, as far as there is one: for messages."""
    match = request.resolver_match
    asked_for = {**request.GET.dict(), **(match.kwargs if match else {})}
    named = {name: slug for name, slug in asked_for.items() if str(slug).isprintable()}
    city = City.objects.filter(slug=named.get("city", "")).first()
    county = city.counties.filter(slug=named.get("county", "")).first() if city else None
    return Place(city, county)


class CityName(NamedTuple):
    """A city as lists of all cities show it: its first fields, because three hundred whole rows take milliseconds."""

    pk: int
    slug: str
    name: str
    province: str


class Choice(NamedTuple):
    """One place that can be chosen."""

    label: str
    url: str
    chosen: bool = False


@dataclass(frozen=True)
class PlaceChoice:
    """What a page says about its place: which one it speaks for, and the same page for the others."""

    place: Place
    cities: tuple[Choice, ...]
    """A handful of cities, led by the whole."""
    counties: tuple[Choice, ...] = ()
    """The counties of the chosen city, led by the whole."""
    speaks_for: str = ""
    """What the page speaks for where that is no single place: ``遂宁市与达州市``."""
    all_cities: tuple[CityName, ...] = ()
    """Every city, to choose from a list where links would be too many."""
    more: WayOn | None = None
    """The page with the other cities, where this one cannot list them."""
    anywhere: str = ""
    """The address of the same page for no place in particular."""
    is_unstated: bool = False
    """Whether the handbook names no counter of the chosen county."""

    def __str__(self) -> str:
        return self.speaks_for or str(self.place) or "各城市"

    def is_of_more_than(self, few: int) -> bool:
        """Whether there are more cities than a few."""
        return bool(self.all_cities) or len(self.cities) > few + 1

    @property
    def city_options(self) -> SafeString:
        """All cities as options of a list."""
        chosen = self.place.city.slug if self.place.city else ""
        return options(((city.slug, city.name) for city in self.all_cities), chosen)

    @property
    def city_links(self) -> SafeString:
        """All cities as links to their offices."""
        return city_links((city.slug, city.name) for city in self.all_cities)

    @property
    def action(self) -> str:
        """Where the list of cities is sent to."""
        return urlsplit(self.anywhere).path

    @property
    def kept(self) -> Pairs:
        """What is sent along with the city."""
        return parse_qsl(urlsplit(self.anywhere).query)


def place_choice(place: Place, page: Page) -> PlaceChoice:
    """The places for which this page can be read."""
    cities = all_city_names()
    few = handful([City(**city._asdict()) for city in cities[:HANDFUL]], place.city)
    return PlaceChoice(
        place,
        cities=(
            Choice("各城市", page(Place()), place.city is None),
            *(Choice(city.name, page(Place(city)), city == place.city) for city in few),
        ),
        counties=county_choices(place, page),
        all_cities=cities if len(cities) > HANDFUL else (),
        anywhere=page(Place()),
        is_unstated=bool(place.county and not place.county.offices.exists()),
    )


def all_city_names() -> tuple[CityName, ...]:
    """What lists of all cities show, in their order."""
    rows = City.objects.values_list(*CityName._fields)
    return remembered("city names", lambda: tuple(CityName(*row) for row in rows.all()) or None) or ()


def handful(first: Sequence[City], chosen: City | None) -> list[City]:
    """The first few cities and the chosen one."""
    return [*first, chosen] if chosen and chosen not in first else list(first)


def county_choices(place: Place, page: Page) -> tuple[Choice, ...]:
    """The chosen city as a whole, then each of its counties."""
    if place.city is None:
        return ()
    city = place.city
    return (
        Choice("全市", page(Place(city)), place.county is None),
        *(
            Choice(county.name, page(Place(city, county)), county == place.county)
            for county in counties_of(city)
        ),
    )
