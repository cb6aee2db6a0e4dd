"""The work-day calendar: each published year with its holidays and make-up days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from offices.work_calendar import CalendarYear, SpecialDay

from .edited import EntryAdmin
from .guarded import GuardedInline

NAMED_DAYS = 40
"""Empty rows for a new year; 2026 has 39 named days."""


class SpecialDayFormSet(forms.BaseInlineFormSet[SpecialDay, CalendarYear, Any]):
    """The days of one year; a year without any would make all its holidays working days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.min_num, self.validate_min = 1, True


class SpecialDayInline(GuardedInline, admin.TabularInline[SpecialDay, CalendarYear]):
    """放假和调休上班的日子."""

    model = SpecialDay
    formset = SpecialDayFormSet
    fields = ("date", "is_workday", "name")

    def get_extra(self, request: HttpRequest, obj: CalendarYear | None = None, **kwargs: Any) -> int:
        """Enough rows for a new year, none for one that is there."""
        return 0 if obj else NAMED_DAYS


@admin.register(CalendarYear)
class CalendarYearAdmin(EntryAdmin[CalendarYear]):
    """One year of the calendar."""

    list_display = ("__str__", "days_off", "make_up_days", "source", "checked")
    fieldsets = (
        (
            None,
            {
                "fields": ("year", "source", "checked"),
                "description": "“最迟办结日”和“现在上班吗”都按这里计算。没有列出的日子：星期一至星期五上班，周末休息。",
            },
        ),
    )
    inlines = (SpecialDayInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarYear]:
        """With how many days each year names."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                off=Count("days", filter=Q(days__is_workday=False)),
                worked=Count("days", filter=Q(days__is_workday=True)),
            )
        )

    @admin.display(description="放假天数")
    def days_off(self, year: CalendarYear) -> int:
        """Named days off, weekends inside holidays too."""
        return int(year.off)  # type: ignore[attr-defined]

    @admin.display(description="调休上班天数")
    def make_up_days(self, year: CalendarYear) -> int:
        """Weekend days that are worked."""
        return int(year.worked)  # type: ignore[attr-defined]
