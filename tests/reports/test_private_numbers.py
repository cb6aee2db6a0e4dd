"""Numbers of people in what readers write: warned of before they are saved, masked wherever more than one report is shown."""

from __future__ import annotations

import pytest
from django.test import Client
from time_machine import Traveller

from offices.models import Office, Phone
from reports.models import Report
from reports.private import masked, masked_contact, mobiles, pieces
from tests.cast import Cast, html_of, text_of
from tests.reports.conftest import only, opened, reported, send

IDENTITY = "51302119500308123X"


@pytest.mark.parametrize(
    ("text", "names", "hidden"),
    [
        (f"我是{IDENTITY}，", ["身份证号码"], "我是513***********123X，"),
        ("身份证５１３０２１１９５００３０８１２３４", ["身份证号码"], "身份证５１３***********１２３４"),
        ("513021 19500308 123x", ["身份证号码"], "513*************123x"),
        ("5130 2119 5003 0812 3X", ["身份证号码"], "513***************2 3X"),
        ("51-30-21-1950-03-08-1234", ["身份证号码"], "51-*****************1234"),
        ("5 1 3 0 2 1 1 9 5 0 0 3 0 8 1 2 3 4", ["身份证号码"], "5 1**************************** 3 4"),
        ("老身份证513021500308123", ["身份证号码"], "老身份证513********8123"),
        ("513021 500308 123", ["身份证号码"], "513********** 123"),
        ("513021501308123", [], "513021501308123"),
        ("513021500332123", [], "513021500332123"),
        ("513021195013081234", [], "513021195013081234"),
        ("打我13812345678", ["手机号码"], "打我138****5678"),
        ("+86 138-1234-5678 找我", ["手机号码"], "+86**********5678 找我"),
        ("8613812345678", ["手机号码"], "861******5678"),
        ("窗口 0818-5872688 打不通", [], "窗口 0818-5872688 打不通"),
        ("二〇二六年 20260302 第 12345 号", [], "二〇二六年 20260302 第 12345 号"),
        ("0825-1234567、02886123456", [], "0825-1234567、02886123456"),
        ("0818-5201826 0818-5211625", [], "0818-5201826 0818-5211625"),
        ("6222021234567890123", [], "6222021234567890123"),
        ("", [], ""),
    ],
)
def test_private_numbers_are_found_as_people_write_them(text: str, names: list[str], hidden: str) -> None:
    assert [piece.name for piece in pieces(text) if piece.name] == names
    assert "".join(piece.text for piece in pieces(text)) == text
    assert masked(text) == hidden


def test_a_way_to_reach_somebody_shows_its_ends_only() -> None:
    assert masked_contact("13812345678") == "138****5678"
    assert masked_contact("李四") == "**"
    assert masked_contact("微信 li4") == "微****4"


def test_mobiles_are_told_as_offices_write_them() -> None:
    assert mobiles("+86 138 1234 5678、13900000000") == {"13812345678", "13900000000"}


def test_a_private_number_is_marked_and_nothing_saved_until_it_is_wanted(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    response = reported(client, clock, text=f"我的证号{IDENTITY}查不到")
    assert response.status_code == 422
    assert not Report.objects.exists()
    html = html_of(response)
    assert f"我的证号<mark>{IDENTITY}</mark>查不到" in html
    assert "去掉再提交" in html
    assert f"我的证号{IDENTITY}查不到</textarea>" in html
    form = {"made": response.context["made"], "kind": "other", "text": f"我的证号{IDENTITY}查不到"}
    assert send(client, form | {"anyway": "1"}).status_code == 303
    assert IDENTITY in only().text


def test_taken_out_it_is_taken_in_at_once(client: Client, cast: Cast, clock: Traveller) -> None:
    response = reported(client, clock, text="打我13812345678")
    form = {"made": response.context["made"], "kind": "other", "text": "打我"}
    assert send(client, form).status_code == 303


def test_the_first_button_is_not_the_one_that_sends_the_number(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    """Pressing return in a field presses the first button of its form."""
    html = html_of(reported(client, clock, text="打我13812345678"))
    form = html[html.index('<form class="report-form"') :]
    assert form.index("去掉了，提交") < form.index('name="anyway"')


def test_an_offices_own_mobile_is_nobodys_private_number(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    Phone.objects.create(
        office=Office.objects.get(county=cast.xuanhan), purpose="consult", number="13900001111"
    )
    assert reported(client, clock, text="139 0000 1111 打不通").status_code == 303
    assert reported(client, clock, text="139 0000 1112 打不通").status_code == 422


def test_contact_is_the_place_for_a_number(client: Client, cast: Cast, clock: Traveller) -> None:
    assert reported(client, clock, contact="13812345678").status_code == 303


def test_what_was_written_is_in_no_log(
    client: Client, cast: Cast, clock: Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        reported(client, clock, text="打我13812345678", contact="李四李四")
        send(client, opened(client) | {"kind": "other", "text": "秘密的话", "contact": "李四李四"})
    assert not any(word in caplog.text for word in ("1381234", "李四", "秘密的话"))


def test_a_search_that_held_a_number_is_masked_in_the_pages_name(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    reported(client, clock, page="/guides/?q=13812345678&city=dazhou")
    assert "138****5678" in only().page_title
    assert "13812345678" not in text_of(client.get(f"/report/{only().receipt}/")).split("已经收到")[1]
