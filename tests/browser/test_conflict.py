"""Two editors, two browsers, one guide: the second save is refused, nothing typed is lost, and the choice is saved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from guides.models import Guide
from tests.browser.conftest import DESKTOP
from tests.cast import Cast, assemble


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


@pytest.fixture(params=[True, False], ids=["script", "without-javascript"])
def editors(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, cast: Cast
) -> Iterator[tuple[Page, Page]]:
    contexts = [signed_in(browser, live_server, name, script=request.param) for name in ("wang", "li")]
    yield contexts[0].new_page(), contexts[1].new_page()
    for context in contexts:
        context.close()


def signed_in(browser: Browser, live_server: LiveServer, name: str, *, script: bool) -> BrowserContext:
    """A browser of somebody's own, who has signed in."""
    client = Client()
    client.force_login(User.objects.create_superuser(name))
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", java_script_enabled=script, **DESKTOP
    )
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context


def test_the_second_of_two_editors_chooses_field_by_field(editors: tuple[Page, Page], cast: Cast) -> None:
    wang, li = editors
    address = f"/admin/guides/guide/{cast.inpatient.pk}/change/"
    for page in editors:
        page.goto(address)
    li.fill("#id_audience", "城乡居民。")
    li.fill("#id_guide_offices-1-consult_phones", "0818-5872699")
    li.fill("#id_public_note", "宣汉县换了号码。")
    li.locator("input[name=_save]").first.click()
    expect(li.locator(".messagelist")).to_contain_text("成功")

    wang.fill("#id_audience", "城镇职工。")
    wang.fill("#id_notes-0-text", "请带急诊诊断证明原件。")
    wang.locator("input[name=_save]").first.click()
    expect(wang.locator("h1").last).to_contain_text("别人刚改过这一条")
    expect(wang.locator(".choices")).to_contain_text("城镇职工。")
    expect(wang.locator(".choices")).to_contain_text("城乡居民。")
    expect(wang.locator(".choices")).to_contain_text("请带急诊诊断证明原件。")

    wang.get_by_role("button", name="按选择保存").click()
    expect(wang.locator(".errornote")).to_contain_text("请在标红的地方选一个")
    wang.locator(".choice-both input[value=yours]").check()
    wang.get_by_role("button", name="按选择保存").click()
    expect(wang.locator(".messagelist")).to_contain_text("已按您的选择保存")

    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    assert guide.audience == "城镇职工。"
    assert guide.document()["notes"][0] == "请带急诊诊断证明原件。"
    assert guide.document()["offices"][1]["consult_phones"][0]["number"] == "0818-5872699"
    wang.goto(f"/admin/guides/guide/{guide.pk}/history/")
    expect(wang.locator(".revisions tbody tr")).to_have_count(3)
    wang.get_by_role("link", name="恢复初版").click()
    wang.get_by_role("button", name="恢复这一版").click()
    expect(wang.locator(".messagelist")).to_contain_text("已恢复")
    wang.goto(guide.get_absolute_url())
    expect(wang.locator(".updates")).to_contain_text("宣汉县换了号码。")
