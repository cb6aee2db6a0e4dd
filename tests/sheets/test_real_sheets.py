"""The sheets of the two real handbooks: how many pages, and the table of a city."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
from pypdf import PdfReader

from guides.models import Guide
from guides.sheets.content import sheet_content
from guides.sheets.options import LARGE, Options
from guides.sheets.typesetting import Paper, typeset
from tests.sheets.papers import text_of
from tests.sheets.test_sheet import tags_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handbooks")]


def set_together(contents: Iterable[dict[str, Any]]) -> bytes:
    """These sheets, set in one go."""
    return typeset(Paper("sheet.typ", {"template": "sheet", "sheets": list(contents)}, "试"))


def pages_of_each(contents: Iterable[dict[str, Any]]) -> Counter[int]:
    """How many of these sheets take one page, two…"""
    feet = re.findall(r"第 ?(\d+) ?页，共 ?(\d+) ?页", text_of(set_together(contents)))
    return Counter(int(total) for number, total in feet if number == "1")


def guides_of(city: str) -> list[Guide]:
    return list(Guide.objects.published().with_details().filter(city__slug=city))


def in_county(guide: Guide, county: str, options: Options = Options()) -> dict[str, Any]:  # noqa: B008
    return sheet_content(guide, guide.city.counties.get(slug=county), options)


@pytest.mark.parametrize(
    ("city", "county"), [("dazhou", "kaijiang"), ("dazhou", "dachuan"), ("suining", "shehong")]
)
def test_every_sheet_of_a_county_is_one_page(city: str, county: str) -> None:
    assert pages_of_each(in_county(guide, county) for guide in guides_of(city)) == {1: 34}


@pytest.mark.parametrize(
    ("city", "county", "options"),
    [("dazhou", "xuanhan", Options()), ("suining", "shehong", Options(size=LARGE))],
)
def test_the_rule_of_thumb_costs_no_page_against_measuring_every_look(
    city: str, county: str, options: Options
) -> None:
    contents = [in_county(guide, county, options) for guide in guides_of(city)]
    unsure = {kind: [-1.0] * 5 for kind in ("whole", "form", "table")}
    assert pages_of_each(contents) == pages_of_each(said | {"spare": unsure} for said in contents)


def test_in_large_print_most_are() -> None:
    large = [in_county(guide, "xuanhan", Options(size=LARGE)) for guide in guides_of("dazhou")]
    assert pages_of_each(large) == {1: 27, 2: 7}


def test_the_table_of_a_city_takes_a_second_page_unless_all_fits_on_one() -> None:
    guides = {guide.matter.slug: guide for guide in guides_of("dazhou")}
    short = [sheet_content(guides[slug], None) for slug in ("dianzi-pingzheng", "danwei-chaxun")]
    long = [
        sheet_content(guides[slug], None) for slug in ("danwei-canbao", "zhigong-canbao", "zhuyuan-baoxiao")
    ]
    assert pages_of_each(short) == {1: 2}
    assert pages_of_each(long) == {2: 3}


def test_a_table_never_splits_a_row_and_repeats_its_head() -> None:
    guide = next(guide for guide in guides_of("dazhou") if guide.matter.slug == "zhuyuan-baoxiao")
    said = sheet_content(guide, None)
    said["table"]["places"] = [
        place
        | {"county": f"第{copy}甲{at}", "address": f"起{copy}-{at}" + "很长的地址" * 14 + f"止{copy}-{at}"}
        for copy in range(5)
        for at, place in enumerate(said["table"]["places"])
    ]
    pages = ["".join(page.split()) for page in text_of(set_together([said])).split("\f")[:-1]]
    assert len(pages) > 3
    for page in pages[1:]:
        assert page.count("县（市、区）地址办理时间咨询电话投诉电话") == 1
        assert re.findall(r"起(\d-\d)", page) == re.findall(r"止(\d-\d)", page)


def test_the_table_of_a_city_has_real_headers() -> None:
    guide = next(guide for guide in guides_of("dazhou") if guide.matter.slug == "zhuyuan-baoxiao")
    root: Any = PdfReader(io.BytesIO(set_together([sheet_content(guide, None)]))).trailer["/Root"]
    tags = Counter(tags_of(root["/StructTreeRoot"]))
    assert tags["/Table"] == tags["/THead"] == 1
    assert tags["/TH"] == 5
    assert tags["/TR"] == 10
