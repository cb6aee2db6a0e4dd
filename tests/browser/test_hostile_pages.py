"""Hostile words in every text field, in a real browser: nothing of them runs, whether or not the policy would stop it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from guides.display import COOKIE, MODES
from offices.addresses import KNOWN
from tests.admin.addresses import OTHER_CITY, OTHER_COUNTY
from tests.admin.staff import at_keyboard
from tests.figures import Figures
from tests.hostile.fields import Crowd
from tests.hostile.payloads import SCRIPTS
from tests.hostile.test_pages import REFLECTING, SEARCHES
from tests.test_every_page_names_its_place import PAGES

PARTS = 12
MADE = {"iframe", "base", "object", "embed", "math", "style", "program", "srcdoc", "marquee", "template", "x"}
MADE |= {
    f"on{event}" for event in ("load", "error", "focus", "click", "mouseover", "toggle", "begin", "start")
}
"""Elements and attributes that no page of ours has."""
LOOK = """html => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const found = {};
  const count = what => { found[what] = (found[what] || 0) + 1; };
  for (const element of page.querySelectorAll("*")) {
    if (!/^(b|br|mark|span|i|em|strong|abbr|dfn|wbr)$/.test(element.localName)) count(element.localName);
    for (const { name, value } of element.attributes) {
      if (/^on|^style$|^srcdoc$/.test(name)) count(name);
      if (/^(javascript|vbscript|data):/i.test(value.replace(/[\\0- ]/g, "")) && /^(href|src|action|formaction|data)$/.test(name)) count("program");
    }
  }
  return found;
}"""
"""Counts the elements of a page and whatever could run."""


@contextmanager
def listening(
    browser: Browser, live_server: LiveServer, *, policy: bool = False
) -> Iterator[tuple[Page, list[str]]]:
    """A page on the site, and the list of the words that ran."""
    context = browser.new_context(base_url=live_server.url, locale="zh-CN", bypass_csp=not policy)
    hits: list[str] = []
    context.expose_function("h", lambda number="?": hits.append(str(number)))
    context.on("page", lambda other: other.on("dialog", lambda dialog: hits.append(dialog.message)))
    page = context.new_page()

    def elsewhere(route: Route) -> None:
        hits.append(route.request.url)
        route.abort()

    page.route(lambda url: urlsplit(url).hostname == "evil.example", elsewhere)
    yield page, hits
    context.close()


def log_in(page: Page, live_server: LiveServer, client: Client) -> None:
    """The browser becomes the client that is logged in."""
    page.context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in client.cookies.items()
        ]
    )


def pages(crowd: Crowd) -> list[str]:
    """Every address that is a page."""
    own = [each.url for each in crowd.addresses() if each.whose not in {OTHER_CITY, OTHER_COUNTY}]
    urls = [url for url in own if "." not in url.rpartition("/")[2] and "/download/" not in url]
    return list(dict.fromkeys([*urls, *(page for page, _, _ in PAGES), *SEARCHES[:4]]))


def visit(page: Page, address: str) -> None:
    """Read it as far as scripts of its own have run, and open what is folded."""
    page.goto(address, wait_until="load")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")


def test_words_that_are_not_escaped_would_be_noticed(browser: Browser, live_server: LiveServer) -> None:
    with listening(browser, live_server) as (page, hits):
        page.goto("/robots.txt")
        ran = 0
        for number, script in enumerate(SCRIPTS):
            page.set_content(f"<title>x</title><div>{script.format(n=number)}</div>")
            page.wait_for_timeout(20)
            ran += str(number) in hits or bool(
                page.evaluate(LOOK, script.format(n=number)).keys() & {"script"}
            )
        assert ran >= 25


@pytest.mark.drill
@pytest.mark.parametrize("mode", MODES)
def test_nothing_runs_on_any_page(
    browser: Browser, live_server: LiveServer, transactional_db: None, mode: str
) -> None:
    crowd = Crowd(list(MODES).index(mode) * 11)
    with listening(browser, live_server) as (page, hits):
        log_in(page, live_server, at_keyboard(crowd.people["超级用户"]))
        page.context.add_cookies([{"name": COOKIE, "value": mode, "url": live_server.url}])
        for address in pages(crowd):
            visit(page, address)
            assert hits == [], (address, [crowd.places[int(hit)] for hit in hits if hit.isdigit()])
        page.goto("/")
        page.locator("input[name=q]").first.press_sequentially("script", delay=60)
        page.wait_for_timeout(800)
        for number, name in enumerate(sorted(KNOWN)):
            for turn, path in enumerate(REFLECTING):
                script = SCRIPTS[(number * len(REFLECTING) + turn) % len(SCRIPTS)].format(n=0)
                page.goto(f"{path}?{name}={quote(script)}")
                assert hits == [], (path, name, script)


@pytest.mark.drill
def test_the_policy_has_nothing_to_stop(
    browser: Browser, live_server: LiveServer, transactional_db: None
) -> None:
    crowd = Crowd(5)
    with listening(browser, live_server, policy=True) as (page, hits):
        log_in(page, live_server, at_keyboard(crowd.people["超级用户"]))
        stopped: list[str] = []
        page.on(
            "console", lambda said: stopped.append(said.text) if "Content Security" in said.text else None
        )
        for address in pages(crowd):
            visit(page, address)
            assert (hits, stopped) == ([], []), address


@pytest.mark.drill
@pytest.mark.parametrize("part", range(PARTS))
def test_every_script_at_every_place_makes_no_element(
    browser: Browser, db: None, figures: Figures, part: int
) -> None:
    """Each field begins with each script once; no page gets an element or an attribute out of it, and nothing runs.

    The parts take the display modes in turn.
    """
    mode = list(MODES)[part % len(MODES)]
    hits: list[str] = []
    read = 0
    context = browser.new_context(bypass_csp=True)
    context.expose_function("h", lambda number="?": hits.append(str(number)))
    page = context.new_page()
    for first in range(part, len(SCRIPTS), PARTS):
        with transaction.atomic():
            crowd = Crowd(first)
            client = at_keyboard(crowd.people["超级用户"])
            client.cookies[COOKIE] = mode
            assert str(MODES[mode].attributes) in client.get("/").content.decode()
            figures.total("scripts", 1)
            figures.most("text fields", len(set(crowd.places)))
            figures.most("places: rows with such a field", len(crowd.places))
            figures.total("scripts × places", len(crowd.places))
            for address in pages(crowd):
                response = client.get(address)
                if response.headers.get("Content-Type", "").startswith("text/html"):
                    html = response.content.decode()
                    made = page.evaluate(LOOK, html).keys() & MADE
                    assert not made, (address, first)
                    page.set_content(html, wait_until="domcontentloaded")
                    assert hits == [], (address, first, hits)
                    read += 1
            transaction.set_rollback(True)
    figures.total("pages read by the browser", read)
    context.close()
