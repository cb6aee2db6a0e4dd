"""A file somebody sends → rows of words, and everything wrong with it at once. It is never believed."""

from __future__ import annotations

import csv
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from io import BytesIO, StringIO
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .cells import CONTROL, decoded, unguarded
from .sheets import Column, Line, Problem, Sheet
from .writing import EXPLAINED

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 30 * 1024 * 1024
MOST_PARTS = 500
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_IN_CELL = 2_000
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]+)(\d+)")
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
SAVE_AS = "请在 Excel 里另存为“Excel 工作簿（*.xlsx）”再上传。"
BROKEN = (
    AttributeError,
    EOFError,
    IndexError,
    InvalidFileException,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the library raises for a file that is damaged."""


class NotATable(ValueError):
    """A file of which nothing can be read; the message says what to do."""


@dataclass
class Reading:
    """The rows of a file, and what is wrong in it."""

    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


Cells = list[Any]
"""The cells of one row: text, or a :class:`Problem`'s message for what is no text."""


@dataclass(frozen=True)
class NoText:
    """A cell that holds something else than text, and what to do about it."""

    message: str
    digits: str = ""


def read_table(name: str, data: bytes, sheets: Sequence[Sheet]) -> Reading:
    """Read an XLSX or CSV file. Raises :class:`NotATable` when nothing of it can be read."""
    if len(data) > MOST_BYTES:
        raise NotATable(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请只留要改的行，分几次上传。")
    if data.startswith(OLD_EXCEL):
        raise NotATable(f"这是旧版 .xls 或加了密码的文件，读不了。{SAVE_AS}")
    if data.startswith(b"PK"):
        return _read_xlsx(data, sheets)
    if name.lower().endswith((".csv", ".txt")):
        return _read_csv(data, sheets)
    raise NotATable(f"这不是 Excel 表格，也不是 CSV 文件。{SAVE_AS}")


def _read_xlsx(data: bytes, sheets: Sequence[Sheet]) -> Reading:
    try:
        merged = _looked_over(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions nobody reads here
            book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
            return _sheets_of(book, sheets, merged)
    except BROKEN as error:
        if isinstance(error, NotATable):
            raise
        raise NotATable(f"文件损坏或格式不对，读不了。{SAVE_AS}") from error


def _looked_over(data: bytes) -> dict[str, list[tuple[str, int]]]:
    """Refuse what could harm before anything is unpacked by the library; the merged cells of each part, by its path."""
    merged = {}
    with zipfile.ZipFile(BytesIO(data)) as parts:
        entries = parts.infolist()
        if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise NotATable("文件解开以后太大，没有读。请只留要改的行，分几次上传。")
        if any("vbaproject" in entry.filename.lower() for entry in entries):
            raise NotATable(f"文件里有宏（.xlsm），不收。{SAVE_AS}")
        for entry in entries:
            if not entry.filename.endswith((".xml", ".rels")):
                continue
            text = parts.read(entry)
            if DECLARED.search(text.replace(b"\0", b"")):
                raise NotATable(f"文件里有不该有的声明，不收。{SAVE_AS}")
            if found := MERGED.findall(text):
                merged[entry.filename] = [(column.decode(), int(row)) for column, row in found]
    return merged


def _sheets_of(book: Any, sheets: Sequence[Sheet], merged: dict[str, list[tuple[str, int]]]) -> Reading:
    reading = Reading()
    known = {sheet.name: sheet for sheet in sheets}
    names = "、".join(sheet.name for sheet in sheets if sheet.comes_back)
    for page in book.worksheets:
        sheet = known.get(page.title)
        if page.title == EXPLAINED:
            continue
        if sheet is None or not sheet.comes_back:
            why = "只能导出，不能导入" if sheet else f"不认识这个工作表，只收 {names}"
            reading.problems.append(Problem(page.title[:31], 0, "", f"{why}；请删去它再上传。"))
            continue
        for column, row in merged.get(page._worksheet_path, []):  # noqa: SLF001 - the library names it nowhere else
            message = f"{column}{row} 起有合并的单元格，请取消合并，每格各填各的。"
            reading.problems.append(Problem(sheet.name, row, "", message))
        page.reset_dimensions()  # what the file says of its size is not to be believed
        rows = ([_value(cell) for cell in row] for row in page.iter_rows(max_col=MOST_COLUMNS))
        _take(sheet, rows, reading)
    if not reading.lines and not reading.problems:
        raise NotATable(f"文件里没有工作表 {names}，或者里面没有内容。请用本站导出的表格改。")
    return reading


def _read_csv(data: bytes, sheets: Sequence[Sheet]) -> Reading:
    text = _as_text(data)
    try:
        rows = [[unguarded(cell) for cell in row] for row in csv.reader(StringIO(text, newline=""))]
    except csv.Error as error:
        raise NotATable("有一格太长或引号不成对，读不了。请用本站导出的表格改。") from error
    headings = set(rows[0]) if rows else set()
    fitting = [sheet for sheet in sheets if sheet.comes_back and set(sheet.headings()) <= headings]
    if not fitting:
        names = "、".join(sheet.name for sheet in sheets if sheet.comes_back)
        raise NotATable(f"第一行不是 {names} 的列名。请用本站导出的 CSV 改，第一行不要动。")
    reading = Reading()
    _take(fitting[0], iter(rows), reading)
    return reading


def _as_text(data: bytes) -> str:
    """UTF-8, or what Chinese Excel saves CSV files in."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotATable("文字编码认不出来。请在 Excel 里另存为“CSV UTF-8”再上传。")


def _value(cell: Any) -> Any:
    """The text of a cell, or what is wrong with a cell that holds none."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return NoText("这一格是公式，请改成文字。")
    if isinstance(value, bool) or cell.data_type == "e":
        return NoText("这一格不是文字，请重新填写。")
    if isinstance(value, date | time | timedelta):
        return NoText("Excel 把这一格当成了日期或时间；请把单元格格式设为“文本”，再重新填写。")
    if isinstance(value, int | float):
        digits = str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else ""
        shown = digits or str(value)
        return NoText(
            f"这一格是数字 {shown}，开头的 0 和短横线可能丢了；请把单元格格式设为“文本”，再重新填写。", digits
        )
    return decoded(str(value))


def _take(sheet: Sheet, rows: Iterator[Cells], reading: Reading) -> None:
    """The rows of one sheet under their headings."""
    headings = [str(cell).strip() if isinstance(cell, str) else "" for cell in next(rows, [])]
    missing = [heading for heading in sheet.headings() if heading not in headings]
    if missing:
        message = f"少了列 {'、'.join(missing)}；请用本站导出的表格改，第一行不要动。"
        reading.problems.append(Problem(sheet.name, 1, "", message))
        return
    if twice := [heading for heading in sheet.headings() if headings.count(heading) > 1]:
        reading.problems.append(Problem(sheet.name, 1, twice[0], "这一列有两个，请删去一个。"))
        return
    places = [(column, headings.index(column.heading)) for column in sheet.columns]
    for number, cells in enumerate(rows, 2):
        if number > MOST_ROWS:
            message = f"超过 {MOST_ROWS} 行，请分几次上传。"
            reading.problems.append(Problem(sheet.name, number, "", message))
            return
        if any(cell if isinstance(cell, NoText) else cell.strip() for cell in cells):
            _take_line(sheet, number, places, cells, reading)


def _take_line(
    sheet: Sheet, number: int, places: Sequence[tuple[Column, int]], cells: Cells, reading: Reading
) -> None:
    found, problems = {}, []
    for column, place in places:
        cell = cells[place] if place < len(cells) else ""
        if isinstance(cell, NoText) and column.is_count and cell.digits:
            cell = cell.digits
        if message := cell.message if isinstance(cell, NoText) else _problem(cell, column):
            problems.append(Problem(sheet.name, number, column.heading, message))
        found[column.key] = "" if isinstance(cell, NoText) else cell.replace("\r\n", "\n")
    reading.problems += problems
    if not problems:
        reading.lines.append(Line(sheet, number, found))


def _problem(text: str, column: Column) -> str:
    """What is wrong with a text; "" when nothing is."""
    most = column.longest or MOST_IN_CELL
    if len(text.strip()) > most:
        return f"最多 {most} 个字，这里有 {len(text.strip())} 个。"
    if CONTROL.search(text):
        return "里面有看不见的控制字符，请重新填写这一格。"
    return ""
