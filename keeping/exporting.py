"""The trail as a file: CSV for people and their table programs, JSON lines for machines and for looking through again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.timezone import localtime

from .chain import Link, canonical
from .vocabulary import ACTIONS

HEADINGS = (
    "号码", "时间", "谁", "账号编号", "做了什么", "对象", "城市", "详情", "网段", "请求编号", "上一条的校验值", "校验值",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
MARK = "\ufeff"
"""By which Excel knows UTF-8."""


def as_csv(links: Iterable[Link]) -> Iterator[str]:
    """A heading and a line for each entry; what a table program would take for a formula begins with an apostrophe."""
    yield MARK + _line(HEADINGS)
    for link in links:
        yield _line(_cells(link))


def as_json_lines(links: Iterable[Link]) -> Iterator[str]:
    """Everything of each entry, as :func:`keeping.looking.verify_archive` reads it."""
    for link in links:
        yield canonical(link.as_json()) + "\n"


FORMS = {"csv": as_csv, "jsonl": as_json_lines}


def _cells(link: Link) -> list[Any]:
    return [
        link.number,
        f"{localtime(link.at):%Y-%m-%d %H:%M:%S}",
        link.actor_name,
        link.actor_id,
        ACTIONS.get(link.action, link.action),
        link.object,
        link.place,
        link.detail,
        link.network,
        link.request_id,
        link.previous,
        link.hash,
    ]


def _line(cells: Iterable[Any]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(guarded(str(cell)) for cell in cells)
    return line.getvalue()


def guarded(text: str) -> str:
    """The text of a cell that stays text."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
