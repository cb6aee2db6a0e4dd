"""Every kind of page, in every display mode and width, measured: letters, lines, contrast, targets, nothing lost.

The rules are numbers. ``measure.js`` reads them off every visible text and control, as the browser shows them.
``make test`` looks at every page and at every mode; ``make drill`` at every page in every mode and width, with and
without JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.books import load_real_books
from tests.browser.axe import accessibility_problems
from tests.browser.conftest import watch
from tests.browser.test_small_screens import ANSWERS, OPEN_ALL, PAGES

MEASURE = Path(__file__).with_name("measure.js").read_text("utf-8")
STANDARD: dict[str, float] = {
    "body": 17, "smallest": 14, "leading": 1.6, "heading": 17, "headingLeading": 1.3, "measure": 40,
    "contrast": 4.5, "bodyContrast": 4.5, "border": 3, "target": 44, "mainTarget": 44, "gap": 0,
}  # fmt: skip
LARGE: dict[str, float] = {
    "body": 24, "smallest": 20, "leading": 1.8, "heading": 30, "headingLeading": 1.8, "measure": 24,
    "contrast": 7, "bodyContrast": 7, "border": 4.5, "target": 48, "mainTarget": 60, "gap": 8,
}  # fmt: skip
CONTRAST: dict[str, float] = {"contrast": 7, "bodyContrast": 12, "border": 7, "contrastLinks": 1}
RULES = {
    "standard": STANDARD,
    "large": LARGE,
    "contrast": STANDARD | CONTRAST,
    "large-contrast": LARGE | CONTRAST,
    "dark": STANDARD,
    "dark large": LARGE,
    "dark large-contrast": LARGE | CONTRAST,
}
ON_PAPER = {"contrast": STANDARD, "large-contrast": LARGE, "dark large-contrast": LARGE}
"""A sheet is black on white in every mode; of the rules only those of the size hold."""

WIDTHS = (320, 768, 1280)
ALL_PAGES = [*PAGES, "/guides/dazhou/zhuyuan-baoxiao/deadline/?accepted=2026-02-10", "/plan/dazhou/xuanhan/"]
KINDS = [
    "/",
    "/guides/?city=dazhou&county=xuanhan",
    "/guides/dazhou/zhigong-canbao/xuanhan/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/",
    "/offices/dazhou/xuanhan/",
    "/plan/dazhou/xuanhan/?matters=zhigong-canbao&matters=zhuyuan-baoxiao",
    "/life-events/sheng-haizi/?city=dazhou&county=xuanhan",
    "/compare/suining/dazhou/",
    "/materials/?paper=出院记录",
    "/offices/dazhou/xuanhan/counter/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/notice/?missing=4b38e3&missing=b2858b&copies=2",
    "/nothing/",
]
# As WCAG 1.4.12 has it; a reader's own style sheet does this.
SPACED = """
    * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-bottom: 2em !important; }
"""

OWN_STYLE = (
    "css => { const own = new CSSStyleSheet(); own.replaceSync(css); document.adoptedStyleSheets = [own]; }"
)
"""As a browser adds a reader's style sheet: the site's policy against inline styles does not concern it."""

Opener = Callable[..., Page]


@pytest.fixture(autouse=True)
def the_real_books(transactional_db: None) -> None:
    load_real_books()


@pytest.fixture
def open_in(browser: Browser, live_server: LiveServer) -> Iterator[Opener]:
    """Opens a page in a mode; afterwards nothing may have gone wrong behind the reader's back."""
    contexts: list[tuple[BrowserContext, str, list[str]]] = []

    def opened(mode: str, **options: Any) -> Page:
        scheme: Any = "dark" if mode.startswith("dark") else "light"
        display = mode.removeprefix("dark").strip() or "standard"
        context = browser.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme=scheme,
            **options,
        )
        if display != "standard":
            context.add_cookies([{"name": "display", "value": display, "url": live_server.url}])
        page = context.new_page()
        contexts.append((context, display, watch(page, urlsplit(live_server.url).netloc)))
        return page

    yield opened
    for context, display, problems in contexts:
        cookies = [(cookie.get("name"), cookie.get("value")) for cookie in context.cookies()]
        context.close()
        assert problems == []
        assert cookies == ([] if display == "standard" else [("display", display)])


def breaches(page: Page, mode: str) -> list[str]:
    """What breaks the rules of the mode, with everything unfolded."""
    page.evaluate(OPEN_ALL)
    rules = ON_PAPER.get(mode, RULES[mode]) if "/print/" in page.url else RULES[mode]
    found: list[str] = page.evaluate(f"({MEASURE})", rules)
    return found


@pytest.mark.parametrize("mode", RULES)
def test_every_text_and_control_keeps_the_numbers_of_the_mode(open_in: Opener, mode: str) -> None:
    """The kinds of page at every width; in the modes that change the layout the other pages too, at one width in turn."""
    page = open_in(mode)
    found = {}
    for number, address in enumerate(ALL_PAGES if mode in {"standard", "large"} else KINDS):
        page.goto(address)
        for width in WIDTHS if address in KINDS else [WIDTHS[number % 3]]:
            page.set_viewport_size({"width": width, "height": 800})
            if problems := breaches(page, mode):
                found[address, width] = problems
    assert found == {}


@pytest.mark.parametrize("mode", ["standard", "large-contrast"])
def test_the_numbers_hold_without_javascript(open_in: Opener, mode: str) -> None:
    page = open_in(mode, java_script_enabled=False, viewport={"width": 320, "height": 640})
    found = {}
    for address in KINDS:
        page.goto(address)
        if problems := breaches(page, mode):
            found[address] = problems
    assert found == {}


@pytest.mark.parametrize(
    ("mode", "script"),
    [
        ("large", True),
        ("large-contrast", True),
        ("dark", True),
        ("large-contrast", False),
    ],
)
def test_axe_finds_nothing_in_any_mode(open_in: Opener, mode: str, *, script: bool) -> None:
    page = open_in(mode)
    if not script:
        without_its_scripts(page)
    for number, address in enumerate(KINDS if script else KINDS[:4]):
        page.set_viewport_size({"width": WIDTHS[number % 3], "height": 800})
        page.goto(address)
        page.evaluate(OPEN_ALL)
        assert accessibility_problems(page) == [], address


def without_its_scripts(page: Page) -> None:
    """Keep the page's own scripts away; axe itself needs JavaScript."""
    page.route("**/*.js", lambda route: route.abort())


@pytest.mark.drill
@pytest.mark.parametrize("script", [True, False], ids=["with-javascript", "without-javascript"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("mode", RULES)
def test_every_page_in_every_mode_and_width(open_in: Opener, mode: str, width: int, *, script: bool) -> None:
    """The numbers, nothing lost or cut off, and axe. The fixture adds: no error, no other host, no cookie of ours."""
    size: dict[str, Any] = {"viewport": {"width": width, "height": 800}}
    page = open_in(mode, java_script_enabled=script, **size)
    checked = page if script else open_in(mode, **size)
    if not script:
        without_its_scripts(checked)
    found = {}
    for address in ALL_PAGES:
        page.goto(address)
        problems = [*page.evaluate(ANSWERS), *breaches(page, mode), *page.evaluate(ANSWERS)]
        if checked is not page:
            checked.goto(address)
            checked.evaluate(OPEN_ALL)
        if problems := [*problems, *accessibility_problems(checked)]:
            found[address] = problems
    assert found == {}


@pytest.mark.drill
@pytest.mark.parametrize("mode", ["standard", "contrast", "large-contrast"])
def test_nothing_is_lost_on_any_page_when_letters_are_spread(open_in: Opener, mode: str) -> None:
    page = open_in(mode, viewport={"width": 320, "height": 256})
    assert lost_when_spread(page, ALL_PAGES) == {}


def lost_when_spread(page: Page, addresses: list[str]) -> dict[str, Any]:
    """What is off the screen, cut off or covered on these pages, with everything unfolded."""
    found = {}
    for address in addresses:
        page.goto(address)
        page.evaluate(OWN_STYLE, SPACED)
        page.evaluate(OPEN_ALL)
        if problems := page.evaluate(ANSWERS):
            found[address] = problems
    return found


@pytest.mark.parametrize("mode", ["standard", "large"])
def test_nothing_is_lost_when_a_reader_spreads_the_letters(open_in: Opener, mode: str) -> None:
    page = open_in(mode, viewport={"width": 320, "height": 256})  # a window of 1280 by 1024, at 400 %
    assert lost_when_spread(page, ALL_PAGES if mode == "large" else KINDS) == {}


def test_paper_is_black_on_white_in_every_mode(open_in: Opener) -> None:
    for mode in ("standard", "large-contrast", "dark large"):
        page = open_in(mode)
        page.emulate_media(media="print")
        for address in (
            "/guides/dazhou/zhuyuan-baoxiao/xuanhan/",
            "/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/",
        ):
            page.goto(address)
            colours = page.evaluate(
                "() => ['color', 'backgroundColor'].map(part => getComputedStyle(document.querySelector('main p'))[part])"
            )
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert colours[0] == "rgb(0, 0, 0)", (mode, address)
            assert ground in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}, (mode, address)
            assert page.locator(".display").is_hidden()


def test_a_page_shows_its_mode_from_the_first_moment(open_in: Opener) -> None:
    """No flash: the mode is in the HTML that arrives, and no script ever changes it."""
    page = open_in("large-contrast", java_script_enabled=False)
    for address in KINDS:
        page.goto(address)
        assert page.locator("html").get_attribute("data-size") == "large"
        size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)")
        assert size >= LARGE["body"], address
