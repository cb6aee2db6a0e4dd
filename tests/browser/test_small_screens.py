"""Every page on the smallest phone and in very large print: nothing to scroll sideways, nothing cut off or covered."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.books import load_real_books
from tests.browser.axe import accessibility_problems
from tests.browser.test_journeys import PUBLIC_PAGES

PAGES = [
    *(address.replace("shengbing-zhuyuan", "sheng-haizi") for address in PUBLIC_PAGES),
    "/offices/dazhou/xuanhan/counter/",
    "/offices/suining/shehong/counter/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/notice/?missing=4b38e3&missing=b2858b&copies=2",
    "/guides/suining/zhigong-canbao/shehong/notice/",
    "/guides/dazhou/zhigong-canbao/notice/?missing=000000",
]
A_FEW = [
    "/",
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/",
    "/guides/?city=dazhou&county=xuanhan",
    "/offices/dazhou/",
]
OPEN_ALL = "for (const box of document.querySelectorAll('details')) box.open = true"
ANSWERS = """
() => {
  const screen = document.scrollingElement;
  const hidden = ".hidden, .skip, thead, option, datalist";
  const problems = [];
  if (screen.scrollWidth > innerWidth) problems.push(`${screen.scrollWidth} px wide`);
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest(hidden) || !element.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (!box.width || !box.height) continue;
      const words = `${element.className || element.tagName}: ${node.data.trim().slice(0, 30)}`;
      if (box.left < -1 || box.right > innerWidth + 1) problems.push(`off the screen: ${words}`);
      // Half a line may reach into the next one where lines are set close; more than that hides something.
      const line = { left: box.left + 2, right: box.right - 2, top: box.top + box.height * 0.3, bottom: box.bottom - box.height * 0.3, words, element };
      texts.push(line);
    }
    for (let around = element; around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.overflowX === "visible" || style.display.startsWith("inline")) continue;
      if (around.scrollWidth > around.clientWidth + 1) problems.push(`cut off: ${node.data.trim().slice(0, 30)}`);
    }
  }
  texts.sort((one, other) => one.top - other.top);
  texts.forEach((one, index) => {
    for (let next = index + 1; next < texts.length && texts[next].top < one.bottom; next += 1) {
      const other = texts[next];
      if (one.left < other.right && other.left < one.right) problems.push(`covered: ${one.words} / ${other.words}`);
    }
  });
  return problems;
}
"""


@pytest.fixture(autouse=True)
def the_real_books(transactional_db: None) -> None:
    load_real_books()


def problems(page: Page) -> Any:
    """What is off the screen, cut off or covered, first as the page opens and then with everything unfolded."""
    found = page.evaluate(ANSWERS)
    page.evaluate(OPEN_ALL)
    return found + page.evaluate(ANSWERS)


def large_print(page: Page) -> None:
    page.evaluate("document.documentElement.style.fontSize = '200%'")


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_every_page_fits_the_smallest_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for address in PAGES:
        page.goto(address)
        assert problems(page) == [], address


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_every_page_can_be_read_in_print_twice_as_large(page: Page) -> None:
    for address in PAGES:
        page.goto(address)
        large_print(page)
        assert problems(page) == [], address


@pytest.mark.parametrize("page", ["phone-without-javascript"], indirect=True)
def test_no_page_needs_javascript_to_fit(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for address in A_FEW:
        page.goto(address)
        assert problems(page) == [], address
        large_print(page)
        page.set_viewport_size({"width": 360, "height": 640})
        assert problems(page) == [], address


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_the_opened_choice_of_place_has_no_accessibility_problem(page: Page) -> None:
    for address in (*A_FEW, "/nothing/", "/guides/dazhou/zhuyuan-baoxiao/print/"):
        page.goto(address)
        page.evaluate(OPEN_ALL)
        assert accessibility_problems(page) == [], address
