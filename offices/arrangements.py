"""What the chinesecalendar package knows of a year: its days off and the weekend days that are worked.

The package keeps the arrangements the State Council has published, and raises beyond its last year.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from typing import NamedTuple

import chinese_calendar

PACKAGE = "chinesecalendar"


class ArrangedDay(NamedTuple):
    """A day that the arrangement of a year names."""

    date: date
    is_workday: bool
    name: str


def arrangement(year: int) -> list[ArrangedDay]:
    """The named days of a year in their order, weekends inside a holiday too; empty when the package has no such year."""
    try:
        return list(_named_days(year))
    except NotImplementedError:
        return []


def arranged_years(first: int) -> Iterator[tuple[int, list[ArrangedDay]]]:
    """Every year from the first to the last the package knows, with its named days."""
    year = first
    while days := arrangement(year):
        yield year, days
        year += 1


def source() -> str:
    """Where these days come from, in words for editors and visitors."""
    return f"取自开源软件包 {PACKAGE} {version(PACKAGE)} 收录的国务院放假安排"


def _named_days(year: int) -> Iterator[ArrangedDay]:
    day = date(year, 1, 1)
    while day.year == year:
        is_off, english = chinese_calendar.get_holiday_detail(day)
        if english:
            yield ArrangedDay(day, not is_off, _in_chinese(english))
        day += timedelta(days=1)


def _in_chinese(english: str) -> str:
    """The holiday's Chinese name; the package leaves out 节 of some."""
    name: str = chinese_calendar.Holiday(english).chinese
    return name if name.endswith(("节", "旦", "日")) else f"{name}节"
