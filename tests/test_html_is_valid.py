"""Every kind of page, in every display mode, is HTML by the letter: a strict parser has nothing to say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.test import Client, override_settings

from guides.display import COOKIE, MODES
from tests.cast import Cast, assemble, content_of
from tests.test_every_page_names_its_place import PAGES

ADDRESSES = [
    *(page for page, _, _ in PAGES),
    "/guides/?city=chengdu",
    "/guides/dazhou/zhuyuan-baoxiao/deadline/",
    "/guides/dazhou/zhuyuan-baoxiao/deadline/?accepted=2026-02-10",
    "/display/?mode=huge",
    "/style/",
]
POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "headers")
PHRASES = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "span",
    "b",
    "strong",
    "small",
    "dt",
    "label",
    "button",
    "summary",
    "q",
}
BLOCKS = {
    "div",
    "p",
    "ul",
    "ol",
    "dl",
    "table",
    "section",
    "nav",
    "form",
    "details",
    "header",
    "footer",
    "main",
}
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"div", "dt", "dd"},
    "table": {"caption", "thead", "tbody"},
    "tr": {"th", "td"},
    "select": {"option"},
}


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def parse(html: str) -> tuple[Element, list[Any]]:
    """The tree of a page, and what a strict parser finds wrong with it."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parse(html), parser.errors


def breaches(html: str) -> Iterator[str]:
    """Every rule of HTML the page breaks."""
    tree, errors = parse(html)
    yield from (f"{position}: {code} {details}" for position, code, details in errors)
    yield from wrong_ids(tree)
    yield from wrong_headings(tree)
    yield from wrong_nesting(tree)
    for element in tree.iter("img"):
        if element.get("alt") is None:
            yield f"an image without words: {element.attrib}"


def wrong_ids(tree: Element) -> Iterator[str]:
    """Ids used twice, and references that lead nowhere."""
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    yield from (f"the id {name} twice" for name in set(ids) if ids.count(name) > 1)
    for element in tree.iter():
        named = [name for pointer in POINTERS for name in element.get(pointer, "").split()]
        if element.tag == "a" and re.fullmatch("#.+", element.get("href", "")):
            named.append(element.attrib["href"][1:])
        yield from (f"{element.tag} refers to {name}" for name in named if name not in ids)


def wrong_headings(tree: Element) -> Iterator[str]:
    """Headings that skip a level, and more or fewer than one first heading."""
    levels = [int(element.tag[1]) for element in tree.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} first headings"
    yield from (f"h{after} after h{before}" for before, after in pairwise(levels) if after > before + 1)


def wrong_nesting(tree: Element) -> Iterator[str]:
    """What stands where HTML does not allow it, as far as a parser lets it pass."""
    for element in tree.iter():
        inside = {str(child.tag) for child in element.iter() if child is not element}
        if element.tag in PHRASES and inside & BLOCKS:
            yield f"{inside & BLOCKS} in {element.tag}: {''.join(element.itertext()).strip()[:30]}"
        if element.tag in {"a", "button", "label", "summary"} and inside & {"a", "button", "select"}:
            yield f"a control in {element.tag}"
        if element.tag in CHILDREN:
            others = {str(child.tag) for child in element} - CHILDREN[str(element.tag)]
            loose = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
            if others or loose:
                yield f"{others or loose} in {element.tag}"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_valid_html_in_every_mode(client: Client, cast: Cast, address: str) -> None:
    with override_settings(DEBUG=address == "/style/"):
        for mode in MODES:
            client.cookies[COOKIE] = mode
            assert list(breaches(content_of(client.get(address)))) == [], mode


@pytest.mark.parametrize(
    "body",
    [
        "<h1>A</h1><p>open<div>",
        "<h1>A</h1><p id=a></p><p id=a></p>",
        "<h1>A</h1><label for=b>B</label>",
        "<h1>A</h1><a href='#b'>B</a>",
        "<h1>A</h1><h3>B</h3>",
        "<h2>A</h2>",
        "<h1>A</h1><ul><p>B</p></ul>",
        "<h1>A</h1><span><div>B</div></span>",
        "<h1>A</h1><label><a href='/'>B</a></label>",
        "<h1>A</h1><ul>loose</ul>",
        "<h1>A</h1><img src='/a.png'>",
    ],
)
def test_the_check_notices_a_page_that_is_wrong(body: str) -> None:
    assert list(breaches(f"<!DOCTYPE html><html><head><title>A</title></head><body>{body}</body></html>"))


def test_the_check_leaves_a_good_page_alone() -> None:
    body = "<h1>A</h1><h2 id=b>B</h2><ul><li><a href='#b'>C</a></li></ul>"
    assert not list(breaches(f"<!DOCTYPE html><html><head><title>A</title></head><body>{body}</body></html>"))
