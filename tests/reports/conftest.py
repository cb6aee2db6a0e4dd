"""A reader with an error to report, and the editors of the place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from offices.work_calendar import CalendarYear
from reports.models import Report
from tests.cast import Cast, assemble

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""Ten in the morning in China, in a week without a holiday."""
XUANHAN = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"


@pytest.fixture
def cast(db: None) -> Cast:
    return assembled()


def assembled() -> Cast:
    """The cast, with a calendar that ends with 2026."""
    cast = assemble()
    year = CalendarYear.objects.create(year=2026, source="试")
    year.days.create(date="2026-01-01", name="元旦")
    return cast


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands on that Monday and moves when a test says so."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def opened(client: Client, page: str = XUANHAN) -> dict[str, str]:
    """The form as it comes: what a browser would send back unseen."""
    made = client.get(reverse("reports:report"), {"page": page}).context["made"]
    return {"made": made, "website": ""}


def send(client: Client, data: dict[str, str], page: str = XUANHAN, **extra: Any) -> Any:
    """Press the button."""
    return client.post(f"{reverse('reports:report')}?page={page}", data, **extra)


def reported(
    client: Client,
    clock: time_machine.Traveller,
    page: str = XUANHAN,
    *,
    address: str = "192.0.2.1",
    **data: str,
) -> Any:
    """Open the form, take five seconds, send it."""
    form = opened(client, page)
    clock.shift(timedelta(seconds=5))
    return send(client, form | {"kind": "other", "text": "有错"} | data, page, REMOTE_ADDR=address)


def only() -> Report:
    """The only report there is."""
    return Report.objects.get()
