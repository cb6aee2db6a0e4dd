from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.cast import Cast, assemble, html_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.mark.parametrize(
    ("path", "sentence", "way_on"),
    [
        ("/guides/chengdu/zhuyuan-baoxiao/", "本站没有“chengdu”这个城市。", "/offices/dazhou/"),
        ("/guides/dazhou/huzhao/", "本站没有“huzhao”这个事项。", "/guides/?city=dazhou"),
        (
            "/guides/dazhou/dianzi-pingzheng/",
            "达州市目前没有发布“医保电子凭证申领”的办事指南。",
            "/guides/suining/dianzi-pingzheng/",
        ),
        (
            "/guides/dazhou/zhuyuan-baoxiao/shehong/",
            "射洪市不在达州市，它属于遂宁市。",
            "/guides/dazhou/zhuyuan-baoxiao/xuanhan/",
        ),
        (
            "/guides/dazhou/zhuyuan-baoxiao/shehong/print/",
            "射洪市不在达州市，它属于遂宁市。",
            "/guides/dazhou/zhuyuan-baoxiao/xuanhan/",
        ),
        ("/matters/huzhao/", "本站没有“huzhao”这个事项。", "/guides/"),
        ("/offices/chengdu/", "本站没有“chengdu”这个城市。", "/offices/suining/"),
        ("/offices/dazhou/shehong/", "射洪市不在达州市，它属于遂宁市。", "/offices/dazhou/xuanhan/"),
        ("/nothing/", "这个网址没有对应的页面", "/guides/"),
        ("/guides/达州/住院/", "这个网址没有对应的页面", "/guides/"),
    ],
)
def test_a_wrong_address_names_what_is_wrong_and_offers_the_right_ones(
    client: Client, cast: Cast, path: str, sentence: str, way_on: str
) -> None:
    response = client.get(path)
    html = html_of(response)
    assert response.status_code == 404
    assert sentence in html
    assert f'href="{way_on}"' in html
    assert 'role="search"' in html


def test_a_withdrawn_guide_is_gone_from_the_public_site(client: Client, cast: Cast) -> None:
    cast.inpatient.status = "withdrawn"
    cast.inpatient.save()
    for path in ("", "xuanhan/", "print/", "xuanhan/print/", "source/"):
        response = client.get(f"/guides/dazhou/zhuyuan-baoxiao/{path}")
        assert response.status_code == 410
        assert "达州市的“住院费用报销”办事指南已撤下" in html_of(response)


def test_what_a_visitor_typed_cannot_become_markup(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/", {"city": "<script>alert(1)</script>"}))
    assert "<script>alert" not in html


def test_the_page_for_our_own_failures_needs_no_database() -> None:
    assert "网站暂时出了问题" in render_to_string("500.html")


def test_a_form_that_was_open_too_long_says_in_chinese_what_to_do_next(cast: Cast) -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a", "password": "b"})
    html = html_of(response)
    assert response.status_code == 403
    assert "<h1>这次提交没有成功</h1>" in html
    assert "刷新那一页，再填写、提交一次" in html
    assert "CSRF" not in html


def test_a_request_that_cannot_be_read_is_answered_in_chinese(client: Client, cast: Cast) -> None:
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "<h1>这个请求无法识别</h1>" in html_of(response)
    assert 'href="/"' in html_of(response)
    assert "Bad Request" not in html_of(response)
