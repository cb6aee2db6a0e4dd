"""Several guides of one county on one trip: what to bring, where to go, whom to call, how long it takes.

Plain functions over rows that ``with_details()`` has fetched; none of them asks the database. Nothing is
merged unless the handbook says the same of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from offices.models import County, Phone
from offices.vocabulary import PHONE_PURPOSES

from .models import Guide, GuideOffice
from .papers import Paper, merged
from .reading import (
    NO_MATERIALS_LISTED,
    UNSTATED,
    Network,
    Whereabouts,
    channel_groups,
    limits_in_a_line,
    networks,
    sessions,
    whereabouts,
)

FEWEST = 2
MOST = 12
"""So many matters still fit on one sheet."""
FEW_ITEMS = 4
"""Up to so many matters fit on a sheet in ordinary print."""
MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"


@dataclass(frozen=True)
class Item:
    """One matter of the plan, with the mark it is called by."""

    mark: str
    guide: Guide
    where: Whereabouts

    @property
    def limit(self) -> str:
        """How long it takes."""
        return limits_in_a_line(self.guide)

    @property
    def online(self) -> str:
        """The ways to apply without going, in a line; empty when the handbook names none."""
        groups = channel_groups(self.guide, online=True)
        channels = [channel for group in groups for channel in group.channels]
        return "、".join(channel.name + limited_to([channel.applies_to]) for channel in channels)

    @property
    def online_kinds(self) -> str:
        """The kinds of ways to apply without going, each once: 网站、APP（限灵活就业人员）."""
        return "、".join(
            group.label + limited_to(channel.applies_to for channel in group.channels)
            for group in channel_groups(self.guide, online=True)
        )

    @property
    def online_or_why_not(self) -> str:
        """The ways to apply without going, or what the handbook says instead."""
        return self.online or ("手册只写了线下渠道" if self.guide.channels.all() else UNSTATED)

    @property
    def without_papers(self) -> str:
        """What to say instead of papers when the handbook lists none."""
        return (
            ""
            if self.guide.materials.all()
            else NO_MATERIALS_LISTED.get(self.guide.materials_state, UNSTATED)
        )


@dataclass(frozen=True)
class For:
    """A matter, and what holds for it only: ① 职工参保登记（在职职工，加盖单位公章）."""

    item: Item
    condition: str = ""


@dataclass(frozen=True)
class ToBring:
    """One paper, and for which matters; ``everywhere`` when every matter wants it without conditions."""

    paper: Paper
    wanted: tuple[For, ...]
    everywhere: bool


@dataclass(frozen=True)
class Numbers:
    """Numbers for one purpose that answer for the same matters."""

    purpose: str
    phones: tuple[Phone, ...]
    marks: str


@dataclass(frozen=True)
class Stop:
    """One counter to go to: what is handled there, when, and whom to call."""

    place: GuideOffice
    wanted: tuple[For, ...]
    numbers: tuple[Numbers, ...]

    @property
    def phones(self) -> list[Phone]:
        """Every number of this counter that the trip needs."""
        return [phone for line in self.numbers for phone in line.phones]


@dataclass(frozen=True)
class OtherPlaces:
    """City-wide places that also handle some of the matters."""

    network: Network
    marks: str


@dataclass(frozen=True)
class Plan:
    """One trip."""

    county: County
    items: tuple[Item, ...]
    papers: tuple[ToBring, ...]
    listed: int
    """How many papers the handbook lists before equal ones are merged."""
    stops: tuple[Stop, ...]
    other_places: tuple[OtherPlaces, ...]

    @property
    def is_unstated(self) -> bool:
        """Whether the handbook names no counter of this county for one of the matters."""
        return any(item.where.is_unstated for item in self.items)

    @property
    def nowhere(self) -> tuple[Item, ...]:
        """Matters for which the handbook names no counter at all."""
        return tuple(item for item in self.items if not item.where.first)

    @property
    def is_long(self) -> bool:
        """Whether it takes smaller print to stay on one sheet."""
        return len(self.items) > FEW_ITEMS

    @property
    def longest(self) -> str:
        """When everything is done, if all is handed in on one day: the longest limit, in a sentence."""
        return longest([item.guide for item in self.items])


def limited_to(cases: Iterable[str]) -> str:
    """``（限灵活就业人员）`` when every way is for some people only; nothing when one is for everybody."""
    people = list(dict.fromkeys(cases))
    return f"（限{'、'.join(people)}）" if all(people) else ""


def plan(guides: Sequence[Guide], county: County) -> Plan:
    """The trip for these guides, in their order."""
    items = tuple(
        Item(mark, guide, whereabouts(guide, county)) for mark, guide in zip(MARKS, guides, strict=False)
    )
    by_guide = {item.guide.pk: item for item in items}
    return Plan(
        county=county,
        items=items,
        papers=tuple(to_bring(paper, by_guide) for paper in merged(guides)),
        listed=sum(len(guide.materials.all()) for guide in guides),
        stops=tuple(stops(items)),
        other_places=tuple(other_places(items)),
    )


def to_bring(paper: Paper, by_guide: Mapping[int, Item]) -> ToBring:
    """A paper with the matters that need it."""
    wanted = tuple(For(by_guide[need.guide.pk], need.conditions) for need in paper.needs)
    unconditional = {each.item.mark for each in wanted if not each.condition}
    return ToBring(paper, wanted, len(unconditional) == len(by_guide))


def stops(items: Iterable[Item]) -> list[Stop]:
    """The counters, each once for all matters it handles at the same hours."""
    by_counter: dict[tuple[object, ...], list[tuple[Item, GuideOffice]]] = {}
    for item in items:
        for place in item.where.first:
            open_at = str(sessions(place)) if sessions(place) else place.hours_text
            by_counter.setdefault((place.office_id, open_at), []).append((item, place))
    return [
        Stop(
            place=group[0][1],
            wanted=tuple(For(item, place.scope) for item, place in group),
            numbers=tuple(numbers(group)),
        )
        for group in by_counter.values()
    ]


def numbers(group: Iterable[tuple[Item, GuideOffice]]) -> list[Numbers]:
    """The numbers of one counter, those that answer for the same matters together, questions first."""
    answering: dict[Phone, str] = {}
    for item, place in group:
        for phone in (*place.consult_phones, *place.complaint_phones):
            answering[phone] = answering.get(phone, "") + item.mark
    together: dict[tuple[str, str], list[Phone]] = {}
    for phone, marks in answering.items():
        together.setdefault((phone.purpose, marks), []).append(phone)
    purposes = list(PHONE_PURPOSES)
    return [
        Numbers(PHONE_PURPOSES[purpose], tuple(phones), marks)
        for (purpose, marks), phones in sorted(together.items(), key=lambda line: purposes.index(line[0][0]))
    ]


def other_places(items: Iterable[Item]) -> list[OtherPlaces]:
    """The city-wide places, those of which the handbook says the same together."""
    by_facts: dict[tuple[object, ...], tuple[Network, str]] = {}
    for item in items:
        for network in networks(item.where.city_wide):
            facts = (network.names, network.like.scope, str(sessions(network.like)))
            _, marks = by_facts.get(facts, (network, ""))
            by_facts[facts] = (network, marks + item.mark)
    return [OtherPlaces(network, marks) for network, marks in by_facts.values()]


def longest(guides: Iterable[Guide]) -> str:
    """The longest limit of all: limits of matters handed in together run side by side, so they are not added."""
    found = [limit for guide in guides for limit in guide.time_limits.all()]
    unknown = [guide.name for guide in guides if not guide.time_limits.all()]
    counted = [limit for limit in found if limit.days]
    others = [limit.guide.name for limit in found if limit.kind == "other"]
    if counted:
        last = max(counted, key=lambda limit: limit.days or 0)
        sentence = f"各项时限分别计算，写明工作日的最长 {last.days} 个工作日"
    elif found and not others:
        sentence = "都是即时办结"
    else:
        sentence = "没有写明工作日数"
    if without_days := list(dict.fromkeys([*unknown, *others])):
        sentence += f"；{'、'.join(without_days)}没有写明天数"
    return sentence + "。"
