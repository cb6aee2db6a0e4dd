"""What the list and the search promise when there are many cities."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from guides.editing import rebuild_search, spread_problems
from guides.editing.spread import days_of
from guides.filters import GuideFilterSet
from guides.models import Channel, Guide, GuideOffice, Matter, OfficePosting, TimeLimit
from guides.models.guide import UNKNOWN_DAYS
from guides.search.finding import MOST_OFFICE_ROWS, find, office_rows
from guides.views.matter import SIDE_BY_SIDE
from offices.models import City, Office
from tests import books, country
from tests.cast import html_of

SIZE = country.Size(cities=40, matters=40)
PAGES = [
    "/guides/",
    "/guides/?city=dazhou&county=xuanhan&channel=counter",
    "/guides/?channel=counter&limit=review&audience=geren",
    "/guides/?sort=time",
    "/guides/?q=住院费用报销",
    "/guides/?q=报销&literal=1",
    "/guides/?page=3",
    "/search/suggest/?q=宣汉县",
]
QUERIES: dict[str, int] = {}
"""How many queries each page needed with two cities."""


@pytest.fixture(scope="module", autouse=True)
def many_cities(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        books.load_real_books()
        rebuild_search()
        QUERIES.update({path: queries(path) for path in PAGES})
        country.grow(SIZE)
        country.freshen_statistics()
        rebuild_search()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def unblocked(db: None) -> None:
    """Every test may ask the database."""


def queries(path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(path).status_code == 200
    return len(captured)


def filters(query: str) -> GuideFilterSet:
    return GuideFilterSet(QueryDict(query), queryset=Guide.objects.published())


def test_every_city_has_its_own_guides_counties_offices_and_phones() -> None:
    assert Guide.objects.count() == SIZE.guides
    assert City.objects.count() == SIZE.cities
    assert not GuideOffice.objects.exclude(guide__city=F("office__city")).exists()
    assert not Office.objects.exclude(county=None).exclude(city=F("county__city")).exists()
    made_up = Office.objects.filter(city__province="云山省", address__contains="宣汉")
    assert not made_up.exists()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_no_more_queries_with_forty_cities_than_with_two(path: str) -> None:
    assert queries(path) <= QUERIES[path]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "sort=name",
        "sort=time",
        "q=住院费用报销",
        "q=住院费用报销&sort=time",
        "q=报销&literal=1",
        "channel=website&limit=review",
        "city=dazhou&county=xuanhan&sort=name",
        "audience=danwei&category=canbao&sort=time",
    ],
)
def test_the_pages_together_hold_the_list_in_its_order(query: str) -> None:
    asked = filters(query)
    pages = asked.pages(Guide.objects.published().with_summary(), 7, "guides in a list")
    guides = [guide for number in pages.page_range for guide in pages.page(number)]
    assert len({guide.pk for guide in guides}) == len(guides) == pages.count > 7
    assert guides == sorted(guides, key=lambda guide: place(guide, asked))


def place(guide: Guide, asked: GuideFilterSet) -> tuple[Any, ...]:
    """Where a guide stands in the order asked for."""
    city = guide.city.position, guide.city.slug
    matter = guide.matter.position, guide.matter.slug
    if asked.order == "name":
        return guide.name, city, matter
    if asked.order == "time":
        limits = [days_of(limit.kind, limit.days) for limit in guide.time_limits.all()]
        return max(limits, default=UNKNOWN_DAYS), matter, city
    if asked.order == "rank":
        assert asked.found
        return asked.found.matters.index(guide.matter), city
    return matter, city


def test_facets_count_every_guide_of_the_country(client: Client) -> None:
    kinds = Channel.objects.values_list("guide", "kind").distinct().order_by()
    counted = Counter(kind for _, kind in kinds)
    assert filters("").outline.counts("channel") == counted
    limits = Counter(kind for _, kind in TimeLimit.objects.values_list("guide", "kind").distinct().order_by())
    assert filters("").outline.counts("limit") == limits


def test_forty_cities_stand_in_a_list_to_choose_from_not_as_links(client: Client) -> None:
    html = html_of(client.get("/guides/"))
    select = re.search(r'<select id="city".*?</select>', html)
    assert select
    assert select[0].count("<option") == SIZE.cities + 1
    assert 'id="facet-city"' not in html
    assert 'id="facet-channel"' in html


def test_an_unknown_city_is_answered_with_a_dozen_cities(client: Client) -> None:
    response = client.get("/guides/?city=nowhere")
    assert response.status_code == 404
    offered = re.search(r'class="right-ones".*?</p>', html_of(response))
    assert offered
    assert offered[0].count("<a ") == 12


def test_an_office_is_found_among_those_of_all_cities() -> None:
    assert [office.name for office in find("宣汉县医保窗口").offices] == ["宣汉县医保窗口"]


def test_words_that_lead_to_every_office_are_not_all_read() -> None:
    spread = Counter(OfficePosting.objects.values_list("token", flat=True))
    many = {token: size for token, size in spread.items() if size > SIZE.cities}
    assert sum(many.values()) > MOST_OFFICE_ROWS
    assert len(office_rows(many)) < sum(many.values())


def test_what_the_list_counts_is_what_the_guides_say() -> None:
    assert spread_problems() == []


def test_a_matters_page_of_forty_cities_stays_short(client: Client) -> None:
    html = html_of(client.get("/matters/zhuyuan-baoxiao/"))
    assert "云山省（38 个城市）" in html
    assert html.count("city-limit") == SIDE_BY_SIDE
    other = City.objects.last()
    assert other
    assert f'href="/guides/{other.slug}/zhuyuan-baoxiao/"' in html
    assert f'<option value="{other.slug}">' in html
    chosen = html_of(client.get(f"/matters/zhuyuan-baoxiao/?city=dazhou&city={other.slug}"))
    assert '<input type="hidden" name="city" value="dazhou">' in chosen
    assert f'<option value="{other.slug}">' not in chosen


def test_the_data_of_one_city_are_the_data_of_all_that_are_its_own(client: Client) -> None:
    everything = json.loads(client.get("/data/guides.json").getvalue())
    assert len(everything) == SIZE.guides
    own = client.get("/data/dazhou.json").json()
    assert own == [document for document in everything if document["city"] == "dazhou"]


def test_made_up_matters_are_found_by_their_own_names() -> None:
    made_up = Matter.objects.filter(pk__gt=country.MATTER_DISTANCE).first()
    assert made_up
    assert find(made_up.name).matters[0] == made_up
