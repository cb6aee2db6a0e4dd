from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from guides.filters import LONGEST_QUESTION
from guides.models import Guide, Matter
from tests.cast import Cast, assemble, guide, html_of, text_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def rows(client: Client, query: str = "") -> list[str]:
    """Addresses of the guides the list shows."""
    response = client.get(f"/guides/{query}", follow=True)
    assert response.status_code == 200
    return re.findall(r'<h3>\s*<a href="([^"]+)"', response.content.decode())


def counts(client: Client, query: str = "") -> dict[str, int]:
    """Every choice of the facets that leaves something, with its number."""
    html = html_of(client.get(f"/guides/{query}", follow=True))
    found = re.findall(r"<span>([^<]+)</span> ?<span class=\"number\">(\d+)", html)
    return {label: int(number) for label, number in found if int(number)}


def test_without_filters_all_guides_stand_in_the_order_of_the_handbook(client: Client, cast: Cast) -> None:
    assert rows(client) == [
        "/guides/dazhou/zhigong-canbao/",
        "/guides/suining/zhuyuan-baoxiao/",
        "/guides/dazhou/zhuyuan-baoxiao/",
        "/guides/suining/dianzi-pingzheng/",
    ]


def test_a_row_shows_city_time_limit_channels_and_category(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/guides/?city=dazhou&channel=app"))
    assert "职工参保登记 达州市" in text
    assert "时限 单位职工：不超过3个工作日；灵活就业人员：即时办结" in text
    assert "渠道 窗口、网站、APP" in text
    assert "类别 参保登记" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?city=suining", ["suining/zhuyuan-baoxiao", "suining/dianzi-pingzheng"]),
        ("?channel=website", ["dazhou/zhigong-canbao"]),
        ("?audience=danwei", ["dazhou/zhigong-canbao"]),
        ("?category=baoxiao&city=dazhou", ["dazhou/zhuyuan-baoxiao"]),
        ("?q=住院", ["suining/zhuyuan-baoxiao", "dazhou/zhuyuan-baoxiao"]),
        ("?q=住院报销&city=dazhou", ["dazhou/zhuyuan-baoxiao"]),
        ("?q=住院&channel=website", []),
        ("?city=&county=&channel=&q=++&category=canbao&audience=danwei", ["dazhou/zhigong-canbao"]),
    ],
)
def test_filters_combine(client: Client, cast: Cast, query: str, found: list[str]) -> None:
    assert rows(client, query) == [f"/guides/{path}/" for path in found]


def test_with_a_county_the_rows_lead_to_its_own_pages_and_sheets(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/?q=住院&city=dazhou&county=xuanhan"))
    assert 'href="/guides/dazhou/zhuyuan-baoxiao/xuanhan/"' in html
    assert 'href="/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/"' in html
    assert "达州市宣汉县" in html


def test_a_county_only_one_city_has_needs_no_city(client: Client, cast: Cast) -> None:
    assert rows(client, "?county=xuanhan") == rows(client, "?city=dazhou&county=xuanhan")


def test_a_county_without_an_office_in_the_handbook_shows_every_guide_of_its_city(
    client: Client, cast: Cast
) -> None:
    assert len(rows(client, "?city=suining&county=shehong")) == 2


def test_facets_count_what_each_choice_would_leave(client: Client, cast: Cast) -> None:
    assert counts(client) == {
        "遂宁市": 2, "达州市": 2, "窗口": 3, "网站": 1, "APP": 2, "即时办结": 2, "需审核": 3, "个人": 4, "单位": 1,
        "参保登记": 2, "费用报销": 2,
    }  # fmt: skip
    of_city = counts(client, "?city=suining&channel=app")
    assert of_city == {
        "遂宁市": 1,
        "达州市": 1,
        "市本级": 1,
        "射洪市": 1,
        "窗口": 1,
        "APP": 1,
        "即时办结": 1,
        "个人": 1,
        "参保登记": 1,
    }


def test_every_facet_link_leads_to_as_many_guides_as_it_says(client: Client, cast: Cast) -> None:
    for start in (
        "",
        "?city=dazhou",
        "?city=suining&county=shibenji",
        "?q=住院",
        "?channel=app&audience=geren",
    ):
        html = html_of(client.get(f"/guides/{start}"))
        links = re.findall(
            r'<a href="([^"]+)" rel="nofollow"> ?<span>[^<]+</span> ?<span class="number">(\d+)', html
        )
        assert links
        for address, number in links:
            assert len(rows(client, "?" + urlsplit(address.replace("&amp;", "&")).query)) == int(number)


def test_a_chosen_filter_is_a_chip_that_drops_it(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/?city=dazhou&county=xuanhan&channel=counter"))
    chips = re.search(r'<ul class="chips".*?</ul>', html)
    assert chips
    assert re.findall(r'href="([^"]+)"', chips[0]) == [
        "/guides/?channel=counter",
        "/guides/?city=dazhou&amp;channel=counter",
        "/guides/?city=dazhou&amp;county=xuanhan",
        "/guides/",
    ]


def test_the_form_keeps_what_was_chosen_by_links(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/?q=医保&channel=app"))
    assert '<input type="hidden" name="channel" value="app">' in html
    assert 'value="医保"' in html


def test_unknown_parameters_change_nothing_and_are_in_no_link(client: Client, cast: Cast) -> None:
    plain = client.get("/guides/?city=dazhou").content
    assert client.get("/guides/?utm_source=x&city=dazhou&order=new").content == plain


@pytest.mark.parametrize(
    ("query", "sentence", "way_on"),
    [
        ("?city=chengdu", "本站没有“chengdu”这个城市。", "/guides/?city=suining"),
        (
            "?city=dazhou&county=chengdu",
            "达州市没有“chengdu”这个县（市、区）。",
            "/guides/?city=dazhou&amp;county=xuanhan",
        ),
        (
            "?city=suining&county=xuanhan",
            "宣汉县不在遂宁市，它属于达州市。",
            "/guides/?city=dazhou&amp;county=xuanhan",
        ),
        (
            "?county=shibenji",
            "遂宁市、达州市都有“市本级”，请选择是哪个城市的。",
            "/guides/?city=dazhou&amp;county=shibenji",
        ),
        ("?channel=fax", "没有“fax”这种办理渠道。", "/guides/?channel=counter"),
        ("?audience=cat", "没有“cat”这类办事主体。", "/guides/?audience=geren"),
        (
            "?category=nothing&city=dazhou",
            "没有“nothing”这个事项类别。",
            "/guides/?city=dazhou&amp;category=canbao",
        ),
        ("?city=dazhou&page=99", "没有第“99”页：符合条件的办事指南共 1 页。", "/guides/?city=dazhou"),
        ("?page=abc", "没有第“abc”页", "/guides/"),
        ("?page=-1", "没有第“-1”页", "/guides/"),
        ("?q=" + "住" * (LONGEST_QUESTION + 1), f"请控制在 {LONGEST_QUESTION} 个字以内", "/guides/"),
        ("?q=%00", "搜索词里有无法识别的字符。", "/guides/"),
        ("?city=%00", "去掉这个条件", "/guides/?city=dazhou"),
    ],
)
def test_a_wrong_value_is_said_with_a_way_on_and_never_the_unfiltered_list(
    client: Client, cast: Cast, query: str, sentence: str, way_on: str
) -> None:
    response = client.get(f"/guides/{query}")
    html = html_of(response)
    assert response.status_code == 404
    assert sentence in html
    assert f'href="{way_on}"' in html
    assert 'class="guide-row"' not in html


def test_nothing_found_says_so_and_offers_a_way_on(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/guides/?q=天气预报"))
    assert "没有找到“天气预报”" in text
    assert "查看全部办事指南" in text
    assert "按类别找" in text


def test_a_withdrawn_guide_is_not_listed_nor_counted(client: Client, cast: Cast) -> None:
    cast.inpatient.status = "withdrawn"
    cast.inpatient.save()
    assert len(rows(client)) == 3
    assert counts(client)["达州市"] == 1


def test_long_lists_come_in_pages_of_twenty_with_one_address_each(client: Client, cast: Cast) -> None:
    category = cast.inpatient.matter.category
    for number in range(30):
        matter = Matter.objects.create(
            slug=f"m{number}", name=f"事项{number}", category=category, position=100
        )
        guide(cast.dazhou, matter, cast.inpatient.handbook)
    assert len(rows(client)) == 20
    assert len(rows(client, "?page=2")) == Guide.objects.count() - 20
    html = html_of(client.get("/guides/?page=2"))
    assert re.search(r'rel="prev" href="/guides/"', html)


def test_addresses_of_one_state_have_one_order(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/?city=dazhou&channel=counter"))
    for address in re.findall(r'href="(/guides/\?[^"]+)"', html):
        names = list(parse_qs(urlsplit(address.replace("&amp;", "&")).query))
        assert names == sorted(
            names,
            key=["q", "city", "county", "channel", "limit", "audience", "category", "sort", "page"].index,
        )
