"""The site map, robots.txt, and the mark and name of the site for browsers and phones."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from guides.models import Guide, LifeEvent, Matter
from offices.models import City, County
from tests.cast import Cast, assemble, content_of, html_of, text_of

SITE = "https://yibao.example.gov.cn"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def listed(client: Client, path: str) -> list[str]:
    """The addresses in one list, asked under another host than the site's."""
    response = client.get(path, headers={"host": "localhost"})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    return re.findall(r"<loc>([^<]+)</loc>", content_of(response))


@override_settings(SITE_URL=SITE)
def test_every_public_page_is_listed_once_under_the_sites_own_address(client: Client, cast: Cast) -> None:
    lists = listed(client, "/sitemap.xml")
    assert lists == [
        f"{SITE}/sitemap-general.xml",
        f"{SITE}/sitemaps/suining.xml",
        f"{SITE}/sitemaps/dazhou.xml",
    ]
    pages = [page for one in lists for page in listed(client, one.removeprefix(SITE))]
    assert [page for page, times in Counter(pages).items() if times > 1] == []
    assert all(page.startswith(f"{SITE}/") for page in pages)
    for page in pages:
        response = client.get(page.removeprefix(SITE))
        assert response.status_code == 200, page
        assert f'<link rel="canonical" href="{page}">' in content_of(response), page
    expected = {"/", "/guides/", "/materials/", "/offices/", "/sitemap/", "/paths/yidi/"}
    for one in (*City.objects.all(), *County.objects.all(), *Matter.objects.all(), *LifeEvent.objects.all()):
        expected.add(one.get_absolute_url())
    for guide in Guide.objects.all():
        expected.add(guide.get_absolute_url())
        expected |= {f"{guide.get_absolute_url()}{county.slug}/" for county in guide.city.counties.all()}
    paths = {page.removeprefix(SITE) for page in pages}
    assert expected <= paths
    assert {path for path in paths - expected if not path.startswith("/plan/")} == set()


def test_what_is_not_published_is_not_listed(client: Client, cast: Cast) -> None:
    cast.inpatient.status = "withdrawn"
    cast.inpatient.save()
    assert not [page for page in listed(client, "/sitemaps/dazhou.xml") if "zhuyuan-baoxiao" in page]
    cast.inpatient_in_suining.status = "withdrawn"
    cast.inpatient_in_suining.save()
    assert not [page for page in listed(client, "/sitemap-general.xml") if "zhuyuan-baoxiao" in page]


def test_a_city_that_does_not_exist_has_no_list(client: Client, cast: Cast) -> None:
    assert client.get("/sitemaps/chengdu.xml").status_code == 404


def test_a_host_that_is_not_ours_gets_the_page_for_bad_requests(client: Client, db: None) -> None:
    response = client.get("/sitemap.xml", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in content_of(response)
    assert "这个请求无法识别" in text_of(response)


@pytest.mark.parametrize(
    "path", ["/sitemap.xml", "/sitemap-general.xml", "/sitemaps/dazhou.xml", "/sitemap/"]
)
def test_a_list_says_the_same_twice_and_costs_few_queries_however_long(
    client: Client, cast: Cast, path: str
) -> None:
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            first = content_of(client.get(path))
        costs.append(len(captured))
        assert content_of(client.get(path)) == first
        for number in range(5):
            name = f"{len(costs)}-{number}"
            County.objects.create(city=cast.dazhou, slug=f"x{name}", name=f"新县{name}", kind="county")
            matter = Matter.objects.create(
                slug=f"m{name}", name=f"新事{name}", category=cast.inpatient.matter.category
            )
            Guide.objects.create(city=cast.dazhou, matter=matter, name=matter.name)
    assert costs[0] == costs[1] <= 10


@pytest.mark.django_db
def test_robots_are_shown_the_way_to_the_map(client: Client) -> None:
    with override_settings(SITE_URL=SITE):
        lines = content_of(client.get("/robots.txt", headers={"host": "localhost"})).splitlines()
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert "Disallow: /admin/" in lines


def test_the_page_names_every_section_matter_and_place(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/sitemap/"))
    for address in (
        "/guides/",
        "/materials/",
        "/offices/",
        "/paths/yidi/",
        "/life-events/shengbing-zhuyuan/",
    ):
        assert f'href="{address}"' in html
    for one in (*Matter.objects.all(), *City.objects.all(), *County.objects.select_related("city")):
        assert f'href="{one.get_absolute_url()}"' in html
    body = html[html.index("<main") : html.index("</main>")]
    for address in re.findall(r'href="([^"]+)"', body):
        assert client.get(address).status_code == 200, address


def test_the_page_keeps_the_visitors_place(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/sitemap/?city=dazhou&county=xuanhan"))
    for address in (
        "/guides/?city=dazhou&amp;county=xuanhan",
        "/offices/dazhou/xuanhan/",
        "/plan/dazhou/xuanhan/",
    ):
        assert f'href="{address}"' in html


def test_with_many_cities_the_page_stays_short_and_folded_by_province(client: Client, cast: Cast) -> None:
    for number in range(338):
        city = City.objects.create(
            slug=f"c{number}",
            name=f"新{number}市",
            province=f"省{number % 30}",
            area_code="0800",
            position=10,
        )
        County.objects.create(city=city, slug="only", name="独县", kind="county")
    html = html_of(client.get("/sitemap/"))
    assert html.count('<details class="more">') == 31
    assert "独县" not in html
    assert 'href="/offices/c337/"' in html
    assert len(listed(client, "/sitemap.xml")) == 341
    headings = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert all(below - above <= 1 for above, below in pairwise(headings))


@pytest.mark.django_db
def test_a_phone_learns_name_and_icons(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    manifest = json.loads(content_of(response))
    assert manifest["name"] == "医保办事指南"
    assert manifest["lang"] == "zh-CN"
    assert manifest["start_url"] == "/"
    for icon in manifest["icons"]:
        found = finders.find(icon["src"].removeprefix("/static/"))
        assert found
        if icon["type"] == "image/png":
            with open(found, "rb") as file:  # noqa: PTH123
                start = file.read(24)
            assert start.startswith(PNG)
            width, height = int.from_bytes(start[16:20]), int.from_bytes(start[20:24])
            assert icon["sizes"] == f"{width}x{height}"
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}


@pytest.mark.django_db
def test_the_registered_name_goes_to_the_phone(client: Client) -> None:
    with override_settings(SITE_NAME="示例市医保局"):
        assert json.loads(content_of(client.get("/manifest.webmanifest")))["name"] == "示例市医保局"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "start"), [("/favicon.ico", b"\x00\x00\x01\x00"), ("/apple-touch-icon.png", PNG)]
)
def test_browsers_that_ask_for_an_icon_at_the_root_get_one(client: Client, path: str, start: bytes) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/static/img{path}"
    assert (settings.BASE_DIR / "static" / "img" / path[1:]).read_bytes().startswith(start)


def test_every_page_names_the_icons(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/"))
    for link in ('rel="icon"', 'rel="apple-touch-icon"', 'rel="manifest" href="/manifest.webmanifest"'):
        assert link in html
