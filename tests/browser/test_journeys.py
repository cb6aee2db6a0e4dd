"""The journeys of residents and window staff, walked in a real browser."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from tests.books import load_real_books
from tests.browser.axe import accessibility_problems
from tests.cast import Cast, assemble

PUBLIC_PAGES = [
    "/",
    "/?city=suining&county=shehong",
    "/guides/",
    "/guides/?city=dazhou&county=xuanhan&channel=counter",
    "/guides/?city=chengdu",
    "/guides/?q=护照",
    "/guides/dazhou/zhuyuan-baoxiao/",
    "/guides/dazhou/zhigong-canbao/xuanhan/",
    "/guides/suining/zhuyuan-baoxiao/shehong/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/",
    "/guides/dazhou/zhuyuan-baoxiao/print/",
    "/guides/dazhou/zhuyuan-baoxiao/source/",
    "/guides/dazhou/zhuyuan-baoxiao/source/?county=xuanhan",
    "/guides/dazhou/zhigong-canbao/deadline/?county=xuanhan&accepted=2026-12-16",
    "/guides/dazhou/zhigong-canbao/deadline/?accepted=0",
    "/matters/zhuyuan-baoxiao/",
    "/offices/",
    "/sitemap/",
    "/offices/dazhou/",
    "/offices/suining/shehong/",
    "/offices/?q=宣汉",
    "/offices/?q=没有这里&city=dazhou",
    "/materials/",
    "/materials/?paper=出院记录",
    "/materials/?city=dazhou&county=xuanhan&paper=出院记录",
    "/matters/zhuyuan-baoxiao/?city=suining",
    "/compare/suining/dazhou/",
    "/plan/dazhou/xuanhan/?matters=zhuyuan-baoxiao",
    "/plan/dazhou/xuanhan/?matters=zhigong-canbao&matters=zhuyuan-baoxiao",
    "/plan/dazhou/xuanhan/print/?matters=zhigong-canbao&matters=zhuyuan-baoxiao",
    "/plan/suining/shehong/?matters=dianzi-pingzheng&matters=zhuyuan-baoxiao",
    "/life-events/shengbing-zhuyuan/",
    "/life-events/shengbing-zhuyuan/?city=dazhou&county=xuanhan",
    "/life-events/nothing/",
    "/paths/yidi/",
    "/paths/yidi/?a=changzhu-zhigong&city=dazhou",
    "/nothing/",
]


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> Cast:
    return assemble()


@pytest.fixture
def real_books(cast: Cast) -> None:
    """The real handbooks in place of the cast."""
    call_command("flush", interactive=False, verbosity=0)
    load_real_books()


def sideways_scroll(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def pages_on_paper(page: Page) -> int:
    """How many A4 pages the sheet takes, once its stylesheet is there."""
    page.wait_for_load_state()
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def test_a_resident_finds_what_to_bring_where_to_go_and_whom_to_call(page: Page) -> None:
    page.goto("/")
    page.get_by_label("您要办什么事？").fill("住院")
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_role("heading", name="共 2 项办事指南")).to_be_visible()
    page.get_by_role("combobox", name="城市").select_option("达州市")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("combobox", name="县（市、区）").select_option("宣汉县")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="住院费用报销 达州市宣汉县").click()
    expect(page).to_have_url(re.compile(r"/guides/dazhou/zhuyuan-baoxiao/xuanhan/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("住院费用报销")
    expect(page.locator("#papers [data-paper]")).to_have_count(5)
    own = page.locator(".place-own")
    expect(own).to_contain_text("解放中路591号")
    expect(own.get_by_role("link", name="0818-5872688")).to_have_attribute("href", "tel:+86-818-5872688")


@pytest.mark.parametrize("page", ["phone-without-javascript"], indirect=True)
def test_the_same_way_is_open_without_javascript(page: Page) -> None:
    page.goto("/guides/")
    page.get_by_role("combobox", name="城市").select_option("达州市")
    page.get_by_role("button", name="查找").click()
    page.get_by_text("筛选条件（已选 1 项）").click()
    page.get_by_role("link", name="网站 1 项").click()
    page.get_by_role("link", name="职工参保登记").first.click()
    page.get_by_role("link", name="宣汉县").first.click()
    expect(page.locator(".place-own")).to_contain_text("宣汉县医保窗口")
    page.get_by_role("link", name="打印版（A4）").click()
    expect(page.locator("#print-date")).to_contain_text("年")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_a_clerk_prints_the_sheet_of_the_county(page: Page) -> None:
    page.goto("/guides/?q=住院&city=dazhou&county=dazhu")
    page.get_by_role("link", name="打印版").click()
    expect(page.locator(".sheet-box")).to_contain_text("大竹县医保窗口")
    expect(page.locator("#print-date")).to_have_text(re.compile(r"^20\d\d 年 \d+ 月 \d+ 日$"))
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.printed")
    assert pages_on_paper(page) == 1


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
@pytest.mark.usefixtures("real_books")
def test_the_real_sheets_take_as_few_pages_as_their_text_allows(page: Page) -> None:
    for county in ("xuanhan", "shibenji"):
        page.goto(f"/guides/dazhou/zhuyuan-baoxiao/{county}/print/")
        assert pages_on_paper(page) == 1
    page.goto("/guides/suining/zhuyuan-baoxiao/shehong/print/")
    assert pages_on_paper(page) == 1
    page.goto("/guides/dazhou/zhuyuan-baoxiao/print/")
    assert pages_on_paper(page) == 2


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
@pytest.mark.usefixtures("real_books")
def test_a_trip_of_few_or_many_matters_prints_on_one_sheet(page: Page) -> None:
    page.goto("/offices/dazhou/xuanhan/")
    page.get_by_role("link", name="一趟办几件：合并材料清单").click()
    boxes = page.get_by_role("checkbox")
    for number in range(0, 24, 2):
        boxes.nth(number).check()
    page.get_by_role("button", name="列出合并清单").click()
    page.get_by_role("link", name="打印版（A4）").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("一趟办 12 件")
    assert pages_on_paper(page) == 1
    page.goto(
        "/plan/suining/shehong/print/?matters=zhigong-canbao&matters=yidi-gongzuo&matters=zhuyuan-baoxiao"
    )
    assert pages_on_paper(page) == 1


def test_changing_the_city_forgets_the_county(page: Page) -> None:
    page.goto("/guides/?city=dazhou&county=xuanhan")
    page.get_by_role("combobox", name="城市").select_option("遂宁市")
    page.get_by_role("button", name="查找").click()
    expect(page).to_have_url(re.compile(r"/guides/\?city=suining$"))


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_choosing_with_the_arrow_keys_leaves_the_page_alone(page: Page) -> None:
    page.goto("/guides/")
    page.get_by_role("combobox", name="城市").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile(r"/guides/$"))
    expect(page.get_by_role("combobox", name="城市")).to_have_value("dazhou")


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_suggestions_are_chosen_with_the_keyboard(page: Page, real_books: None) -> None:
    page.goto("/guides/")
    box = page.get_by_role("combobox", name="事项、窗口或材料")
    box.press_sequentially("shengyu jintie")
    expect(page.get_by_role("option", name="生育津贴支付")).to_be_visible()
    box.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("Enter")
    expect(page.get_by_text("按“生育津贴”查找")).to_be_visible()


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_no_page_has_an_accessibility_problem(page: Page) -> None:
    for address in PUBLIC_PAGES:
        page.goto(address)
        assert accessibility_problems(page) == [], address


def test_another_place_is_chosen_on_the_page_itself_and_kept(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="宣汉县").click()
    bar = page.get_by_role("navigation", name="本页说的是哪里")
    expect(bar).to_contain_text("达州市宣汉县")
    page.get_by_label("您要办什么事？").fill("住院")
    page.get_by_role("button", name="搜索").click()
    expect(page).to_have_url(re.compile(r"city=dazhou&county=xuanhan$"))
    page.get_by_role("link", name="住院费用报销 达州市宣汉县").click()
    bar.get_by_text("换一个地方").click()
    bar.get_by_role("link", name="大竹县").click()
    expect(page).to_have_url(re.compile(r"/guides/dazhou/zhuyuan-baoxiao/dazhu/$"))
    page.get_by_role("link", name="一趟办几件：和其他事项一起办").click()
    expect(page.get_by_role("checkbox", name="住院费用报销")).to_be_checked()
    bar.get_by_text("换一个地方").click()
    assert accessibility_problems(page) == []
    bar.get_by_role("link", name="遂宁市").click()
    expect(bar).to_contain_text("遂宁市本级")
    expect(page.get_by_role("checkbox", name="住院费用报销")).to_be_checked()


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_the_keyboard_reaches_the_text_first(page: Page) -> None:
    page.goto("/guides/dazhou/zhuyuan-baoxiao/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_what_a_finger_presses_is_large_enough(page: Page) -> None:
    page.goto("/guides/?city=dazhou")
    page.get_by_text("筛选条件").click()
    for selector in (".button", ".facet a", ".chips a", "input[type=search]", "select", ".site-nav a"):
        for box in (target.bounding_box() for target in page.locator(selector).all()):
            assert box
            assert min(box["height"], box["width"]) >= 44, selector
    page.goto("/guides/dazhou/zhuyuan-baoxiao/xuanhan/")
    for selector in (".tel:visible", ".contents a", ".to-print a", ".place-bar summary"):
        for box in (target.bounding_box() for target in page.locator(selector).all()):
            assert box
            assert box["height"] >= 44, selector
