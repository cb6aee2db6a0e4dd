"""The *inline tail fields* layout: 办理地点：… 办理时间：… 咨询电话：… 投诉电话：… as running text (Suining).

The phones stand once for the whole guide; they belong to the first counter, which is the city's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .blocks import Block
from .hours import is_valid, sessions
from .phones import phones
from .places import counter_name, has_address, place_kind
from .records import CityDescription, HoursRecord, PhoneRecord, PlaceRecord, Problem
from .source import Ledger, Text, flowing

LABEL = re.compile("(办理地点|办理时间|咨询电话|投诉电话)：")
SCOPE = re.compile(r"（([^（）]+)）$")
HOURS_ITEM = re.compile(r"(?:(?<=^)|(?<=[。；]))\d[.．、](?!\d)")
SEPARATOR_OUTSIDE_BRACKETS = re.compile(r"[、，；](?![^（]{0,200}）)(?![^“]{0,200}”)")

Place = tuple[str, Text, str]
"""Kind, words and scope of a place."""


def is_inline(block: Block) -> bool:
    """Whether the tail begins with ``办理地点：``."""
    return bool(LABEL.match(flowing(block.tail[:1]).chars))


def read_inline_tail(
    block: Block, city: CityDescription, ledger: Ledger
) -> tuple[list[PlaceRecord], list[Problem]]:
    """The places of a guide in this layout, and what is wrong with its tail."""
    fields, problems = _fields(block, ledger)
    missing = [label for label in ("办理地点", "办理时间", "咨询电话", "投诉电话") if not fields.get(label)]
    problems += [
        Problem(block.tail[0].number, f"“{block.name}”没有“{label}”或其内容是空的", f"“{label}：”及其内容")
        for label in missing
    ]
    own = city.city_level()
    if not own:
        problems.append(
            Problem(
                block.tail[0].number, f"{city.name}的县区清单里没有市本级", "一个 kind 为 city_level 的条目"
            )
        )
    if problems or not own:
        return [], problems
    consult, complaint = (phones(fields[label], ledger) for label in ("咨询电话", "投诉电话"))
    timed, others, found = _hours(fields["办理时间"], ledger)
    line = block.tail[0].number
    if not all(is_valid(hours) for hours in found):
        problems.append(Problem(line, f"“{block.name}”办理时间的钟点不合理", "开始早于结束，如 09:00-12:00"))
    places = _places(fields["办理地点"], ledger)
    if not places:
        problems.append(Problem(line, f"“{block.name}”的办理地点是空的", "“办理地点：”和至少一处地点"))
        return [], problems
    main = _main_places(places)
    if len(main) == len(places):
        timed = others = timed + others
    return [
        _record(
            own.name,
            own.slug,
            place,
            timed if place in main else others,
            found if place in main else [],
            (consult, complaint) if place is main[0] else ((), ()),
            ledger,
        )
        for place in places
    ], problems


def _main_places(places: Sequence[Place]) -> list[Place]:
    """The 经办窗口 whose clock times the tail prints: counters with an address, else any counter, else all places."""
    with_address = [place for place in places if place[0] == "counter" and has_address(place[1].chars)]
    return with_address or [place for place in places if place[0] == "counter"] or list(places)


def _fields(block: Block, ledger: Ledger) -> tuple[dict[str, Text], list[Problem]]:
    pieces, labels = flowing(block.tail).split(LABEL)
    fields: dict[str, Text] = {}
    problems = []
    for label, piece in zip(labels, pieces[1:], strict=True):
        key = ledger.claim(label, "heading").chars[:-1]
        if key in fields:
            problems.append(
                Problem(ledger.line_of(label), f"“{block.name}”的“{key}”出现两次", f"只有一个“{key}：”")
            )
        fields[key] = piece
    return fields, problems


def _hours(text: Text, ledger: Ledger) -> tuple[str, str, list[HoursRecord]]:
    """(words for counters, words for networks, sessions): an item without clock times speaks of other places."""
    pieces, marks = text.split(HOURS_ITEM)
    for mark in marks:
        ledger.claim(mark, "mark")
    items = [ledger.claim(piece, "record").chars for piece in pieces if piece]
    timed = [item for item in items if sessions(item)]
    others = [item for item in items if not sessions(item)]
    return "".join(timed), "".join(others), [hours for item in timed for hours in sessions(item)]


def _places(text: Text, ledger: Ledger) -> list[Place]:
    """(kind, words, scope) of each place; a bracket at the end is its scope."""
    pieces, separators = text.strip("。；").split(SEPARATOR_OUTSIDE_BRACKETS)
    for mark in [*separators, text[len(text.strip("。；").chars) :]]:
        ledger.claim(mark, "mark")
    found = []
    for piece in pieces:
        ledger.claim(piece, "record")
        scope = SCOPE.search(piece.chars)
        words = piece[: scope.start()] if scope else piece
        if words:
            found.append((place_kind(words.chars), words, scope[1] if scope else ""))
    return found


def _record(
    county: str,
    county_slug: str,
    place: Place,
    hours_text: str,
    hours: Sequence[HoursRecord],
    numbers: tuple[tuple[PhoneRecord, ...], tuple[PhoneRecord, ...]],
    ledger: Ledger,
) -> PlaceRecord:
    kind, words, scope = place
    address = words.chars if kind == "counter" and has_address(words.chars) else ""
    return PlaceRecord(
        county=county_slug if kind == "counter" else "",
        kind=kind,
        name=counter_name(county, address) if address else words.chars,
        address=address,
        line=ledger.line_of(words),
        scope=scope,
        hours=tuple(hours),
        hours_text=hours_text,
        consult_phones=numbers[0],
        complaint_phones=numbers[1],
    )
