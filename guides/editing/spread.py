"""Keeps true which matters are published where (``guides.models.spread``), so that the list need not count guides.

Written at the end of the transaction of a change, under the lock that every change takes for its stamp: no two writers
meet here, none waits longer than for a stamp, and rows are locked in one order. Derived: rows that are written past
``guides.editing`` (``loaddata``) empty the tables, and whoever needs them next makes them anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import transaction

from guides.models import (
    Channel,
    CitySpread,
    Guide,
    GuideOffice,
    Material,
    Matter,
    MatterSpread,
    Revision,
    TimeLimit,
)
from guides.models.guide import UNKNOWN_DAYS
from guides.models.spread import PUBLISHED, paper_line, read_facts, write_facts

from .stamps import LISTS, TEXTS, lock, stamp

AT_A_TIME = 5_000
"""Rows of the database that counting anew holds at a time."""
BESIDE = {"verified_on", "verified_by", "review_on", "imported_document", "version", "successor"}
"""Fields of a guide that say nothing about where it stands on the list."""
_by_editing: ContextVar[bool] = ContextVar("by_editing", default=False)


class Standing(NamedTuple):
    """What is kept of one guide: its facts, its papers, and the slugs of the counties that handle it ("" city-wide)."""

    facts: frozenset[str] = frozenset()
    papers: frozenset[str] = frozenset()
    counties: frozenset[str] = frozenset()


NOWHERE = Standing()
"""A guide that is not published."""


def days_of(kind: str, days: int | None) -> int:
    """How long a limit is, in working days: 即时办结 takes none."""
    return 0 if kind == "instant" else days if kind == "workdays" and days else UNKNOWN_DAYS


def facts_of(name: str, channels: Iterable[str], limits: Iterable[tuple[str, int | None]]) -> frozenset[str]:
    """The facts of a published guide: its name, kinds of channels and limits, and its longest limit."""
    limits = list(limits)
    longest = max((days_of(kind, days) for kind, days in limits), default=UNKNOWN_DAYS)
    return frozenset(
        {PUBLISHED, f"name:{name}", f"days:{longest}"}
        | {f"channel:{kind}" for kind in channels}
        | {f"limit:{kind}" for kind, _ in limits}
    )


def standing(document: Mapping[str, Any], status: str) -> Standing:
    """Where a guide of this document and status stands."""
    if status != "published":
        return NOWHERE
    channels = [channel["kind"] for channel in document["channels"]]
    limits = [(limit["kind"], limit["days"]) for limit in document["time_limits"]]
    return Standing(
        facts_of(document["name"], channels, limits),
        frozenset(paper_line(paper["text"], paper["form"]) for paper in document["materials"]),
        frozenset(place["county"] for place in document["offices"]),
    )


def keep_spread(revisions: Iterable[Revision]) -> None:
    """After these changes were stamped: put their guides where they stand now."""
    moved: dict[tuple[int, int], Standing] = {}
    for revision in revisions:
        now = standing(revision.after, revision.status_after)
        if revision.kind == "guide" and now != standing(revision.before, revision.status_before):
            moved[revision.city_id, _matter(revision)] = now
    if moved:
        place(moved)


def _matter(revision: Revision) -> int:
    """The key of the matter that a guide is about."""
    if revision.guide:
        return revision.guide.matter_id
    return Matter.objects.get(slug=revision.before["matter"]).pk


@transaction.atomic
def place(standings: Mapping[tuple[int, int], Standing]) -> None:
    """Put guides (key of the city, key of the matter) where they stand; the caller has stamped, which is the lock."""
    if not MatterSpread.objects.exists():
        return  # not counted yet
    numbers = _place_in_cities(standings)
    found = MatterSpread.objects.filter(matter__in={matter for _, matter in standings})
    rows = {row.matter_id: Sets.read(row) for row in found}
    for (city, matter), now in standings.items():
        rows.setdefault(matter, Sets({}, {})).put(1 << numbers[city], now)
    _save(rows)


class Sets(NamedTuple):
    """The sets of cities of one matter, by fact and by paper."""

    facts: dict[str, int]
    papers: dict[str, int]

    @classmethod
    def read(cls, row: MatterSpread) -> Sets:
        """Those of a row."""
        return cls(dict(read_facts(row.facts)), dict(read_facts(row.papers)))

    def put(self, city: int, now: Standing) -> None:
        """Put a city (its bit) into the sets of what its guide says, and take it out of all others."""
        for sets, true in ((self.facts, now.facts), (self.papers, now.papers)):
            for key in sets.keys() | true:
                cities = sets.get(key, 0)
                sets[key] = cities | city if key in true else cities & ~city


def _place_in_cities(standings: Mapping[tuple[int, int], Standing]) -> dict[int, int]:
    """Put the guides into their cities' counties; the cities' numbers by their keys."""
    numbers = {}
    for city in sorted({city for city, _ in standings}):
        row, _ = CitySpread.objects.get_or_create(city_id=city)
        numbers[city] = row.pk
        counties = {slug: set(matters) for slug, matters in row.counties.items()}
        for (own, matter), now in standings.items():
            for slug in counties.keys() | now.counties if own == city else ():
                change = set.add if slug in now.counties else set.discard
                change(counties.setdefault(slug, set()), matter)
        row.counties = _sorted(counties)
        row.save(update_fields=["counties"])
    return numbers


def _sorted(counties: Mapping[str, set[int]]) -> dict[str, list[int]]:
    return {slug: sorted(matters) for slug, matters in sorted(counties.items()) if matters}


def _save(rows: Mapping[int, Sets]) -> None:
    MatterSpread.objects.bulk_create(
        [
            MatterSpread(matter_id=matter, facts=write_facts(sets.facts), papers=write_facts(sets.papers))
            for matter, sets in sorted(rows.items())
        ],
        update_conflicts=True,
        unique_fields=["matter"],
        update_fields=["facts", "papers"],
    )


# --- Anew


class Counted(NamedTuple):
    """Everything as the guides say it: the sets of each matter, and the matters of each county by city."""

    matters: dict[int, Sets]
    counties: dict[int, dict[str, list[int]]]


@transaction.atomic
def rebuild_spread() -> int:
    """Count all guides anew, whatever was kept, and let pages be made anew; gives how many guides are published."""
    stamp([LISTS, TEXTS])
    MatterSpread.objects.all().delete()
    return _count()


@transaction.atomic
def count_if_unknown() -> None:
    """Count all guides where nobody has; what pages show stays the same."""
    lock()
    if not MatterSpread.objects.exists():
        _count()


def _count() -> int:
    numbers = _numbers()
    counted = count_guides(numbers)
    _save(counted.matters)
    rows = list(CitySpread.objects.all())
    for row in rows:
        row.counties = counted.counties.get(row.city_id, {})
    CitySpread.objects.bulk_update(rows, ["counties"], batch_size=100)
    return sum(sets.facts[PUBLISHED].bit_count() for sets in counted.matters.values())


def spread_problems() -> list[str]:
    """What the kept counts say otherwise than the guides, one sentence for each matter and city; empty when all is right."""
    names = dict(Matter.objects.values_list("pk", "name"))
    kept = {row.matter_id: Sets.read(row) for row in MatterSpread.objects.all()}
    if not kept:
        return []  # not counted yet: whoever needs it counts
    cities = {row.city_id: row for row in CitySpread.objects.select_related("city")}
    counted = count_guides({city: row.pk for city, row in cities.items()})
    problems = [
        f"事项“{names[matter]}”的城市分布与办事指南不一致。"
        for matter in sorted(kept.keys() | counted.matters.keys())
        if kept.get(matter, Sets({}, {})) != counted.matters.get(matter, Sets({}, {}))
    ]
    problems += [
        f"{row.city.name}各县（市、区）的事项与办事指南不一致。"
        for city, row in sorted(cities.items())
        if row.counties != counted.counties.get(city, {})
    ]
    return problems


def _numbers() -> dict[int, int]:
    """Every city's number; a city keeps the one it has."""
    guides = Guide.objects.published().order_by()
    known = set(CitySpread.objects.values_list("city", flat=True))
    new = set(guides.values_list("city", flat=True).distinct()) - known
    CitySpread.objects.bulk_create(CitySpread(city_id=city) for city in sorted(new))
    return dict(CitySpread.objects.values_list("city", "pk"))


def count_guides(numbers: Mapping[int, int]) -> Counted:
    """Read all published guides; cities without a number are left out."""
    published = Guide.objects.published().filter(city__in=numbers).order_by()
    matters: defaultdict[int, Sets] = defaultdict(lambda: Sets(defaultdict(int), defaultdict(int)))
    guides: dict[int, tuple[Sets, int]] = {}
    for pk, city, matter, name in published.values_list("pk", "city", "matter", "name").iterator(AT_A_TIME):
        guides[pk] = matters[matter], 1 << numbers[city]
        for fact in (PUBLISHED, f"name:{name}"):
            matters[matter].facts[fact] |= guides[pk][1]
    longest = dict.fromkeys(guides, -1)
    for pk, kind in _rows(Channel, "kind"):
        if pk in guides:
            sets, city = guides[pk]
            sets.facts[f"channel:{kind}"] |= city
    for pk, kind, days in _rows(TimeLimit, "kind", "days"):
        if pk in guides:
            sets, city = guides[pk]
            sets.facts[f"limit:{kind}"] |= city
            longest[pk] = max(longest[pk], days_of(kind, days))
    for pk, text, form in _rows(Material, "text", "form"):
        if pk in guides:
            sets, city = guides[pk]
            sets.papers[paper_line(text, form)] |= city
    for pk, (sets, city) in guides.items():
        sets.facts[f"days:{UNKNOWN_DAYS if longest[pk] < 0 else longest[pk]}"] |= city
    return Counted(
        {matter: Sets(dict(sets.facts), dict(sets.papers)) for matter, sets in matters.items()}, _counties()
    )


def _rows(model: type[Channel | TimeLimit | Material], *fields: str) -> Iterator[Any]:
    """Guide and fields of all rows, some at a time."""
    return model.objects.order_by().values_list("guide", *fields).iterator(AT_A_TIME)


def _counties() -> dict[int, dict[str, list[int]]]:
    places = GuideOffice.objects.filter(guide__status="published").order_by()
    rows = places.values_list("guide__city", "office__county__slug", "guide__matter").distinct()
    found: defaultdict[int, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for city, slug, matter in rows.iterator(AT_A_TIME):
        found[city][slug or ""].add(matter)
    return {city: _sorted(counties) for city, counties in found.items()}


# --- Past guides.editing


@contextmanager
def by_editing() -> Iterator[None]:
    """Inside it rows are written by somebody who then calls :func:`keep_spread`."""
    token = _by_editing.set(True)
    try:
        yield
    finally:
        _by_editing.reset(token)


def forget_spread(update_fields: Iterable[str] | None = None, **_signal: Any) -> None:
    """After a row came, changed or went past the editing room (``loaddata``): the counts are to be made anew.

    Stamped once, when they go: workers remember them until the content changes.
    """
    if not _by_editing.get() and not (update_fields and set(update_fields) <= BESIDE):
        forgotten, _ = MatterSpread.objects.all().delete()
        if forgotten:
            stamp([LISTS, TEXTS])


WATCHED: tuple[str, ...] = ("Guide", "Channel", "TimeLimit", "Material", "GuideOffice")
"""Models of this app whose rows the counts are made of."""
