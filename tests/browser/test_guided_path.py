"""The guided path in a real browser: by keyboard, without JavaScript, and back again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import accessibility_problems
from tests.browser.test_journeys import sideways_scroll
from tests.cast import assemble
from tests.test_guided_path import add_the_five_kinds

ENDS = (
    "/paths/yidi/?a=linshi",
    "/paths/yidi/?a=changzhu-zhigong-tuixiu&city=dazhou",
    "/paths/yidi/?a=changzhu-jumin&city=dazhou&county=xuanhan",
    "/life-events/qu-waidi/",
    "/guides/dazhou/yidi-anzhi/xuanhan/",
)


@pytest.fixture(autouse=True)
def the_five_kinds(transactional_db: None) -> None:
    add_the_five_kinds(assemble())


@pytest.mark.parametrize("page", ["phone-without-javascript", "desktop"], indirect=True)
def test_a_few_answers_lead_to_the_guide_of_the_county_and_back(page: Page) -> None:
    page.goto("/guides/dazhou/linshi-waichu/xuanhan/")
    page.get_by_role("link", name="不确定是不是这一种？").click()
    page.get_by_role("link", name="我平时就住在外地").click()
    page.get_by_role("link", name="职工医保", exact=True).click()
    page.get_by_role("link", name="我退休了").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("异地安置退休人员备案")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("您住在外地是哪一种情况？")
    page.get_by_role("link", name=re.compile("改.*您参加的是哪一种医保")).click()
    page.get_by_role("link", name="城乡居民医保").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("异地长期居住人员备案")
    page.get_by_role("link", name="达州市宣汉县办事指南").click()
    expect(page).to_have_url(re.compile(r"/guides/dazhou/yidi-changju/xuanhan/$"))


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/paths/yidi/")
    page.get_by_role("link", name="我住在参保的地方，临时外出时要看病").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("其他临时外出就医人员备案")


def test_its_pages_have_no_accessibility_problem(page: Page) -> None:
    for address in ENDS:
        page.goto(address)
        assert accessibility_problems(page) == [], address


@pytest.mark.parametrize("page", ["phone"], indirect=True)
def test_its_pages_fit_the_smallest_phone_and_the_finger(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for address in (*ENDS, "/paths/yidi/"):
        page.goto(address)
        assert sideways_scroll(page) == 0, address
        for selector in (".offers a", ".change-answer a", ".takes-guide a", ".neither .plain-links a"):
            for box in (target.bounding_box() for target in page.locator(selector).all()):
                assert box
                assert box["height"] >= 44, (address, selector)
