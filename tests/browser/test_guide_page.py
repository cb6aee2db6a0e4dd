"""What the page of a guide does in a browser: cases, ticks, words, the message to copy."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from guides.models import Term
from tests.browser.axe import accessibility_problems
from tests.cast import Cast, assemble

ENROLMENT = "/guides/dazhou/zhigong-canbao/xuanhan/"
INPATIENT = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"
NO_STORAGE = """
for (const name of ["getItem", "setItem", "removeItem"])
  Storage.prototype[name] = () => { throw new DOMException("denied", "SecurityError"); };
"""


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> Cast:
    return assemble()


def test_a_visitor_is_shown_only_what_applies_and_can_send_the_choice_on(page: Page) -> None:
    page.goto(ENROLMENT)
    group = page.get_by_role("group", name="我是")
    expect(group.get_by_role("radio", name="全部")).to_be_checked()
    group.get_by_role("radio", name="灵活就业人员").check()
    expect(page.get_by_role("heading", name="在职职工")).to_be_hidden()
    expect(page.get_by_role("heading", name="灵活就业人员")).to_be_visible()
    expect(page.locator("#time").get_by_text("单位职工")).to_be_visible()  # not known whether it is meant
    expect(page.get_by_text("只列出“灵活就业人员”的材料、时限和渠道。")).to_be_visible()
    assert unquote(page.url).endswith("#case=灵活就业人员")
    page.goto("about:blank")
    page.go_back()
    expect(page.get_by_role("heading", name="在职职工")).to_be_hidden()
    page.get_by_role("link", name="打印版（A4）").click()
    expect(page.get_by_role("heading", name="灵活就业人员")).to_be_visible()
    expect(page.get_by_role("heading", name="在职职工")).to_be_hidden()


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_the_cases_are_chosen_with_the_keyboard(page: Page) -> None:
    page.goto(ENROLMENT)
    page.get_by_role("radio", name="全部").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="灵活就业人员")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="灵活就业人员")).to_be_visible()


@pytest.mark.parametrize("page", ["phone-without-javascript"], indirect=True)
def test_without_javascript_everything_is_shown(page: Page) -> None:
    page.goto(ENROLMENT)
    expect(page.get_by_role("heading", name="在职职工")).to_be_visible()
    expect(page.get_by_role("heading", name="灵活就业人员")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)


def test_papers_are_ticked_off_kept_printed_and_cleared(page: Page) -> None:
    page.goto(INPATIENT)
    expect(page.get_by_text("已备齐 0/5")).to_be_visible()
    page.get_by_role("checkbox", name="出院记录").check()
    page.locator("#papers").get_by_text("医院收费票据").click()
    expect(page.get_by_text("已备齐 2/5")).to_be_visible()
    page.reload()
    expect(page.get_by_role("checkbox", name="出院记录")).to_be_checked()
    page.goto(f"{INPATIENT}print/")
    expect(page.locator("li.ticked")).to_have_count(2)
    page.goto(INPATIENT)
    page.get_by_role("button", name="清空勾选").click()
    expect(page.get_by_text("已备齐 0/5")).to_be_visible()
    expect(page.get_by_role("button", name="清空勾选")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("已备齐 0/5")).to_be_visible()


def test_ticks_work_where_nothing_can_be_kept(page: Page) -> None:
    page.add_init_script(NO_STORAGE)
    page.goto(INPATIENT)
    page.get_by_role("checkbox", name="出院记录").check()
    expect(page.get_by_text("已备齐 1/5")).to_be_visible()


def test_a_word_is_explained_where_it_stands(page: Page) -> None:
    Term.objects.create(word="出院记录", meaning="医院写的住院经过。")
    page.goto(INPATIENT)
    word = page.get_by_role("link", name="出院记录，看解释")
    word.focus()
    page.keyboard.press("Enter")
    expect(word).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#papers").get_by_text("出院记录：医院写的住院经过。")).to_be_visible()
    expect(page.get_by_text("已备齐 0/5")).to_be_visible()  # reading is not ticking off
    assert accessibility_problems(page) == []
    word.click()
    expect(page.locator(".term-note")).to_be_hidden()


@pytest.mark.parametrize("page", ["phone-without-javascript"], indirect=True)
def test_without_javascript_a_word_leads_to_its_explanation_and_back(page: Page) -> None:
    Term.objects.create(word="出院记录", meaning="医院写的住院经过。")
    page.goto(INPATIENT)
    page.get_by_role("link", name="出院记录，看解释").click()
    expect(page).to_have_url(re.compile("#term-1$"))
    page.get_by_role("link", name="回到正文里的“出院记录”").click()
    expect(page).to_have_url(re.compile("#term-1-used$"))


def test_the_message_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(INPATIENT)
    page.get_by_text("发给家人（可复制的文字）").click()
    page.get_by_role("button", name="复制").click()
    expect(page.get_by_text("已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("可复制的文字").input_value()
    assert "宣汉县医保窗口" in copied


def test_where_the_clipboard_is_closed_the_old_way_copies(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(INPATIENT)
    page.get_by_text("发给家人（可复制的文字）").click()
    page.get_by_role("button", name="复制").click()
    expect(page.get_by_text("已复制")).to_be_visible()


def test_the_page_in_use_has_no_accessibility_problem(page: Page) -> None:
    page.goto(ENROLMENT)
    page.get_by_role("radio", name="灵活就业人员").check()
    page.get_by_role("checkbox", name="有效身份证件").check()
    page.get_by_text("发给家人（可复制的文字）").click()
    assert accessibility_problems(page) == []
