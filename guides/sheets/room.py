"""How high a sheet will be, by the length of its texts: a rule of thumb for the page, which cannot measure.

The PDF takes the rule's word for a look that surely fits and measures only where it is close, which takes as long as
setting. Heights are millimetres, sizes points. The rule errs upwards, by one in a hundred and seldom by more than
five (tests/sheets/test_real_sheets.py holds the pages to the best that measuring alone would find).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Json = dict[str, Any]
PAGE = 267.0
"""What an A4 page gives between the margins of ``form.typ``."""
WIDTH = 177.0
LABEL = 2.9
"""How wide the names of the rows are, in their own size."""
POINT = 25.4 / 72
NARROW = 0.56
"""A Latin letter or digit beside a Chinese character."""
TABLE_COLUMNS = (24 - 3, 70 - 3, 27 - 3)
"""Of the table of counters, those whose texts may be long: millimetres of text in a line."""


@dataclass(frozen=True)
class Look:
    """How large and how tight: points, and the room between lines and around rows as ``form.typ`` has it."""

    size: float
    leading: float
    gap: float
    pad: float

    @property
    def em(self) -> float:
        """A character."""
        return self.size * POINT

    def text(self, words: str, width: float, size: float = 0) -> float:
        """The height of a paragraph with what parts it from the next."""
        em = (size or self.size) * POINT
        lines = max(1, lines_of(words, width / em))
        return lines * em + (lines - 1) * self.leading * em + self.gap * em

    @property
    def tiny(self) -> float:
        """The size of what matters less."""
        return max(10.5, self.size * 0.875)


USUAL = Look(12, 0.36, 0.4, 1.2)
TIGHT = Look(12, 0.24, 0.24, 0.7)
SMALL = Look(10.5, 0.24, 0.24, 0.7)
LARGE = Look(16, 0.36, 0.4, 1.2)
LOOKS = (USUAL, TIGHT, Look(11.5, 0.24, 0.24, 0.7), Look(11, 0.24, 0.24, 0.7), SMALL)
LOOKS_IN_LARGE = (LARGE, Look(16, 0.24, 0.24, 0.7))
"""Those of ``sheet.typ``, in its order."""


IN_A_BROWSER = (("", USUAL, 1.1), ("sheet-tight", TIGHT, 1.07), ("sheet-small", SMALL, 1.0))
"""The classes of the page and what a browser makes of their height: it leaves blanks between parts and has no half-wide
punctuation. Small print is tried where the rule, which errs upwards, only just refuses it."""


@lru_cache(maxsize=8192)
def ems(words: str) -> float:
    """How long a text is, in Chinese characters; asked of each text once for every look it is tried in."""
    return sum(1 if one != "–" and unicodedata.east_asian_width(one) in "WFA" else NARROW for one in words)


def height(sheet: Json, look: Look) -> float:
    """The whole sheet under one another."""
    return (
        head(sheet, look) + box(sheet["box"], look) + form(sheet["rows"], look) + table(sheet["table"], look)
    )


def fit(sheet: Json) -> str:
    """The class of the page: tighter or smaller when that saves paper."""
    if sheet["large"]:
        return ""
    pages = {name: math.ceil(height(sheet, look) * factor / PAGE) for name, look, factor in IN_A_BROWSER}
    return next(name for name in pages if pages[name] == min(pages.values()))


def spare(sheet: Json) -> dict[str, list[float]]:
    """Millimetres that are left on one page in each look that ``sheet.typ`` tries; below zero: that are lacking.

    ``whole`` for the whole sheet, ``form`` for all but the table of counters, ``table`` for the table alone.
    """
    parts = {"whole": sheet, "form": sheet | {"table": {}}}
    looks = LOOKS_IN_LARGE if sheet["large"] else LOOKS
    found = {name: [round(PAGE - height(part, look), 1) for look in looks] for name, part in parts.items()}
    return found | {"table": [round(PAGE - table(sheet["table"], look), 1) for look in looks]}


def head(sheet: Json, look: Look) -> float:
    """Name, sources and QR code."""
    title = 26 if look.size > 14 else 23
    lines = math.ceil(ems(sheet["name"]) / (146 / (title * 1.04 * POINT)))
    written = max(12, look.size * 0.9) * POINT + 12 + lines * title * POINT * 1.12
    chosen = look.text(sheet["chosen"], WIDTH) + 2.2 if sheet["chosen"] else 0
    return max(26, written) + 7.5 + chosen


def box(said: Json, look: Look) -> float:
    """The counters one by one."""
    if not said:
        return 0
    width = WIDTH - LABEL * look.em - 6
    places = sum(place(one, look, width) + 2 for one in said["places"]) - 2 - look.gap * look.em
    warning = look.text(said["warning"], width) if said["warning"] else 0
    return max(2.2 * look.em, places + warning + doubts(said, look, width)) + 2 * look.pad + 3


def place(one: Json, look: Look, width: float) -> float:
    """One counter."""
    facts = width - 5 * look.em
    numbers = max(phone_lines(one[kind], look, (width - 4) / 2) for kind in ("consult", "complaint"))
    return (
        look.text(one["county_beside"] + one["name"], width, look.size * 1.16)
        + (look.text(one["scope"] + one["scope_means"], width) if one["scope"] else 0)
        + look.text(one["address"], width - 3 * look.em)
        + hours(one, look, facts)
        + numbers * look.em * (1 + look.gap)
    )


def phone_lines(phones: list[Json], look: Look, width: float) -> int:
    """How many lines numbers take beside their name; none is ever broken."""
    longest = max((ems(phone["number"] + phone["for"] + phone["doubt"]) for phone in phones), default=1)
    in_a_line = max(1, int((width / look.em - 4.8 + 1) / (longest + 1)))
    return math.ceil(max(1, len(phones)) / in_a_line)


def hours(one: Json, look: Look, width: float, size: float = 0) -> float:
    """Lines by kind of day."""
    lines = ["".join([line["day"], "、".join(line["sessions"]), line["note"]]) for line in one["hours"]]
    return sum(look.text(line, width, size) for line in lines or [one["hours_text"]])


def doubts(said: Json, look: Look, width: float) -> float:
    """What to know of the numbers."""
    numbers = [doubt["words"] + "号码待核实" + instead(doubt) for doubt in said["doubts"]]
    return sum(look.text(words, width, look.tiny) for words in [*numbers, *said["columns"]])


def instead(doubt: Json) -> str:
    """The numbers to call instead."""
    return "".join(
        other["lead"] + "　".join(p["number"] for p in other["phones"]) for other in doubt["instead"]
    )


def form(rows: Iterable[Json], look: Look) -> float:
    """All rows."""
    width = WIDTH - LABEL * look.em - 6
    last = look.gap * look.em  # nothing follows the last paragraph of a row
    return sum(max(2.2 * look.em, row(one, look, width) - last) + 2 * look.pad for one in rows)


def row(one: Json, look: Look, width: float) -> float:
    """What stands in one row."""
    listed = width - 1.7 * look.em
    ask = look.text("请拨打咨询电话询问" + "　" * 8 * len(one["ask"]), width) * 2 if one.get("ask") else 0
    texts: dict[str, Callable[[], float]] = {
        "text": lambda: look.text(one["text"], width),
        "papers": lambda: papers(one, look, width),
        "channels": lambda: look.text("、".join(way["words"] for way in one["channels"]), width),
        "limits": lambda: sum(look.text(flat(it["case"] + it["words"]), width) for it in one["limits"]),
        "steps": lambda: sum(sentence(it, look, listed) for it in one["steps"]),
        "notes": lambda: sum(sentence(it, look, listed) for it in one["notes"]),
        "networks": lambda: sum(network(it, look, width) for it in one["networks"]),
    }
    return texts[one["kind"]]() + ask


def papers(one: Json, look: Look, width: float) -> float:
    """The papers and what holds for all of them."""
    listed = [paper for case in one["cases"] for paper in case["papers"]]
    named = sum(1 for case in one["cases"] if case["name"])
    before = one["before_lead"] + "".join(flat(note) for note in one["before"])
    return (
        named * look.text("", width)
        + sum(paper_height(paper, look, width - 1.7 * look.em) for paper in listed)
        + (look.text(one["none"], width) if one["none"] else 0)
        + (look.text(flat(one["note"]), width) if one["note"] else 0)
        + (look.text(before, width, look.tiny) if before else 0)
    )


def paper_height(paper: Json, look: Look, width: float) -> float:
    """One paper."""
    options = (
        "任选其一　" + "或".join(flat(option) for option in paper["options"]) if paper["options"] else ""
    )
    words = [["", ""], [options + paper["stamp"], ""], *paper["lead"]]
    return sentence({"title": [], "lead": words, "points": paper["points"]}, look, width)


def sentence(it: Json, look: Look, width: float) -> float:
    """A sentence and its points."""
    lead = flat([*it.get("title", []), *it["lead"]]) + "："
    points = (look.text(flat(point), width - 2.4 * look.em) for point in it["points"])
    return look.text(lead, width) + sum(points)


def network(it: Json, look: Look, width: float) -> float:
    """Places of one kind in a run."""
    numbers = [phone["number"] for phone in (*it["consult"], *it["complaint"])]
    times = "".join(line["day"] + "、".join(line["sessions"]) + line["note"] for line in it["hours"])
    said = [it["names"], it["scope"], it["scope_means"], it["address"], times or it["hours_text"], *numbers]
    return look.text("　".join(said), width)


def table(said: Json, look: Look) -> float:
    """All counters of a city."""
    if not said:
        return 0
    rows = sum(table_row(one, look) for one in said["places"])
    return 4 + look.size * 1.16 * POINT * 1.5 + 7 + rows + doubts(said, look, WIDTH)


def table_row(one: Json, look: Look) -> float:
    """One counter in the table."""
    name, address, times = TABLE_COLUMNS
    numbers = [sum(2 if phone["doubt"] else 1 for phone in one[kind]) for kind in ("consult", "complaint")]
    em = look.tiny * POINT
    lines = [
        1
        + lines_of(one["name_in_county"], name / em)
        + lines_of(one["scope"] + one["scope_means"], name / em),
        lines_of(one["address"], address / em),
        sum(1 + len(line["sessions"]) for line in one["hours"]) or lines_of(one["hours_text"], times / em),
        *numbers,
    ]
    return max(lines) * em * 1.24 + 2.2


def lines_of(words: str, characters: float) -> int:
    """How many lines of so many characters a text takes; punctuation may leave half a character empty."""
    return math.ceil(ems(words) / (characters - 0.5))


def flat(runs: Iterable[Iterable[str]]) -> str:
    """The words of some runs."""
    return "".join(text for text, _ in runs)
