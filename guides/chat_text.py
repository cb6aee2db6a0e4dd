"""A guide in one message for a chat: what to bring, where, when, whom to call, how long; at most 300 characters.

Plain functions over rows that ``with_details()`` has fetched; none of them asks the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from offices.models import Phone
from offices.timetable import timetable

from .doubts import NO_DOUBTS, Doubts
from .models import Guide, GuideOffice
from .papers import paper_name
from .reading import UNSTATED, Whereabouts, cases, how_many_papers, limits_in_a_line, sessions

LONGEST = 300
"""Characters of a message."""
LONGEST_LINE = 60
"""Characters of every line but the papers, which get what is left."""


def chat_text(guide: Guide, where: Whereabouts, url: str, doubts: Doubts = NO_DOUBTS) -> str:
    """The message; what does not fit is left out by whole papers, and it says how many there are in all.

    ``url`` is where the whole guide stands. Values the handbook does not give are named as such.
    """
    place = where.county.full_name if where.county else guide.city.name
    counters = where.first or where.boxed
    head = [f"【{guide.name}】{place}"]
    tail = [
        f"去哪：{short(where_to_go(where, counters))}",
        f"几点：{short(when(counters))}",
        f"电话：{short(numbers(where.to_ask, doubts))}",
        f"多久：{short(limits_in_a_line(guide))}",
        url,
    ]
    left = LONGEST - len("\n".join([*head, *tail])) - len("\n带：")
    return "\n".join([*head, f"带：{papers(guide, left)}", *tail])


def papers(guide: Guide, most: int) -> str:
    """The papers case by case in at most so many characters; only their number when not even the first fit."""
    said = [
        f"{case.name}：{listed(case.materials)}" if case.name else listed(case.materials)
        for case in cases(guide)
    ]
    whole = "；".join(said)
    if said and len(whole) <= most:
        return whole
    counts = "；".join(f"{name} {count}".strip() for name, count in how_many_papers(guide))
    if not said:
        return counts
    summary = f"…（{counts}，完整清单见网页）"
    kept = fitting(whole, most - len(summary))
    return f"{kept}{summary}" if kept else f"{counts}，清单见网页"


def listed(materials: Iterable[object]) -> str:
    """Papers in a row, each under its short name."""
    return "、".join(paper_name(getattr(material, "text", "")) for material in materials)


def fitting(text: str, most: int) -> str:
    """The beginning of the text that fits, cut after a whole paper."""
    if most <= 0:
        return ""
    cut = text[: most + 1]
    ends = [cut.rfind(mark) for mark in "、；"]
    return cut[: max(ends)] if max(ends) > 0 else ""


def where_to_go(where: Whereabouts, counters: Sequence[GuideOffice]) -> str:
    """The first counter with its address, or where else one can go."""
    if counters:
        office = counters[0].office
        more = f"等 {len(counters)} 处" if len(counters) > 1 else ""
        unnamed = f"（手册未载明{where.county.name}的窗口）" if where.is_unstated and where.county else ""
        return f"{office.name}，{office.address or '地址' + UNSTATED}{more}{unnamed}"
    if where.tabled:
        return f"各县（市、区）窗口，共 {len(where.tabled)} 处"
    return "、".join(place.office.name for place in where.city_wide) or UNSTATED


def when(counters: Sequence[GuideOffice]) -> str:
    """The first counter's hours in a line."""
    if not counters:
        return "各窗口不同，见网页"
    lines = timetable(sessions(counters[0]))
    said = "；".join(
        f"{line.day}{'、'.join(f'{opens}–{closes}' for opens, closes in line.sessions)}" for line in lines
    )
    return said or counters[0].hours_text or UNSTATED


def numbers(phones: Sequence[Phone], doubts: Doubts) -> str:
    """Numbers to ask, each with whom it is for; where they are in doubt, the usual ones too."""
    said = [str(phone) for phone in phones]
    groups = doubts.among(phones)
    if groups:
        others = dict.fromkeys(
            phone.number for group in groups for other in group.instead for phone in other.phones
        )
        said[-1] += f"（号码待核实{'，也可打' + '、'.join(others) if others else ''}）"
    return "、".join(said) or UNSTATED


def short(text: str) -> str:
    """The text, cut where it is longer than a line may be."""
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"
