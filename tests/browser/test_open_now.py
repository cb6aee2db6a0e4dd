"""Whether an office is open now, told in the browser on China's clock, wherever the device thinks it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from guides.editing import seed_workdays
from offices.models import Office, OpeningHours
from offices.work_calendar import CalendarYear
from tests.browser.axe import accessibility_problems
from tests.browser.conftest import DESKTOP, PHONE, watch
from tests.cast import Cast, assemble

OFFICE = "/offices/dazhou/xuanhan/"
PAGES = [
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/",
    "/guides/dazhou/zhuyuan-baoxiao/",
    OFFICE,
    "/offices/dazhou/",
]
ZONES = ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"]

# The cast's counters: workdays 8:30–12:00 and 14:30–18:00.
WEEKDAYS = [
    ("2026-11-23 08:29", "还没上班，今天 8:30 上班"),
    ("2026-11-23 08:30", "正在上班（12:00 午休）"),
    ("2026-11-23 11:29", "正在上班（12:00 午休）"),
    ("2026-11-23 11:40", "正在上班，20 分钟后午休"),
    ("2026-11-23 12:00", "午休中，14:30 上班"),
    ("2026-11-23 14:30", "正在上班（18:00 下班）"),
    ("2026-11-23 17:40", "正在上班，20 分钟后下班"),
    ("2026-11-23 18:00", "已下班，明天 8:30 上班"),
    ("2026-11-27 19:00", "已下班，11月30日（星期一）8:30 上班"),
    ("2026-11-28 09:00", "今天休息（周末），11月30日（星期一）8:30 上班"),
    ("2026-11-29 23:59", "今天休息（周末），明天 8:30 上班"),
    ("2026-11-30 00:00", "还没上班，今天 8:30 上班"),
    ("2026-10-01 09:00", "今天休息（国庆节），10月8日（星期四）8:30 上班"),
    ("2026-02-14 09:00", "今天调休上班，正在上班（12:00 午休）"),
    ("2026-02-14 18:30", "今天调休上班，已下班，2月24日（星期二）8:30 上班"),
    ("2026-02-28 13:00", "今天调休上班，午休中，14:30 上班"),
    ("2026-12-31 10:00", "正在上班（12:00 午休）"),
    ("2026-12-31 20:00", "已下班，下次上班时间无法判断：2027年放假安排尚未公布，请先打电话"),
    ("2027-01-05 10:00", "无法判断：2027年放假安排尚未公布，请按上面的时间并先打电话"),
    ("2024-12-02 10:00", "无法判断：本站没有2024年的放假安排，请按上面的时间并先打电话"),
]


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> Cast:
    seed_workdays()
    return assemble()


@pytest.fixture(params=["Asia/Shanghai"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page on a device in some time zone."""
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", timezone_id=request.param, **DESKTOP
    )
    new_page = context.new_page()
    problems = watch(new_page, urlsplit(live_server.url).netloc)
    yield new_page
    context.close()
    assert problems == []


def keep_hours(office: Office, *sessions: tuple[str, int, int, str]) -> None:
    """Let the office open at these whole hours: days, from, to, note."""
    office.opening_hours.all().delete()
    for position, (days, opens, closes, note) in enumerate(sessions):
        OpeningHours.objects.create(
            office=office, days=days, opens=time(opens), closes=time(closes), note=note, position=position
        )


def said_at(page: Page, moment: str) -> Any:
    """What the page says at this moment of China's clock."""
    page.clock.set_fixed_time(datetime.fromisoformat(f"{moment}:30+08:00"))
    page.reload()
    return page.locator(".open-now:visible").first.text_content()


@pytest.mark.parametrize("page", ZONES, indirect=True)
def test_every_state_is_told_by_the_clock_of_china(page: Page) -> None:
    page.goto(OFFICE)
    assert [(moment, said_at(page, moment)) for moment, _ in WEEKDAYS] == WEEKDAYS


def test_saturday_mornings_and_holidays_on_a_saturday(page: Page, cast: Cast) -> None:
    note = "延时服务，法定节假日除外"
    hours = ("workdays", 9, 12, ""), ("workdays", 13, 17, ""), ("saturday", 9, 12, note)
    keep_hours(cast.xuanhan.offices.get(), *hours)
    expected = [
        ("2026-11-20 18:00", "已下班，明天 9:00 上班"),
        ("2026-11-21 10:00", "正在上班（周六上午，12:00 下班）"),
        ("2026-11-21 12:00", "已下班，11月23日（星期一）9:00 上班"),
        ("2026-10-03 10:00", "今天休息（国庆节），10月8日（星期四）9:00 上班"),
        ("2026-10-10 15:00", "今天调休上班，正在上班（17:00 下班）"),
    ]
    page.goto(OFFICE)
    assert [(moment, said_at(page, moment)) for moment, _ in expected] == expected


def test_weekend_hours_on_a_holiday_are_not_guessed(page: Page, cast: Cast) -> None:
    keep_hours(cast.xuanhan.offices.get(), ("workdays", 9, 17, ""), ("saturday", 9, 12, ""))
    page.goto(OFFICE)
    assert said_at(page, "2026-10-03 10:00") == "今天放假（国庆节），手册没有写是否上班，请先打电话"


def test_a_counter_open_every_day_needs_no_calendar(page: Page, cast: Cast) -> None:
    keep_hours(cast.xuanhan.offices.get(), ("every_day", 9, 12, ""), ("every_day", 13, 21, ""))
    expected = [
        ("2026-10-01 10:00", "正在上班（12:00 午休）"),
        ("2027-05-01 21:30", "已下班，明天 9:00 上班"),
    ]
    page.goto(OFFICE)
    assert [(moment, said_at(page, moment)) for moment, _ in expected] == expected


def test_an_empty_calendar_is_said(page: Page) -> None:
    CalendarYear.objects.all().delete()
    page.goto(OFFICE)
    assert said_at(page, "2026-11-23 10:00") == "无法判断：本站没有2026年的放假安排，请按上面的时间并先打电话"


def test_unknown_hours_say_nothing(page: Page, cast: Cast) -> None:
    keep_hours(cast.xuanhan.offices.get())
    page.goto(OFFICE)
    expect(page.locator(".open-now")).to_have_count(0)
    expect(page.get_by_text("手册未载明").first).to_be_visible()


def test_the_words_change_by_themselves_and_in_silence(page: Page) -> None:
    page.clock.install(time=datetime.fromisoformat("2026-11-23T11:59:10+08:00"))
    page.goto(OFFICE)
    line = page.locator(".open-now").first
    expect(line).to_have_text("正在上班，1 分钟后午休")
    page.clock.run_for(60_000)
    expect(line).to_have_text("午休中，14:30 上班")
    expect(line).to_have_attribute("aria-live", "off")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_with_hours_tells_it(page: Page, address: str) -> None:
    page.clock.set_fixed_time(datetime.fromisoformat("2026-11-23T09:00:00+08:00"))
    page.goto(address)
    expect(page.locator(".open-now:visible").first).to_have_text("正在上班（12:00 午休）")


def test_without_javascript_the_hours_stand_alone(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context(base_url=live_server.url, **PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(OFFICE)
    expect(page.locator(".open-now").first).to_be_hidden()
    expect(page.get_by_text("08:30–12:00").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_resident_asks_for_the_last_day(
    browser: Browser, live_server: LiveServer, screen: dict[str, Any]
) -> None:
    context = browser.new_context(base_url=live_server.url, locale="zh-CN", **screen)
    page = context.new_page()
    page.goto(PAGES[0])
    page.get_by_label("受理日期").fill("2026-02-10")
    page.get_by_role("button", name="算最迟哪天办好").click()
    expect(page).to_have_url(
        f"{live_server.url}/guides/dazhou/zhuyuan-baoxiao/deadline/?county=xuanhan&accepted=2026-02-10"
    )
    expect(page.get_by_text("2026年3月30日，星期一")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert accessibility_problems(page) == []
    context.close()
