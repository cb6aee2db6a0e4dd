"""A mirror to carry along: opened from a folder or a USB stick, without any server.

Every link leads to a file beside the page; what only the site itself can answer (searching, filling in a date, combining
filters) leads to the site, and every page says so at its top.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from html import escape, unescape

from django.conf import settings

from guides.display import MODES, STANDARD, DisplayLink

from .files import file_of
from .modes import Shown, rendered_links

NAMED = re.compile(r'\b(href|src|action)="(/(?!/)[^"]*)"')
NEEDS_A_SERVER = re.compile(
    r'(?<![ \t])[ \t]*(?:<script type="module"[^>]*></script>|<link rel="manifest"[^>]*>)\n?'
)
"""Browsers load neither modules nor a manifest from a file; the pages are complete without them."""
PAPER = re.compile(r"(.*/sheet\.pdf)\?size=large")
ON_PAPER = b'class="sheet '

Known = Callable[[str], bool]
"""Whether the mirror holds an address."""


def note() -> str:
    """What a reader of a copy has to know."""
    return f"这是离线副本。搜索、填日期、勾选材料要联网，会打开 {settings.SITE_URL}"


def portable(shown: Shown, address: str, mode: str, known: Known) -> bytes:
    """A page in one mode with all its links leading to files, or to the site."""
    body = shown.body
    if shown.links:
        body = body.replace(shown.links, links_beside(address, mode, on_paper=ON_PAPER in body))
    html = NEEDS_A_SERVER.sub("", body.decode())
    here = posixpath.dirname(file_of(address, mode))

    def replaced(match: re.Match[str]) -> str:
        link = unescape(match[2])
        is_form = match[1] == "action"  # a file would answer every question with the same list
        return (
            f'{match[1]}="{escape(settings.SITE_URL + link if is_form else target(link, here, mode, known))}"'
        )

    return NAMED.sub(replaced, html).encode()


def links_beside(address: str, mode: str, *, on_paper: bool) -> bytes:
    """The links to the other modes: the same page in the trees beside this one."""
    chosen, here = MODES[mode], posixpath.dirname(file_of(address, mode))
    links = [
        DisplayLink(
            label,
            posixpath.relpath(file_of(address, other.mode), here or "."),
            changes_size=other.large != chosen.large,
        )
        for label, other in chosen.steps
    ]
    return rendered_links(links, on_paper=on_paper, note=note())


def target(link: str, here: str, mode: str, known: Known) -> str:
    """What a link of the site becomes in a page of the folder ``here``."""
    address, mark, fragment = link.partition("#")
    if paper := PAPER.fullmatch(address):
        address = paper[1]
    if address.startswith("/static/"):
        file = address.removeprefix("/")
    elif known(address):
        is_page = not posixpath.splitext(address.partition("?")[0])[1] and not address.endswith("/text/")
        file = file_of(address, mode if is_page else STANDARD.mode)
    else:
        return settings.SITE_URL + link
    return posixpath.relpath(file, here or ".") + mark + fragment
