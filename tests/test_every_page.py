"""What holds for every public page of the real handbooks."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from guides.models import Guide, Matter
from offices.models import City, County
from tests.cast import text_of
from tests.test_query_counts import MOST, PAGES, queries

HEAVIEST_GUIDE = 40 * 1024
"""Bytes of HTML, CSS and JavaScript of a guide page, each compressed."""


@pytest.fixture(scope="module", autouse=True)
def real_books(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Both handbooks, loaded once for this file: loading takes longer than all the pages."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", "catalogue", "suining", "dazhou", verbosity=0)
        yield
        transaction.set_rollback(True)


def addresses() -> Iterator[str]:
    """One address of each kind for every city and matter, and every county of some guides."""
    yield from ("/", "/guides/", "/guides/?page=2", "/guides/?city=dazhou&county=xuanhan", "/offices/")
    yield from (city.get_absolute_url() for city in City.objects.all())
    yield from (county.get_absolute_url() for county in County.objects.select_related("city"))
    yield from (matter.get_absolute_url() for matter in Matter.objects.all())
    for guide in Guide.objects.select_related("city", "matter"):
        page = guide.get_absolute_url()
        yield from (page, f"{page}source/")
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
        assert len(files) <= 4


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_real_handbooks_keeps_to_the_most_queries(client: Client, path: str) -> None:
    assert 0 < queries(client, path) <= MOST
