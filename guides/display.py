"""The display mode a reader has chosen: large print (大字), high contrast (高对比), or both.

The choice is one cookie with one of four values, so a page is a function of its address, the mode and the
content. Without a choice there is no cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString

from offices.addresses import address, here
from offices.reversing import reverse

COOKIE: Final = "display"
KEPT_FOR: Final = 365 * 24 * 60 * 60
"""Seconds for which a choice is remembered."""


@dataclass(frozen=True)
class Display:
    """How pages are shown; neither large nor contrast is the standard."""

    large: bool = False
    contrast: bool = False

    @property
    def mode(self) -> str:
        """The one word for it, in the cookie and in addresses."""
        words = ["large"] * self.large + ["contrast"] * self.contrast
        return "-".join(words) or "standard"

    @property
    def size(self) -> SafeString:
        """The attribute of ``<html>`` for the size, which is all that paper knows."""
        return SafeString(' data-size="large"' if self.large else "")

    @property
    def attributes(self) -> SafeString:
        """The attributes of ``<html>``; none in the standard mode."""
        contrast = ' data-contrast="more"' if self.contrast else ""
        return SafeString(f"{self.size}{contrast}")

    @property
    def steps(self) -> list[tuple[str, Display]]:
        """What can be chosen from here, in words, the way back first when both are on."""
        larger, contrasting = replace(self, large=not self.large), replace(self, contrast=not self.contrast)
        if self.large and self.contrast:
            return [("返回标准版", Display()), ("关闭高对比", contrasting), ("关闭大字", larger)]
        return [
            ("返回标准版" if self.large else "大字版", larger),
            ("返回标准版" if self.contrast else "高对比", contrasting),
        ]


STANDARD: Final = Display()
MODES: Final = {
    display.mode: display
    for display in (STANDARD, Display(large=True), Display(contrast=True), Display(large=True, contrast=True))
}


def display_of(request: HttpRequest) -> Display:
    """The mode the reader has chosen; a cookie nobody can read counts as none."""
    return MODES.get(request.COOKIES.get(COOKIE, ""), STANDARD)


@dataclass(frozen=True)
class DisplayLink:
    """A link to another mode, which comes back to the same page."""

    label: str
    url: str
    changes_size: bool


def display(request: HttpRequest) -> dict[str, object]:
    """Context processor: the mode, and the links to the others."""
    chosen = display_of(request)
    return {"display": chosen, "display_links": links_from(chosen, place_of(request))}


def place_of(request: HttpRequest) -> str:
    """The address the visitor is at; without its parameters when there are more than anybody reads."""
    try:
        return here(request)
    except TooManyFieldsSent:
        return request.path


def links_from(chosen: Display, back: str) -> list[DisplayLink]:
    """The links from one mode to the others, which come back to this address."""
    return [
        DisplayLink(
            label,
            address(reverse("guides:display"), [("mode", other.mode), ("next", back)]),
            changes_size=other.large != chosen.large,
        )
        for label, other in chosen.steps
    ]


def vary_by_display(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Middleware: tell caches that the cookie makes a difference to every page."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response

    return middleware
