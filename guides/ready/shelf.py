"""Ready responses in memory: bounded in bytes, the longest unused going first."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

import brotli

from .marks import LENGTH, etag
from .watching import Seen

SMALL = 200
"""Bytes below which compressing saves nothing."""
BROTLI_QUALITY = 5
"""Two milliseconds a page; 11 would take thirty and save a tenth."""
FOR_NGINX = ("X-Accel-Expires", "@1")
"""Keep it for bad days but ask each time, says this to nginx, which passes it to nobody; its own clock counts whole seconds
and would show an edit up to two seconds late."""
OVERHEAD = 2000
"""Bytes that an entry costs beside its bodies, about."""

Headers = list[tuple[str, str]]


class Coded(NamedTuple):
    """A page in one coding: its strong ETag, the headers of a 304, those of a 200, the body."""

    mark: str
    unchanged: Headers
    headers: Headers
    body: bytes


@dataclass
class Page:
    """One finished response and the stamps it was made at (scope → number); each coding is made when first asked for.

    A paper has no ``last_modified`` (""): it bears the day's date, so it changes without its content. ``mark`` is what the
    page is known by (:mod:`.marks`); without one, its bytes.
    """

    headers: Headers
    body: bytes
    stamps: Mapping[str, int]
    last_modified: str
    current_at: int = -1
    mark: str = ""
    _coded: dict[str, Coded] = field(default_factory=dict)

    def is_current(self, seen: Seen) -> bool:
        """Whether nothing it depends on has changed since; looked up once for each new state of the stamps."""
        if self.current_at != seen.last:
            if any(seen.number(scope) != number for scope, number in self.stamps.items()):
                return False
            self.current_at = seen.last
        return True

    def coded(self, coding: str) -> Coded:
        """The page for whoever takes this coding: ``br``, ``gzip`` or "" for none."""
        if coding not in self._coded:
            self._coded[coding] = self._code(coding)
        return self._coded[coding]

    def _code(self, taken: str) -> Coded:
        mark = etag(self.mark or hashlib.sha256(self.body).hexdigest()[:LENGTH], taken)
        unchanged = validators(mark, self.last_modified)
        coding = "" if len(self.body) < SMALL or not self.last_modified else taken
        body = compress(self.body, coding)
        length = [("Content-Encoding", coding)] * bool(coding) + [("Content-Length", str(len(body)))]
        about = [header for header in self.headers if header[0] != "Content-Type"]
        return Coded(mark, [*about, *unchanged], [*self.headers, *unchanged, *length], body)

    @property
    def size(self) -> int:
        """Bytes it may come to: the body, and what both codings of it take at most."""
        return OVERHEAD + 2 * len(self.body)


def validators(mark: str, last_modified: str) -> Headers:
    """What a 200 and a 304 say alike: by what the page is known, and who may keep it how long."""
    return [
        ("ETag", mark),
        *([("Last-Modified", last_modified)] if last_modified else []),
        ("Cache-Control", "no-cache"),
        FOR_NGINX,
        ("Vary", "Accept-Encoding, Cookie"),
    ]


def compress(body: bytes, coding: str) -> bytes:
    """The same bytes in this coding."""
    if coding == "br":
        return bytes(brotli.compress(body, quality=BROTLI_QUALITY))
    return gzip.compress(body, 6, mtime=0) if coding == "gzip" else body


class Shelf:
    """Pages by key, together no larger than ``room`` bytes."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken = 0
        self._pages: OrderedDict[tuple[str, ...], Page] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: tuple[str, ...]) -> Page | None:
        """The page of this key, which is thereby the most lately used."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: tuple[str, ...], page: Page) -> None:
        """Keep the page; what was not used for longest makes room. A page larger than a tenth of the room is not kept."""
        if page.size > self.room // 10:
            return
        with self._lock:
            self._take(key)
            self._pages[key] = page
            self.taken += page.size
            while self.taken > self.room:
                self._take(next(iter(self._pages)))

    def _take(self, key: tuple[str, ...]) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.taken -= page.size
