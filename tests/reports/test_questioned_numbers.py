"""A number that three readers could not get through to within a week is marked on every page until an editor decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now
from time_machine import Traveller

from guides import editing
from guides.editing.stamps import LISTS, city_scope, guide_scope, shared_scope
from guides.models import SheetChange, Stamp
from guides.ready.dependence import scopes_of
from offices.models import Office, Phone
from reports.models import Report
from tests.cast import Cast, html_of, text_of
from tests.reports.conftest import XUANHAN, reported

NUMBER = "0818-5872688"
SENTENCE = f"近日有读者反映{NUMBER}打不通，正在核实"
MARK = "有人反映打不通"
PAGES = [
    XUANHAN,
    f"{XUANHAN}print/",
    f"{XUANHAN}notice/",
    "/guides/dazhou/zhuyuan-baoxiao/",
    "/guides/dazhou/zhigong-canbao/xuanhan/",
    "/offices/dazhou/xuanhan/",
    "/offices/dazhou/xuanhan/counter/",
    "/offices/?q=宣汉",
]


@pytest.fixture
def office(cast: Cast) -> Office:
    return Office.objects.get(county=cast.xuanhan)


def cannot_get_through(client: Client, clock: Traveller, office: Office, reader: int, **data: Any) -> None:
    given = {"kind": "phone", "number": f"{office.pk}:{NUMBER}", "text": ""} | data
    response = reported(client, clock, address=f"192.0.2.{reader}", **given)
    assert response.status_code == 303


def is_marked(office: Office) -> bool:
    return Phone.objects.get(office=office, number=NUMBER).questioned_at is not None


def test_the_third_reader_marks_the_number_on_every_page(
    client: Client, cast: Cast, office: Office, clock: Traveller
) -> None:
    before = Stamp.objects.newest()
    for reader in (1, 2):
        cannot_get_through(client, clock, office, reader)
        assert not is_marked(office)
        assert MARK not in text_of(client.get(XUANHAN))
    assert Stamp.objects.newest() == before
    cannot_get_through(client, clock, office, 3)
    for page in PAGES:
        assert MARK in text_of(client.get(page)) or "待核实" in text_of(client.get(page)), page
    for page in (XUANHAN, f"{XUANHAN}print/", "/offices/dazhou/xuanhan/"):
        text = text_of(client.get(page))
        assert SENTENCE in text, page
        assert "可以改打市本级的咨询电话" in text, page
    assert MARK not in text_of(client.get("/offices/dazhou/dazhu/"))


def test_every_page_that_shows_the_number_is_made_anew(
    client: Client, cast: Cast, office: Office, clock: Traveller
) -> None:
    for reader in (1, 2, 3):
        cannot_get_through(client, clock, office, reader)
    newest = Stamp.objects.newest()
    stamped = set(Stamp.objects.filter(number=newest).values_list("scope", flat=True))
    assert {city_scope("dazhou"), shared_scope("dazhou"), LISTS} <= stamped
    assert guide_scope("dazhou", "zhuyuan-baoxiao") not in stamped
    for page in PAGES:
        path, _, query = page.partition("?")
        assert stamped & set(scopes_of(path, query)), page
    changes = SheetChange.objects.values_list("guide", "county")
    assert set(changes) == {(cast.inpatient.pk, cast.xuanhan.pk), (cast.enrolment.pk, cast.xuanhan.pk)}


def test_one_reader_alone_marks_nothing_however_often_he_says_so(
    client: Client, cast: Cast, office: Office, clock: Traveller
) -> None:
    for day in range(4):
        cannot_get_through(client, clock, office, 1, text=f"第{day}天")
        clock.shift(timedelta(days=1))
    assert Report.objects.count() == 4
    assert not is_marked(office)


def test_three_readers_within_more_than_a_week_mark_nothing(
    client: Client, cast: Cast, office: Office, clock: Traveller
) -> None:
    for reader in (1, 2, 3):
        cannot_get_through(client, clock, office, reader)
        clock.shift(timedelta(days=4))
    assert not is_marked(office)


def test_another_number_in_its_place_is_not_marked(
    client: Client, cast: Cast, office: Office, clock: Traveller
) -> None:
    for reader in (1, 2, 3):
        cannot_get_through(client, clock, office, reader)
    document = Office.objects.with_details().get(pk=office.pk).document()
    document["address"] = "新街1号"
    editing.apply_office(document)
    assert is_marked(office)
    for phone in document["phones"]:
        phone["number"] = phone["number"].replace(NUMBER, "0818-5870000")
    editing.apply_office(document)
    assert not Phone.objects.exclude(questioned_at=None).exists()
    assert MARK not in text_of(client.get(XUANHAN))


def test_a_mark_is_no_part_of_what_an_office_says(cast: Cast, office: Office, clock: Traveller) -> None:
    before = Office.objects.with_details().get(pk=office.pk).document()
    assert editing.question_number(office, NUMBER, now())
    assert not editing.question_number(office, NUMBER, now())
    assert Office.objects.with_details().get(pk=office.pk).document() == before


def test_the_mark_leads_to_its_explanation(
    client: Client, cast: Cast, office: Office, clock: Traveller
) -> None:
    editing.question_number(office, NUMBER, now())
    html = html_of(client.get(XUANHAN))
    anchor = html.split(f'">{MARK}</a>')[0].rsplit('href="#', 1)[1]
    assert f'id="{anchor}"' in html


def test_a_marked_number_of_places_in_the_whole_city_is_marked_without_a_link(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    network = Office.objects.get(city=cast.suining, kind="network")
    place = cast.inpatient_in_suining.guide_offices.get(office=network)
    phone = Phone.objects.create(office=network, purpose="consult", number="0825-5000000")
    place.guide_phones.create(phone=phone)
    editing.question_number(network, phone.number, now())
    html = html_of(client.get("/guides/suining/zhuyuan-baoxiao/"))
    assert f'<span class="doubt-mark">{MARK}</span>' in html
    assert 'id=""' not in html
    assert 'href="#"' not in html
