from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import Cast, assemble, html_of, text_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def test_the_county_sheet_puts_its_office_in_the_box_and_names_no_other(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/"))
    box = html[html.index('class="sheet-box"') : html.index('class="sheet-form"')]
    assert "宣汉县医保窗口" in box
    assert "0818-5872688" in box
    assert "大竹县" not in html[html.index("<main") :]


def test_the_city_sheet_lists_every_county(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/guides/dazhou/zhuyuan-baoxiao/print/"))
    for words in ("办理地点、时间和电话", "宣汉县", "0818-5872688", "大竹县", "0818-6239935"):
        assert words in text


def test_the_sheet_of_a_county_without_an_office_says_so_in_the_box(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/guides/suining/zhuyuan-baoxiao/shehong/print/"))
    assert "手册没有载明射洪市的窗口，出门前请先拨打咨询电话；以下是遂宁市本级窗口。" in text


def test_the_sheet_names_source_address_and_leaves_the_date_to_the_reader(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/"))
    assert "来源：《达州市医疗保障经办政务服务事项办事指南》（2024年版），第 1–5 行" in text
    assert "网址：http://127.0.0.1:8000/guides/dazhou/zhuyuan-baoxiao/xuanhan/" in text
    assert "打印日期： 年 月 日" in text


def test_the_sheet_carries_nothing_of_the_site_but_a_toolbar_for_the_screen(
    client: Client, cast: Cast
) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/"))
    assert "masthead" not in html
    assert "site-nav" not in html
    assert re.findall('<nav class="([^"]+)"', html) == ["display", "toolbar", "place-bar"]


def test_the_sheet_shows_for_whom_a_channel_is(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/guides/dazhou/zhigong-canbao/print/"))
    assert "经办机构窗口、四川省政务服务网、四川医保APP（限灵活就业人员）" in "".join(text.split())
