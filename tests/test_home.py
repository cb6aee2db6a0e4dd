from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, assemble, html_of, text_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def test_the_home_page_offers_search_places_life_events_and_categories(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/"))
    for words in (
        "您要办什么事？",
        "您在哪里办",
        "宣汉县",
        "射洪市",
        "生病住院了",
        "费用报销",
        "住院费用报销",
    ):
        assert words in text


def test_a_county_leads_to_its_guides(client: Client, cast: Cast) -> None:
    assert 'href="/?city=dazhou&amp;county=xuanhan"' in html_of(client.get("/"))
    assert 'href="/guides/?city=dazhou&amp;county=xuanhan"' in html_of(
        client.get("/?city=dazhou&county=xuanhan")
    )


def test_with_a_place_everything_leads_to_what_can_be_done_there(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/?city=suining&county=shehong"))
    assert 'href="/guides/suining/dianzi-pingzheng/shehong/"' in html
    assert 'href="/life-events/shengbing-zhuyuan/?city=suining&amp;county=shehong"' in html
    assert 'href="/guides/?city=suining&amp;county=shehong&amp;category=baoxiao"' in html
    assert "职工参保登记" not in html
    assert "手册没有载明射洪市的窗口" in html
    assert "达州市医疗保障经办政务服务事项办事指南" not in html


def test_the_home_page_says_which_handbooks_it_is_made_from(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/"))
    assert "《达州市医疗保障经办政务服务事项办事指南》（2024年版）" in text
    assert "遂宁市手册（未印书名和版次）" in text


def test_a_matter_no_city_has_published_is_not_offered(client: Client, cast: Cast) -> None:
    cast.enrolment.status = "withdrawn"
    cast.enrolment.save()
    assert "职工参保登记" not in text_of(client.get("/"))


@pytest.mark.django_db
def test_the_home_page_of_an_empty_site_still_answers(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "您要办什么事？" in text_of(response)


@pytest.mark.django_db
def test_robots_may_read_everything_but_the_admin(client: Client) -> None:
    assert b"Disallow: /admin/" in client.get("/robots.txt").content
