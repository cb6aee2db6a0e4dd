"""The poster of a county: one A3 page, every code scans and leads to its page."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.test import Client, override_settings
from PIL import Image
from pypdf import PdfReader

from guides.models import Guide
from guides.sheets import poster as posters
from guides.sheets.poster import poster_paper
from guides.sheets.typesetting import typeset
from offices.models import County
from tests.sheets.papers import ACCESSIBLE, accessible, fonts_of, run, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handbooks")]
SITE = "https://yibao.example.gov.cn"
DPI = 150
TWO_DOTS = 2 * 25.4 / DPI
"""What a code may lose where its edges are found: millimetres."""


def guides_of(county: County) -> list[Guide]:
    rows = Guide.objects.published().in_county(county).select_related("city", "matter__category")
    return list(rows.in_reading_order())


def poster_of(city: str, county: str) -> bytes:
    found = County.objects.select_related("city").get(slug=county, city__slug=city)
    with override_settings(SITE_URL=SITE):
        return typeset(poster_paper(found, guides_of(found)))


def codes_on(pdf: bytes, folder: Path) -> dict[str, float]:
    """What each code says, and how wide it is: millimetres."""
    (folder / "poster.pdf").write_bytes(pdf)
    run("pdftoppm", "-r", str(DPI), "-png", "-singlefile", str(folder / "poster.pdf"), str(folder / "poster"))
    found = zxingcpp.read_barcodes(Image.open(folder / "poster.png"))
    return {code.text: width(code.position) for code in found}


def width(corners: Any) -> float:
    return float(corners.top_right.x - corners.top_left.x) / DPI * 25.4


@pytest.mark.parametrize(("city", "county"), [("dazhou", "xuanhan"), ("suining", "shehong")])
def test_every_code_leads_to_the_page_of_its_matter_in_this_county(
    city: str, county: str, tmp_path: Path
) -> None:
    pdf = poster_of(city, county)
    matters = [guide.matter.slug for guide in guides_of(County.objects.get(slug=county, city__slug=city))]
    pages = {f"{SITE}/guides/{city}/{matter}/{county}/" for matter in matters}
    assert len(pages) == 34
    codes = codes_on(pdf, tmp_path)
    assert set(codes) == pages | {f"{SITE}/offices/{city}/{county}/"}
    assert min(codes.values()) > 25 - TWO_DOTS


def test_it_is_one_accessible_a3_page_with_every_name_the_address_and_the_numbers(
    client: Client, tmp_path: Path
) -> None:
    response = client.get("/offices/dazhou/xuanhan/poster.pdf")
    pdf = bytes(response.content)
    (page,) = PdfReader(BytesIO(pdf)).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [297, 420]
    assert accessible(pdf) == ACCESSIBLE
    assert all(font.embedded for font in fonts_of(pdf, tmp_path))
    words = words_of(pdf)
    assert words.startswith("达州市宣汉县医保办事扫码看指南")
    assert "地址宣汉县东乡街道解放中路591号4楼医保窗口" in words
    assert "0818-5872688" in words
    for guide in guides_of(County.objects.get(slug="xuanhan")):
        assert guide.name in words
        assert guide.matter.category.name in words


def test_the_title_can_be_read_from_two_metres(tmp_path: Path) -> None:
    """A character a hundredth as high as the distance is far above what eyes need: 20 mm."""
    (tmp_path / "poster.pdf").write_bytes(poster_of("dazhou", "xuanhan"))
    boxes = run("pdftotext", "-bbox", str(tmp_path / "poster.pdf"), "-")
    found = re.search(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">医保办事', boxes)
    assert found is not None
    assert (float(found[2]) - float(found[1])) / 72 * 25.4 >= 20


def test_a_county_without_a_window_says_so_and_names_the_citys() -> None:
    words = words_of(poster_of("suining", "shehong"))
    assert "手册没有载明射洪市的窗口，请先打电话问清" in words
    assert "医保服务大厅综合窗口" in words


def test_where_matters_are_too_many_each_category_has_one_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(posters, "MOST_CODES", 33)
    codes = codes_on(poster_of("dazhou", "xuanhan"), tmp_path)
    assert f"{SITE}/guides/?city=dazhou&county=xuanhan&category=shengyu" in codes
    assert len(codes) == 12


@pytest.mark.parametrize("number", [1, 7, 34, 60])
def test_few_or_many_codes_stay_on_one_page_and_large_enough(number: int, tmp_path: Path) -> None:
    found = County.objects.select_related("city").get(slug="xuanhan")
    guides = guides_of(found)
    more = [guides[at % 34] for at in range(number)]
    for guide in more:
        guide.name = guide.name[:12]
    with override_settings(SITE_URL=SITE):
        pdf = typeset(poster_paper(found, more))
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert min(codes_on(pdf, tmp_path).values()) > 20 - TWO_DOTS


def test_an_unknown_county_is_said_with_ways_on(client: Client) -> None:
    response = client.get("/offices/dazhou/nowhere/poster.pdf")
    assert response.status_code == 404
    assert "/offices/dazhou/xuanhan/poster.pdf" in response.content.decode()
