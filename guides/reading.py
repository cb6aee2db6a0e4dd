"""The facts of a guide, arranged by what a visitor asks: what to bring, where to go, how to do it online.

Plain functions over rows that ``with_details()`` has fetched; none of them asks the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from offices.models import County, Office, Phone

from .models import Channel, Guide, GuideOffice, Material
from .vocabulary import CHANNEL_KINDS

ONLINE_KINDS = ("website", "app", "mini_program")
SCOPES_EXPLAINED = {"资料初审": "这里只对材料作初步审核"}
PEOPLE = ("人员", "职工", "居民", "人", "者", "单位", "学生", "机构")
FEW = 2
"""Up to so many counters are easier to read one by one than in a table."""
UNSTATED = "手册未载明"
NO_MATERIALS_LISTED = {"none": "不需要带材料", "unstated": UNSTATED}


@dataclass(frozen=True)
class Case:
    """The papers one kind of visitor brings; an empty name means everybody."""

    name: str
    materials: tuple[Material, ...]


def cases(guide: Guide) -> list[Case]:
    """The guide's papers grouped by whom they are for, in the order of the handbook."""
    by_case: dict[str, list[Material]] = {}
    for material in guide.materials.all():
        by_case.setdefault(material.applies_to, []).append(material)
    return [Case(name, tuple(materials)) for name, materials in by_case.items()]


def how_many_papers(guide: Guide) -> list[tuple[str, str]]:
    """How many papers each case brings: ``[("在职职工", "2 样")]``, or in words when there is no list."""
    listed = [(case.name, f"{len(case.materials)} 样") for case in cases(guide)]
    return listed or [("", NO_MATERIALS_LISTED.get(guide.materials_state, UNSTATED))]


def choices(guide: Guide) -> tuple[str, ...]:
    """The cases a visitor can be shown alone (在职职工, 灵活就业人员): of papers, else limits, else channels."""
    lists = (guide.materials.all(), guide.time_limits.all(), guide.channels.all())
    told_apart = [
        tuple(dict.fromkeys(item.applies_to for item in items if item.applies_to)) for items in lists
    ]
    return next((names for names in told_apart if len(names) > 1), ())


def choices_of(case: str, choices: Iterable[str]) -> list[str]:
    """The choices that see what is for this case; none when it concerns everybody or cannot be told.

    Lists of one guide may name a case differently (灵活就业人员 and 灵活就业人员参保登记): one name in the other will do.
    """
    return [choice for choice in choices if case and (choice in case or case in choice)]


def question_of(choices: Iterable[str]) -> str:
    """What to ask before the choices: 我是 (在职职工), or 我的情况 (住院)."""
    return "我是" if all(choice.endswith(PEOPLE) for choice in choices) else "我的情况"


@dataclass(frozen=True)
class Limit:
    """How long one kind of application takes; an empty name means every kind."""

    case: str
    words: str


def limits(guide: Guide) -> list[Limit]:
    """The time limits, each case apart from its words: 单位职工参保登记 | 不超过3个工作日."""
    return [
        Limit(limit.applies_to, limit.text.removeprefix(limit.applies_to).strip("：: ") or limit.text)
        for limit in guide.time_limits.all()
    ]


def takes_days(guide: Guide) -> bool:
    """Whether a case takes working days, so that one can ask by when it is done."""
    return any(limit.kind == "workdays" for limit in guide.time_limits.all())


def limits_in_a_line(guide: Guide) -> str:
    """The time limits for a line at a glance."""
    said = [f"{limit.case}：{limit.words}" if limit.case else limit.words for limit in limits(guide)]
    return "；".join(said) or UNSTATED


@dataclass(frozen=True)
class ChannelGroup:
    """Ways to apply of one kind: 小程序 → 微信小程序, 支付宝小程序."""

    kind: str
    label: str
    channels: tuple[Channel, ...]


def channel_groups(guide: Guide, *, online: bool) -> list[ChannelGroup]:
    """The guide's ways to apply on a screen (or, ``online=False``, in person), grouped by kind."""
    by_kind: dict[str, list[Channel]] = {}
    for channel in guide.channels.all():
        if (channel.kind in ONLINE_KINDS) == online:
            by_kind.setdefault(channel.kind, []).append(channel)
    return [ChannelGroup(kind, CHANNEL_KINDS[kind], tuple(group)) for kind, group in by_kind.items()]


def channels_in_a_line(guide: Guide) -> str:
    """The ways to apply by name, as the handbook lists them."""
    return "、".join(
        f"{channel.name}（限{channel.applies_to}）" if channel.applies_to else channel.name
        for channel in guide.channels.all()
    )


def channel_labels(guide: Guide) -> list[str]:
    """The kinds of ways to apply, each once, for a line at a glance."""
    kinds = dict.fromkeys(channel.kind for channel in guide.channels.all())
    return [CHANNEL_KINDS[kind] for kind in kinds]


@dataclass(frozen=True)
class Whereabouts:
    """Where a guide is handled, seen from one county (or from the whole city when ``county`` is None)."""

    county: County | None
    here: tuple[GuideOffice, ...]
    city_level: tuple[GuideOffice, ...]
    city_wide: tuple[GuideOffice, ...]
    others: tuple[GuideOffice, ...]

    @property
    def is_unstated(self) -> bool:
        """Whether a county was asked for whose counter the handbook does not name."""
        return self.county is not None and not self.here

    @property
    def first(self) -> tuple[GuideOffice, ...]:
        """The counters to show first: the county's own, else the city's."""
        return self.here or self.city_level

    @property
    def boxed(self) -> tuple[GuideOffice, ...]:
        """Counters shown one by one: those of the county, or all of a city that has few."""
        if self.county:
            return self.first
        return self.others if len(self.others) <= FEW else ()

    @property
    def tabled(self) -> tuple[GuideOffice, ...]:
        """Counters shown in one table: those of a whole city that has many."""
        return () if self.county or self.boxed else self.others

    @property
    def to_ask(self) -> list[Phone]:
        """Numbers to ask before setting out: of the first counters, else of any place, each number once."""
        phones = [phone for place in self.first for phone in place.consult_phones]
        anywhere = (*self.city_wide, *self.others)
        return once(phones or [phone for place in anywhere for phone in place.consult_phones])

    @property
    def to_complain(self) -> list[Phone]:
        """Numbers to complain to, chosen like ``to_ask``."""
        phones = [phone for place in self.first for phone in place.complaint_phones]
        anywhere = (*self.city_wide, *self.others)
        return once(phones or [phone for place in anywhere for phone in place.complaint_phones])


def once(phones: Iterable[Phone]) -> list[Phone]:
    """Phones without repeating a number that is for the same people."""
    return list({(phone.number, phone.for_whom): phone for phone in phones}.values())


def whereabouts(guide: Guide, county: County | None = None) -> Whereabouts:
    """Sort the guide's offices for a visitor from this county."""
    places = list(guide.guide_offices.all())
    here = [p for p in places if county and p.office.county_id == county.pk]
    city_wide = [p for p in places if p.office.county is None]
    city_level = [p for p in places if p.office.county and p.office.county.kind == "city_level"]
    shown_first = here or (city_level if county else [])
    others = [p for p in places if p.office.county and p not in shown_first]
    return Whereabouts(county, tuple(here), tuple(city_level), tuple(city_wide), tuple(others))


def sessions(place: GuideOffice) -> list[Mapping[str, str]]:
    """When this guide is handled at this place: the guide's own hours, else the office's."""
    return list(place.own_hours) or [hours.document() for hours in place.office.opening_hours.all()]


@dataclass(frozen=True)
class Network:
    """Kinds of places that share everything the handbook says about them: scope, hours and phones."""

    names: tuple[str, ...]
    like: GuideOffice


def networks(places: Iterable[GuideOffice]) -> list[Network]:
    """City-wide places, those that differ only in name together."""
    alike: dict[tuple[object, ...], list[GuideOffice]] = {}
    for place in places:
        phones = tuple(str(phone) for phone in (*place.consult_phones, *place.complaint_phones))
        said = (place.office.address, place.scope, place.hours_text, str(sessions(place)), phones)
        alike.setdefault(said, []).append(place)
    return [Network(tuple(place.office.name for place in group), group[0]) for group in alike.values()]


def explain_scope(scope: str) -> str:
    """What a scope means for a visitor: 资料初审, 限灵活就业人员; empty when it speaks for itself."""
    if scope.startswith("限"):
        return f"这里只受理{scope[1:]}的申请"
    return SCOPES_EXPLAINED.get(scope, "")


def county_beside_name(office: Office) -> str:
    """The county to print before an office's name; nothing when the name begins with it."""
    county = office.county.name if office.county else ""
    return "" if office.name.startswith(county) else county


def name_without_county(office: Office) -> str:
    """The office's name where its county already stands beside it: 宣汉县 | 医保窗口."""
    county = office.county.name if office.county else ""
    return office.name.removeprefix(county) or office.name


def edition_followed(guide: Guide) -> str:
    """Which edition a guide follows; no handbook says when it was last checked."""
    edition = guide.handbook.edition if guide.handbook else ""
    return f"内容依据{edition}手册" if edition else "手册没有印版次"


def where_from(guide: Guide) -> str:
    """The book and the lines a guide comes from: ``《…》（2024年版），第 4–226 行``."""
    if not guide.handbook:
        return UNSTATED
    lines = f"，第 {guide.first_line}–{guide.last_line} 行" if guide.first_line else ""
    return f"{guide.handbook.printed_title}{lines}"
