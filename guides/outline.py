"""The list in outline: how many guides there are of each kind, so that no count and no page reads them all.

One query groups the guides that meet the words and the place by all that the other filters and the orders look at.
However many cities there are, the groups are few: guides of one matter differ little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any, NamedTuple, cast

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from .models import Guide, GuideQuerySet, Matter
from .vocabulary import LIMIT_KIND_OF_SPEED


class Group(NamedTuple):
    """Guides that are alike to filters and orders, and how many they are."""

    name: str
    matter: int
    channel_kinds: str
    limit_kinds: str
    longest_days: int
    size: int


@dataclass(frozen=True)
class Shelf:
    """What is known of a matter: its place in reading order, its category and audiences."""

    place: int
    category: int
    audiences: frozenset[int]


@dataclass(frozen=True)
class Order:
    """An order of guides: the fields of a group that decide it, and where a group stands in it."""

    fields: tuple[str, ...]
    place: Callable[[Group], Any]

    def of(self, groups: Iterable[Group]) -> list[list[Group]]:
        """The groups in this order, those of one place together."""
        places: dict[Any, list[Group]] = {}
        for group in groups:
            places.setdefault(self.place(group), []).append(group)
        return [places[place] for place in sorted(places)]

    def among(self, groups: Iterable[Group]) -> Q:
        """The guides that stand where these groups stand."""
        values = {tuple(getattr(group, field) for field in self.fields) for group in groups}
        if len(self.fields) == 1:
            return Q(**{f"{self.fields[0]}__in": sorted(value for (value,) in values)})
        parts = [Q(**dict(zip(self.fields, value, strict=True))) for value in sorted(values)]
        return reduce(or_, parts, Q(pk__in=[]))


class Outline:
    """Groups of guides, and the filters (by name) that are still to be applied to them."""

    def __init__(self, guides: GuideQuerySet, chosen: Mapping[str, Any]) -> None:
        rows = guides.order_by("name").values_list(*Group._fields[:-1])
        self.groups = [Group(*row) for row in rows.annotate(size=Count("*"))]
        self.chosen = chosen

    @cached_property
    def shelves(self) -> dict[int, Shelf]:
        """Every matter by its key."""
        links = Matter.audiences.through.objects.values_list("matter", "audience")
        audiences: dict[int, set[int]] = {}
        for matter, audience in links:
            audiences.setdefault(matter, set()).add(audience)
        matters = enumerate(Matter.objects.values_list("pk", "category"))
        return {
            pk: Shelf(place, category, frozenset(audiences.get(pk, ()))) for place, (pk, category) in matters
        }

    def left(self, *, without: str = "") -> Iterator[Group]:
        """The groups that meet every choice, or every other one."""
        meets: dict[str, Callable[[Group, Any], bool]] = {
            "channel": lambda group, kind: f" {kind} " in group.channel_kinds,
            "limit": lambda group, speed: f" {LIMIT_KIND_OF_SPEED[speed]} " in group.limit_kinds,
            "audience": lambda group, audience: audience.pk in self.shelves[group.matter].audiences,
            "category": lambda group, category: category.pk == self.shelves[group.matter].category,
        }
        asked = [
            (meets[name], self.chosen[name]) for name in meets if name in self.chosen and name != without
        ]
        return (group for group in self.groups if all(meet(group, value) for meet, value in asked))

    @cached_property
    def count(self) -> int:
        """How many guides meet every choice."""
        return sum(group.size for group in self.left())

    def counts(self, name: str) -> Counter[Any]:
        """How many guides each value of one filter would leave, given all the others."""
        values: dict[str, Callable[[Group], Iterable[Any]]] = {
            "channel": lambda group: group.channel_kinds.split(),
            "limit": lambda group: group.limit_kinds.split(),
            "audience": lambda group: self.shelves[group.matter].audiences,
            "category": lambda group: [self.shelves[group.matter].category],
        }
        found: Counter[Any] = Counter()
        for group in self.left(without=name):
            for value in values[name](group):
                found[value] += group.size
        return found

    def order(self, name: str, ranked: Sequence[Matter] = ()) -> Order:
        """An order of the list: ``rank`` (best of ``ranked`` first), ``name``, ``time``, else reading order."""
        if name == "name":
            names = {text: place for place, text in enumerate(dict.fromkeys(g.name for g in self.groups))}
            return Order(("name",), lambda group: names[group.name])
        if name == "time":
            return Order(
                ("longest_days", "matter"),
                lambda group: (group.longest_days, self.shelves[group.matter].place),
            )
        if name == "rank":
            ranks = {matter.pk: place for place, matter in enumerate(ranked)}
            return Order(("matter",), lambda group: ranks[group.matter])
        return Order(("matter",), lambda group: self.shelves[group.matter].place)

    def part(self, order: Order, bottom: int, top: int) -> tuple[Q, int]:
        """Which guides to look among for places ``bottom`` to ``top`` of an order, and how many chosen ones precede them."""
        before = passed = 0
        wanted: list[Group] = []
        for groups in order.of(self.left()):
            size = sum(group.size for group in groups)
            if passed < top and passed + size > bottom:
                before = before if wanted else passed
                wanted += groups
            passed += size
        return order.among(wanted), before


class GuidePages(Paginator[Guide]):
    """Pages that are counted, and found, by the outline: page 3,000 costs what page 1 costs."""

    def __init__(self, guides: GuideQuerySet, size: int, outline: Outline, order: Order) -> None:
        super().__init__(guides, size)
        self.outline, self.order = outline, order

    @cached_property
    def count(self) -> int:
        """How many guides there are on all pages."""
        return self.outline.count

    def page(self, number: int | str) -> Page[Guide]:
        """One page; raises ``InvalidPage`` when there is no such page."""
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        top = min(bottom + self.per_page, self.count)
        wanted, before = self.outline.part(self.order, bottom, top)
        guides = cast("GuideQuerySet", self.object_list).filter(wanted)
        return Page(guides[bottom - before : top - before], number, self)
