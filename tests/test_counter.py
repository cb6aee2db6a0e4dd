"""The counter page: every guide of a county at hand, with what a browser needs to find it by itself."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from guides.counter import readings
from guides.models import Guide, SheetChange
from tests.cast import content_of, text_of

pytestmark = pytest.mark.usefixtures("handbooks", "db")
PAGE = "/offices/dazhou/xuanhan/counter/"
HEAVIEST = 60 * 1024
"""Bytes of the page, compressed."""


def words(client: Client, page: str = PAGE) -> dict[str, dict[str, object]]:
    """What the page gives the browser to search in."""
    found = re.search(
        r'<script id="counter-words" type="application/json">(.*?)</script>', content_of(client.get(page))
    )
    assert found
    data: dict[str, dict[str, object]] = json.loads(found[1])
    return data


def test_every_guide_of_the_county_has_its_sheet_its_notice_and_its_page(client: Client) -> None:
    html = content_of(client.get(PAGE))
    guides = Guide.objects.filter(city__slug="dazhou")
    assert len(guides) == 34
    for guide in guides:
        page = f"{guide.get_absolute_url()}xuanhan/"
        for address in (page, f"{page}print/", f"{page}notice/"):
            assert html.count(f'href="{address}"') == 1, address


def test_the_facts_of_the_office_stand_first(client: Client) -> None:
    page = text_of(client.get(PAGE))
    assert "宣汉县医保窗口 宣汉县东乡街道解放中路591号4楼医保窗口 工作日 08:30–12:00、14:30–18:00" in page
    assert page.index("咨询 0818-5211627") < page.index("找事项")
    assert "投诉 0818-5211625" in page
    assert "另有 7 个号码" in page


def test_a_number_in_doubt_is_marked(client: Client) -> None:
    assert "0818-7226802 （待核实）" in text_of(client.get("/offices/dazhou/kaijiang/counter/"))
    assert "待核实" not in text_of(client.get(PAGE))


def test_a_county_without_a_window_says_so_and_still_works(client: Client) -> None:
    response = client.get("/offices/suining/shehong/counter/")
    page = text_of(response)
    assert "手册没有载明射洪市的窗口。" in page
    assert "市本级医保服务大厅综合窗口" in page
    assert content_of(response).count("data-slug=") == 34


@pytest.mark.parametrize("page", ["/offices/dazhou/shehong/counter/", "/offices/nowhere/xuanhan/counter/"])
def test_a_wrong_place_is_a_message_with_ways_on(client: Client, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 404
    assert "没有" in text_of(response) or "不在" in text_of(response)


def test_a_wrong_county_leads_to_the_counter_pages_of_the_right_ones(client: Client) -> None:
    assert f'href="{PAGE}"' in content_of(client.get("/offices/dazhou/shehong/counter/"))


def test_the_page_stays_small(client: Client) -> None:
    assert len(gzip.compress(client.get(PAGE).content)) <= HEAVIEST


def test_the_browser_is_given_other_names_and_how_every_character_is_read(client: Client) -> None:
    data = words(client)
    assert "住院报销" in data["names"]["zhuyuan-baoxiao"]  # type: ignore[operator]
    assert data["readings"]["住"] == "zhu zu"
    every = {
        char for name in Guide.objects.values_list("name", flat=True) for char in name if "一" <= char <= "鿿"
    }
    assert every <= set(data["readings"])


def test_a_character_keeps_every_way_it_is_read() -> None:
    assert readings(["长期居住", "校长"])["长"] == ["chang", "can", "zhang", "zan"]


def test_a_sheet_that_changed_says_when(client: Client) -> None:
    SheetChange.objects.all().delete()
    assert "改</span>" not in content_of(client.get(PAGE))
    guide = Guide.objects.get(city__slug="dazhou", matter__slug="zhuyuan-baoxiao")
    change = SheetChange.objects.create(guide=guide, changed_at=datetime(2026, 11, 20, 4, 0, tzinfo=UTC))
    html = content_of(client.get(PAGE))
    assert "2026-11-20 改" in html
    assert f'data-slug="zhuyuan-baoxiao" data-name="住院费用报销" data-version="{change.pk}"' in html
    assert html.count("改</span>") == 1


def test_the_countys_office_page_leads_here(client: Client) -> None:
    assert f'href="{PAGE}"' in content_of(client.get("/offices/dazhou/xuanhan/"))


def test_without_javascript_words_go_to_the_list_of_this_county(client: Client) -> None:
    html = content_of(client.get(PAGE))
    form = re.search(r"<form.*?</form>", html, flags=re.DOTALL)
    assert form
    assert 'action="/guides/"' in form[0]
    for name, value in (("city", "dazhou"), ("county", "xuanhan")):
        assert re.search(f'name="{name}"\\s+value="{value}"', form[0])
