"""Programs are kept out without asking people anything: a hidden field, a time, and how much one client may send."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils.timezone import now
from time_machine import Traveller

from reports.models import Report
from reports.receiving import receive
from tests.cast import Cast, html_of, text_of
from tests.editing.test_many_at_once import database, together
from tests.reports.conftest import only, opened, reported, send

__all__ = ["database"]


def test_who_fills_in_the_hidden_field_is_asked_to_press_again_and_loses_nothing(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    response = reported(client, clock, website="http://spam.example", text="地址搬了")
    assert response.status_code == 422
    assert "请再按一次“提交”" in text_of(response)
    assert "地址搬了</textarea>" in html_of(response)
    assert "spam.example" not in html_of(response)
    assert not Report.objects.exists()


def test_a_form_sent_in_less_than_three_seconds_is_taken_when_it_is_pressed_again(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    form = opened(client) | {"kind": "other", "text": "地址搬了"}
    clock.shift(timedelta(seconds=2.5))
    response = send(client, form)
    assert response.status_code == 422
    assert "地址搬了</textarea>" in html_of(response)
    clock.shift(timedelta(seconds=1))
    assert send(client, form | {"made": response.context["made"]}).status_code == 303


def test_a_form_left_open_for_days_is_taken(client: Client, cast: Cast, clock: Traveller) -> None:
    form = opened(client) | {"kind": "other", "text": "地址搬了"}
    clock.shift(timedelta(days=3))
    assert send(client, form).status_code == 303


@pytest.mark.parametrize("made", ["", "forged:signature", "WzEsMiwzXQ:1:x"])
def test_a_form_we_have_not_made_is_given_back_with_one_of_ours(
    client: Client, cast: Cast, clock: Traveller, made: str
) -> None:
    response = reported(client, clock, made=made)
    assert response.status_code == 422
    clock.shift(timedelta(seconds=4))
    again = {"kind": "other", "text": "有错", "made": response.context["made"]}
    assert send(client, again).status_code == 303


def test_five_a_minute_then_a_wait_with_the_words_kept_and_a_number_to_call(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    for number in range(5):
        assert reported(client, clock, text=f"第 {number} 处").status_code == 303
    response = reported(client, clock, text="第六处")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "35")
    assert "第六处</textarea>" in html_of(response)
    assert "请等 35 秒" in text_of(response)
    assert "0818-5872688" in text_of(response)
    assert Report.objects.count() == 5
    assert reported(client, clock, text="邻居", address="192.0.2.2").status_code == 303
    clock.shift(timedelta(seconds=31))
    assert reported(client, clock, text="第六处").status_code == 303


def test_thirty_a_day_then_tomorrow(client: Client, cast: Cast, clock: Traveller) -> None:
    reported(client, clock)
    first = only()
    Report.objects.bulk_create(
        Report(receipt=f"{number:08}", kind="other", sent_at=first.sent_at, client=first.client)
        for number in range(29)
    )
    clock.shift(timedelta(hours=2))
    response = reported(client, clock, text="再一处")
    assert response.status_code == 429
    assert "网站明天再收" in text_of(response)
    assert int(response.headers["Retry-After"]) == 12 * 3600 - 10
    clock.shift(timedelta(hours=12))
    assert reported(client, clock, text="再一处").status_code == 303


def test_a_household_with_a_new_address_of_its_network_is_one_client(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    for number in range(5):
        reported(client, clock, text=f"第 {number} 处", address=f"2001:db8:1:2::{number}")
    assert reported(client, clock, address="2001:db8:1:2:ffff::1").status_code == 429
    assert reported(client, clock, address="2001:db8:1:3::1").status_code == 303


def test_a_header_a_client_makes_up_is_no_new_client(client: Client, cast: Cast, clock: Traveller) -> None:
    for number in range(5):
        reported(client, clock, text=f"第 {number} 处")
    form = opened(client) | {"kind": "other", "text": "第六处"}
    clock.shift(timedelta(seconds=5))
    assert send(client, form, REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="198.51.100.7").status_code == 429
    with override_settings(BEHIND_NGINX=True):
        behind = {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_PROTO": "https"}
        for number in range(5):
            made_up = f"198.51.100.{number}, 192.0.2.9"
            done = send(client, form | {"text": f"{number}"}, HTTP_X_FORWARDED_FOR=made_up, **behind)
            assert done.status_code == 303
        assert send(client, form, HTTP_X_FORWARDED_FOR="203.0.113.5, 192.0.2.9", **behind).status_code == 429


def test_workers_that_answer_at_once_count_together(database: None) -> None:
    moment = now()

    def sent(number: int) -> Report:
        row = Report(form_key=str(number), page="/", kind="other", text="x", sent_at=moment, client="c")
        return receive(row, moment)

    outcome = together(sent)
    assert outcome["saved"] == Report.objects.count() == 5
    assert {said for said in outcome if said != "saved"} == {"TooMany('60 s')"}
