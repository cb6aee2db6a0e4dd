"""What a browser would make of a page: the elements and attributes that could run something."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

NEVER = {
    "base",
    "iframe",
    "object",
    "embed",
    "math",
    "marquee",
    "template",
    "video",
    "audio",
    "style",
    "frameset",
}
"""Elements that no page of the site has."""
ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "srcdoc",
    "poster",
    "content",
    "background",
    "xlink:href",
}
PROGRAM = re.compile(r"(?i)(?:0;url=)?(?:javascript|vbscript|data):")
DATA = {"application/json", "application/ld+json"}


def dangers(html: str) -> list[str]:
    """What the page has that none may have; empty when every hostile word stayed a word."""
    return [danger for element in tree(html).iter() for danger in of_element(element)]


def tree(html: str) -> Element:
    """The page as browsers read it."""
    parsed: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return parsed


def of_element(element: Element) -> Iterator[str]:
    """What is wrong with one element."""
    name = str(element.tag).rpartition("}")[2]  # a comment's tag is a function
    if name in NEVER or (name == "script" and not is_ours(element)):
        yield f"<{name}> {element.attrib} {element.text}"
    for attribute, value in element.attrib.items():
        spelled = re.sub(r"[\x00-\x20]", "", value)
        if str(attribute).startswith("on") or attribute == "style":
            yield f"<{name} {attribute}={value}>"
        if attribute in ADDRESSES and (PROGRAM.match(spelled) or "evil.example/" in spelled[:20]):
            yield f"<{name} {attribute}={value}>"


def is_ours(script: Element) -> bool:
    """Whether a script is a file of the site, or data that can be read as such."""
    if script.get("src"):
        return (
            script.get("src", "").startswith(("/static/", "/admin/jsi18n/"))
            and not (script.text or "").strip()
        )
    if script.get("type") not in DATA:
        return False
    json.loads(script.text or "")
    return True


def words_of(html: str) -> str:
    """Everything that can be read on the page, blanks left out."""
    return "".join("".join(tree(html).itertext()).split())
