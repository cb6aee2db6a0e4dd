"""审计记录 at the desk: for auditors of the city and superusers, to look at and to take along."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from guides.access import AUDITOR, COUNTY_EDITOR
from keeping import guard
from keeping.models import AuditEntry
from keeping.trail import record
from offices.models import City
from tests.admin.staff import at_keyboard, member, url, words

pytestmark = pytest.mark.django_db
LIST = "/admin/keeping/auditentry/"


@pytest.fixture
def cities() -> list[City]:
    named = (("yunshan", "云山市"), ("haibin", "海滨市"))
    return [City.objects.create(slug=slug, name=name, area_code="0999") for slug, name in named]


@pytest.fixture
def auditor(cities: list[City]) -> Client:
    colleague, stranger = (member(f"editor-{city.slug}", AUDITOR, city) for city in cities)
    record("publish", actor=colleague, object="云山的指南", place="yunshan")
    record("publish", actor=stranger, object="海滨的指南", place="haibin")
    record("login", actor=colleague, object="云山的登录")
    record("login", actor=stranger, object="海滨的登录")
    return at_keyboard(member("郑审计", AUDITOR, cities[0]))


def test_an_auditor_sees_his_city_and_its_people_and_a_superuser_everything(auditor: Client) -> None:
    his, everything = (
        words(auditor.get(LIST)),
        words(at_keyboard(User.objects.create_superuser("boss")).get(LIST)),
    )
    assert "云山的指南" in his
    assert "云山的登录" in his
    assert "海滨" not in his
    assert all(name in everything for name in ("云山的指南", "云山的登录", "海滨的指南", "海滨的登录"))


def test_other_roles_and_visitors_see_nothing(auditor: Client, cities: list[City], client: Client) -> None:
    editor = at_keyboard(member("周", COUNTY_EDITOR, cities[0]))
    for address in (LIST, f"{LIST}download/csv/", f"{LIST}1/change/"):
        assert editor.get(address).status_code == 403
        assert client.get(address).status_code == 302


def test_the_list_is_searched_by_person_and_filtered_by_action(auditor: Client) -> None:
    found = words(auditor.get(LIST, {"q": "云山的指南"}))
    assert "云山的登录" not in found
    assert "云山的指南" not in words(auditor.get(LIST, {"action__exact": "login"}))


def test_the_list_says_whether_the_chain_is_whole(auditor: Client) -> None:
    assert "已核对：没有被改、被删、被换" in words(auditor.get(LIST))
    with guard.lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE keeping_auditentry SET object = 'x' WHERE number = 2")
    page = words(auditor.get(LIST))
    assert "请立即报告网络安全负责人" in page
    assert "第2条的内容被改过" in page


def test_an_entry_is_shown_and_cannot_be_changed(auditor: Client) -> None:
    row = AuditEntry.objects.get(object="云山的指南")
    page = auditor.get(url(AuditEntry, "change", row.pk))
    assert row.hash in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    assert auditor.post(url(AuditEntry, "change", row.pk), {"object": "x"}).status_code == 403
    assert auditor.post(url(AuditEntry, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_the_download_has_what_the_list_shows_with_formulas_as_text(auditor: Client) -> None:
    record("publish", actor="=cmd()", object="+云山", place="yunshan")
    rows = taken(auditor.get(f"{LIST}download/csv/", {"action__exact": "publish"}))
    assert [(row["谁"], row["对象"]) for row in rows][-1] == ("'=cmd()", "'+云山")
    assert all("海滨" not in row["对象"] for row in rows)
    everything = taken(auditor.get(f"{LIST}download/csv/"))
    assert len(everything) > len(rows)


def taken(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200
    return list(csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_a_form_or_a_filter_that_is_none_is_not_there(auditor: Client) -> None:
    assert auditor.get(f"{LIST}download/docx/").status_code == 404
    assert auditor.get(f"{LIST}download/csv/", {"nothing": "x"}).status_code == 404
