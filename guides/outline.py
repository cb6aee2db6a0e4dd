"""The list in outline: how many guides each choice leaves and which ones stand on a page, without counting guides.

Everything comes from sets of cities kept for each matter (``guides.models.spread``): a filter is an intersection, a count the
number of bits that are left. So it costs the same with 68 guides and with 68,000, whatever is combined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, cast

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from offices.memory import remembered, remembered_each
from offices.models import City, County, Office

from .editing import count_if_unknown
from .models import CitySpread, Guide, GuideQuerySet, Matter, MatterSpread
from .models.spread import PUBLISHED, read_facts, read_paper_line
from .vocabulary import LIMIT_KIND_OF_SPEED

Bucket = list[tuple[int, int]]
"""Guides that stand together: the keys of matters in reading order, each with a set of cities. Cities lead within it."""
Pair = tuple[int, int]
"""A guide by the keys of its matter and its city."""


@dataclass(frozen=True)
class Line:
    """One matter: its category, its audiences, and its sets of cities by fact (``channel:counter``)."""

    matter: int
    category: int
    audiences: frozenset[int]
    facts: Mapping[str, int]

    def where(self, fact: str) -> int:
        """The cities of which this is true."""
        return self.facts.get(fact, 0)

    @cached_property
    def kinds(self) -> Mapping[str, list[tuple[str, int]]]:
        """The facts by what they are about: under ``channel`` each kind of channel with its cities."""
        found: dict[str, list[tuple[str, int]]] = {}
        for fact, cities in self.facts.items():
            kind, _, value = fact.partition(":")
            found.setdefault(kind, []).append((value, cities))
        return found


class OneCity(NamedTuple):
    """A city of the list; ``number`` is its bit, None while it has no guides."""

    pk: int
    slug: str
    name: str
    number: int | None


class Outline:
    """What is chosen (by filter) and, where words were typed, the matters sought (keys); None for all of them."""

    def __init__(self, chosen: Mapping[str, Any], sought: Collection[int] | None = None) -> None:
        self.chosen, self.sought = chosen, sought

    @cached_property
    def lines(self) -> list[Line]:
        """The matters that are sought, in reading order."""
        lines = remembered("lines", lambda: all_lines() or None) or []  # none yet is not worth remembering
        return lines if self.sought is None else [line for line in lines if line.matter in self.sought]

    @cached_property
    def cities(self) -> list[OneCity]:
        """All cities in their order."""
        return remembered("numbered cities", lambda: numbered_cities() or None) or []

    @cached_property
    def handled(self) -> Mapping[str, frozenset[int]]:
        """The matters that each county of the chosen city handles, by slug; those of city-wide places under ""."""
        row = CitySpread.objects.filter(city=self.chosen["city"]).first()
        return {slug: frozenset(matters) for slug, matters in row.counties.items()} if row else {}

    @cached_property
    def named(self) -> frozenset[int]:
        """The counties (keys) of the chosen city of which the handbook names an office."""
        offices = Office.objects.in_city(self.chosen["city"]).exclude(county=None).order_by()
        return frozenset(offices.values_list("county", flat=True).distinct())

    def usable(self, county: County) -> frozenset[int] | None:
        """The matters a county can use, by the rule of ``GuideQuerySet.in_county``; None for all of its city."""
        if county.pk not in self.named:
            return None
        return self.handled.get(county.slug, frozenset()) | self.handled.get("", frozenset())

    @cached_property
    def cities_chosen(self) -> int:
        """The chosen city as a set, or all cities."""
        if "city" not in self.chosen:
            return -1
        number = next((city.number for city in self.cities if city.pk == self.chosen["city"].pk), None)
        return 0 if number is None else 1 << number

    @cached_property
    def matters_chosen(self) -> frozenset[int] | None:
        """The matters that the chosen county can use; None for all."""
        return self.usable(self.chosen["county"]) if "county" in self.chosen else None

    def left(self, *, without: Collection[str] = ()) -> Iterator[tuple[Line, int]]:
        """The matters with the cities whose guides meet every choice, or every one but some."""
        lines = self.lines  # first: what the cities handle is counted with them
        holds = {name: value for name, value in self.chosen.items() if name not in without}
        facts = [PUBLISHED]
        if "channel" in holds:
            facts.append(f"channel:{holds['channel']}")
        if "limit" in holds:
            facts.append(f"limit:{LIMIT_KIND_OF_SPEED[holds['limit']]}")
        matters = self.matters_chosen if "county" in holds else None
        for line in lines:
            if (
                ("category" in holds and line.category != holds["category"].pk)
                or ("audience" in holds and holds["audience"].pk not in line.audiences)
                or (matters is not None and line.matter not in matters)
            ):
                continue
            cities = self.cities_chosen if "city" in holds else -1
            for fact in facts:
                cities &= line.where(fact)
            if cities:
                yield line, cities

    @cached_property
    def guides(self) -> list[tuple[Line, int]]:
        """What meets every choice."""
        return list(self.left())

    @cached_property
    def count(self) -> int:
        """How many guides meet every choice."""
        return sum(cities.bit_count() for _, cities in self.guides)

    def counts(self, name: str) -> Counter[Any]:
        """How many guides each value of one filter would leave, given all the others."""
        counting: dict[str, Callable[[Line, int], Iterable[tuple[Any, int]]]] = {
            "channel": lambda line, cities: by_kind("channel", line, cities),
            "limit": lambda line, cities: by_kind("limit", line, cities),
            "audience": lambda line, cities: ((each, cities.bit_count()) for each in line.audiences),
            "category": lambda line, cities: [(line.category, cities.bit_count())],
        }
        found: Counter[Any] = Counter()
        for line, cities in self.left(without=[name]) if name in self.chosen else self.guides:
            for value, size in counting[name](line, cities):
                if size:
                    found[value] += size
        return found

    def counts_by_city(self) -> list[tuple[str, str, int]]:
        """Slug, name and how many guides are left of every city, whichever place is chosen."""
        sizes = column_sums(cities for _, cities in self.left(without=("city", "county")))
        return [
            (city.slug, city.name, 0 if city.number is None else sizes(city.number)) for city in self.cities
        ]

    def counts_by_county(self, counties: Iterable[County]) -> list[tuple[str, str, int]]:
        """Slug, name and how many guides are left of these counties of the chosen city."""
        matters = {line.matter for line, _ in self.left(without=["county"])}
        return [
            (
                county.slug,
                county.name,
                len(matters if (own := self.usable(county)) is None else matters & own),
            )
            for county in counties
        ]

    def order(self, name: str, ranked: Sequence[Matter] = ()) -> list[Bucket]:
        """What is left, in order: ``rank`` (best of ``ranked`` first), ``name``, ``time``, else reading order."""
        if name == "name":
            return self._by_fact("name", str)
        if name == "time":
            return [[entry] for bucket in self._by_fact("days", int) for entry in bucket]
        entries = [(line.matter, cities) for line, cities in self.guides]
        if name == "rank":
            ranks = {matter.pk: place for place, matter in enumerate(ranked)}
            entries.sort(key=lambda entry: ranks[entry[0]])
        return [[entry] for entry in entries]

    def _by_fact(self, kind: str, value: Callable[[str], Any]) -> list[Bucket]:
        """Guides with one value of such a fact together, by value."""
        buckets: dict[Any, Bucket] = {}
        for line, cities in self.guides:
            for each, where in line.kinds.get(kind, ()):
                if here := cities & where:
                    buckets.setdefault(value(each), []).append((line.matter, here))
        return [buckets[each] for each in sorted(buckets)]

    def part(self, buckets: Iterable[Bucket], bottom: int, top: int) -> list[Pair]:
        """The guides in places ``bottom`` to ``top`` of an order."""
        passed = 0
        wanted: list[Pair] = []
        for bucket in buckets:
            size = sum(cities.bit_count() for _, cities in bucket)
            if passed < top and passed + size > bottom:
                wanted += self._pairs(bucket)[max(0, bottom - passed) : top - passed]
            passed += size
        return wanted

    def _pairs(self, bucket: Bucket) -> list[Pair]:
        """The guides of a bucket, by city and then by matter; asks as often as there are guides, not cities."""
        found = sorted(
            (*self.places[number], order, matter)
            for order, (matter, cities) in enumerate(bucket)
            for number in bits(cities)
            if number in self.places
        )
        return [(matter, city) for _, city, _, matter in found]

    @cached_property
    def places(self) -> Mapping[int, tuple[int, int]]:
        """Place in the order of cities, and key, of each city by its number."""
        return remembered("places of cities", lambda: places_of(self.cities) or None) or {}


def places_of(cities: Iterable[OneCity]) -> dict[int, tuple[int, int]]:
    """Place and key of each city that has a number, by it."""
    return {city.number: (place, city.pk) for place, city in enumerate(cities) if city.number is not None}


def bits(cities: int) -> Iterator[int]:
    """The numbers of the cities of a set."""
    while cities:
        lowest = cities & -cities
        yield lowest.bit_length() - 1
        cities ^= lowest


def all_lines() -> list[Line]:
    """Every matter, in reading order."""
    audiences: dict[int, set[int]] = {}
    for matter, audience in Matter.audiences.through.objects.values_list("matter", "audience"):
        audiences.setdefault(matter, set()).add(audience)
    return [
        Line(matter, category, frozenset(audiences.get(matter, ())), read_facts(facts))
        for matter, category, facts in spread()
    ]


def numbered_cities() -> list[OneCity]:
    """Every city with its bit, in their order."""
    return [OneCity(*row) for row in City.objects.values_list("pk", "slug", "name", "spread__pk")]


def spread() -> list[tuple[int, int, str]]:
    """Matter, its category and its facts as written, in reading order."""
    return kept(MatterSpread.objects.values_list("matter", "matter__category", "facts"))


def kept(rows: QuerySet[Any, Any]) -> list[Any]:
    """The rows of :class:`MatterSpread`; counted first when nobody has yet."""
    found = list(rows.all())
    if not found and Guide.objects.published().exists():
        count_if_unknown()  # after a bare loaddata
        found = list(rows.all())
    return found


@dataclass(frozen=True)
class PaperLine:
    """A line of the material lists of one matter, and the cities (as a set) where it stands."""

    text: str
    form: str
    matter: Matter
    cities: int


def paper_lines(city: City | None = None) -> list[PaperLine]:
    """What published guides (of one city) ask for, each line of a matter once, in reading order."""
    rows = kept(MatterSpread.objects.select_related("matter").defer("facts"))
    here = -1
    if city:
        number = CitySpread.objects.filter(city=city).values_list("pk", flat=True).first()
        here = 0 if number is None else 1 << number
    lines = [
        PaperLine(*read_paper_line(key), row.matter, cities & here)
        for row in rows
        for key, cities in sorted(read_facts(row.papers).items())
    ]
    return [line for line in lines if line.cities]


def cities_in_order() -> list[tuple[int, int]]:
    """Every city that has guides: its key and its number."""
    return list(City.objects.exclude(spread=None).values_list("pk", "spread__pk"))


def first_of(cities: int, order: Iterable[tuple[int, int]], few: int) -> list[int]:
    """The keys of the first few cities of a set, in this order."""
    return [pk for pk, number in order if cities >> number & 1][:few]


def by_kind(kind: str, line: Line, cities: int) -> Iterable[tuple[str, int]]:
    """Each such fact of a matter, with the number of these cities that have it."""
    return [(value, (where & cities).bit_count()) for value, where in line.kinds.get(kind, ())]


def column_sums(sets: Iterable[int]) -> Callable[[int], int]:
    """For each bit, in how many of the sets it stands.

    The sums are written as binary numbers that stand upright: ``digits[n]`` holds the n-th digit of every sum at once, so a set
    is added in a few operations, however many cities it has.
    """
    digits: list[int] = []
    for carry in sets:
        for place, digit in enumerate(digits):
            if not carry:
                break
            digits[place], carry = digit ^ carry, digit & carry  # noqa: PLW2901 - what is carried on
        if carry:
            digits.append(carry)
    width = max((digit.bit_length() for digit in digits), default=0)
    rows = [format(digit, f"0{width}b")[::-1] for digit in reversed(digits)]
    sums = [int("".join(column), 2) for column in zip(*rows, strict=True)]
    return lambda bit: sums[bit] if bit < width else 0


class GuidePages(Paginator[Guide]):
    """Pages that are counted, and found, by the outline: page 3,000 costs what page 1 costs."""

    def __init__(
        self, guides: GuideQuerySet, size: int, outline: Outline, order: list[Bucket], shown: str
    ) -> None:
        """``shown`` names what the rows of ``guides`` hold: rows of one name are remembered together."""
        super().__init__(guides, size)
        self.outline, self.order, self.shown = outline, order, shown

    @cached_property
    def count(self) -> int:
        """How many guides there are on all pages."""
        return self.outline.count

    def page(self, number: int | str) -> Page[Guide]:
        """One page; raises ``InvalidPage`` when there is no such page."""
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        pairs = self.outline.part(self.order, bottom, min(bottom + self.per_page, self.count))
        found = remembered_each(self.shown, pairs, self._rows)
        return Page([found[pair] for pair in pairs if pair in found], number, self)

    def _rows(self, pairs: Sequence[Pair]) -> dict[Pair, Guide]:
        rows = cast("GuideQuerySet", self.object_list).filter(either(pairs))
        return {(guide.matter_id, guide.city_id): guide for guide in rows}


def either(pairs: Iterable[Pair]) -> Q:
    """One of these guides."""
    cities: dict[int, list[int]] = {}
    for matter, city in pairs:
        cities.setdefault(matter, []).append(city)
    found = Q()
    for matter, here in cities.items():
        found |= Q(matter=matter, city__in=here)
    return found
