"""The entries of long lists: three hundred cities, each written once a process instead of by a template's loop."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

KEPT = 4_000
"""Entries that a process remembers."""
WHOLE = 32
"""Lists that a process remembers whole; one of 340 cities has 20 KB."""


def options(values: Iterable[tuple[str, str]], chosen: str = "") -> SafeString:
    """``<option>`` for each value with its label; the chosen one is selected."""
    written = _options(tuple(values))
    if not chosen:
        return written
    start = format_html('<option value="{}"', chosen)
    return mark_safe(written.replace(f"{start}>", f"{start} selected>", 1))  # noqa: S308 - both are escaped


@lru_cache(WHOLE)
def _options(values: tuple[tuple[str, str], ...]) -> SafeString:
    return joined(format_html('<option value="{}">{}</option>', value, label) for value, label in values)


def city_links(cities: Iterable[tuple[str, str]]) -> SafeString:
    """``<li>`` with a link to its offices for each city (slug, name)."""
    return _city_links(tuple(cities))


@lru_cache(WHOLE)
def _city_links(cities: tuple[tuple[str, str], ...]) -> SafeString:
    return joined(city_link(slug, name) for slug, name in cities)


@lru_cache(KEPT)
def city_link(slug: str, name: str) -> SafeString:
    """One city."""
    return format_html('<li><a href="{}">{}</a></li>', reverse("offices:city", args=[slug]), name)


def links(choices: Iterable[tuple[str, str, bool]], current: str) -> SafeString:
    """``<li>`` with a link for each choice (label, address, whether chosen); a chosen one is marked ``current``."""
    return joined(link(label, url, current if is_chosen else "") for label, url, is_chosen in choices)


@lru_cache(KEPT)
def link(label: str, url: str, current: str) -> SafeString:
    """One link."""
    if current:
        return format_html('<li><a href="{}" aria-current="{}">{}</a></li>', url, current, label)
    return format_html('<li><a href="{}">{}</a></li>', url, label)


def joined(entries: Iterable[SafeString]) -> SafeString:
    """The entries, one a line."""
    return mark_safe("\n".join(entries))  # noqa: S308 (each entry is escaped)
