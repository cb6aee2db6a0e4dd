"""The page that tells the last day of a guide's time limits for a day of acceptance in the address."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from guides.editing import seed_workdays
from guides.models import Note, TimeLimit
from offices.work_calendar import CalendarYear
from tests.cast import Cast, assemble, html_of, text_of
from tests.test_query_counts import queries

PAGE = "/guides/dazhou/zhuyuan-baoxiao/deadline/"
MIXED = "/guides/dazhou/zhigong-canbao/deadline/"


@pytest.fixture
def cast(db: None) -> Cast:
    seed_workdays()
    return assemble()


def test_without_a_date_the_page_asks_for_one(client: Client, cast: Cast) -> None:
    response = client.get(PAGE)
    assert response.status_code == 200
    assert "填写受理日期" in text_of(response)
    assert "最迟 2" not in text_of(response)


def test_the_last_day_is_said_in_words_with_what_is_skipped(client: Client, cast: Cast) -> None:
    words = text_of(client.get(f"{PAGE}?accepted=2026-02-10"))
    assert "2026年2月10日，星期二 受理" in words or "2026年2月10日，星期二受理" in words
    assert "不超过30个工作日 最迟 2026年3月30日，星期一" in words
    assert "跳过 18 个休息日：春节 9 天、周末 9 天" in words
    assert "2026年2月15日（星期日）至2月23日（星期一） 春节" in words
    assert "2026年2月28日，星期六调休上班，算工作日。" in words
    assert "取自开源软件包 chinesecalendar" in words
    assert "尚未与通知原文核对" in words


def test_a_checked_year_says_when(client: Client, cast: Cast) -> None:
    CalendarYear.objects.filter(year=2026).update(source="某某通知", checked="2026-11-20")
    words = text_of(client.get(f"{PAGE}?accepted=2026-02-10"))
    assert "2026年的工作日：某某通知，2026年11月20日核对过通知原文。" in words


def test_two_years_name_both_sources(client: Client, cast: Cast) -> None:
    words = text_of(client.get(f"{PAGE}?accepted=2025-12-20"))
    assert "2025年的工作日：" in words
    assert "2026年的工作日：" in words


def test_each_case_has_its_own_answer(client: Client, cast: Cast) -> None:
    words = text_of(client.get(f"{MIXED}?accepted=2026-11-23"))
    assert "单位职工 不超过3个工作日 最迟 2026年11月26日，星期四" in words
    assert "灵活就业人员 即时办结 当天 2026年11月23日，星期一" in words


def test_at_once_on_a_day_off_is_said(client: Client, cast: Cast) -> None:
    words = text_of(client.get(f"{MIXED}?accepted=2026-10-01"))
    assert "这一天是休息日（国庆节），窗口是否受理请先打电话" in words
    assert "受理那一天是休息日（国庆节）" in words


def test_a_limit_without_days_keeps_the_handbooks_words(client: Client, cast: Cast) -> None:
    TimeLimit.objects.filter(guide=cast.inpatient).update(kind="other", days=None, text="按规定时限办结")
    words = text_of(client.get(f"{PAGE}?accepted=2026-11-23"))
    assert "按规定时限办结 手册没有写多少个工作日，最迟哪一天办好 手册未载明" in words


def test_a_guide_without_limits_says_so(client: Client, cast: Cast) -> None:
    TimeLimit.objects.filter(guide=cast.inpatient).delete()
    assert "办理时限：手册未载明" in text_of(client.get(f"{PAGE}?accepted=2026-11-23"))


def test_beyond_the_calendar_nothing_is_guessed(client: Client, cast: Cast) -> None:
    words = text_of(client.get(f"{PAGE}?accepted=2026-12-16"))
    assert "无法判断：2027年放假安排尚未公布" in words
    assert "只能数到第 11 个工作日，还差 19 个" in words
    assert not re.search(r"最迟 2\d{3}年", words)


@pytest.mark.parametrize("accepted", ["9999-12-31", "0001-01-01", "2027-05-01", "1999-12-31"])
def test_a_date_no_calendar_has_is_answered(client: Client, cast: Cast, accepted: str) -> None:
    for page in (PAGE, MIXED):
        response = client.get(f"{page}?accepted={accepted}")
        assert response.status_code == 200
        assert "无法判断：" in text_of(response)


@pytest.mark.parametrize("accepted", ["0000-00-00", "2026-02-30", "1e9", "明天", "20260210", "-1", "x" * 60])
def test_what_is_no_date_is_answered_with_what_is_expected(client: Client, cast: Cast, accepted: str) -> None:
    response = client.get(PAGE, {"accepted": accepted})
    assert response.status_code == 404
    assert "不是一个日期。请填写受理那一天的年、月、日，例如 2026-02-10。" in text_of(response)
    assert 'aria-invalid="true"' in html_of(response)


@pytest.mark.parametrize("accepted", ["2026-02-10\x00", "\x00", "x" * 400])
def test_what_cannot_be_read_leads_back_to_the_question(client: Client, cast: Cast, accepted: str) -> None:
    response = client.get(PAGE, {"accepted": accepted})
    assert response.status_code == 404
    assert "例如 2026-02-10" in text_of(response)


@pytest.mark.parametrize(
    ("asked", "one"),
    [
        (f"{PAGE}?accepted=", PAGE),
        (f"{PAGE}?accepted=2026/2/10", f"{PAGE}?accepted=2026-02-10"),
        (f"{PAGE}?accepted=2026年2月10日&county=xuanhan", f"{PAGE}?county=xuanhan&accepted=2026-02-10"),
        (f"{PAGE}?accepted=2026-02-09&accepted=2026-02-10", f"{PAGE}?accepted=2026-02-10"),
    ],
)
def test_a_date_has_one_address(client: Client, cast: Cast, asked: str, one: str) -> None:
    response = client.get(asked)
    assert (response.status_code, response.headers["Location"]) == (302, one)
    assert client.get(one).status_code == 200


def test_the_county_is_carried_there_and_back(client: Client, cast: Cast) -> None:
    assert 'name="county" value="xuanhan"' in html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/"))
    html = html_of(client.get(f"{PAGE}?county=xuanhan&accepted=2026-02-10"))
    assert 'href="/guides/dazhou/zhuyuan-baoxiao/xuanhan/"' in html
    assert f'href="{PAGE}?county=dazhu&amp;accepted=2026-02-10"' in html
    assert 'href="/guides/suining/zhuyuan-baoxiao/deadline/?accepted=2026-02-10"' in html
    assert client.get(f"{PAGE}?county=shehong&accepted=2026-02-10").status_code == 404


def test_a_guide_offers_the_question_only_where_days_are_counted(client: Client, cast: Cast) -> None:
    assert f'action="{PAGE}"' in html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    assert "/deadline/" not in html_of(client.get("/guides/suining/dianzi-pingzheng/"))
    assert "/deadline/" not in html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/print/"))


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}?county=xuanhan&accepted=2026-02-10"])
def test_the_queries_do_not_grow_with_limits_or_days(client: Client, cast: Cast, address: str) -> None:
    CalendarYear.objects.filter(year__lt=2026).delete()
    before = queries(client, address)
    seed_workdays()
    Note.objects.create(guide=cast.inpatient, text="又一条", position=9)
    for position in range(1, 5):
        TimeLimit.objects.create(
            guide=cast.inpatient, kind="workdays", days=position, text="几日", position=position
        )
    assert queries(client, address) == before


def test_the_data_for_scripts_is_the_same_on_every_page(client: Client, cast: Cast) -> None:
    data = [
        re.findall(r'<script id="work-days" type="application/json">(.*?)</script>', html_of(client.get(page)))
        for page in ("/guides/dazhou/zhuyuan-baoxiao/", "/guides/dazhou/zhuyuan-baoxiao/xuanhan/", "/offices/dazhou/xuanhan/",
                     "/offices/dazhou/", "/offices/?q=宣汉")
    ]  # fmt: skip
    assert all(len(found) == 1 and found == data[0] for found in data)
    assert '"years": [2025, 2026]' in data[0][0]


def test_hours_stand_in_words_in_a_table_and_for_the_script(client: Client, cast: Cast) -> None:
    for page in ("/guides/dazhou/zhuyuan-baoxiao/xuanhan/", "/offices/dazhou/xuanhan/"):
        html = html_of(client.get(page))
        assert 'data-hours="workdays 08:30-12:00 14:30-18:00"' in html
        assert html.count('<table class="hours-table">') == 1
        assert "工作日 周一至周五，放假和调休按国家安排 08:30–12:00 14:30–18:00" in text_of(client.get(page))
