"""A real Chromium for the tests in this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

# Playwright keeps an event loop running in this thread, and Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A page of the admin loads dozens of files; five seconds, the usual limit, were too few where each came late.
expect.set_options(timeout=20_000)

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
SCREENS = {
    "phone": PHONE,
    "desktop": DESKTOP,
    "phone-without-javascript": PHONE | {"java_script_enabled": False},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that ``-m "not browser"`` leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; the environment variable CHROMIUM names another one."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=["phone", "desktop"])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A fresh page on the running site, once on a phone and once on a desktop; ``page.goto("/")`` is the home page.

    One screen only: ``@pytest.mark.parametrize("page", ["phone-without-javascript"], indirect=True)``.
    The test fails if the page writes an error to the console, asks another host for anything, or names
    a file that is not there.
    """
    context = browser.new_context(
        base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", **SCREENS[request.param]
    )
    new_page = context.new_page()
    problems = watch(new_page, urlsplit(live_server.url).netloc)
    yield new_page
    context.close()
    assert problems == []


def watch(page: Page, host: str) -> list[str]:
    """A list that fills with what goes wrong on the page behind the visitor's back."""
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # A missing page may be what the test asked for; a missing file is noticed in on_response.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != host:
            problems.append(f"another host: {request.url}")

    def on_response(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            problems.append(f"{response.status}: {response.url}")

    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("console", on_console)
    page.on("request", on_request)
    page.on("response", on_response)
    return problems
