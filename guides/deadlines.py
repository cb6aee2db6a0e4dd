"""When a matter accepted on some day is finished at the latest: the guide's time limits on the work-day calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from offices.workdays import Calendar, Deadline, latest_finish

from .models import Guide
from .reading import Limit, limits


@dataclass(frozen=True)
class LatestFinish:
    """One time limit and its last day."""

    limit: Limit
    is_instant: bool
    deadline: Deadline | None
    """``None`` when the handbook gives no number of working days."""


def latest_finishes(guide: Guide, accepted: date, calendar: Calendar) -> list[LatestFinish]:
    """Every time limit of the guide, counted from the day of acceptance."""
    found = []
    for row, limit in zip(guide.time_limits.all(), limits(guide), strict=True):
        is_instant = row.kind == "instant"
        days = 0 if is_instant else row.days
        deadline = None if days is None else latest_finish(accepted, days, calendar)
        found.append(LatestFinish(limit, is_instant, deadline))
    return found


def years_counted(accepted: date, finishes: list[LatestFinish]) -> range:
    """The calendar years that the answers rest on."""
    last = [finish.deadline.last_day or accepted for finish in finishes if finish.deadline]
    return range(accepted.year, max(day.year for day in [accepted, *last]) + 1)
