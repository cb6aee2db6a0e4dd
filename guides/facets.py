"""What else can be chosen on the list, with how many guides each choice leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode

from offices.models import City, County, Office

from .filters import GuideFilterSet
from .models import Audience, Category, Channel, GuideOffice, GuideQuerySet, TimeLimit
from .vocabulary import CHANNEL_KINDS, LIST_ORDERS, SPEEDS

PARAMETERS = ("q", "city", "county", "channel", "limit", "audience", "category", "sort", "literal", "page")


@dataclass(frozen=True)
class Choice:
    """One value that can be chosen, with the address that chooses it (or, when chosen, drops it)."""

    value: str
    label: str
    count: int
    chosen: bool
    url: str


@dataclass(frozen=True)
class Facet:
    """One group of choices."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def has_chosen(self) -> bool:
        """Whether one of the choices holds."""
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True)
class Chip:
    """A filter that holds, in words, with the address that drops it."""

    label: str
    text: str
    url: str


class ListAddress:
    """Addresses of the list: only what is chosen, in one order, so that each state has one address."""

    def __init__(self, chosen: dict[str, Any]) -> None:
        self.values = {name: as_parameter(value) for name, value in chosen.items()}

    def with_(self, **changes: str) -> str:
        """The address after some changes; an empty value drops a parameter, another city drops the county."""
        values = {**self.values, **changes}
        if "city" in changes and "county" not in changes:
            values.pop("county", None)
        query = urlencode([(name, values[name]) for name in PARAMETERS if values.get(name)])
        return reverse("guides:list") + (f"?{query}" if query else "")


def as_parameter(value: Any) -> str:
    """A chosen value as it stands in an address."""
    return value.slug if isinstance(value, City | County | Audience | Category) else str(value)


NOT_A_FILTER = ("sort", "literal")
"""Parameters that leave no guide out: they are switches, not chips."""


def orders(filters: GuideFilterSet) -> list[Choice]:
    """The orders the list can have; without search words the handbook's is the usual one."""
    chosen = filters.chosen()
    address = ListAddress(chosen)
    names = {"": "最相关"} if filters.found else {}
    names |= {key: label for key, label in LIST_ORDERS.items() if filters.found or key != "handbook"}
    names = names if filters.found else {"": LIST_ORDERS["handbook"], **names}
    now = chosen.get("sort", "")
    return [Choice(key, label, 0, key == now, address.with_(sort=key)) for key, label in names.items()]


def chips(filters: GuideFilterSet) -> list[Chip]:
    """The filters that hold, each with a way to drop it."""
    chosen = filters.chosen()
    address = ListAddress(chosen)
    return [
        Chip(str(filters.filters[name].label), in_words(name, value), address.with_(**{name: ""}))
        for name, value in chosen.items()
        if name not in NOT_A_FILTER
    ]


def in_words(name: str, value: Any) -> str:
    """A chosen value as the visitor calls it."""
    if name == "channel":
        return CHANNEL_KINDS[value]
    if name == "limit":
        return SPEEDS[value]
    return str(value.name) if hasattr(value, "name") else f"“{value}”"


def facets(filters: GuideFilterSet) -> list[Facet]:
    """Every group with the choices that leave at least one guide, given all the other filters."""
    chosen = filters.chosen()
    address = ListAddress(chosen)
    groups = [
        ("city", by_city(filters.matching(without=("city", "county")))),
        ("county", by_county(filters.matching(without=("county",)), chosen.get("city"))),
        ("channel", by_channel(filters.matching(without=("channel",)))),
        ("limit", by_speed(filters.matching(without=("limit",)))),
        ("audience", by_audience(filters.matching(without=("audience",)))),
        ("category", by_category(filters.matching(without=("category",)))),
    ]
    return [
        Facet(name, str(filters.filters[name].label), tuple(choices(name, counted, address)))
        for name, counted in groups
    ]


Counted = Iterable[tuple[str, str, int]]
"""Values with their labels and how many guides they leave."""


def choices(name: str, counted: Counted, address: ListAddress) -> Iterator[Choice]:
    """The choices of one group, those that leave nothing too, so that the groups keep their shape."""
    for value, label, count in counted:
        is_chosen = address.values.get(name) == value
        url = address.with_(**{name: "" if is_chosen else value})
        yield Choice(value, label, count, is_chosen, url)


def by_city(guides: GuideQuerySet) -> Counted:
    """Guides of each city, cities without any too."""
    counted = dict(guides.order_by().values_list("city").annotate(Count("pk", distinct=True)))
    return [(city.slug, city.name, counted.get(city.pk, 0)) for city in City.objects.all()]


def by_county(guides: GuideQuerySet, city: City | None) -> Counted:
    """Guides each county of the city can use, by the rule of ``GuideQuerySet.in_county``."""
    if city is None:
        return []
    city_wide = guides.filter(guide_offices__office__county=None)
    own = dict(
        GuideOffice.objects.filter(guide__in=guides, office__county__city=city)
        .exclude(guide__in=city_wide)
        .values_list("office__county")
        .annotate(Count("guide", distinct=True))
        .order_by()
    )
    named = set(Office.objects.filter(city=city).exclude(county=None).values_list("county", flat=True))
    everything, usable_anywhere = guides.count(), city_wide.distinct().count()
    return [
        (
            county.slug,
            county.name,
            usable_anywhere + own.get(county.pk, 0) if county.pk in named else everything,
        )
        for county in city.counties.all()
    ]


def by_channel(guides: GuideQuerySet) -> Counted:
    """Guides with each kind of channel."""
    counted = dict(
        Channel.objects.filter(guide__in=guides)
        .values_list("kind")
        .annotate(Count("guide", distinct=True))
        .order_by()
    )
    return [(kind, label, counted.get(kind, 0)) for kind, label in CHANNEL_KINDS.items()]


def by_speed(guides: GuideQuerySet) -> Counted:
    """Guides settled at once, and guides that take working days."""
    counted = dict(
        TimeLimit.objects.filter(guide__in=guides)
        .values_list("kind")
        .annotate(Count("guide", distinct=True))
        .order_by()
    )
    kinds = {"instant": "instant", "review": "workdays"}
    return [(speed, label, counted.get(kinds[speed], 0)) for speed, label in SPEEDS.items()]


def by_audience(guides: GuideQuerySet) -> Counted:
    """Guides for each audience."""
    return (
        Audience.objects.filter(matters__guides__in=guides)
        .annotate(count=Count("matters__guides"))
        .order_by("position", "slug")
        .values_list("slug", "name", "count")
    )


def by_category(guides: GuideQuerySet) -> Counted:
    """Guides of each category."""
    return (
        Category.objects.filter(matters__guides__in=guides)
        .annotate(count=Count("matters__guides"))
        .order_by("position", "slug")
        .values_list("slug", "name", "count")
    )
