"""The place a visitor has chosen, as links carry it: ``?city=dazhou&county=xuanhan``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from .addresses import Pairs, asked
from .lookup import OFFERED, NothingHere, WayOn, find_city, find_county
from .models import City, County

PARAMETERS = ("city", "county")


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


class Choice(NamedTuple):
    """One place that can be chosen."""

    label: str
    url: str
    chosen: bool


@dataclass(frozen=True)
class PlaceChoice:
    """Every city, and the counties of the chosen one; each list begins with the whole."""

    place: Place
    cities: tuple[Choice, ...]
    counties: tuple[Choice, ...]


def place_choice(place: Place, page: Page) -> PlaceChoice:
    """The places for which this page can be read."""
    cities = [Choice("各城市", page(Place()), place.city is None)]
    cities += [Choice(city.name, page(Place(city)), city == place.city) for city in City.objects.all()]
    counties = []
    if place.city:
        counties.append(Choice("全市", page(Place(place.city)), place.county is None))
        counties += [
            Choice(county.name, page(Place(place.city, county)), county == place.county)
            for county in place.city.counties.all()
        ]
    return PlaceChoice(place, tuple(cities), tuple(counties))
