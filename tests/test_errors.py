from __future__ import annotations

import re
from io import BytesIO
from typing import Any

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


HOTLINE = 'href="tel:12393"'


def test_a_page_that_takes_no_form_says_so_in_chinese(client: Client, cast: Cast) -> None:
    for method in ("put", "delete", "options", "trace", "post"):
        response = getattr(client, method)("/guides/", headers={"cookie": "display=large"})
        html = html_of(response)
        assert response.status_code == 405, method
        assert "GET" in response.headers["Allow"], method
        assert "<h1>这个网址不能这样使用</h1>" in html
        assert HOTLINE in html
        assert 'data-size="large"' in html, "in the reader's display mode"


def test_more_than_a_form_may_be_is_refused_in_chinese_before_it_is_read(
    client: Client, cast: Cast, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000, 20
    settings.LARGEST_REQUEST = 100_000
    many = {f"f{number}": "1" for number in range(30)}
    for response in (
        client.post("/search/unfound/", {"q": "x" * 2000}, "application/x-www-form-urlencoded"),
        client.post("/search/unfound/", "q=" + "x" * 2000, "application/x-www-form-urlencoded"),
        client.post("/search/unfound/", many),
        client.get("/guides/?" + "&".join("q=1" for _ in range(30))),
        client.post("/admin/login/", {"table": BytesIO(b"x" * 200_000)}),
    ):
        html = html_of(response)
        assert response.status_code == 413
        assert "<h1>提交的内容太大</h1>" in html
        assert HOTLINE in html


def test_every_error_names_the_hotline_and_no_program(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("ours")

    client.raise_request_exception = False
    answers = [client.get("/", headers={"host": "evil.example"}), client.get("/nothing/")]
    answers += [Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a"})]
    monkeypatch.setattr("guides.views.listing.GuideFilterSet", fail)
    answers += [client.get("/guides/")]
    assert [answer.status_code for answer in answers] == [400, 404, 403, 500]
    for answer in answers:
        html = html_of(answer)
        assert HOTLINE in html, answer.status_code
        assert not re.search(r"django|granian|python|nginx|traceback|ValueError", html, re.IGNORECASE)
        assert "Server" not in answer.headers
        assert "X-Powered-By" not in answer.headers


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
