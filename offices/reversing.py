"""Addresses by the names of their pages, each worked out once: a guide's page has sixty of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import urls

MOST = 50_000
"""Addresses remembered: 12 MB; a busy country has more pages, but not more that are asked for again and again."""


def reverse(name: str, args: Iterable[object] = ()) -> str:
    """The address of the page ``name`` (``guides:guide``) with these parts (slugs). Raises ``NoReverseMatch``."""
    return _reverse(name, tuple(map(str, args)))


@lru_cache(maxsize=MOST)
def _reverse(name: str, args: tuple[str, ...]) -> str:
    return urls.reverse(name, args=args)
