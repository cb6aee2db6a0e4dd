"""The work-day calendar's first contents: years that the calendar lacks, from the chinesecalendar package."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction

from offices.arrangements import ArrangedDay, arranged_years, source
from offices.work_calendar import CalendarYear, SpecialDay

from .noting import note
from .stamps import SITE, stamp

FIRST_YEAR = 2024
"""Nobody asks about a matter accepted earlier."""


class SeededYears(NamedTuple):
    """What became of each year."""

    added: list[int]
    replaced: list[int]
    kept: list[int]


@transaction.atomic
def seed_workdays(*, replace: bool = False) -> SeededYears:
    """Put the years the package knows into the calendar.

    A year that is there already is left as the editors have it, unless ``replace``.
    """
    there = set(CalendarYear.objects.values_list("year", flat=True))
    seeded = SeededYears([], [], [])
    for year, days in arranged_years(FIRST_YEAR):
        if year in there and not replace:
            seeded.kept.append(year)
            continue
        _put_year(year, days)
        (seeded.replaced if year in there else seeded.added).append(year)
    if seeded.added or seeded.replaced:
        stamp([SITE])
        note("import", None, "工作日历", years=[*seeded.added, *seeded.replaced])
    return seeded


def _put_year(year: int, days: list[ArrangedDay]) -> None:
    row, _ = CalendarYear.objects.update_or_create(year=year, defaults={"source": source(), "checked": None})
    row.days.all().delete()
    SpecialDay.objects.bulk_create(SpecialDay(year=row, **day._asdict()) for day in days)
