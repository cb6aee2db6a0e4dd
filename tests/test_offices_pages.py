from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, assemble, html_of, text_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def test_the_index_lists_every_city_and_county(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/offices/"))
    for path in ("/offices/dazhou/", "/offices/dazhou/xuanhan/", "/offices/suining/shehong/"):
        assert f'href="{path}"' in html


def test_the_city_page_shows_counters_networks_and_what_is_not_known(client: Client, cast: Cast) -> None:
    assert "解放中路591号4楼医保窗口 工作日 08:30–12:00、 14:30–18:00" in text_of(
        client.get("/offices/dazhou/")
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
