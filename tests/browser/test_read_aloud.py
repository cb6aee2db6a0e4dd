"""A guide read aloud: only when asked, section by section, with a stop in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import assemble

GUIDE = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"
# Headless Chromium has no voice: this one writes down what it is asked to say.
VOICE = """
window.said = [];
window.cancelled = 0;
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
const speech = {
  getVoices: () => [{ lang: "en-US" }, { lang: "zh-CN", name: "普通话" }],
  speak: (piece) => { window.said.push([piece.lang, piece.voice?.name, piece.text]); window.last = piece; },
  cancel: () => { window.cancelled += 1; },
};
Object.defineProperty(window, "speechSynthesis", { value: speech });
"""
DUMB = (
    "delete window.speechSynthesis; Object.defineProperty(window, 'speechSynthesis', { value: undefined });"
)


@pytest.fixture(autouse=True)
def cast(transactional_db: None) -> None:
    assemble()


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_it_reads_on_request_from_the_title_to_the_end_and_numbers_digit_by_digit(page: Page) -> None:
    page.add_init_script(VOICE)
    page.goto(GUIDE)
    assert page.evaluate("said.length") == 0
    page.get_by_role("button", name="朗读本页").click()
    expect(page.get_by_role("button", name="停止朗读")).to_be_focused()
    while page.evaluate("said.length") < 1000:
        before = page.evaluate("said.length")
        page.evaluate("last.onend()")
        if page.evaluate("said.length") == before:
            break
    said = page.evaluate("said")
    assert {(lang, voice) for lang, voice, _ in said} == {("zh-CN", "普通话")}
    text = "".join(words for _, _, words in said)
    order = ["住院费用报销", "要带什么", "医院收费票据", "去哪里办", "零八一八，五八七二六八八", "办理步骤"]
    assert [text.find(words) >= 0 for words in order] == [True] * len(order)
    assert [text.find(words) for words in order] == sorted(text.find(words) for words in order)
    assert "0818" not in text
    assert max(len(words) for _, _, words in said) <= 160
    expect(page.get_by_role("button", name="朗读本页")).to_be_focused()


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_it_stops_at_once(page: Page) -> None:
    page.add_init_script(VOICE)
    page.goto(GUIDE)
    page.get_by_role("button", name="朗读本页").click()
    before = page.evaluate("cancelled")
    page.get_by_role("button", name="停止朗读").click()
    assert page.evaluate("cancelled") == before + 1
    page.evaluate("last.onend()")
    assert page.evaluate("said.length") == 1
    expect(page.get_by_role("button", name="停止朗读")).to_be_hidden()


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_a_browser_that_cannot_speak_shows_no_button(page: Page) -> None:
    page.add_init_script(DUMB)
    page.goto(GUIDE)
    expect(page.locator("#read-aloud")).to_be_hidden()


@pytest.mark.parametrize("page", ["phone-without-javascript"], indirect=True)
def test_without_javascript_there_is_no_button(page: Page) -> None:
    page.goto(GUIDE)
    expect(page.locator("#read-aloud")).to_be_hidden()
