"""A page in the other display modes, made out of the standard one: rendering it four times would cost four times as much.

What a mode changes is known: the attributes of ``<html>``, the links to the other modes (``_display.html``), and on a
guide's page the link to its sheet. tests/mirror/test_modes.py holds these bytes against rendered ones, kind by kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.utils.http import urlencode

from guides.display import MODES, STANDARD, Display, DisplayLink, links_from

ROOT = b'<html lang="zh-CN"'
TO_SHEET, TO_LARGE_SHEET = b'/sheet.pdf"', b'/sheet.pdf?size=large"'
LARGE, CONTRAST, BOTH = "large", "contrast", "large-contrast"

SOMEWHERE = b"the-page-itself"
"""In place of an address: of letters that no encoding changes, and on no page."""

Render = Callable[[str], bytes]
"""Gives the page in a mode as the site itself makes it."""


@dataclass(frozen=True)
class Shown:
    """A page as one mode shows it: its bytes, and the part of them that leads to the other modes."""

    body: bytes
    links: bytes = b""


def links_of(mode: str, back: str, *, on_paper: bool) -> bytes:
    """The links to the other modes as the site writes them into a page at ``back``."""
    return links_back_to_somewhere(mode, on_paper=on_paper).replace(SOMEWHERE, query(back))


@cache
def links_back_to_somewhere(mode: str, *, on_paper: bool) -> bytes:
    """The links with ``SOMEWHERE`` for the page they come back to: rendered once, and not for each page five times."""
    somewhere = rendered_links(links_from(MODES[mode], SOMEWHERE.decode()), on_paper=on_paper)
    if SOMEWHERE not in somewhere or query(SOMEWHERE.decode()) != SOMEWHERE:
        raise ValueError("the links do not name the page they come back to")
    return somewhere


def query(value: str) -> bytes:
    """A value as it stands in an address in a page: nothing that HTML would escape is left by then."""
    return urlencode({"": value}).removeprefix("=").encode()


def rendered_links(links: Sequence[DisplayLink], *, on_paper: bool, note: str = "") -> bytes:
    """``_display.html`` with these links."""
    context = {"display_links": links, "on_paper": on_paper, "display_note": note}
    return render_to_string("_display.html", context).encode()


def in_every_mode(standard: bytes, back: str, render: Render) -> dict[str, Shown]:
    """The page in each mode; what cannot be made for certain out of ``standard`` is rendered."""
    on_screen, on_paper = (links_of(STANDARD.mode, back, on_paper=paper) for paper in (False, True))
    if standard.count(on_screen) == 1:
        return from_screen(Page(standard, STANDARD, on_screen), back, render)
    if standard.count(on_paper) == 1:
        return from_paper(Page(standard, STANDARD, on_paper), back, render)
    return {mode: Shown(standard if mode == STANDARD.mode else render(mode)) for mode in MODES}


@dataclass(frozen=True)
class Page:
    """A page that was rendered in some mode, with its links to the other modes."""

    body: bytes
    display: Display
    links: bytes
    on_paper: bool = False

    def root(self, display: Display) -> bytes:
        """The beginning of ``<html>``; paper knows the size alone."""
        attributes = display.size if self.on_paper else display.attributes
        return ROOT + attributes.encode()

    def shown_as(self, display: Display, back: str) -> Shown | None:
        """The same words in another mode; nothing when it is not certain where they stand."""
        root, links = self.root(self.display), links_of(display.mode, back, on_paper=self.on_paper)
        if self.body.count(root) != 1 or self.body.count(self.links) != 1:
            return None
        return Shown(self.body.replace(root, self.root(display)).replace(self.links, links), links)


def from_screen(page: Page, back: str, render: Render) -> dict[str, Shown]:
    """All modes of a page for the screen; large print leads to the large sheet."""
    shown = {STANDARD.mode: Shown(page.body, page.links)}
    for mode in (LARGE, CONTRAST, BOTH):
        found = page.shown_as(MODES[mode], back)
        if found and MODES[mode].large:
            found = Shown(found.body.replace(TO_SHEET, TO_LARGE_SHEET), found.links)
        shown[mode] = found or Shown(render(mode))
    return shown


def from_paper(page: Page, back: str, render: Render) -> dict[str, Shown]:
    """All modes of a page that is paper: large print is set anew, contrast changes nothing but the links."""
    large = MODES[LARGE]
    larger = Page(render(LARGE), large, links_of(LARGE, back, on_paper=True), on_paper=True)
    paper = Page(page.body, page.display, page.links, on_paper=True)
    shown = {STANDARD.mode: Shown(paper.body, paper.links), LARGE: Shown(larger.body, larger.links)}
    for mode, source in ((CONTRAST, paper), (BOTH, larger)):
        shown[mode] = source.shown_as(MODES[mode], back) or Shown(render(mode))
    return shown
