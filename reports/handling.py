"""What editors do with reports, and what time does: every step is written down, nothing is deleted by hand."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.timezone import localdate

from guides import editing

from .models import KEPT_FOR, QUESTIONED_WITHIN, Report, ReportChange, Sender
from .vocabulary import OPEN


class Overtaken(Exception):
    """Somebody else has dealt with the report meanwhile; nothing was written."""


class Decision(NamedTuple):
    """What somebody decides about a report: its state and the answer. ``seen`` is the version he looked at."""

    state: str
    answer: str
    seen: int
    number_is_right: bool = False
    """Whether the number he was told about is right after all: pages no longer mark it."""


@transaction.atomic
def decide(report: Report, decision: Decision, by: User, now: dt.datetime) -> list[Report]:
    """Carry out a decision; the reports it closed or changed, this one first. Raises :class:`Overtaken`.

    "The number is right" closes all that wait about the number. When nothing waits about a marked number any more, it has
    been decided on, and the mark goes.
    """
    _write(report, decision, by, now)
    written = [report]
    if not report.office or report.kind != "phone" or not report.number:
        return written
    alike = Report.objects.about_number(report.office, report.number).waiting().exclude(pk=report.pk)
    if decision.number_is_right:
        for other in alike.select_for_update(of=("self",)):
            _write(other, decision._replace(seen=other.version), by, now)
            written.append(other)
    if not report.is_open and not alike.exists():
        editing.trust_number(report.office, report.number)
    return written


def _write(report: Report, decision: Decision, by: User, now: dt.datetime) -> None:
    name = by.get_full_name() or by.get_username()
    closed = decision.state not in OPEN
    values = {
        "state": decision.state,
        "answer": decision.answer,
        "handled_by": name,
        "closed_at": (report.closed_at or now) if closed else None,
        "version": decision.seen + 1,
    }
    if not Report.objects.filter(pk=report.pk, version=decision.seen).update(**values):
        raise Overtaken
    before = report.state
    for field, value in values.items():
        setattr(report, field, value)
    ReportChange.objects.create(
        report=report,
        made_at=now,
        made_by=name,
        state_before=before,
        state_after=decision.state,
        answer=decision.answer,
    )


class Purged(NamedTuple):
    """What was taken away: reports with all that belongs to them, and marks of who had sent some."""

    reports: int
    senders: int


@transaction.atomic
def purge(now: dt.datetime) -> Purged:
    """Delete what was closed 180 days ago, and forget after a week who sent what."""
    old = Report.objects.closed_before(now - KEPT_FOR)
    count = old.count()
    old.delete()
    sent = Report.objects.filter(sent_at__lt=now - QUESTIONED_WITHIN)
    forgotten = sent.exclude(client="", voice="").update(client="", voice="")
    Sender.objects.filter(day__lt=localdate(now)).delete()
    return Purged(count, forgotten)
