"""大字 and 高对比: one link away on every page, without JavaScript, and back again by one link."""

from __future__ import annotations

import re
from html import unescape
from http import HTTPStatus
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings

from guides.display import COOKIE, MODES
from guides.views import server_error
from tests.cast import Cast, assemble, html_of, text_of

GUIDE = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"
SHEET = f"{GUIDE}print/"
PLAN_SHEET = "/plan/dazhou/xuanhan/print/?matters=zhigong-canbao&matters=zhuyuan-baoxiao"
PAGES = [
    "/",
    "/guides/?q=%E4%BD%8F%E9%99%A2&city=dazhou",
    GUIDE,
    "/offices/dazhou/xuanhan/",
    "/nothing/",
    "/paths/yidi/?a=changzhu",
]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def opening(html: str) -> str:
    """The ``<html>`` tag."""
    return str(re.findall(r"<html[^>]*>", html)[0])


def ways(html: str) -> dict[str, str]:
    """The links of the choice of display: words → address."""
    found = re.findall(r'<nav class="display".*?</nav>', html)
    assert len(found) == 1
    return {
        words: unescape(url) for url, words in re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', found[0])
    }


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("mode", ["large", "contrast", "large-contrast"])
def test_one_link_changes_every_page_and_one_link_brings_the_standard_back(
    client: Client, cast: Cast, page: str, mode: str
) -> None:
    before = client.get(page)
    assert opening(html_of(before)) == '<html lang="zh-CN">'
    assert not client.cookies
    for words in {"large": ["大字版"], "contrast": ["高对比"]}.get(mode, ["大字版", "高对比"]):
        client.get(ways(html_of(client.get(page)))[words])
    after = client.get(page)
    assert client.cookies[COOKIE].value == mode
    assert ('data-size="large"' in opening(html_of(after))) is ("large" in mode)
    assert ('data-contrast="more"' in opening(html_of(after))) is ("contrast" in mode)
    back = client.get(ways(html_of(after))["返回标准版"], follow=True)
    assert html_of(back) == html_of(before)
    assert client.cookies[COOKIE].value == ""


@pytest.mark.parametrize("page", [*PAGES, SHEET, PLAN_SHEET])
def test_the_choice_leads_back_to_the_very_same_address(client: Client, cast: Cast, page: str) -> None:
    for address in ways(html_of(client.get(page))).values():
        response = client.get(address)
        assert response.status_code == HTTPStatus.FOUND
        again = client.get(response["Location"]).wsgi_request
        assert again.get_full_path() == client.get(page).wsgi_request.get_full_path()
        assert response["Cache-Control"].count("no-store") == 1


@pytest.mark.parametrize("page", [*PAGES, SHEET])
def test_the_choice_is_among_the_first_three_things_the_keyboard_reaches(
    client: Client, cast: Cast, page: str
) -> None:
    for mode in MODES:
        client.cookies[COOKIE] = mode
        html = html_of(client.get(page))
        body = html[html.index("<body") :]
        first = re.findall(r"<(?:a href|a class|button|input|select|summary)[^>]*>([^<]*)", body)[:3]
        assert any(words in {"大字版", "返回标准版"} for words in first)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("mode", MODES)
def test_no_mode_hides_or_adds_a_word(client: Client, cast: Cast, page: str, mode: str) -> None:
    def words() -> str:
        return re.sub(r"大字版|高对比|返回标准版|关闭高对比|关闭大字", "", text_of(client.get(page))).replace(
            " ", ""
        )

    standard = words()
    client.cookies[COOKIE] = mode
    assert words() == standard


@pytest.mark.parametrize("page", [SHEET, PLAN_SHEET])
def test_of_the_modes_a_sheet_knows_the_size_alone(client: Client, cast: Cast, page: str) -> None:
    client.cookies[COOKIE] = "contrast"
    assert opening(html_of(client.get(page))) == '<html lang="zh-CN">'
    client.cookies[COOKIE] = "large-contrast"
    assert opening(html_of(client.get(page))) == '<html lang="zh-CN" data-size="large">'


def test_the_cookie_says_no_more_than_the_mode(client: Client, cast: Cast) -> None:
    client.get("/display/?mode=large&next=/")
    cookie: Any = client.cookies[COOKIE]
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == ("large", 365 * 24 * 3600, "Lax")
    assert cookie["httponly"]
    assert not cookie["secure"]
    with override_settings(SESSION_COOKIE_SECURE=True):
        client.get("/display/?mode=large&next=/")
    assert client.cookies[COOKIE]["secure"]


@pytest.mark.parametrize(
    "back",
    [
        "https://example.com/",
        "//example.com/",
        "/\\example.com",
        "javascript:alert(1)",
        "guides/",
        "http:///x",
    ],
)
def test_the_way_back_leads_to_no_other_site(client: Client, cast: Cast, back: str) -> None:
    response = client.get("/display/", {"mode": "large", "next": back})
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "只能回到本站的页面" in text_of(response)
    assert COOKIE not in client.cookies


@pytest.mark.parametrize("mode", ["", "huge", "contrast-large", "<script>"])
def test_a_mode_that_does_not_exist_is_said_with_those_that_do(client: Client, cast: Cast, mode: str) -> None:
    response = client.get("/display/", {"mode": mode, "next": GUIDE})
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert "这种显示方式" in text_of(response)
    assert f'href="/display/?mode=large-contrast&amp;next={GUIDE.replace("/", "%2F")}"' in html_of(response)
    assert COOKIE not in client.cookies


def test_without_a_way_back_the_choice_leads_home(client: Client, cast: Cast) -> None:
    assert client.get("/display/?mode=large")["Location"] == "/"
    assert client.post("/display/?mode=large").status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_cookie_nobody_can_read_counts_as_none(client: Client, cast: Cast) -> None:
    client.cookies[COOKIE] = '"><script>'
    assert opening(html_of(client.get("/"))) == '<html lang="zh-CN">'


@pytest.mark.parametrize("page", [*PAGES, SHEET])
def test_a_page_sets_no_cookie_and_tells_caches_what_it_depends_on(
    client: Client, cast: Cast, page: str
) -> None:
    response = client.get(page)
    assert not response.cookies
    assert response["Vary"] == "Cookie"
    assert "Vary" not in client.get("/data/guides.json")


def test_our_own_failure_is_shown_in_the_mode_too() -> None:
    request = RequestFactory(headers={"cookie": "display=large"}).get(GUIDE)
    response = server_error(request)
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert 'data-size="large"' in opening(html_of(response))
    assert "返回标准版" in ways(html_of(response))
    assert opening(render_to_string("500.html")) == '<html lang="zh-CN">'


def test_the_style_page_is_for_development_only(client: Client, cast: Cast) -> None:
    assert client.get("/style/").status_code == HTTPStatus.NOT_FOUND
    with override_settings(DEBUG=True):
        assert client.get("/style/").status_code == HTTPStatus.OK
