"""What readers report, what became of it, and who sends too much."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from guides.models import Guide
from offices.models import City, County, Office
from offices.workdays import Calendar, latest_finish

from . import vocabulary
from .private import masked

WORKING_DAYS = 3
"""Working days (工作日) within which a report is answered."""
KEPT_FOR = dt.timedelta(days=180)
"""How long a report is kept after it was closed."""
QUESTIONED_WITHIN = dt.timedelta(days=7)
QUESTIONED_BY = 3
"""So many different readers who could not get through within this time make a number questioned."""
LONGEST_TEXT, LONGEST_CONTACT, LONGEST_ADDRESS = 1000, 100, 1000
"""Characters."""


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, in the customer's words."""

    def waiting(self) -> ReportQuerySet:
        """Those that are not closed."""
        return self.filter(state__in=vocabulary.OPEN)

    def overdue(self, today: dt.date, calendar: Calendar) -> ReportQuerySet:
        """Those that wait and whose day is over; a day the calendar did not know is looked up in what it knows now."""
        waiting = self.waiting()
        late = [row.pk for row in waiting.filter(due_on=None) if row.is_overdue(today, calendar)]
        return waiting.filter(Q(due_on__lt=today) | Q(pk__in=late))

    def about_number(self, office: Office, number: str) -> ReportQuerySet:
        """Those whose readers could not get through to this number of the office."""
        return self.filter(kind="phone", office=office, number=number)

    def closed_before(self, moment: dt.datetime) -> ReportQuerySet:
        """Those closed before this moment."""
        return self.filter(closed_at__lt=moment)

    def sent_since(self, moment: dt.datetime) -> ReportQuerySet:
        """Those sent at this moment or later."""
        return self.filter(sent_at__gte=moment)


class Report(models.Model):
    """One report of an error on a page (我为本页找错), on its way to the editors of the place.

    ``text`` and ``contact`` are as the reader wrote them: lists and logs show them masked (``reports.private``), only the
    report's own page in full. ``city`` is empty where the page was of no city, ``county`` where it was of the whole city.
    """

    receipt = models.CharField("回执号", max_length=8, unique=True, editable=False)
    form_key = models.CharField("表单", max_length=32, db_index=True, editable=False)
    city = models.ForeignKey(
        City, models.SET_NULL, related_name="+", verbose_name="城市", null=True, blank=True, editable=False
    )
    county = models.ForeignKey(
        County,
        models.SET_NULL,
        related_name="+",
        verbose_name="县（市、区）",
        null=True,
        blank=True,
        editable=False,
    )
    page = models.CharField("网页", max_length=LONGEST_ADDRESS, editable=False)
    page_name = models.CharField("网页名称", max_length=200, editable=False)
    page_version = models.PositiveBigIntegerField("网页版本", default=0, editable=False)
    guide = models.ForeignKey(
        Guide,
        models.SET_NULL,
        related_name="+",
        verbose_name="办事指南",
        null=True,
        blank=True,
        editable=False,
    )
    kind = models.CharField("哪里不对", max_length=20, choices=vocabulary.kinds, editable=False)
    office = models.ForeignKey(
        Office,
        models.SET_NULL,
        related_name="+",
        verbose_name="办理点",
        null=True,
        blank=True,
        editable=False,
    )
    number = models.CharField("号码", max_length=30, blank=True, editable=False)
    text = models.TextField("内容", max_length=LONGEST_TEXT, blank=True, editable=False)
    contact = models.CharField("联系方式", max_length=LONGEST_CONTACT, blank=True, editable=False)
    sent_at = models.DateTimeField("收到时间", db_index=True, editable=False)
    due_on = models.DateField("最迟答复日", null=True, blank=True, editable=False)
    client = models.CharField(max_length=64, blank=True, editable=False)
    voice = models.CharField(max_length=64, blank=True, editable=False)

    state = models.CharField("状态", max_length=20, choices=vocabulary.states, default="new")
    answer = models.TextField(
        "处理结果",
        max_length=LONGEST_TEXT,
        blank=True,
        help_text="办结时必须写：查了什么、改了什么，或者为什么不用改。",
    )
    handled_by = models.CharField("处理人", max_length=150, blank=True, editable=False)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True, db_index=True, editable=False)
    version = models.PositiveIntegerField("处理次数", default=0, editable=False)

    objects = models.Manager.from_queryset(ReportQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "网友纠错"
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["client", "sent_at"], name="report_client_sent"),
            models.Index(fields=["office", "number", "sent_at"], name="report_number_sent"),
            models.Index(fields=["state", "due_on"], name="report_state_due"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=list(vocabulary.KINDS)), name="report_kind_known"),
            models.CheckConstraint(condition=Q(state__in=list(vocabulary.STATES)), name="report_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=vocabulary.OPEN, closed_at=None)
                | (~Q(state__in=vocabulary.OPEN) & Q(closed_at__isnull=False) & ~Q(answer="")),
                name="report_closed_with_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_in_groups}　{self.get_kind_display()}"

    @property
    def receipt_in_groups(self) -> str:
        """The receipt as it is read out: ``4831 0572``."""
        return f"{self.receipt[:4]} {self.receipt[4:]}"

    @property
    def page_title(self) -> str:
        """The page's name for lists and logs: what a reader searched for may hold a number of his own."""
        return masked(self.page_name)

    @property
    def is_open(self) -> bool:
        """Whether a reader still waits."""
        return self.state in vocabulary.OPEN

    def due(self, calendar: Calendar) -> dt.date | None:
        """The last day for an answer; ``None`` while the calendar does not reach so far."""
        return self.due_on or latest_finish(self.sent_on, WORKING_DAYS, calendar).last_day

    def is_overdue(self, today: dt.date, calendar: Calendar) -> bool:
        """Whether it waits and its day is over."""
        due = self.due(calendar)
        return self.is_open and due is not None and due < today

    @property
    def sent_on(self) -> dt.date:
        """The day it came in, in China."""
        return localdate(self.sent_at)


class ReportChange(models.Model):
    """One step of a report: who set which state when, with which answer."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="changes", verbose_name="网友纠错")
    made_at = models.DateTimeField("时间")
    made_by = models.CharField("处理人", max_length=150)
    state_before = models.CharField("原状态", max_length=20, choices=vocabulary.states)
    state_after = models.CharField("新状态", max_length=20, choices=vocabulary.states)
    answer = models.TextField("处理结果", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "处理经过"
        ordering: ClassVar[list[str]] = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_state_before_display()} → {self.get_state_after_display()}"


class Sender(models.Model):
    """The row that all workers lock before they count what a client has sent; for one day, under a hash."""

    client = models.CharField(max_length=64, primary_key=True)
    day = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = "提交来源"

    def __str__(self) -> str:
        return str(self.day)
