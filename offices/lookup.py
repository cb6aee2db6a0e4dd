"""Finding a place by its address on this site, or saying in Chinese what is wrong and where to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.http import Http404

from .memory import remembered
from .models import City, County, Office

OFFERED = 12
"""How many right ones a message offers; beyond that it points to the whole list."""


class WayOn(NamedTuple):
    """One link out of a dead end."""

    label: str
    url: str


class NothingHere(Http404):
    """An address that names something this site does not have: a sentence for the visitor, and ways on."""

    status = 404
    heading = "没有找到这一页"
    more = "您可能要找"

    def __init__(self, sentence: str, ways_on: Iterable[WayOn] = (), ask: Iterable[Office] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.ways_on = list(ways_on)
        self.ask = list(ask)


class Gone(NothingHere):
    """What once stood at this address and was taken away (410); ``ask`` are offices that know more."""

    status = 410
    heading = "这份办事指南已经撤下"
    more = "请改看"


def find_city(slug: str, address: Callable[[City], str] = City.get_absolute_url) -> City:
    """The city of this slug; raises ``NothingHere`` offering the cities there are at ``address``."""
    city = remembered(("city", slug), lambda: City.objects.filter(slug=slug).first())
    if city is None:
        cities = [WayOn(city.name, address(city)) for city in City.objects.all()[:OFFERED]]
        raise NothingHere(f"本站没有“{slug}”这个城市。", cities)
    return city


def counties_of(city: City) -> list[County]:
    """The counties of a city in their order."""
    return remembered(("counties", city.pk), lambda: list(city.counties.select_related("city")))


def find_county(city: City, slug: str, address: Callable[[County], str] = County.get_absolute_url) -> County:
    """The county of this slug in the city; raises ``NothingHere`` offering the city's counties at ``address``."""
    counties = counties_of(city)
    for county in counties:
        if county.slug == slug:
            return county
    elsewhere = County.objects.called(slug).first()
    raise NothingHere(
        f"{elsewhere.name}不在{city.name}，它属于{elsewhere.city.name}。"
        if elsewhere
        else f"{city.name}没有“{slug}”这个县（市、区）。",
        [WayOn(county.name, address(county)) for county in counties],
    )
