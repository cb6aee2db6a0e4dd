"""From the first page to a printed sheet and back with Tab and Enter alone; the focus always in sight."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.cast import assemble

MOST_STOPS = 150
# The element with the focus: whether its outline shows, and whether anything lies over it (WCAG 2.4.7, 2.4.11).
FOCUS = """
() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const boxes = [...element.getClientRects()];
  const box = boxes[0];
  const points = [[box.left + box.width / 2, box.top + box.height / 2], [box.left + 2, box.top + 2], [box.right - 2, box.bottom - 2]];
  const seen = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.contains(element) || element.closest("label")?.contains(top));
  });
  return {
    name: element.textContent.trim().replace(/\\s+/g, " "),
    outline: Math.max(...[style, getComputedStyle(element, "::before")].map((one) => one.outlineStyle === "none" ? 0 : parseFloat(one.outlineWidth))),
    inWindow: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    seen,
  };
}
"""


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> None:
    assemble()


def tab_to(page: Page, name: str, outline: int) -> None:
    """Press Tab until the link or button of this name has the focus, looking at every stop on the way."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["outline"] >= outline, focus
        assert focus["inWindow"], focus
        assert focus["seen"], focus
        if re.search(name, focus["name"]):
            return
    raise AssertionError(f"{name} is never reached")


def follow(page: Page) -> None:
    """Press Enter on a link and wait for the page it leads to, with its stylesheet."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("mode", "outline"), [("standard", 2), ("large", 4), ("contrast", 4)])
@pytest.mark.parametrize("page", ["desktop", "phone-without-javascript"], indirect=True)
def test_the_keyboard_leads_from_the_first_page_to_a_sheet_and_back(
    page: Page, mode: str, outline: int
) -> None:
    page.goto("/")
    if mode != "standard":
        tab_to(page, {"large": "大字版", "contrast": "高对比"}[mode], 2)
        follow(page)
        expect(page.locator("html")).to_have_attribute(
            {"large": "data-size", "contrast": "data-contrast"}[mode], re.compile("large|more")
        )
    tab_to(page, "^达州市宣汉县$", outline)
    follow(page)
    expect(page).to_have_url(re.compile("county=xuanhan"))
    tab_to(page, "^住院费用报销$", outline)
    follow(page)
    expect(page).to_have_url(re.compile(r"/zhuyuan-baoxiao/xuanhan/$"))
    tab_to(page, "打印版", outline)
    follow(page)
    expect(page).to_have_url(re.compile("/print/"))
    tab_to(page, "返回办事指南", 4 if mode == "large" else 2)  # of the modes a sheet knows the size alone
    follow(page)
    expect(page).to_have_url(re.compile(r"/zhuyuan-baoxiao/xuanhan/(\?|$)"))
    if mode != "standard":
        tab_to(page, "返回标准版", outline)
        follow(page)
        expect(page.locator("html")).not_to_have_attribute("data-size", "large")
        expect(page).to_have_url(re.compile(r"/zhuyuan-baoxiao/xuanhan/(\?|$)"))
        assert page.context.cookies() == []
