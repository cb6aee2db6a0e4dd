"""What a government website states on every page (国办发〔2017〕47号): from the settings, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, override_settings

from offices.publisher import publisher
from tests.cast import Cast, assemble, content_of, html_of, text_of

FILLED_IN = {
    "SITE_NAME": "示例市医疗保障局“办事指南”",
    "SITE_ID_CODE": "5100000001",
    "SITE_SPONSOR": "示例市医疗保障局",
    "SITE_OPERATOR": "示例市医疗保障信息中心",
    "SITE_CONTACT": "0800-1234567",
    "ICP_NUMBER": "蜀ICP备00000000号-1",
    "POLICE_NUMBER": "川公网安备51000000000001号",
    "ERROR_REPORT_URL": "https://zfwzzc.example.gov.cn/exposure/?site_code=5100000001&url=1",
    "SITE_URL": "https://yibao.example.gov.cn",
}
EMPTY = dict.fromkeys(FILLED_IN, "") | {"SITE_URL": "https://yibao.example.gov.cn"}
OF_THE_SITE = {"SiteName", "SiteDomain", "SiteIDCode"}
OF_A_COLUMN = {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"}
OF_AN_ARTICLE = {"ArticleTitle", "ContentSource"}
HERE = "?city=dazhou&county=xuanhan"
TWO = "?matters=zhigong-canbao&matters=zhuyuan-baoxiao"
COLUMNS = [
    "/",
    f"/{HERE}",
    "/guides/",
    f"/guides/{HERE}",
    "/materials/",
    "/materials/?paper=出院记录",
    "/matters/zhuyuan-baoxiao/",
    "/compare/suining/dazhou/",
    "/life-events/shengbing-zhuyuan/",
    "/paths/yidi/",
    "/plan/dazhou/xuanhan/",
    f"/plan/dazhou/xuanhan/{TWO}",
    "/offices/",
    "/offices/?q=医保",
    "/offices/dazhou/",
    "/offices/dazhou/xuanhan/",
    "/sitemap/",
]
ARTICLES = [
    "/guides/dazhou/zhuyuan-baoxiao/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/",
    "/guides/dazhou/zhuyuan-baoxiao/source/",
]
OTHERS = [f"/plan/dazhou/xuanhan/print/{TWO}", "/nothing/"]
GUIDE_ONLY = "本站只提供办事指南，不受理申请"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def registered() -> Iterator[None]:
    with override_settings(**FILLED_IN):
        yield


@pytest.fixture
def unregistered() -> Iterator[None]:
    with override_settings(**EMPTY):
        yield


def metas(html: str) -> dict[str, str]:
    """The meta tags by name; each stands once."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html)
    assert len(found) == len(dict(found))
    return {name: unescape(content) for name, content in found}


def of_the_rules(html: str) -> dict[str, str]:
    return {
        name: content for name, content in metas(html).items() if name in OF_THE_SITE or name[0].isupper()
    }


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        *((page, OF_THE_SITE | OF_A_COLUMN) for page in COLUMNS),
        *((page, OF_THE_SITE | OF_AN_ARTICLE) for page in ARTICLES),
        *((page, OF_THE_SITE) for page in OTHERS),
    ],
)
def test_every_page_carries_the_tags_of_its_kind(
    client: Client, cast: Cast, registered: None, page: str, expected: set[str]
) -> None:
    tags = of_the_rules(content_of(client.get(page)))
    assert set(tags) == expected
    assert all(tags.values())
    assert tags["SiteName"] == FILLED_IN["SITE_NAME"]
    assert tags["SiteDomain"] == "yibao.example.gov.cn"
    assert tags["SiteIDCode"] == "5100000001"


@pytest.mark.parametrize("page", [*COLUMNS, *ARTICLES, *OTHERS])
def test_nothing_is_made_up_where_the_settings_are_empty(
    client: Client, cast: Cast, unregistered: None, page: str
) -> None:
    html = content_of(client.get(page))
    assert of_the_rules(html) == {}
    for words in (
        "publisher",
        "主办单位",
        "承办单位",
        "联系方式",
        "标识码",
        "备案号",
        "beian",
        "我为网站找错",
    ):
        assert words not in html


def test_a_guide_names_its_handbook_and_no_date_it_does_not_have(
    client: Client, cast: Cast, registered: None
) -> None:
    tags = metas(content_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/")))
    assert tags["ArticleTitle"] == "住院费用报销（达州市宣汉县）"
    assert tags["ContentSource"] == "《达州市医疗保障经办政务服务事项办事指南》（2024年版）"
    assert "PubDate" not in tags


def test_a_guide_without_a_handbook_names_no_source(client: Client, cast: Cast, registered: None) -> None:
    cast.inpatient.handbook = cast.inpatient.first_line = cast.inpatient.last_line = None
    cast.inpatient.save()
    assert "ContentSource" not in metas(content_of(client.get("/guides/dazhou/zhuyuan-baoxiao/")))


@pytest.mark.parametrize("page", ["/", "/guides/dazhou/zhuyuan-baoxiao/xuanhan/", "/offices/", "/nothing/"])
def test_the_footer_states_who_runs_the_site(client: Client, cast: Cast, registered: None, page: str) -> None:
    response = client.get(page)
    footer = html_of(response).split('<footer class="footer">')[1]
    assert GUIDE_ONLY in footer
    for name in ("SITE_SPONSOR", "SITE_OPERATOR", "SITE_CONTACT", "SITE_ID_CODE"):
        assert f"<dd> {FILLED_IN[name]} </dd>" in footer
    assert f'href="https://beian.miit.gov.cn/" rel="noreferrer">{FILLED_IN["ICP_NUMBER"]}' in footer
    police = "https://beian.mps.gov.cn/#/query/webSearch?code=51000000000001"
    assert f'href="{police}" rel="noreferrer">{FILLED_IN["POLICE_NUMBER"]}' in footer
    assert "site_code=5100000001&amp;url=1" in footer
    assert 'href="/sitemap/' in footer


@pytest.mark.parametrize("page", [*COLUMNS, *ARTICLES[:2], "/nothing/"])
def test_every_page_says_that_it_is_a_guide(
    client: Client, cast: Cast, unregistered: None, page: str
) -> None:
    assert text_of(client.get(page)).count(GUIDE_ONLY) == 1


@override_settings(**EMPTY | {"SITE_OPERATOR": "示例<b>中心"})
def test_one_entry_stands_alone_and_cannot_become_markup(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/"))
    assert publisher().entries == [("承办单位", "示例<b>中心", "")]
    assert html.count("<dt>") == html.count("<dt>承办单位</dt>") == 1
    assert "示例&lt;b&gt;中心" in html
    assert of_the_rules(html) == {}


@pytest.mark.parametrize("page", ["400", "403", "403_csrf", "500"])
def test_pages_for_failures_state_it_too_and_need_no_database(registered: None, page: str) -> None:
    html = render_to_string(f"{page}.html")
    assert GUIDE_ONLY in html
    assert set(of_the_rules(html)) == OF_THE_SITE
    assert FILLED_IN["SITE_SPONSOR"] in html
    assert html.count("<h1>") == html.count("<main ") == 1


@pytest.mark.parametrize("page", [*COLUMNS, *ARTICLES[:2]])
def test_a_page_that_is_shared_shows_its_title_and_one_address(
    client: Client, cast: Cast, unregistered: None, page: str
) -> None:
    html = content_of(client.get(page, headers={"host": "localhost"}))
    tags = metas(html)
    title = re.search(r"<title>(.*)</title>", html)
    canonical = re.search(r'<link rel="canonical" href="([^"]+)"', html)
    assert title
    assert canonical
    assert tags["og:title"] == unescape(title[1]).strip()
    assert tags["og:description"] == tags["description"]
    assert tags["og:url"] == unescape(canonical[1])
    assert tags["og:url"].startswith("https://yibao.example.gov.cn/")
    assert tags["og:image"] == "https://yibao.example.gov.cn/static/img/share.png"
    assert tags["og:site_name"] == "医保办事指南"
    assert tags["og:locale"] == "zh_CN"
    assert tags["og:type"] == ("article" if page in ARTICLES else "website")


def test_what_is_quoted_in_a_title_cannot_leave_its_attribute(client: Client, cast: Cast) -> None:
    cast.inpatient.name = '"><script>alert(1)</script>&quot;'
    cast.inpatient.save()
    with override_settings(**FILLED_IN):
        html = content_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    assert "<script>alert" not in html
    assert metas(html)["ArticleTitle"] == f"{cast.inpatient.name}（达州市）"
    assert metas(html)["og:title"].startswith(cast.inpatient.name)


def test_the_picture_for_sharing_has_the_size_it_states() -> None:
    picture = (settings.BASE_DIR / "static" / "img" / "share.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (1200, 630)
