"""By what a page is known before it is made: equal marks, equal bytes.

So a reader or a cache that has the page already is told so without its being made, by any process of any server.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property

from guides.program import program

from .watching import Seen

LENGTH = 40
"""Hexadecimal digits."""


class Marks:
    """What pages are known by to one process."""

    @cached_property
    def program(self) -> str:
        """What this process makes pages by."""
        return program()

    def of(self, key: tuple[str, ...], scopes: Iterable[str], seen: Seen) -> str:
        """The hash of all that makes the page of this key; "" where no change was ever stamped and nothing says what it shows.

        With the time of each change: after a restored backup the same numbers are given a second time.
        """
        stamps = [(scope, seen.number(scope), seen.changed_at(scope).isoformat()) for scope in scopes]
        if not any(number for _, number, _ in stamps):
            return ""
        return hashlib.sha256(repr((self.program, key, stamps)).encode()).hexdigest()[:LENGTH]


def etag(mark: str, coding: str) -> str:
    """The strong ETag of the page with this mark for whoever takes this coding."""
    return f'"{mark}-{coding}"' if coding else f'"{mark}"'
