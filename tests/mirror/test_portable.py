"""The copy to carry along: every link leads to a file beside the page, or to the site."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.conf import settings

from guides.mirror import Wish, making
from guides.mirror.portable import target
from tests.mirror.conftest import Mirror, some_addresses

WISH = Wish(portable=True)

ATTRIBUTE = re.compile(r'\b(href|src|action)="([^"]*)"')
COUNTY = "guides/dazhou/zhuyuan-baoxiao/xuanhan/index.html"


def test_every_link_of_every_page_leads_to_a_file_or_to_the_site(mirror: Mirror) -> None:
    pages = sorted(mirror.current.rglob("*.html"))
    assert len(pages) > 60
    missing, beside = set(), 0
    for page in pages:
        for _, link in ATTRIBUTE.findall(page.read_text("utf-8")):
            address = unescape(link).partition("#")[0]
            if not address or re.match(r"https?:|tel:|data:", address):
                continue
            assert not address.startswith("/"), (page, link)
            file = page.parent / unquote(address)
            beside += 1
            if not file.is_file() and "/static/" not in file.resolve().as_posix():
                missing.add((page, link))
    assert missing == set()
    assert beside > 500


def test_a_page_leads_to_the_files_of_its_own_mode_and_says_what_needs_the_site(mirror: Mirror) -> None:
    page, large = mirror.read(COUNTY), mirror.read(f"_mode/large/{COUNTY}")
    assert 'href="print/index.html"' in page
    assert 'href="print/index.html"' in large
    assert 'href="../../../../_mode/large/guides/dazhou/zhuyuan-baoxiao/xuanhan/index.html"' in page
    assert 'href="../../../../../../guides/dazhou/zhuyuan-baoxiao/xuanhan/index.html"' in large
    assert 'href="sheet.pdf"' in page
    assert 'href="../../../../../../guides/dazhou/zhuyuan-baoxiao/xuanhan/sheet.pdf"' in large
    assert f"这是离线副本。搜索、填日期、勾选材料要联网，会打开 {settings.SITE_URL}" in page
    assert f'action="{settings.SITE_URL}/guides/"' in page
    assert "<script type=" not in page.replace('<script type="application/ld+json"', "")


def test_there_are_no_compressed_twins(mirror: Mirror) -> None:
    assert [name for name in mirror.files() if name.endswith((".br", ".gz"))] == []


def test_a_new_address_makes_every_page_anew_because_others_may_lead_to_it(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_of_them = some_addresses()
    assert mirror.update(wish=WISH).is_new is False
    monkeypatch.setattr(making, "public_addresses", lambda: [a for a in all_of_them if a != "/?city=dazhou"])
    outcome = mirror.update(wish=WISH)
    assert outcome.written == outcome.addresses
    assert f'href="{settings.SITE_URL}/?city=dazhou"' in mirror.read("guides/_q/city=dazhou.html")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/", "../../../index.html"),
        ("/#places", "../../../index.html#places"),
        ("/guides/a/b/text/", "text/index.txt"),
        ("/guides/?city=a", "../../_q/city=a.html"),
        ("/guides/a/b/sheet.pdf?size=large", "sheet.pdf"),
        ("/static/css/base.css", "../../../static/css/base.css"),
        ("/guides/?q=x", "http://127.0.0.1:8000/guides/?q=x"),
    ],
)
def test_a_link_is_written_from_where_its_page_lies(link: str, expected: str) -> None:
    known = {"/", "/guides/a/b/text/", "/guides/?city=a", "/guides/a/b/sheet.pdf"}
    assert target(link, "guides/a/b", "standard", known.__contains__) == expected
