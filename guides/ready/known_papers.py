"""Which paper lies on the shelf for an address: what one process has found out, the others need not find out again.

To know a paper by its content, the content has to be gathered first, and for a booklet that is most of a second.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from functools import cached_property

from guides.program import program
from guides.sheets.shelf import site_shelf

from .shelf import Headers
from .watching import Seen

log = logging.getLogger(__name__)


class KnownPapers:
    """Notes beside the papers: which of them an address is, on one day, by one program, at one state of its content."""

    @cached_property
    def program(self) -> str:
        """What this process makes papers by."""
        return program()

    def note(self, key: tuple[str, ...], scopes: Iterable[str], seen: Seen) -> str:
        """The name of a note; "" where no change was ever stamped, so that nothing says which content it is.

        With the time of each change: after a restored backup the same numbers are given a second time.
        """
        if not any(seen.number(scope) for scope in scopes):
            return ""
        stamps = [(scope, seen.number(scope), seen.changed_at(scope).isoformat()) for scope in scopes]
        return hashlib.sha256(repr((self.program, key, stamps)).encode()).hexdigest()

    def find(self, note: str) -> tuple[Headers, bytes] | None:
        """The paper and the headers it was sent with, if it has been made and still lies there."""
        if not note or (written := site_shelf().note(note)) is None:
            return None
        try:
            paper, headers = json.loads(written)
        except ValueError:  # cut off by a full disk
            return None
        pdf = site_shelf().get(paper)
        return None if pdf is None else ([(name, value) for name, value in headers], pdf)

    def keep(self, note: str, mark: str, headers: Headers) -> None:
        """Write down that this is the paper with this ETag."""
        if note and mark:
            site_shelf().write_note(note, json.dumps([mark.strip('"'), headers]))
