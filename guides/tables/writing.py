"""Rows → a file for Excel: every cell is text, whatever it begins with."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import save_workbook

from .cells import FORMULA_STARTS, GUARD, encoded, guarded
from .sheets import Column, Row, Sheet

Filled = Sequence[tuple[Sheet, Iterable[Row]]]

EXPLAINED = "说明"
EXPLANATION = (
    Column("sheet", "工作表", 12, ""),
    Column("column", "列", 20, ""),
    Column("meaning", "含义", 80, ""),
    Column("is_open", "能不能在表格里改", 18, ""),
)
WORDS = "可以改，导入后先审核再生效"
MOST_IN_CELL = 32_767
"""Excel takes no more characters in one cell."""


def write_xlsx(filled: Filled, when: datetime) -> bytes:
    """A workbook: what the columns mean, then each sheet with its rows."""
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = when.replace(tzinfo=None)
    book.properties.creator = "医保办事指南"
    _write_sheet(book, Sheet(EXPLAINED, EXPLANATION), _explained([sheet for sheet, _ in filled]))
    for sheet, rows in filled:
        _write_sheet(book, sheet, rows)
    file = BytesIO()
    save_workbook(book, file)
    return file.getvalue()


def write_csv(sheet: Sheet, rows: Iterable[Row]) -> bytes:
    """One sheet as CSV in UTF-8 with the mark by which Excel knows it."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(sheet.headings())
    writer.writerows([guarded(row[column.key]) for column in sheet.columns] for row in rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode("utf-8")


def _explained(sheets: Sequence[Sheet]) -> list[Row]:
    return [
        {
            "sheet": sheet.name,
            "column": column.heading,
            "meaning": column.meaning,
            "is_open": WORDS if column.is_open else "不能",
        }
        for sheet in sheets
        for column in sheet.columns
    ]


def _write_sheet(book: Any, sheet: Sheet, rows: Iterable[Row]) -> None:
    page = book.create_sheet(sheet.name)
    page.freeze_panes = "A2"
    for number, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    page.append([_heading(page, column) for column in sheet.columns])
    count = 1
    for count, row in enumerate(rows, 2):  # noqa: B007 - the last one is the end of the filter
        page.append([_cell(page, row[column.key], column) for column in sheet.columns])
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{count}"


def _heading(page: Any, column: Column) -> Any:
    cell = WriteOnlyCell(page, column.heading)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDEFE6" if column.is_open else "EEEEEE")
    return cell


def _cell(page: Any, text: str, column: Column) -> Any:
    """A cell of the format “text”, so that what somebody types there later stays text as well."""
    cell = WriteOnlyCell(page, "")
    cell.value = encoded(text)[:MOST_IN_CELL]
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=column.width >= 20, vertical="top")
    cell.quotePrefix = text.startswith((*FORMULA_STARTS, GUARD))
    return cell
