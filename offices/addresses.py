"""Addresses that are the whole state of a page: read with care, written in one way."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.http import urlencode

from .lookup import NothingHere, WayOn

MOST = 20_000
"""Addresses remembered: at most 10 MB."""
LONGEST = 60
"""Characters of a search word; the longest name in the handbooks has 32."""

KNOWN = frozenset(
    {"q", "city", "county", "channel", "limit", "audience", "category", "sort", "literal", "page"}
    | {"a", "matters", "paper", "accepted", "size", "steps", "notes", "case", "missing", "copies", "since"}
)
"""Every parameter that some public page understands; all others change nothing and are carried nowhere."""

Pairs = Sequence[tuple[str, str]]
"""Parameters with their values, in the order in which the address writes them."""
View = TypeVar("View", bound=Callable[..., Any])


def asked(request: HttpRequest, name: str, ways_on: Iterable[WayOn] = (), *, longest: int = LONGEST) -> str:
    """What a parameter says, without blanks around it; raises ``NothingHere`` when it cannot be read."""
    return readable(request.GET.get(name, ""), ways_on, longest=longest)


def all_asked(request: HttpRequest, name: str, ways_on: Iterable[WayOn] = ()) -> list[str]:
    """What a repeated parameter says, each value once; raises ``NothingHere`` when one cannot be read."""
    values = (readable(value, ways_on, longest=LONGEST) for value in request.GET.getlist(name))
    return list(dict.fromkeys(value for value in values if value))


def refuse_further_pages(request: HttpRequest, ways_on: Iterable[WayOn] = ()) -> None:
    """For what stands on one page however long it is; raises ``NothingHere`` when another page is asked for."""
    page = asked(request, "page", ways_on)
    if page and not (page.isdecimal() and int(page) == 1):
        raise NothingHere(f"没有第“{page}”页：全部内容都在一页上。", ways_on)


def readable(value: str, ways_on: Iterable[WayOn], *, longest: int) -> str:
    """The value without blanks around it; raises ``NothingHere`` when it is too long or not text."""
    value = value.strip()
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise NothingHere("网址里有无法识别的字符。", ways_on)
    if len(value) > longest:
        raise NothingHere(f"“{value[:20]}…”太长，请控制在 {longest} 个字以内。", ways_on)
    return value


def address(path: str, pairs: Pairs) -> str:
    """The one address of this state: parameters in their order, empty ones left out."""
    return _address(path, tuple((name, value) for name, value in pairs if value))


@lru_cache(maxsize=MOST)
def _address(path: str, pairs: tuple[tuple[str, str], ...]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def understands(*names: str) -> Callable[[View], View]:
    """Say of a view which parameters its page reads; to the ready pages all others are none of its address.

    Raises ``ValueError`` for a name missing in ``KNOWN``.
    """
    if not KNOWN.issuperset(names):
        raise ValueError(f"not in KNOWN: {sorted({*names} - KNOWN)}")

    def said(view: View) -> View:
        vars(view)["parameters"] = frozenset(names)
        return view

    return said


@lru_cache(maxsize=MOST)
def understood(path: str) -> frozenset[str]:
    """The parameters that the page at this path reads; all there are where no page is."""
    try:
        view = resolve(path).func
    except Resolver404:
        return KNOWN
    return getattr(view, "parameters", frozenset())


def here(request: HttpRequest) -> str:
    """The address the visitor is at, without the parameters that no page understands."""
    given = [(name, value) for name in request.GET for value in request.GET.getlist(name) if name in KNOWN]
    return address(request.path, given)


def to_one_address(request: HttpRequest, pairs: Pairs) -> HttpResponseRedirect | None:
    """A redirect to the one address of this state, or nothing when the visitor is there.

    Parameters that the page does not understand are left alone: they change nothing. The redirect is a temporary one,
    because the order of matters and cities may change. Raises ``ValueError`` for a name the view has not said it understands.
    """
    names = understood(request.path_info)
    if unsaid := {name for name, _ in pairs} - names:
        raise ValueError(f"{request.path_info} does not understand {sorted(unsaid)}")
    given = [(name, value) for name in request.GET for value in request.GET.getlist(name) if name in names]
    if given == [pair for pair in pairs if pair[1]]:
        return None
    return HttpResponseRedirect(address(request.path, pairs))
