"""A page costs the same number of queries however much there is to show."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guides.editing import count_if_unknown
from guides.models import Channel, Matter, Note, Step
from offices.models import OpeningHours
from tests.cast import Cast, assemble, counter, county, guide, handled_at

PAGES = [
    "/",
    "/?city=dazhou&county=xuanhan",
    "/guides/",
    "/guides/?q=住院&city=dazhou&county=xuanhan&channel=counter&audience=geren&category=baoxiao",
    "/guides/?city=nowhere",
    "/guides/dazhou/zhuyuan-baoxiao/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/",
    "/guides/suining/zhuyuan-baoxiao/shehong/",
    "/guides/dazhou/zhuyuan-baoxiao/print/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/",
    "/guides/dazhou/zhuyuan-baoxiao/text/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/text/",
    "/guides/dazhou/zhuyuan-baoxiao/source/",
    "/guides/dazhou/zhuyuan-baoxiao/deadline/?county=xuanhan&accepted=2026-02-10",
    "/guides/dazhou/zhuyuan-baoxiao/notice/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/notice/?missing=b2858b",
    "/offices/dazhou/xuanhan/counter/",
    "/offices/suining/shehong/counter/",
    "/matters/zhuyuan-baoxiao/",
    "/life-events/shengbing-zhuyuan/",
    "/life-events/shengbing-zhuyuan/?city=dazhou&county=xuanhan",
    "/paths/yidi/?a=changzhu&city=dazhou&county=xuanhan",
    "/offices/",
    "/offices/dazhou/",
    "/offices/dazhou/xuanhan/",
    "/offices/suining/shehong/",
    "/offices/?q=医保",
    "/materials/?q=出院",
    "/materials/?paper=出院记录",
    "/matters/zhuyuan-baoxiao/?city=suining&city=dazhou",
    "/compare/suining/dazhou/",
    "/plan/dazhou/xuanhan/",
    "/plan/dazhou/xuanhan/?matters=zhigong-canbao&matters=zhuyuan-baoxiao",
    "/plan/dazhou/xuanhan/print/?matters=zhigong-canbao&matters=zhuyuan-baoxiao",
    "/sitemap/",
    "/sitemap.xml",
    "/sitemaps/dazhou.xml",
    "/data/guides.json",
    "/data/dazhou.json",
]
MOST = 28
"""No page needs more; the search list with all its facets, a county's guide and a trip plan come nearest."""


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def queries(client: Client, path: str) -> int:
    count_if_unknown()  # the cast is written past the editing room
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def make_more(cast: Cast) -> None:
    """Several times as many counties, offices, sessions, phones, guides and items of a guide."""
    category, handbook = cast.inpatient.matter.category, cast.inpatient.handbook
    assert handbook
    offices = [
        counter(cast.dazhou, county(cast.dazhou, f"c{number}", f"新县{number}"), f"新窗口{number}", "新街1号")
        for number in range(5)
    ]
    own = cast.inpatient.guide_offices.get(office__county=cast.xuanhan).office
    OpeningHours.objects.create(office=own, days="saturday", opens="09:00", closes="12:00", position=9)
    for number in range(12):
        matter = Matter.objects.create(
            slug=f"m{number}", name=f"住院{number}", category=category, position=50
        )
        matter.audiences.set(cast.inpatient.matter.audiences.all())
        here, there = guide(cast.dazhou, matter, handbook), guide(cast.suining, matter, handbook)
        Channel.objects.create(guide=here, name="窗口", kind="counter")
        Channel.objects.create(guide=there, name="窗口", kind="counter")
        handled_at(here, own, consult=f"0818-50000{number:02}", complaint="0818-5211625")
    for position, office in enumerate(offices):
        handled_at(
            cast.inpatient, office, consult=f"0818-600000{position}", complaint=f"0818-700000{position}"
        )
        Step.objects.create(guide=cast.inpatient, text="再办一次；", position=50 + position)
        Note.objects.create(guide=cast.inpatient, text="再注意一次。", position=50 + position)


@pytest.mark.parametrize("path", PAGES)
def test_queries_do_not_grow_with_guides_offices_or_phones(client: Client, cast: Cast, path: str) -> None:
    before = queries(client, path)
    make_more(cast)
    assert queries(client, path) == before
    assert 0 < before <= MOST
