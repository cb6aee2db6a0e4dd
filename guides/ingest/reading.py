"""The pipeline: read → correct → parse → account for every character → check."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from . import lists
from .blocks import Block, Section, take_apart
from .checks import check
from .corrections import apply_corrections, for_handbook
from .county_table import read_county_table
from .inline_tail import is_inline, read_inline_tail
from .places import tell_apart
from .records import (
    CityDescription,
    Correction,
    Finding,
    GuideRecord,
    HandbookReading,
    PlaceRecord,
    Problem,
)
from .source import Ledger, Line, decode, flowing, read_lines

EDITION = re.compile("（([^（）]*版)）")


def read_handbook(
    data: bytes,
    *,
    handbook: str,
    city: CityDescription,
    corrections: Iterable[Correction] = (),
    known_matters: Collection[str] = (),
) -> HandbookReading:
    """Read one handbook (the bytes of its text file) of one city.

    The layout of each matter's tail (inline fields or county table) is chosen by what the text looks like.
    Never raises for bad input: everything that is wrong comes back at once as ``problems``, with line numbers,
    and whatever the parser did not understand as ``unclassified``. ``known_matters`` are the catalogue's names;
    a matter that is not among them gives a finding.
    """
    text, problems = decode(data)
    line_count = text.count("\n") + (not text.endswith("\n")) if text else 0
    if problems:
        return HandbookReading(handbook, city.slug, text, line_count, problems=tuple(problems))
    ledger = Ledger(text)
    made = for_handbook(corrections, handbook)
    lines, problems = apply_corrections(read_lines(ledger), made, ledger)
    book = take_apart(lines, ledger)
    title, edition = _title(book.preamble, ledger)
    problems += book.problems
    findings = list(book.findings)
    guides = []
    if not problems:
        for block in book.blocks:
            guide, wrong, noticed = _read_guide(block, city, ledger)
            guides.append(guide)
            problems += wrong
            findings += noticed
    problems += _of_another_city(guides, city)
    findings += _unknown_matters(guides, known_matters)
    return HandbookReading(
        handbook=handbook,
        city=city.slug,
        text=text,
        line_count=line_count,
        title=title,
        edition=edition,
        guides=tell_apart(guides) if not problems else (),
        problems=tuple(sorted(set(problems))),
        findings=tuple(sorted([*findings, *check(guides, city)], key=lambda f: (f.line, f.kind, f.message))),
        corrections=made,
        artefacts=dict(ledger.artefacts),
        characters=ledger.counts(),
        unclassified=tuple(ledger.unclassified()) if not problems else (),
    )


def _title(preamble: Sequence[Line], ledger: Ledger) -> tuple[str, str]:
    """Title and edition, if the book prints them before its first matter; other words stay unclassified."""
    lines = [line for line in preamble if line.text]
    if not lines:
        return "", ""
    title = ledger.claim(flowing(lines[:1]), "record").chars
    edition = EDITION.fullmatch(lines[1].text.chars) if len(lines) > 1 else None
    if edition:
        ledger.claim(lines[1].text, "record")
    return title, edition[1] if edition else ""


def _read_guide(
    block: Block, city: CityDescription, ledger: Ledger
) -> tuple[GuideRecord, list[Problem], list[Finding]]:
    entries = {}
    findings = []
    for section in block.sections:
        if section.key in ("materials", "steps", "notes"):
            entries[section.key] = lists.items(section.lines, ledger)
            findings += lists.numbering_findings(entries[section.key], section, ledger, block.name)
        if section.arabic:
            message = f"标题“{section.heading.text.chars}”的编号写法与其他标题不同"
            findings.append(Finding("numbering", section.heading.number, message, block.name))
    state, materials, remark = lists.materials(_required(block, "materials"), entries["materials"], ledger)
    places, problems, noticed = _read_places(block, city, ledger)
    guide = GuideRecord(
        name=lists.words(_required(block, "name"), ledger),
        first_line=block.first_line,
        last_line=block.last_line,
        audience=lists.words(_required(block, "audience"), ledger),
        channels=tuple(lists.channels(_required(block, "channels"))),
        channels_text=lists.words(_required(block, "channels"), ledger),
        materials_state=state,
        materials=tuple(materials),
        materials_note=remark,
        time_limits=tuple(lists.time_limits(_required(block, "time_limits"), ledger)),
        steps=tuple(lists.steps(entries["steps"], ledger)),
        progress=lists.words(block.section("progress"), ledger),
        evaluation=lists.words(_required(block, "evaluation"), ledger),
        notes=tuple(lists.notes(entries.get("notes", []), ledger)),
        places=tuple(places),
        lines={section.key: section.heading.number for section in block.sections},
    )
    return guide, problems, findings + noticed


def _read_places(
    block: Block, city: CityDescription, ledger: Ledger
) -> tuple[list[PlaceRecord], list[Problem], list[Finding]]:
    if is_inline(block):
        places, problems = read_inline_tail(block, city, ledger)
        return places, problems, []
    return read_county_table(block, city, ledger)


def _required(block: Block, key: str) -> Section:
    section = block.section(key)
    assert section, f"a block without {key} is refused before"  # noqa: S101
    return section


def _of_another_city(guides: Sequence[GuideRecord], city: CityDescription) -> list[Problem]:
    """A book most of whose numbers have another area code is another city's book."""
    phones = [
        p for guide in guides for place in guide.places for p in place.consult_phones + place.complaint_phones
    ]
    local = [phone for phone in phones if phone.number.startswith("0")]
    foreign = [phone for phone in local if not phone.number.startswith(f"{city.area_code}-")]
    if len(foreign) * 2 <= len(local):
        return []
    found = f"{len(local)} 个号码里有 {len(foreign)} 个不是{city.name}的区号，例如 {foreign[0].number}"
    return [Problem(foreign[0].line, found, f"{city.name}的手册，区号 {city.area_code}")]


def _unknown_matters(guides: Iterable[GuideRecord], known: Collection[str]) -> list[Finding]:
    return [
        Finding(
            "unknown_matter", guide.first_line, f"目录里没有“{guide.name}”，请补上类别和网址名", guide.name
        )
        for guide in guides
        if guide.name not in known
    ]
