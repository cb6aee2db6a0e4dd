"""The work-day calendar (工作日历) as editors keep it: published years and their named days."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from .memory import remembered
from .workdays import Calendar


class CalendarYearManager(models.Manager["CalendarYear"]):
    """Finds a year by its number."""

    def get_by_natural_key(self, year: int) -> CalendarYear:
        return self.get(year=year)


class CalendarYear(models.Model):
    """A year whose arrangement of holidays the State Council (国务院) has published."""

    year = models.PositiveSmallIntegerField(
        "年份",
        unique=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text="只录国务院已经公布放假安排的年份；没有公布的年份不要预先录入。",
    )
    source = models.CharField(
        "来源",
        max_length=300,
        help_text="这一年的安排从哪里来，会显示在“最迟办结日”页上，例如通知的全称和网址。",
    )
    checked = models.DateField(
        "核对日期", null=True, blank=True, help_text="哪一天与通知原文逐日核对过；没有核对就留空。"
    )

    objects = CalendarYearManager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering: ClassVar[list[str]] = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}年"

    def natural_key(self) -> tuple[int]:
        return (self.year,)


class SpecialDayManager(models.Manager["SpecialDay"]):
    """Finds a day by its date."""

    def get_by_natural_key(self, day: dt.date) -> SpecialDay:
        return self.get(date=day)


class SpecialDay(models.Model):
    """A day of a holiday, weekends inside it too, or a weekend day that is worked (调休上班)."""

    year = models.ForeignKey(CalendarYear, models.CASCADE, related_name="days", verbose_name="年份")
    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField(
        "调休上班", default=False, help_text="周末要上班的日子打勾；放假的日子不打勾。"
    )
    name = models.CharField("节日", max_length=40, help_text="例如 春节、国庆节；调休上班写为哪个节日调休。")

    objects = SpecialDayManager()

    class Meta:
        verbose_name = "放假或调休上班的日子"
        verbose_name_plural = "放假和调休上班的日子（假期里的周末也要录入）"
        ordering: ClassVar[list[str]] = ["date"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(name=""), name="special_day_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.name}{'调休上班' if self.is_workday else ''}"

    def natural_key(self) -> tuple[dt.date]:
        return (self.date,)

    natural_key.dependencies = ["offices.calendaryear"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Raises ``ValidationError`` for a day of another year, and for a make-up day from Monday to Friday."""
        day: dt.date | None = self.date
        if day is None:  # the form says so
            return
        year: int | None = getattr(getattr(self, "year", None), "year", None)  # a new year's form may lack it
        if year and day.year != year:
            raise ValidationError({"date": f"这一天不在{year}年。"})
        if self.is_workday and day.weekday() < 5:
            raise ValidationError({"is_workday": "星期一至星期五本来就上班，只有周末才有调休上班。"})


def work_calendar() -> Calendar:
    """The whole calendar; a year without any named day is not known."""
    return remembered("work calendar", _work_calendar)


def _work_calendar() -> Calendar:
    rows = SpecialDay.objects.values_list("year__year", "date", "is_workday", "name").order_by("date")
    named = list(rows)
    return Calendar(
        years=frozenset(year for year, _, _, _ in named),
        days_off={day: name for _, day, is_workday, name in named if not is_workday},
        make_up_days={day: name for _, day, is_workday, name in named if is_workday},
    )
