"""What was closed 180 days ago goes, and after a week nobody can tell who sent what."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from time_machine import Traveller

from reports.models import Report, ReportChange, Sender
from tests.cast import Cast
from tests.reports.conftest import MONDAY, reported


def purged(**options: str) -> str:
    out = StringIO()
    call_command("purge_reports", stdout=out, **options)
    return out.getvalue()


def closed(client: Client, clock: Traveller, text: str) -> Report:
    """A report that was closed just now."""
    reported(client, clock, text=text)
    report = Report.objects.get(text=text)
    Report.objects.filter(pk=report.pk).update(state="right", answer="没错", closed_at=MONDAY)
    ReportChange.objects.create(
        report=report, made_at=MONDAY, made_by="周县区", state_before="new", state_after="right"
    )
    return report


def test_a_report_goes_a_hundred_and_eighty_days_after_it_was_closed(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    closed(client, clock, "办结了")
    reported(client, clock, text="还没有办结")
    clock.move_to(MONDAY + timedelta(days=180))
    assert "删除办结满 180 天的 0 件" in purged()
    assert Report.objects.count() == 2
    clock.shift(timedelta(seconds=1))
    assert "删除办结满 180 天的 1 件" in purged()
    assert [report.text for report in Report.objects.all()] == ["还没有办结"]
    assert not ReportChange.objects.exists()
    clock.shift(timedelta(days=1000))
    purged()
    assert Report.objects.count() == 1


def test_the_day_may_be_given(client: Client, cast: Cast, clock: Traveller) -> None:
    closed(client, clock, "办结了")
    assert "0 件" in purged(on="2026-08-29")
    assert "删除办结满 180 天的 1 件" in purged(on="2026-08-30")
    with pytest.raises(CommandError, match="请写成"):
        purged(on="昨天")


def test_who_sent_what_is_forgotten_after_a_week(client: Client, cast: Cast, clock: Traveller) -> None:
    reported(client, clock)
    clock.shift(timedelta(days=6))
    purged()
    assert Report.objects.get().client
    assert not Sender.objects.exists()
    clock.shift(timedelta(days=2))
    assert "抹去来源标记 1 件" in purged()
    report = Report.objects.get()
    assert (report.client, report.voice) == ("", "")
    assert "抹去来源标记 0 件" in purged()
