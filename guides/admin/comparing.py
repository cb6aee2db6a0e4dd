"""What a table that came back would have offices say: each row held against its office, everything wrong found at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from guides import editing, tables
from guides.editing.documents import check_office
from offices.models import Office, number_validator
from offices.vocabulary import OFFICE_KINDS, PHONE_PURPOSES

from .exports import CITY_WIDE
from .lines import HoursLinesField, hours_lines

Key = tuple[str, str]
"""City and key of an office."""
PURPOSES = {label: purpose for purpose, label in PHONE_PURPOSES.items()}


@dataclass
class Compared:
    """Offices that would say something else, with their new documents, and what is wrong in the table."""

    changed: list[tuple[Office, editing.Document]] = field(default_factory=list)
    problems: list[tables.Problem] = field(default_factory=list)
    same: int = 0


class Wrong(Exception):
    """A row that cannot be taken: the column, and what was expected."""

    def __init__(self, column: str, message: str) -> None:
        self.column, self.message = column, message
        super().__init__(message)


def compare(lines: Sequence[tables.Line], visible: QuerySet[Office], mine: set[int]) -> Compared:
    """Hold every row against the offices this person sees; ``mine`` are the keys of those he may change."""
    found = Compared()
    grouped: dict[Key, list[tables.Line]] = {}
    for line in lines:
        grouped.setdefault((line.cells["city"].strip(), line.cells["key"].strip()), []).append(line)
    cities = {city for city, _ in grouped}
    rows = visible.filter(city__slug__in=cities, key__in={key for _, key in grouped}).with_details()  # type: ignore[attr-defined]
    offices = {(office.city.slug, office.key): office for office in rows}
    for key, of_office in grouped.items():
        office = offices.get(key)
        if office is None:
            message = f"没有找到办理点“{key[1][:40]}”。已有的请不要改城市代码和识别名；新办理点请在后台新建。"
            found.problems += [_at(line, "key", message) for line in of_office]
        else:
            _compare_office(office, of_office, office.pk in mine, found)
    found.problems.sort(key=lambda problem: (problem.sheet != tables.OFFICES.name, problem.row))
    return found


def _compare_office(office: Office, lines: list[tables.Line], is_mine: bool, found: Compared) -> None:
    """One office with all its rows."""
    problems: list[tables.Problem] = []
    changed: list[tables.Line] = []
    document = now = office.document()
    seen: dict[Key, int] = {}
    for line in lines:
        try:
            base = _as_exported(office, line)
            _refuse_twice(line, seen)
            document, is_changed = _with_line(document, base, line)
        except Wrong as wrong:
            problems.append(_at(line, wrong.column, wrong.message))
            continue
        if is_changed:
            changed.append(line)
            problems += _why_not(office, line, is_mine)
    if changed and not problems:
        problems += _refused_as_whole(document, changed[0])
    found.problems += problems
    if document != now and not problems:
        found.changed.append((office, document))
    elif not problems:
        found.same += 1


def _as_exported(office: Office, line: tables.Line) -> editing.Document:
    """What the office said when the table was made."""
    version = line.cells["version"].strip()
    if not (version.isascii() and version.isdecimal() and len(version) < 9) or int(version) > office.version:
        raise Wrong("version", "这一列请不要改；请重新导出再改。")
    if int(version) == office.version:
        return office.document()
    return editing.document_at(office, int(version))


def _why_not(office: Office, line: tables.Line, is_mine: bool) -> Iterator[tables.Problem]:
    """Why a row that changes something may not."""
    if not is_mine:
        place = office.county.name if office.county else CITY_WIDE
        yield _at(line, "key", f"“{office.name}”（{place}）不归您管，这一行不能改。请恢复原样或删去这一行。")
    elif int(line.cells["version"]) != office.version:
        times = f"导出时是第 {line.cells['version'].strip()} 次修改，现在是第 {office.version} 次"
        yield _at(line, "version", f"导出以后别人改过“{office.name}”（{times}），请重新导出再改。")


def _refuse_twice(line: tables.Line, seen: dict[Key, int]) -> None:
    position = line.cells.get("position", "").strip()
    if line.sheet is tables.PHONES and not position:
        return
    key = (line.sheet.name, position)
    if key in seen:
        raise Wrong("position" if position else "key", f"与第 {seen[key]} 行是同一条，请删去一行。")
    seen[key] = line.number


def _with_line(
    document: editing.Document, base: editing.Document, line: tables.Line
) -> tuple[editing.Document, bool]:
    """The office's document with one row put in, and whether the row says something else than the exported one did."""
    if line.sheet is tables.OFFICES:
        return _with_office(document, base, line)
    return _with_phone(document, base, line)


def _with_office(
    document: editing.Document, base: editing.Document, line: tables.Line
) -> tuple[editing.Document, bool]:
    if line.cells["kind"].strip() != OFFICE_KINDS[base["kind"]]:
        raise Wrong("kind", f"这一列只供查看，应是“{OFFICE_KINDS[base['kind']]}”；要改请到后台。")
    name, address, hours = (line.cells[key].strip() for key in ("name", "address", "hours"))
    if not name:
        raise Wrong("name", "不能为空。")
    new = {
        key: text for key, text in (("name", name), ("address", address)) if text != str(base[key]).strip()
    }
    if hours != hours_lines(base["hours"]).strip():
        new["hours"] = _hours(hours)
    return {**document, **new}, bool(new)


def _hours(text: str) -> Any:
    try:
        return HoursLinesField().clean(text)
    except ValidationError as error:
        raise Wrong("hours", "；".join(error.messages)) from error


def _with_phone(
    document: editing.Document, base: editing.Document, line: tables.Line
) -> tuple[editing.Document, bool]:
    phone = _phone(line.cells)
    place = line.cells["position"].strip()
    if not place:
        _refuse_bad_number(phone)
        return {**document, "phones": [*document["phones"], phone]}, True
    if not (place.isascii() and place.isdecimal() and 0 < int(place[:9]) <= len(base["phones"])):
        raise Wrong("position", f"这个办理点没有第 {place[:9]} 个电话；要增加电话，序号请留空。")
    index = int(place) - 1
    if phone == {key: str(text).strip() for key, text in base["phones"][index].items()}:
        return document, False
    _refuse_bad_number(phone)
    phones = list(document["phones"])
    if index < len(phones):
        phones[index] = phone
    return {**document, "phones": phones}, True


def _phone(cells: Mapping[str, str]) -> dict[str, str]:
    purpose = PURPOSES.get(cells["purpose"].strip())
    if not purpose:
        raise Wrong("purpose", f"只能填{'或'.join(PURPOSES)}。")
    return {"purpose": purpose, "number": cells["number"].strip(), "for": cells["for"].strip()}


def _refuse_bad_number(phone: Mapping[str, str]) -> None:
    if not phone["number"]:
        raise Wrong("number", "不能为空；要删去这个电话，请到后台的办理点里删。")
    try:
        number_validator(phone["number"])
    except ValidationError as error:
        raise Wrong("number", f"“{phone['number']}”不对。{error.messages[0]}") from error


def _refused_as_whole(document: editing.Document, line: tables.Line) -> Iterator[tables.Problem]:
    """What is wrong with the office that the rows make together."""
    try:
        check_office(document)
    except editing.DocumentError as error:
        for problem in error.problems:
            yield tables.Problem(line.sheet.name, line.number, "", str(problem))


def _at(line: tables.Line, column: str, message: str) -> tables.Problem:
    return tables.Problem(line.sheet.name, line.number, line.sheet.heading(column), message)
