"""What waits of readers' reports for a member of staff when he comes to his desk."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import User
from django.db.models import F
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localtime

from guides.access import editable_by
from guides.waiting import Pile, Sheet, pile_of
from offices.models import Phone
from offices.work_calendar import work_calendar

from .models import Report

LIST = "admin:reports_report_changelist"


def reports_to_answer(user: User, today: dt.date) -> Pile:
    """Reports of his places that wait for an answer, those that are due first."""
    rows = editable_by(Report.objects.waiting(), user).select_related("city", "county__city")
    calendar = work_calendar()

    def sheet(row: Report) -> Sheet:
        due = row.due(calendar)
        when = f"{due} 前处理" if due else "处理期限要等放假安排公布"
        remark = f"已经超期，应在 {due} 前处理" if row.is_overdue(today, calendar) else when
        title = f"{row.get_kind_display()}{f' {row.number}' if row.number else ''}：{row.page_title}"
        return Sheet(title, remark, reverse("admin:reports_report_change", args=[row.pk]))

    in_order = rows.order_by(F("due_on").asc(nulls_last=True), "pk")
    return pile_of("读者找出的错误", in_order, sheet, reverse(LIST), urgent=True)


def questioned_numbers(user: User, today: dt.date) -> Pile:
    """Numbers of his places that pages mark because readers could not get through."""
    rows = editable_by(Phone.objects.exclude(questioned_at=None), user).select_related("office__city")
    return pile_of(
        "网页上标着“有人反映打不通”的号码",
        rows.order_by("questioned_at", "pk"),
        lambda row: Sheet(
            f"{row.office.name} {row.number}",
            f"从 {localtime(row.questioned_at):%Y-%m-%d} 起标着" if row.questioned_at else "",
            f"{reverse(LIST)}?{urlencode({'q': row.number, 'state': 'open'})}",
        ),
        reverse(LIST) + "?kind__exact=phone",
        urgent=True,
    )
