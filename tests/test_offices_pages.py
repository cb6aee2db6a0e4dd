from __future__ import annotations

import pytest
from django.test import Client

from guides.phone_book import by_category
from offices.maps import map_url
from offices.models import Office
from tests.cast import Cast, assemble, counter, html_of, text_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def test_the_index_lists_every_city_and_county(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/offices/"))
    for path in ("/offices/dazhou/", "/offices/dazhou/xuanhan/", "/offices/suining/shehong/"):
        assert f'href="{path}"' in html


def test_the_city_page_shows_counters_networks_and_what_is_not_known(client: Client, cast: Cast) -> None:
    assert (
        "解放中路591号4楼医保窗口 在高德地图中查看（打开外部网站） ：宣汉县医保窗口 工作日 08:30–12:00、"
        in text_of(client.get("/offices/dazhou/"))
    )
    text = text_of(client.get("/offices/suining/"))
    assert "手册没有载明射洪市的窗口" in text
    assert "各乡镇（街道）便民服务中心" in text


def test_the_county_page_groups_numbers_with_the_matters_they_answer_for(client: Client, cast: Cast) -> None:
    cast.enrolment.guide_offices.get(office__county=cast.xuanhan).guide_phones.all().delete()
    html = html_of(client.get("/offices/dazhou/xuanhan/"))
    assert html.count(">0818-5872688</a>") == 1
    text = text_of(client.get("/offices/dazhou/xuanhan/"))
    assert "咨询 0818-5872688 住院费用报销 投诉 0818-5211625 住院费用报销" in text
    assert "在宣汉县可以办的事（2 项）" in text


def test_a_number_for_everything_says_so_once(client: Client, cast: Cast) -> None:
    assert "咨询 0818-5872688 下列全部事项" in text_of(client.get("/offices/dazhou/xuanhan/"))


def test_a_county_without_an_office_shows_the_citys_and_says_so(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/offices/suining/shehong/"))
    assert "手册没有载明射洪市的窗口。 下面是遂宁市本级的窗口和电话" in text
    assert "0825-5182512" in text
    assert "在射洪市可以办" not in text


def test_a_number_of_a_withdrawn_guide_is_not_said_to_answer_for_it(client: Client, cast: Cast) -> None:
    cast.inpatient.status = "withdrawn"
    cast.inpatient.save()
    assert "住院费用报销" not in text_of(client.get("/offices/dazhou/xuanhan/"))


@pytest.mark.parametrize(
    ("words", "office"),
    [
        ("宣汉县医保窗口", "宣汉县医保窗口"),
        ("解放中路", "宣汉县医保窗口"),
        ("达州 大竹", "大竹县医保窗口"),
        ("0818-5872688", "宣汉县医保窗口"),
        ("08185872688", "宣汉县医保窗口"),
        ("５８７２６８８", "宣汉县医保窗口"),
        ("燕山街", "医保服务大厅综合窗口"),
        ("遂宁 乡镇", "各乡镇（街道）便民服务中心"),
    ],
)
def test_an_office_is_found_by_name_place_address_or_number(
    client: Client, cast: Cast, words: str, office: str
) -> None:
    text = text_of(client.get("/offices/", {"q": words}))
    assert f"含“{words}”的窗口和网点共 1 处 {office}" in text


def test_a_found_office_shows_hours_and_numbers_to_ask_first(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/offices/?q=解放中路"))
    assert "宣汉县医保窗口 达州市宣汉县" in text
    assert "08:30–12:00、 14:30–18:00 咨询电话 0818-5872688 投诉电话 0818-5211625" in text
    assert 'href="/offices/dazhou/xuanhan/"' in html_of(client.get("/offices/?q=解放中路"))


def test_a_percent_sign_is_a_percent_sign(client: Client, cast: Cast) -> None:
    assert "没有找到含“%”的窗口" in text_of(client.get("/offices/?q=%25"))


def test_too_many_offices_ask_for_another_word(client: Client, cast: Cast) -> None:
    for number in range(30):
        counter(cast.dazhou, cast.dazhu, f"新窗口{number}", "新街1号")
    text = text_of(client.get("/offices/?q=新街"))
    assert "共 30 处" in text
    assert "下面是前" not in text
    assert "共 33 处 下面是前 30 处" in text_of(client.get("/offices/?q=达州"))


@pytest.mark.parametrize(("query", "sentence"), [("%00", "无法识别的字符"), ("病" * 61, "太长")])
def test_a_question_that_cannot_be_read_is_a_message(
    client: Client, cast: Cast, query: str, sentence: str
) -> None:
    response = client.get(f"/offices/?q={query}")
    assert response.status_code == 404
    assert sentence in text_of(response)


def test_the_search_has_one_address(client: Client, cast: Cast) -> None:
    assert client.get("/offices/?q=").headers["Location"] == "/offices/"
    assert client.get("/offices/?q=+宣汉+").headers["Location"] == "/offices/?q=%E5%AE%A3%E6%B1%89"


def test_the_map_is_asked_for_the_address_and_nothing_else(client: Client, cast: Cast) -> None:
    office = Office.objects.get(name="宣汉县医保窗口")
    assert map_url(office) == (
        "https://uri.amap.com/search?keyword=%E5%AE%A3%E6%B1%89%E5%8E%BF%E4%B8%9C%E4%B9%A1%E8%A1%97%E9%81%93"
        "%E8%A7%A3%E6%94%BE%E4%B8%AD%E8%B7%AF591%E5%8F%B74%E6%A5%BC%E5%8C%BB%E4%BF%9D%E7%AA%97%E5%8F%A3"
        "&city=%E8%BE%BE%E5%B7%9E%E5%B8%82"
    )
    html = html_of(client.get("/offices/dazhou/xuanhan/"))
    assert html.count("https://uri.amap.com/search?") == 1
    assert 'rel="noopener external">在高德地图中查看（打开外部网站）' in html


def test_a_place_without_an_address_has_no_map(client: Client, cast: Cast) -> None:
    assert map_url(Office.objects.get(kind="network")) == ""
    assert "uri.amap.com" not in html_of(client.get("/offices/?q=便民服务中心"))


def test_what_can_be_done_stands_shelf_by_shelf(client: Client, cast: Cast) -> None:
    shelves = by_category([cast.inpatient, cast.enrolment])
    assert [(category.name, guides) for category, guides in shelves] == [
        ("参保登记", [cast.enrolment]),
        ("费用报销", [cast.inpatient]),
    ]
    text = text_of(client.get("/offices/dazhou/xuanhan/"))
    assert "参保登记（1 项） 职工参保登记 费用报销（1 项） 住院费用报销" in text
