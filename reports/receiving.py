"""Taking in a report: counted for its client, written once, and a number that many could not get through to marked."""

from __future__ import annotations

import datetime as dt
import math

from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.timezone import get_default_timezone, localdate

from guides import editing
from offices.models import Office
from offices.work_calendar import work_calendar

from .models import QUESTIONED_BY, QUESTIONED_WITHIN, Report, Sender

A_MINUTE, A_DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
MOST_A_MINUTE, MOST_A_DAY = 5, 30
DIGITS = "0123456789"


class TooMany(Exception):
    """A client has sent too much; ``wait`` seconds from now there is room again."""

    def __init__(self, wait: int, *, is_for_today: bool) -> None:
        super().__init__(f"{wait} s")
        self.wait, self.is_for_today = wait, is_for_today


def receive(report: Report, now: dt.datetime) -> Report:
    """Write down a report (a row not yet saved); one that was sent twice from one form is the first one again.

    Raises :class:`TooMany`; nothing is written then.
    """
    with transaction.atomic():
        _lock(report.client, localdate(now))
        again = Report.objects.filter(
            form_key=report.form_key,
            kind=report.kind,
            number=report.number,
            text=report.text,
            contact=report.contact,
        ).first()
        if again:
            return again
        _count(report.client, now)
        report.sent_at, report.receipt = now, _new_receipt()
        report.due_on = report.due(work_calendar())
        report.save()
    if report.voice and report.office:
        question_if_many(report.office, report.number, now)
    return report


def question_if_many(office: Office, number: str, now: dt.datetime) -> bool:
    """Mark a number when enough readers could not get through to it of late; whether it was marked just now.

    What an editor has answered counts no more.
    """
    of_late = Report.objects.waiting().about_number(office, number).sent_since(now - QUESTIONED_WITHIN)
    voices = of_late.exclude(voice="").order_by().values("voice").distinct().count()
    return voices >= QUESTIONED_BY and editing.question_number(office, number, now)


def _lock(client: str, day: dt.date) -> None:
    """Let nobody else count for this client, in whatever worker, until this transaction is over."""
    Sender.objects.get_or_create(client=client, defaults={"day": day})
    Sender.objects.select_for_update().get(client=client)


def _count(client: str, now: dt.datetime) -> None:
    """Raises :class:`TooMany`. The client's name holds for one day, so all that stands under it is today's."""
    sent = list(Report.objects.filter(client=client).order_by("-sent_at").values_list("sent_at", flat=True))
    if len(sent) >= MOST_A_DAY:
        midnight = dt.datetime.combine(localdate(now) + A_DAY, dt.time(), tzinfo=get_default_timezone())
        raise TooMany(_seconds(midnight - now), is_for_today=True)
    if len(sent) >= MOST_A_MINUTE and now - sent[MOST_A_MINUTE - 1] < A_MINUTE:
        raise TooMany(_seconds(A_MINUTE - (now - sent[MOST_A_MINUTE - 1])), is_for_today=False)


def _new_receipt() -> str:
    """Eight digits that no other report has; the first is not 0, so that none is lost in a table."""
    while True:
        receipt = get_random_string(1, DIGITS[1:]) + get_random_string(7, DIGITS)
        if not Report.objects.filter(receipt=receipt).exists():
            return receipt


def _seconds(wait: dt.timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds()))
