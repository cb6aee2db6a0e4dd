"""The *county table* layout: one row per county, its cells broken over many lines (Dazhou).

Text extraction writes the cells of a row one after the other: county (one character a line), address, hours,
consult phones, complaint phones. Blank lines separate cells, but two cells may share a printed line, and a cell
may follow the one before without a blank line. The state of a row tells which cell a line belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .blocks import Block
from .hours import SESSION, is_valid, session
from .phones import PHONE, phone
from .places import counter_name, place_kind
from .records import (
    CityDescription,
    CountyDescription,
    Finding,
    HoursRecord,
    PhoneRecord,
    PlaceRecord,
    Problem,
)
from .source import Ledger, Line, Text, flowing

HEADER_WORDS = {
    "办理地点",
    "办理时间",
    "咨询电话",
    "投诉电话",
    "咨询",
    "投诉",
    "电话",
    "县（市、区）",
    "县区",
}
HEADER_DAYS = re.compile("（([^（）]*)）")
WORKDAYS = re.compile("工作日")
AUDIENCE = re.compile(r"（([^（）]+)）")
CELL = re.compile("|".join(part.pattern for part in (SESSION, PHONE, AUDIENCE)))


@dataclass(slots=True)
class Row:
    """One county's row while it is read. A phone cell is a list of numbers; ``inferred`` marks a guessed column."""

    county: CountyDescription
    line: int
    address: list[Line] = field(default_factory=list)
    hours: list[HoursRecord] = field(default_factory=list)
    hours_words: list[str] = field(default_factory=list)
    cells: list[list[PhoneRecord]] = field(default_factory=list)
    shared_line: bool = False
    inferred: bool = False


@dataclass(slots=True)
class Table:
    """The rows read so far, and what is wrong."""

    city: CityDescription
    block: Block
    ledger: Ledger
    days: str = ""
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_county_table(
    block: Block, city: CityDescription, ledger: Ledger
) -> tuple[list[PlaceRecord], list[Problem], list[Finding]]:
    """The places of a guide in this layout, what stops the import, and what a person should look at."""
    table = Table(city, block, ledger)
    lines = _without_header(table)
    index = 0
    while index < len(lines):
        index = _read_line(table, lines, index)
    _check_rows(table)
    records = [_record(row, ledger) for row in table.rows] if not table.problems else []
    return records, table.problems, _findings(table)


def _without_header(table: Table) -> list[Line]:
    lines = list(table.block.tail)
    while lines and _is_header(lines[0].text, table):
        table.ledger.claim(lines.pop(0).text, "heading")
    if not table.days:
        line = table.block.tail[0].number
        table.problems.append(Problem(line, "表头没有说明办理时间是哪些日子", "“办理时间（工作日）”"))
    return lines


def _is_header(text: Text, table: Table) -> bool:
    if days := HEADER_DAYS.fullmatch(text.chars):
        table.days = "workdays" if WORKDAYS.search(days[1]) else table.days
        return bool(table.days)
    return all(word in HEADER_WORDS for word in text.chars.split())


def _read_line(table: Table, lines: Sequence[Line], index: int) -> int:
    """Give one line (or the several lines of a county's name) to the row it belongs to; the next line's index."""
    line = lines[index]
    row = table.rows[-1] if table.rows else None
    if not line.text:
        return index + 1
    if not row or row.hours or row.cells:
        county, after = _county_name(table, lines, index)
        if county:
            table.rows.append(Row(county, line.number))
            return after
        if not row or not (_has_number(line.text) or AUDIENCE.fullmatch(line.text.chars)):
            _unknown_county(table, line)
            return len(lines)
    if _has_number(line.text) or row.hours:
        _read_cells(table, row, line, after_blank=not lines[index - 1].text)
    else:
        row.address.append(Line(line.number, table.ledger.claim(line.text, "record")))
    return index + 1


def _has_number(text: Text) -> bool:
    return bool(
        SESSION.search(text.chars) or PHONE.search(text.chars.partition(" ")[0] or text.chars)
    ) and not re.match(r"[\u4e00-\u9fff]", text.chars)


def _county_name(table: Table, lines: Sequence[Line], index: int) -> tuple[CountyDescription | None, int]:
    """The county whose name whole lines from ``index`` on spell, with the index after them."""
    name = Text("", ())
    for after in range(index, len(lines)):
        name += flowing([lines[after]])
        county = next((county for county in table.city.counties if county.name == name.chars), None)
        if county:
            table.ledger.claim(name, "record")
            return county, after + 1
        if not any(county.name.startswith(name.chars) for county in table.city.counties):
            break
    return None, index


def _unknown_county(table: Table, line: Line) -> None:
    known = "、".join(county.name for county in table.city.counties)
    found = f"“{table.block.name}”的表格里“{line.text.chars}”不是{table.city.name}的县（市、区）"
    table.problems.append(Problem(line.number, found, f"其中之一：{known}"))


def _read_cells(table: Table, row: Row, line: Line, *, after_blank: bool) -> None:
    """Hours and phones of one line, from left to right; each phone into its column."""
    text = line.text
    first = True
    for match in CELL.finditer(text.chars):
        part = text.cut(match)
        if hours := SESSION.fullmatch(part.chars):
            row.hours.append(session(hours, table.days))
            row.hours_words.append(table.ledger.claim(part, "record").chars)
        elif number := PHONE.fullmatch(part.chars):
            _add_phone(
                row, phone(number, part, table.ledger), after_blank=after_blank and first, shared=not first
            )
        elif row.cells:
            _add_audience(row, table.ledger.claim(part, "record").chars[1:-1])
        first = False


def _add_phone(row: Row, number: PhoneRecord, *, after_blank: bool, shared: bool) -> None:
    """Put a number into the consult or the complaint column.

    A new cell begins after a blank line or beside another cell. A cell that began beside another one has its
    baseline, so it is one line high: a number below it is the next column's (marked as inferred).
    """
    new = not row.cells or after_blank or shared
    below_single_line = not new and row.shared_line and len(row.cells) == 1
    if new or below_single_line:
        row.cells.append([number])
        row.inferred |= below_single_line
        row.shared_line = shared
    else:
        row.cells[-1].append(number)


def _add_audience(row: Row, for_whom: str) -> None:
    """``（居民）`` under a number says for whom it is; cells of numbers so marked are one column."""
    last = row.cells[-1][-1]
    row.cells[-1][-1] = PhoneRecord(last.number, last.line, for_whom)
    if len(row.cells) > 1 and row.cells[-2][-1].for_whom:
        marked = row.cells.pop()
        row.cells[-1].extend(marked)


def _check_rows(table: Table) -> None:
    seen: dict[str, int] = {}
    for row in table.rows:
        where = f"“{table.block.name}”{row.county.name}一行"
        for wrong, found, expected in (
            (not row.address, f"{where}没有地址", "地址"),
            (not row.hours, f"{where}没有办理时间", "如 9:00-12:00"),
            (not all(map(is_valid, row.hours)), f"{where}的钟点不合理", "开始早于结束"),
            (len(row.cells) != 2, f"{where}读到 {len(row.cells)} 栏电话", "咨询电话、投诉电话两栏"),
            (
                row.county.slug in seen,
                f"{where}重复，第一次在第 {seen.get(row.county.slug)} 行",
                "每个县（市、区）一行",
            ),
        ):
            if wrong:
                table.problems.append(Problem(row.line, found, expected))
        seen.setdefault(row.county.slug, row.line)
    if not table.rows and not table.problems:
        table.problems.append(
            Problem(table.block.tail[0].number, f"“{table.block.name}”的表格是空的", "每个县（市、区）一行")
        )


def _record(row: Row, ledger: Ledger) -> PlaceRecord:
    address = flowing(row.address).chars
    consult, complaint = row.cells
    return PlaceRecord(
        county=row.county.slug,
        kind=place_kind(address),
        name=counter_name(row.county.name, address),
        address=address,
        line=row.line,
        hours=tuple(row.hours),
        hours_text=" ".join(row.hours_words),
        consult_phones=tuple(consult),
        complaint_phones=tuple(complaint),
    )


def _findings(table: Table) -> list[Finding]:
    return [
        Finding(
            "phone_columns_inferred",
            row.cells[0][0].line,
            f"手册{row.county.name}一行有 {sum(map(len, row.cells))} 个号码，哪些是咨询、哪些是投诉是按版面推断的",
            table.block.name,
            row.county.slug,
        )
        for row in table.rows
        if row.inferred
    ]
