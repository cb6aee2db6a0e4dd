"""Editors of the place see reports, mend what is wrong and say what became of it; every step stays."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from guides import editing
from guides.access import AUDITOR, CITY_ADMIN, COUNTY_EDITOR, WINDOW_STAFF
from guides.waiting import waiting_for
from offices.models import City, County, Office, Phone
from offices.work_calendar import CalendarYear, work_calendar
from reports.models import Report
from reports.receiving import question_if_many
from tests.admin.conftest import typed
from tests.admin.staff import at_keyboard, everyone, url, words
from tests.cast import Cast
from tests.reports.conftest import MONDAY

NUMBER = "0818-5872688"
IDENTITY = "51302119500308123X"


@pytest.fixture
def people(cast: Cast) -> dict[str, User]:
    return everyone(cast.dazhou, cast.xuanhan)


@pytest.fixture(autouse=True)
def on_wednesday() -> Any:
    with time_machine.travel(MONDAY + timedelta(days=2), tick=False) as traveller:
        yield traveller


def report(city: City | None, county: County | None = None, **facts: Any) -> Report:
    """One that came in on Monday and is due on Thursday."""
    office = Office.objects.filter(county=county).first() if county else None
    given: dict[str, Any] = {
        "receipt": f"{10_000_000 + Report.objects.count()}",
        "city": city,
        "county": county,
        "page": "/offices/dazhou/xuanhan/",
        "page_name": "达州市宣汉县的窗口和电话",
        "kind": "phone" if office else "other",
        "office": office,
        "number": NUMBER if office else "",
        "text": f"我是{IDENTITY}，打不通",
        "contact": "13812345678",
        "sent_at": MONDAY,
        "due_on": date(2026, 3, 5),
        "voice": str(Report.objects.count()),
    }
    return Report.objects.create(**given | facts)


def page_of(client: Client, row: Report) -> Any:
    return client.get(url(Report, "change", row.pk))


def save(client: Client, row: Report, **changes: str) -> Any:
    return client.post(url(Report, "change", row.pk), typed(page_of(client, row)) | changes, follow=True)


def test_a_report_reaches_the_editors_of_its_county_and_city_alone(
    cast: Cast, people: dict[str, User]
) -> None:
    theirs = {
        "本县": report(cast.dazhou, cast.xuanhan),
        "外县": report(cast.dazhou, cast.dazhu),
        "全市": report(cast.dazhou),
        "外市": report(cast.suining, cast.shehong),
        "全国": report(None),
    }
    seen = {
        CITY_ADMIN: {"本县", "外县", "全市"},
        COUNTY_EDITOR: {"本县"},
        AUDITOR: {"本县", "外县", "全市"},
        "超级用户": set(theirs),
    }
    for role, rows in seen.items():
        client = at_keyboard(people[role])
        listed = client.get(url(Report, "changelist")).context["cl"].result_list
        assert {row.pk for row in listed} == {theirs[name].pk for name in rows}, role
        for name, row in theirs.items():
            assert page_of(client, row).status_code == (200 if name in rows else 404), (role, name)
    assert at_keyboard(people[WINDOW_STAFF]).get(url(Report, "changelist")).status_code == 403


def test_lists_mask_what_the_page_shows_in_full(cast: Cast, people: dict[str, User]) -> None:
    row = report(cast.dazhou, cast.xuanhan)
    client = at_keyboard(people[COUNTY_EDITOR])
    for said in (
        words(client.get(url(Report, "changelist"))),
        words(client.get("/admin/")),
        words(client.get(url(Report, "history", row.pk))),
    ):
        assert IDENTITY not in said
        assert "13812345678" not in said
    assert "我是513***********123X，打不通" in words(client.get(url(Report, "changelist")))
    assert IDENTITY in words(page_of(client, row))
    assert "13812345678" in words(page_of(client, row))


def test_an_auditor_only_looks(cast: Cast, people: dict[str, User]) -> None:
    row = report(cast.dazhou, cast.xuanhan)
    client = at_keyboard(people[AUDITOR])
    assert client.post(url(Report, "change", row.pk), {"state": "right", "answer": "x"}).status_code == 403
    assert "seen_version" not in page_of(client, row).content.decode()


def test_nobody_adds_or_deletes_one(cast: Cast, people: dict[str, User]) -> None:
    row = report(cast.dazhou, cast.xuanhan)
    client = at_keyboard(people["超级用户"])
    assert client.get(url(Report, "add")).status_code == 403
    assert client.post(url(Report, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in client.get(url(Report, "changelist")).content.decode()


def test_every_step_is_kept_with_who_and_when(cast: Cast, people: dict[str, User]) -> None:
    row = report(cast.dazhou, cast.xuanhan)
    client = at_keyboard(people[COUNTY_EDITOR])
    save(client, row, state="working")
    save(client, row, state="mended", answer="已换成新号码")
    row.refresh_from_db()
    assert (row.state, row.handled_by, row.closed_at) == ("mended", "周县区", timezone.now())
    assert [str(step) for step in row.changes.all()] == ["待处理 → 处理中", "处理中 → 已改正"]
    said = words(page_of(client, row))
    assert "周县区处理中→已改正已换成新号码" in said
    logged = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert logged == ["待处理 → 处理中", "处理中 → 已改正"]


def test_closing_needs_an_answer(cast: Cast, people: dict[str, User]) -> None:
    row = report(cast.dazhou, cast.xuanhan)
    client = at_keyboard(people[COUNTY_EDITOR])
    assert "办结前请写明处理结果" in words(save(client, row, state="double"))
    row.refresh_from_db()
    assert row.state == "new"


def test_of_two_who_decide_at_once_the_second_is_told(cast: Cast, people: dict[str, User]) -> None:
    row = report(cast.dazhou, cast.xuanhan)
    client = at_keyboard(people[COUNTY_EDITOR])
    late = typed(page_of(client, row))
    save(at_keyboard(people[CITY_ADMIN]), row, state="mended", answer="改了")
    response = client.post(url(Report, "change", row.pk), late | {"state": "right", "answer": "没错"})
    assert "别人刚刚处理过这一件，现在是“已改正”" in words(response)
    assert "没错</textarea>" in response.content.decode()
    row.refresh_from_db()
    assert (row.state, row.answer) == ("mended", "改了")
    again = typed(response) | {"state": "right", "answer": "没错"}
    client.post(url(Report, "change", row.pk), again)
    row.refresh_from_db()
    assert (row.state, row.answer) == ("right", "没错")


@pytest.mark.parametrize(
    ("kind", "mark"),
    [("phone", "#phones-group"), ("address", "#id_address"), ("hours", "#opening_hours-group")],
)
def test_the_page_leads_to_the_very_field(cast: Cast, people: dict[str, User], kind: str, mark: str) -> None:
    row = report(cast.dazhou, cast.xuanhan, kind=kind)
    client = at_keyboard(people[COUNTY_EDITOR])
    assert row.office
    address = f"{url(Office, 'change', row.office.pk)}{mark}"
    assert f'href="{address}"' in page_of(client, row).content.decode()
    assert f'id="{mark[1:]}"' in client.get(address).content.decode()
    assert 'href="/offices/dazhou/xuanhan/"' in page_of(client, row).content.decode()


def test_wrong_papers_lead_to_the_guides_papers(cast: Cast, people: dict[str, User]) -> None:
    row = report(cast.dazhou, guide=cast.inpatient, kind="papers")
    said = page_of(at_keyboard(people[CITY_ADMIN]), row).content.decode()
    assert f"/admin/guides/guide/{cast.inpatient.pk}/change/#materials-group" in said


def test_what_is_overdue_is_said_in_words_listed_apart_and_waits_on_the_start_page(
    cast: Cast, people: dict[str, User], on_wednesday: Any
) -> None:
    row = report(cast.dazhou, cast.xuanhan)
    client = at_keyboard(people[COUNTY_EDITOR])
    assert "超期" not in words(client.get(url(Report, "changelist"))).split("没有办结的")[0]
    (pile,) = waiting_for(people[COUNTY_EDITOR], timezone.localdate())
    assert (pile.name, pile.count, pile.sheets[0].remark) == ("读者找出的错误", 1, "2026-03-05 前处理")
    on_wednesday.shift(timedelta(days=3))
    client = at_keyboard(people[COUNTY_EDITOR])
    late = client.get(url(Report, "changelist"), {"state": "overdue"})
    assert [each.pk for each in late.context["cl"].result_list] == [row.pk]
    assert "2026-03-05，已超2天" in words(late)
    assert "读者找出的错误1" in words(client.get("/admin/"))
    assert "已经超期" in words(client.get("/admin/"))
    save(client, row, state="mended", answer="改了")
    assert not client.get(url(Report, "changelist"), {"state": "overdue"}).context["cl"].result_list
    assert waiting_for(people[COUNTY_EDITOR], timezone.localdate()) == []


def test_a_day_the_calendar_did_not_know_counts_once_it_does(cast: Cast, on_wednesday: Any) -> None:
    sent = datetime.fromisoformat("2026-12-31T10:00:00+08:00")
    report(cast.dazhou, cast.xuanhan, sent_at=sent, due_on=None)
    today = date(2027, 1, 8)
    assert not Report.objects.overdue(today, work_calendar()).exists()
    year = CalendarYear.objects.create(year=2027, source="试")
    year.days.create(date="2027-01-01", name="元旦")
    assert Report.objects.overdue(today, work_calendar()).count() == 1
    assert not Report.objects.overdue(date(2027, 1, 6), work_calendar()).exists()


def marked(cast: Cast) -> Office:
    """Three readers have said so, and pages mark the number."""
    office = Office.objects.get(county=cast.xuanhan)
    for _ in range(3):
        report(cast.dazhou, cast.xuanhan)
    editing.question_number(office, NUMBER, timezone.now())
    return office


def is_marked() -> bool:
    return Phone.objects.exclude(questioned_at=None).exists()


def test_the_number_is_right_takes_the_mark_off_and_closes_all_of_them(
    cast: Cast, people: dict[str, User]
) -> None:
    marked(cast)
    client = at_keyboard(people[COUNTY_EDITOR])
    row = Report.objects.order_by("pk")[0]
    assert "网页上标着“有人反映打不通”的号码" in words(client.get("/admin/"))
    response = save(client, row, number_is_right="on", answer="拨过三次，打得通")
    assert "另外2件也一起办结了" in words(response)
    assert not is_marked()
    assert set(Report.objects.values_list("state", "answer")) == {("right", "拨过三次，打得通")}
    assert "number_is_right" not in page_of(client, row).content.decode()


def test_the_mark_stays_until_somebody_has_decided(cast: Cast, people: dict[str, User]) -> None:
    marked(cast)
    client = at_keyboard(people[COUNTY_EDITOR])
    first, second, third = Report.objects.order_by("pk")
    save(client, first, state="working")
    save(client, second, state="double", answer="同一件")
    save(client, third, state="double", answer="同一件")
    assert is_marked()
    save(client, first, state="right", answer="打得通")
    assert not is_marked()


def test_answered_reports_do_not_mark_a_number_again(cast: Cast, people: dict[str, User]) -> None:
    office = marked(cast)
    save(at_keyboard(people[COUNTY_EDITOR]), Report.objects.all()[0], number_is_right="on", answer="打得通")
    report(cast.dazhou, cast.xuanhan)
    assert not question_if_many(office, NUMBER, timezone.now())
    report(cast.dazhou, cast.xuanhan)
    report(cast.dazhou, cast.xuanhan)
    assert question_if_many(office, NUMBER, timezone.now())
