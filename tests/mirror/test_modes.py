"""The other display modes are made out of the standard one: the same bytes as the site would have rendered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import resolve

from guides.display import MODES
from guides.mirror.addresses import ERROR_PAGES, public_addresses
from guides.mirror.modes import in_every_mode
from guides.mirror.pages import Site
from tests.cast import Cast, assemble

HAVE_NONE = {
    "data",
    "city_data",
    "robots",
    "sitemap",
    "sitemap_general",
    "sitemap_city",
    "manifest",
    "favicon",
}
HAVE_NONE |= {"apple_touch_icon", "sheet", "county_sheet", "booklet", "poster", "text", "county_text"}


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def one_of_each_kind() -> Iterator[str]:
    """One address of each view, and one with parameters."""
    seen = set()
    for address in public_addresses():
        path, _, query = address.partition("?")
        kind = address if address in ERROR_PAGES else resolve(path).view_name.split(":")[1]
        if kind not in HAVE_NONE and (kind, bool(query)) not in seen:
            seen.add((kind, bool(query)))
            yield address


def test_every_kind_of_page_is_the_same_as_if_it_were_rendered_in_each_mode(cast: Cast) -> None:
    site, kinds, rendered_too = Site(), 0, set()
    for address in one_of_each_kind():
        asked: list[str] = []

        def render(mode: str, address: str = address, asked: list[str] = asked) -> bytes:
            asked.append(mode)
            return site.ask(address, mode).body

        answer = site.ask(address)
        assert answer.is_page, address
        shown = in_every_mode(answer.body, answer.address, render)
        assert shown.keys() == MODES.keys()
        for mode, page in shown.items():
            assert page.body == site.ask(address, mode).body, (address, mode)
        assert len({page.body for page in shown.values()}) == len(MODES), address
        kinds += 1
        if asked:
            rendered_too.add(address)
            assert asked == ["large"], address
    assert kinds > 25
    assert all("/print/" in address for address in rendered_too)
    assert len(rendered_too) == 2


def test_a_page_on_which_the_links_cannot_be_found_is_rendered_in_each_mode() -> None:
    asked: list[str] = []

    def render(mode: str) -> bytes:
        asked.append(mode)
        return mode.encode()

    shown = in_every_mode(b'<html lang="zh-CN"></html>', "/", render)
    assert asked == ["large", "contrast", "large-contrast"]
    assert shown["contrast"].body == b"contrast"


@pytest.mark.parametrize(("twice", "is_rendered"), [(b'<html lang="zh-CN">', True), (b"<p>", False)])
def test_a_page_that_says_it_twice_is_not_guessed_at(cast: Cast, twice: bytes, is_rendered: bool) -> None:
    page = Site().ask("/").body.replace(b"<main", twice + b"<main")
    shown = in_every_mode(page, "/", lambda mode: b"rendered")
    assert (shown["large"].body == b"rendered") == is_rendered
