"""The entries of long lists: three hundred cities, each written once a process instead of by a template's loop."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

KEPT = 4_000
"""Entries that a process remembers."""


def options(values: Iterable[tuple[str, str]], chosen: str = "") -> SafeString:
    """``<option>`` for each value with its label; the chosen one is selected."""
    return joined(option(value, label, is_chosen=value == chosen) for value, label in values)


@lru_cache(KEPT)
def option(value: str, label: str, *, is_chosen: bool = False) -> SafeString:
    """One option."""
    if is_chosen:
        return format_html('<option value="{}" selected>{}</option>', value, label)
    return format_html('<option value="{}">{}</option>', value, label)


def city_links(cities: Iterable[tuple[str, str]]) -> SafeString:
    """``<li>`` with a link to its offices for each city (slug, name)."""
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
