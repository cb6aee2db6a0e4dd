"""Working days: which day is one, and the last of a number of them; plain functions, no clock, no database.

Counting begins on the day after acceptance. A year without a published arrangement is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

WEEKDAYS = "一二三四五六日"
WEEKEND = "周末"
WARNED_AHEAD = 60
"""How many days before the calendar ends the editors are told."""

DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


@dataclass(frozen=True)
class Calendar:
    """The years whose arrangement is known, with their days off and the weekend days that are worked (调休上班)."""

    years: frozenset[int] = frozenset()
    days_off: Mapping[date, str] = field(default_factory=dict)
    make_up_days: Mapping[date, str] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool | None:
        """Whether people work on this day; ``None`` in a year that is not known."""
        if day.year not in self.years:
            return None
        return day in self.make_up_days or not self.rest_on(day)

    def rest_on(self, day: date) -> str:
        """Why nobody works on a day of a known year (国庆节, 周末); empty on a working day."""
        if day in self.make_up_days:
            return ""
        return self.days_off.get(day, "") or (WEEKEND if day.weekday() >= 5 else "")

    def covered_until(self, today: date) -> date | None:
        """The last day known without a gap from today on; ``None`` when this year itself is not known."""
        year = today.year
        while year in self.years and year + 1 in self.years:
            year += 1
        return date(year, 12, 31) if year in self.years else None

    def why_unknown(self, year: int) -> str:
        """A sentence about a year that is not known, without its full stop."""
        if self.years and year > max(self.years):
            return f"{year}年放假安排尚未公布"
        return f"本站没有{year}年的放假安排"

    def data(self, *, years: int = 2) -> dict[str, Any]:
        """The last years for scripts in a page: names of holidays with their dates, and the make-up days."""
        shown = sorted(self.years)[-years:]
        off: dict[str, list[str]] = {}
        for day, name in sorted(self.days_off.items()):
            if day.year in shown:
                off.setdefault(name, []).append(day.isoformat())
        on = [day.isoformat() for day in sorted(self.make_up_days) if day.year in shown]
        return {"years": shown, "off": off, "on": on}


@dataclass(frozen=True)
class Rest:
    """Days off in a row for one reason."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        first = f"{self.first.year}年{_short(self.first)}"
        return first if self.first == self.last else f"{first}至{_short(self.last)}"


@dataclass(frozen=True)
class Deadline:
    """The last day of a number of working days, or why it cannot be told."""

    accepted: date
    working_days: int
    last_day: date | None
    """``None`` when the days reach into a year that is not known."""
    counted: int
    """How many working days could be counted."""
    skipped: tuple[Rest, ...] = ()
    worked: tuple[date, ...] = ()
    """Weekend days that are worked (调休上班) and so count."""
    rest_on_acceptance: str = ""
    """Why nobody works on the day of acceptance itself, as far as known."""
    unknown: str = ""
    """Why there is no last day: 2027年放假安排尚未公布."""

    @property
    def days_skipped(self) -> int:
        """How many days off lie in between."""
        return sum(rest.days for rest in self.skipped)

    @property
    def missing(self) -> int:
        """How many working days could not be counted."""
        return self.working_days - self.counted

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why days are skipped, and how many each time: ``[("周末", 8), ("春节", 9)]``."""
        days: Counter[str] = Counter()
        for rest in self.skipped:
            days[rest.name] += rest.days
        return list(days.items())


def latest_finish(accepted: date, working_days: int, calendar: Calendar) -> Deadline:
    """The last of so many working days (工作日) after the day of acceptance; of none, that very day.

    Raises ``ValueError`` for a negative number.
    """
    if working_days < 0:
        raise ValueError("working days cannot be negative")
    day, counted, off, worked = accepted, 0, list[date](), list[date]()
    known = working_days == 0 or accepted.year in calendar.years
    while known and counted < working_days:
        following = day + timedelta(days=1) if day < date.max else None
        if following is None or following.year not in calendar.years:
            known = False
            break
        day = following
        if calendar.rest_on(day):
            off.append(day)
        else:
            counted += 1
            worked += [day] if day in calendar.make_up_days else []
    first_unknown = accepted.year if accepted.year not in calendar.years else day.year + 1
    return Deadline(
        accepted,
        working_days,
        last_day=day if known else None,
        counted=counted,
        skipped=in_a_row(off, calendar),
        worked=tuple(worked),
        rest_on_acceptance=calendar.rest_on(accepted) if accepted.year in calendar.years else "",
        unknown="" if known else calendar.why_unknown(first_unknown),
    )


def in_a_row(days: Iterable[date], calendar: Calendar) -> tuple[Rest, ...]:
    """Days off joined where they follow each other for the same reason."""
    rests: list[Rest] = []
    for day in days:
        name = calendar.rest_on(day)
        before = rests[-1] if rests else None
        if before and before.name == name and before.last + timedelta(days=1) == day:
            rests[-1] = Rest(name, before.first, day)
        else:
            rests.append(Rest(name, day, day))
    return tuple(rests)


def date_in_words(day: date) -> str:
    """``2026年3月2日，星期一``."""
    return f"{day.year}年{day.month}月{day.day}日，星期{WEEKDAYS[day.weekday()]}"


def _short(day: date) -> str:
    """``3月2日（星期一）``."""
    return f"{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def read_date(words: str) -> date | None:
    """The day that ``2026-02-10``, ``2026/2/10`` or ``2026年2月10日`` names; ``None`` when it is none."""
    written = DATE.fullmatch(unicodedata.normalize("NFKC", words))
    try:
        return date(*map(int, written.groups())) if written else None
    except ValueError:
        return None


def ending(calendar: Calendar, today: date) -> str:
    """What editors are told when the calendar ends soon or has ended; empty while there is time."""
    until = calendar.covered_until(today)
    if until is None:
        return f"工作日历里没有{today.year}年的放假安排，最迟办结日和“现在上班吗”都无法判断。"
    if (until - today).days > WARNED_AHEAD:
        return ""
    return (
        f"工作日历只到{until.year}年{until.month}月{until.day}日，还剩 {(until - today).days} 天；"
        f"之后的最迟办结日和“现在上班吗”都会写“无法判断”。"
    )
