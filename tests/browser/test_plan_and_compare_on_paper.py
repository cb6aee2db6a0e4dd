"""What the browser prints itself: the sheets nearest to the edge of a page, trip plans, and the comparisons."""

from __future__ import annotations

import io
from unicodedata import normalize

import pytest
from playwright.sync_api import Page
from pypdf import PageObject, PdfReader

from tests.books import load_real_books

pytestmark = pytest.mark.parametrize("page", ["desktop"], indirect=True)
A4 = (595, 842)


RADICALS = str.maketrans("⻚⻅⻓⻔⻋⻜⻢", "页见长门车飞马")
"""Chromium writes some characters as the radicals that look like them."""


@pytest.fixture(autouse=True)
def real_books(transactional_db: None) -> None:
    load_real_books()


def printed(page: Page, address: str) -> list[PageObject]:
    """The pages the browser prints."""
    page.goto(address)
    return list(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def words(page: PageObject) -> str:
    """What stands on one of them."""
    text = "".join(page.extract_text().split()).translate(RADICALS)
    return "".join(normalize("NFKC", one) if "\u2f00" <= one <= "\u2fdf" else one for one in text)


def size(page: PageObject) -> tuple[int, int]:
    """Its width and height in points."""
    return round(page.mediabox.width), round(page.mediabox.height)


@pytest.mark.parametrize(
    "place",
    [
        "dazhou/zhuyuan-baoxiao/kaijiang",  # its foot alone stood on a second page
        "dazhou/zhigong-canbao/kaijiang",
        "dazhou/menzhen-baoxiao/kaijiang",
        "suining/zhigong-canbao/shehong",
        "suining/zhigong-canbao",
    ],
)
def test_the_longest_sheets_are_one_page_from_the_browser_too(page: Page, place: str) -> None:
    sheets = printed(page, f"/guides/{place}/print/")
    assert len(sheets) == 1
    assert size(sheets[0]) == A4
    assert "通过线上进行评价。" in words(sheets[0])
    page.emulate_media(media="print")
    points = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.sheet-form > section > div')).fontSize) * .75"
    )
    assert round(points, 2) >= 10.5


def test_the_page_obeys_the_options_of_its_address(page: Page) -> None:
    page.emulate_media(media="print")
    page.goto("/guides/dazhou/zhigong-canbao/xuanhan/print/?size=large&steps=no&case=在职职工")
    letters = "parseFloat(getComputedStyle(document.querySelector('.sheet-form li')).fontSize) * .75"
    assert round(page.evaluate(letters), 2) == 16
    assert not page.locator(".print-options").is_visible()
    assert not page.locator(".place-bar").is_visible()
    text = page.locator("main").inner_text()
    assert "未印办理流程" in text
    assert "四川医保APP" not in text


def test_a_case_chosen_on_the_page_goes_along_to_the_pdf(page: Page) -> None:
    page.goto("/guides/dazhou/zhigong-canbao/xuanhan/print/#case=在职职工")
    link = page.get_by_role("link", name="PDF 文件")
    assert str(link.get_attribute("href")).endswith("sheet.pdf?case=%E5%9C%A8%E8%81%8C%E8%81%8C%E5%B7%A5")
    assert not page.get_by_text("四川医保APP").is_visible()
    assert page.get_by_text("四川省政务服务网").is_visible()
    page.get_by_label("全部", exact=True).first.check()
    assert str(link.get_attribute("href")).endswith("sheet.pdf")


def test_a_trip_of_eight_matters_is_one_page_without_links(page: Page) -> None:
    matters = (
        "danwei-canbao",
        "zhigong-canbao",
        "menzhen-baoxiao",
        "zhuyuan-baoxiao",
        "shengyu-jintie",
        "yidi-anzhi",
        "mante-rending",
        "guanxi-zhuanyi",
    )
    asked = "&".join(f"matters={matter}" for matter in matters)
    sheets = printed(page, f"/plan/dazhou/kaijiang/print/?{asked}")
    assert len(sheets) == 1
    assert "号码待核实" in words(sheets[0])
    assert "开江县的窗口和电话" not in words(sheets[0])
    assert "第1页，共1页" in words(sheets[0])


def test_two_cities_are_printed_across_the_page_under_a_head_on_every_sheet(page: Page) -> None:
    sheets = printed(page, "/compare/suining/dazhou/")
    assert {size(sheet) for sheet in sheets} == {(A4[1], A4[0])}
    with_rows = [words(sheet) for sheet in sheets if "怎么办理" in words(sheet) or "多久办好" in words(sheet)]
    assert len(with_rows) >= len(sheets) - 1
    for text in with_rows:
        assert text.count("事项遂宁市达州市") == 1
    # The longest row, 备注 of 职工参保登记, is whole on one sheet.
    assert any("职工参保登记含新增" in text and "授权委托书（下同）。" in text for text in with_rows)


def test_what_differs_is_seen_without_colour(page: Page) -> None:
    page.emulate_media(media="print")
    for address in ("/compare/suining/dazhou/", "/matters/zhuyuan-baoxiao/"):
        page.goto(address)
        mark = page.locator("mark").nth(1)
        look = mark.evaluate(
            "(it) => { const s = getComputedStyle(it); return [s.textDecorationLine, s.fontWeight]; }"
        )
        assert look == ["underline", "700"]


def test_a_matter_in_two_cities_is_one_upright_page(page: Page) -> None:
    sheets = printed(page, "/matters/zhuyuan-baoxiao/")
    assert len(sheets) == 1
    assert size(sheets[0]) == A4
    assert "选择城市" not in words(sheets[0])
    assert "不超过25个工作日" in words(sheets[0])
