"""The work-day calendar is seeded once, kept by editors, and read in one query."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version
from io import StringIO
from unittest.mock import patch

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from guides.editing import seed_workdays
from offices.work_calendar import CalendarYear, SpecialDay, work_calendar
from offices.workdays import Calendar

pytestmark = pytest.mark.django_db


def seed(**options: bool) -> str:
    out = StringIO()
    call_command("seed_workdays", stdout=out, **options)
    return out.getvalue()


def test_seeding_fills_the_years_the_package_knows() -> None:
    assert seed() == "工作日历：新增2024、2025、2026年。\n"
    assert set(CalendarYear.objects.values_list("year", flat=True)) == {2024, 2025, 2026}
    assert SpecialDay.objects.get(date=date(2026, 2, 28)).is_workday


def test_the_source_says_it_comes_from_the_package_and_was_not_checked() -> None:
    seed_workdays()
    year = CalendarYear.objects.get(year=2026)
    assert year.source == f"取自开源软件包 chinesecalendar {version('chinesecalendar')} 收录的国务院放假安排"
    assert year.checked is None


def test_seeding_again_changes_nothing_an_editor_changed() -> None:
    seed_workdays()
    SpecialDay.objects.filter(date=date(2026, 10, 7)).delete()
    CalendarYear.objects.filter(year=2026).update(source="通知", checked=date(2026, 11, 1))
    assert seed() == "工作日历：未动2024、2025、2026年。\n"
    assert not SpecialDay.objects.filter(date=date(2026, 10, 7)).exists()
    assert CalendarYear.objects.get(year=2026).source == "通知"


def test_a_year_is_replaced_only_when_asked_for() -> None:
    seed_workdays()
    SpecialDay.objects.filter(date=date(2026, 10, 7)).delete()
    before = SpecialDay.objects.count()
    assert seed(replace=True) == "工作日历：重录2024、2025、2026年。\n"
    assert SpecialDay.objects.count() == before + 1


def test_a_missing_year_is_added_beside_the_others() -> None:
    seed_workdays()
    CalendarYear.objects.filter(year=2026).delete()
    assert seed() == "工作日历：新增2026年，未动2024、2025年。\n"


def test_a_package_without_any_year_leaves_the_calendar_empty() -> None:
    with patch("chinese_calendar.get_holiday_detail", side_effect=NotImplementedError):
        assert seed() == "工作日历：软件包里没有 2024 年以后的安排。\n"
    assert work_calendar() == Calendar()


@pytest.mark.usefixtures("loaded")
def test_setting_up_a_site_fills_the_calendar_and_adds_later_years() -> None:
    call_command("setup_site", stdout=StringIO())
    CalendarYear.objects.filter(year=2026).delete()
    call_command("setup_site", stdout=StringIO())
    assert work_calendar().years == {2024, 2025, 2026}


def test_the_calendar_is_read_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    seed_workdays()
    with django_assert_num_queries(1):
        calendar = work_calendar()
    assert calendar.is_workday(date(2026, 2, 14)) is True
    assert calendar.is_workday(date(2026, 2, 16)) is False
    assert calendar.is_workday(date(2027, 1, 4)) is None


def test_a_year_without_any_day_is_not_known() -> None:
    CalendarYear.objects.create(year=2027, source="通知")
    assert work_calendar().is_workday(date(2027, 1, 4)) is None


@pytest.mark.parametrize(
    ("day", "is_workday", "problem"),
    [
        (date(2027, 1, 1), False, "这一天不在2026年"),
        (date(2026, 1, 5), True, "只有周末才有调休上班"),
    ],
)
def test_a_day_that_cannot_be_is_refused(day: date, is_workday: bool, problem: str) -> None:
    year = CalendarYear.objects.create(year=2026, source="通知")
    with pytest.raises(ValidationError, match=problem):
        SpecialDay(year=year, date=day, is_workday=is_workday, name="元旦").full_clean()


def test_the_calendar_goes_through_a_fixture_by_natural_keys() -> None:
    seed_workdays()
    before = work_calendar()
    rows = [*CalendarYear.objects.all(), *SpecialDay.objects.all()]
    words = serializers.serialize("json", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True)
    CalendarYear.objects.all().delete()
    for _ in range(2):
        for row in serializers.deserialize("json", words):
            row.save()
    assert work_calendar() == before
