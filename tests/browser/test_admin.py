"""The admin in a real browser: nothing it needs is kept away by the site's policy, nothing fails behind the editor's back."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect

from tests.cast import Cast, assemble


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


@pytest.mark.parametrize("page", ["desktop"], indirect=True)
def test_an_editors_pages_work_under_the_sites_policy(page: Page, cast: Cast) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("editor"))
    session = client.cookies["sessionid"].value
    page.goto("/")
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": page.url}])
    for address in (
        "/admin/",
        "/admin/guides/guide/",
        "/admin/offices/calendaryear/add/",
        "/admin/guides/unfoundquery/",
    ):
        page.goto(address)
        expect(page.locator("#user-tools")).to_contain_text("editor")
    page.goto(f"/admin/guides/guide/{cast.inpatient.pk}/change/")
    papers = page.locator("#materials-group")
    before = papers.locator("tr.has_original").count()
    papers.get_by_text("添加另一个 办理材料", exact=False).click()  # the admin's own script makes the row
    expect(papers.locator("tr.dynamic-materials")).to_have_count(before + 1)
