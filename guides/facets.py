"""What else can be chosen on the list, with how many guides each choice leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from offices.addresses import address
from offices.long_lists import options
from offices.models import City, County
from offices.reversing import reverse

from .filters import GuideFilterSet
from .models import Audience, Category
from .vocabulary import CHANNEL_KINDS, LIMIT_KIND_OF_SPEED, LIST_ORDERS, SPEEDS

PARAMETERS = ("q", "city", "county", "channel", "limit", "audience", "category", "sort", "literal", "page")
MOST_LINKS = 30
"""With more choices than this a group of links is no help."""


@dataclass(slots=True)  # not frozen: made 340 times for a list of all cities
class Choice:
    """One value of a parameter that can be chosen."""

    name: str
    value: str
    label: str
    count: int
    chosen: bool
    address: ListAddress

    @property
    def url(self) -> str:
        """The address that chooses it, or, when it is chosen, drops it; made when asked for, as cities are many."""
        return self.address.with_(**{self.name: "" if self.chosen else self.value})


@dataclass(frozen=True)
class Facet:
    """One group of choices."""

    name: str
    label: str
    choices: tuple[Choice, ...]

    @property
    def has_links(self) -> bool:
        """Whether the choices are few enough to stand as links; a list to choose from takes any number."""
        return 0 < len(self.choices) <= MOST_LINKS

    @property
    def has_chosen(self) -> bool:
        """Whether one of the choices holds."""
        return any(choice.chosen for choice in self.choices)

    @property
    def options(self) -> SafeString:
        """The choices as options of a list."""
        chosen = next((choice.value for choice in self.choices if choice.chosen), "")
        return options(((choice.value, choice.label) for choice in self.choices), chosen)


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
        return address(reverse("guides:list"), [(name, values.get(name, "")) for name in PARAMETERS])


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
    return [Choice("sort", key, label, 0, key == now, address) for key, label in names.items()]


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
    chosen, outline = filters.chosen(), filters.outline
    address = ListAddress(chosen)
    groups: list[tuple[str, Counted]] = [
        ("city", outline.counts_by_city()),
        ("county", outline.counts_by_county(chosen["city"].counties.all()) if "city" in chosen else []),
        ("channel", by_channel(outline.counts("channel"))),
        ("limit", by_speed(outline.counts("limit"))),
        ("audience", by_row(Audience.objects.all(), outline.counts("audience"))),
        ("category", by_row(Category.objects.all(), outline.counts("category"))),
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
        yield Choice(name, value, label, count, address.values.get(name) == value, address)


def by_channel(counted: Mapping[str, int]) -> Counted:
    """Guides with each kind of channel."""
    return [(kind, label, counted.get(kind, 0)) for kind, label in CHANNEL_KINDS.items()]


def by_speed(counted: Mapping[str, int]) -> Counted:
    """Guides settled at once, and guides that take working days."""
    return [(speed, label, counted.get(LIMIT_KIND_OF_SPEED[speed], 0)) for speed, label in SPEEDS.items()]


def by_row(rows: Iterable[Audience | Category], counted: Mapping[int, int]) -> Counted:
    """Guides of each audience or category that has any."""
    return [(row.slug, row.name, counted[row.pk]) for row in rows if counted.get(row.pk)]
