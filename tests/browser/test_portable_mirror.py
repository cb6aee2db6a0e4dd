"""The copy on a USB stick: opened from its folder, one walks from the first page to the paper, with styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Browser, expect

from guides.mirror import Wish, making, write
from guides.mirror.addresses import public_addresses
from tests.browser.conftest import DESKTOP, watch
from tests.cast import assemble
from tests.mirror.conftest import Listener

STANDARD, LARGE = "17px", "24px"


@pytest.fixture
def copy(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    assemble()
    monkeypatch.setattr(
        making,
        "public_addresses",
        lambda: [a for a in public_addresses() if ".pdf" not in a and is_on_the_way(a)],
    )
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": settings.PLAIN_STATIC_FILES}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path / "collected"):
        call_command("collectstatic", interactive=False, verbosity=0)
        write(tmp_path / "copy", Wish(portable=True), Listener())
        yield tmp_path / "copy" / "current"


def is_on_the_way(address: str) -> bool:
    return address.startswith(("/?", "/guides/dazhou/zhuyuan-baoxiao/")) or address in {
        "/",
        "/guides/?city=dazhou",
    }


def test_one_walks_from_the_first_page_to_the_printed_sheet_without_a_server(
    browser: Browser, copy: Path
) -> None:
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    problems = watch(page, "nowhere")
    page.goto(f"file://{copy}/index.html")
    expect(page.locator(".masthead")).to_have_css("background-color", "rgb(11, 90, 96)")
    page.get_by_role("link", name="达州市", exact=True).first.click()
    page.get_by_role("main").get_by_role("link", name="住院费用报销").first.click()
    page.locator("summary", has_text="换一个地方").click()
    page.get_by_role("link", name="宣汉县", exact=True).first.click()
    expect(page).to_have_title(re.compile("宣汉县"))
    # A page just come may be without its stylesheet for a moment: the size is waited for, not read once.
    expect(page.locator("body")).to_have_css("font-size", STANDARD)
    page.get_by_role("link", name="大字版").click()
    expect(page.locator("body")).to_have_css("font-size", LARGE)
    page.get_by_role("link", name="返回标准版").click()
    expect(page.locator("body")).to_have_css("font-size", STANDARD)
    page.get_by_role("link", name="打印版（A4）").click()
    page.get_by_text("宣汉县东乡街道解放中路591号4楼医保窗口").first.wait_for()
    page.emulate_media(media="print")
    expect(page.get_by_text("这是离线副本")).to_be_hidden()
    assert page.url.startswith("file://")
    context.close()
    assert problems == []
