"""What holds for every public page of the real handbooks."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from guides.models import Guide, LifeEvent, Matter
from offices.models import City, County
from tests.cast import text_of
from tests.test_query_counts import MOST, PAGES, queries

HEAVIEST_GUIDE = 40 * 1024
"""Bytes of HTML, CSS and JavaScript of a guide page, each compressed."""

TWO_MATTERS = "matters=zhigong-canbao&matters=zhuyuan-baoxiao"


pytestmark = pytest.mark.usefixtures("handbooks")


def addresses() -> Iterator[str]:
    """One address of each kind for every city and matter, and every county of some guides."""
    yield from (
        "/",
        "/guides/",
        "/guides/?page=2",
        "/guides/?city=dazhou&county=xuanhan",
        "/offices/",
        "/sitemap/",
    )
    yield from ("/materials/", "/materials/?q=出院", "/materials/?city=dazhou", "/materials/?paper=出院记录")
    yield from (
        "/offices/?q=宣汉",
        "/compare/suining/dazhou/",
        "/matters/zhuyuan-baoxiao/?city=suining&city=dazhou",
    )
    yield from ("/plan/dazhou/xuanhan/", "/plan/suining/shehong/")
    for page in ("/plan/dazhou/xuanhan/", "/plan/suining/shehong/"):
        yield from (f"{page}?{TWO_MATTERS}", f"{page}print/?{TWO_MATTERS}")
    for event in LifeEvent.objects.all():
        page = event.get_absolute_url()
        yield from (page, f"{page}?city=suining", f"{page}?city=dazhou&county=xuanhan")
    for given in ("", "a=changzhu&", "a=changzhu-zhigong&", "a=changzhu-jumin&", "a=zhuanzhen&", "a=linshi&"):
        yield from (f"/paths/yidi/?{given}", f"/paths/yidi/?{given}city=dazhou&county=xuanhan")
    yield from (city.get_absolute_url() for city in City.objects.all())
    for county in County.objects.select_related("city"):
        yield from (county.get_absolute_url(), f"{county.get_absolute_url()}counter/")
    yield from (matter.get_absolute_url() for matter in Matter.objects.all())
    for guide in Guide.objects.select_related("city", "matter"):
        page = guide.get_absolute_url()
        yield from (page, f"{page}source/", f"{page}deadline/", f"{page}deadline/?accepted=2026-02-10")
        yield f"{page}notice/"
        if guide.matter.slug in {"zhuyuan-baoxiao", "zhigong-canbao", "dianzi-pingzheng"}:
            yield from (f"{page}print/", f"{page}shibenji/print/")
            yield from (f"{page}{county.slug}/" for county in guide.city.counties.all())


def test_every_page_answers_with_one_heading_its_own_title_and_no_gaps(client: Client) -> None:
    titles: Counter[str] = Counter()
    for address in addresses():
        response = client.get(address)
        html = response.content.decode()
        assert response.status_code == 200, address
        assert len(re.findall(r"<h1\b", html)) == 1, address
        assert len(re.findall(r"<main\b", html)) == 1, address
        assert '<html lang="zh-CN">' in html, address
        assert not re.search(r"\bNone\b|\{\{|\{%", text_of(response)), address
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), address
        titles.update(re.findall(r"<title>([^<]+)</title>", html))
    assert [title for title, times in titles.items() if times > 1] == []


def test_a_guide_page_weighs_little(client: Client) -> None:
    for guide in Guide.objects.select_related("city", "matter"):
        html = client.get(guide.get_absolute_url()).content
        files = re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js))"', html)
        parts = [html, *(Path(settings.BASE_DIR, "static", name.decode()).read_bytes() for name in files)]
        assert sum(len(gzip.compress(part)) for part in parts) <= HEAVIEST_GUIDE
        assert len(files) <= 11  # small modules, one a behaviour: none is waited for before the page shows


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_real_handbooks_keeps_to_the_most_queries(client: Client, path: str) -> None:
    assert 0 < queries(client, path) <= MOST
