"""Editors keep the work-day calendar and are told in time that it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from guides.editing import seed_workdays
from offices.work_calendar import CalendarYear, SpecialDay, work_calendar
from tests.admin.conftest import typed

INDEX = "/admin/"
LIST = "/admin/offices/calendaryear/"
WARNING = "工作日历只到2026年12月31日"


@pytest.fixture
def calendar(db: None) -> None:
    seed_workdays()


def change_url(year: int) -> str:
    row = CalendarYear.objects.get(year=year)
    return reverse("admin:offices_calendaryear_change", args=[row.pk])


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize("page", [INDEX, LIST])
@pytest.mark.parametrize(("today", "warned"), [("2026-11-22", True), ("2026-06-01", False)])
def test_the_last_weeks_of_the_calendar_are_announced(
    editor: Client, page: str, today: str, warned: bool
) -> None:
    with time_machine.travel(f"{today} 10:00 +0800", tick=False):
        html = editor.get(page).content.decode()
    warning = html.split('<li class="warning">')[1].split("</li>")[0] if warned else ""
    assert (WARNING in html) is warned
    assert ("manage.py seed_workdays" in warning) is warned
    assert (reverse("admin:offices_calendaryear_add") in warning) is warned


@pytest.mark.parametrize("page", [INDEX, LIST])
def test_an_empty_calendar_is_announced(editor: Client, page: str) -> None:
    with time_machine.travel("2026-11-22 10:00 +0800", tick=False):
        assert "工作日历里没有2026年的放假安排" in editor.get(page).content.decode()


@pytest.mark.usefixtures("calendar")
def test_an_editor_corrects_a_day_and_notes_the_check(editor: Client) -> None:
    data = typed(editor.get(change_url(2026)))
    position = next(key[5:-5] for key, value in data.items() if str(value) == "2026-10-07")
    changes = {f"days-{position}-DELETE": "on", "checked": "2026-11-20"}
    response = editor.post(change_url(2026), data | changes)
    assert response.status_code == 302
    assert CalendarYear.objects.get(year=2026).checked == date(2026, 11, 20)
    assert work_calendar().is_workday(date(2026, 10, 7)) is True


def added(editor: Client, **days: Any) -> Any:
    data = typed(editor.get(reverse("admin:offices_calendaryear_add")))
    return editor.post(
        reverse("admin:offices_calendaryear_add"), data | {"year": 2027, "source": "通知"} | days
    )


def test_an_editor_adds_a_year(editor: Client) -> None:
    day = {"days-0-date": "2027-01-01", "days-0-name": "元旦"}
    assert added(editor, **day).status_code == 302
    assert work_calendar().years == {2027}
    assert SpecialDay.objects.get().name == "元旦"


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ({}, "至少"),
        ({"days-0-date": "2026-01-01", "days-0-name": "元旦"}, "这一天不在2027年"),
        ({"days-0-date": "2027-01-04", "days-0-name": "元旦", "days-0-is_workday": "on"}, "只有周末才有"),
    ],
)
def test_a_year_that_cannot_be_right_is_refused(editor: Client, days: dict[str, str], problem: str) -> None:
    response = added(editor, **days)
    assert response.status_code == 200
    assert problem in response.content.decode()
    assert not CalendarYear.objects.exists()
