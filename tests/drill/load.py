"""Readers at a steady rate over every address, and what became of each request."""

from __future__ import annotations

import gzip
import hashlib
import statistics
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from tests.drill.house import HOST

RATE = 100
"""Requests a second."""
LONGEST = 1.0
"""Seconds that any of them may take."""
READERS = 40
T = TypeVar("T")


class Page(NamedTuple):
    """An address in a display mode."""

    address: str
    mode: str = ""


class Reply(NamedTuple):
    """What a reader gets: 0 for no answer at all; the text without its compression."""

    status: int
    text: bytes
    headers: dict[str, str]
    seconds: float


class Before(NamedTuple):
    """What a page said when all was well: 200, or 410 where it was withdrawn; the digest of its text."""

    status: int
    text: str


@dataclass
class Tally:
    """What became of the requests of one scenario."""

    times: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    desk: list[str] = field(default_factory=list)
    back: float = 0.0
    """Seconds from the end of the trouble until every application server says that it is ready."""

    def add(self, page: Page, reply: Reply, before: Before) -> None:
        """Count a reply. Of what was withdrawn only that it says so: a static page may stand in for the site's own."""
        name = f"{page.address} {page.mode or 'standard'}"
        self.times.append(reply.seconds)
        if reply.status != before.status:
            self.failed.append(f"{name}: {reply.status}")
        elif reply.status == 200 and digest(reply.text) != before.text:
            self.other.append(name)
        if reply.seconds > LONGEST:
            self.slow.append(f"{name}: {reply.seconds:.2f} s")

    @property
    def is_good(self) -> bool:
        return bool(self.times) and not (self.failed or self.slow or self.other or self.desk)

    def line(self, name: str) -> str:
        """A row of the table in docs/benchmarks.md."""
        times = sorted(self.times)
        median, most = statistics.median(times) * 1000, times[-1] * 1000
        late = times[int(len(times) * 0.99)] * 1000
        counts = (
            f"{len(times)} | {len(self.failed)} | {len(self.slow)} | {len(self.other)} | {len(self.desk)}"
        )
        return f"| {name} | {counts} | {median:.0f} | {late:.0f} | {most:.0f} | {self.back:.1f} |"


class Reader:
    """One reader, who keeps his connection like a browser."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = HTTPConnection(HOST, port, timeout=20)

    def read(self, page: Page) -> Reply:
        """The page as it stands before the reader at last: a redirect is followed, and its time counts."""
        reply = self.ask(page)
        if reply.status not in (301, 302):
            return reply
        there = self.ask(page._replace(address=reply.headers["location"]))
        return there._replace(seconds=reply.seconds + there.seconds)

    def ask(self, page: Page, method: str = "GET", body: str | None = None) -> Reply:
        """One request; a kept connection that nginx has closed meanwhile is opened anew, as browsers do."""
        headers = {"Accept-Encoding": "gzip", "Host": HOST}
        if page.mode:
            headers["Cookie"] = f"display={page.mode}"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        try:
            self.connection.request(method, page.address, body and body.encode(), headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, HTTPException) as error:
            self.connection.close()
            return Reply(0, repr(error).encode(), {}, time.monotonic() - began)
        named = {name.lower(): value for name, value in answer.getheaders()}
        seconds = time.monotonic() - began
        text = gzip.decompress(text) if named.get("content-encoding") == "gzip" else text
        return Reply(answer.status, text, named, seconds)


def digest(text: bytes) -> str:
    """A short name for a text."""
    return hashlib.sha256(text).hexdigest()


def published(mirror: Path) -> set[Page]:
    """Every address that is published, in every mode: what the mirror holds."""
    root = mirror / "current"
    found = set()
    for file in root.rglob("*"):
        name = file.relative_to(root).as_posix()
        is_page = not name.startswith("static/") and "_errors/" not in name
        if file.is_file() and is_page and not name.endswith((".br", ".gz")):
            found.add(page_of(name))
    return found


def page_of(name: str) -> Page:
    """The address and mode of a file of the mirror."""
    mode = ""
    if name.startswith("_mode/"):
        _, mode, name = name.split("/", 2)
    folder, _, last = f"/{name}".rpartition("/")
    if folder.endswith("/_q"):
        return Page(f"{folder.removesuffix('_q')}?{last.removesuffix('.html')}", mode)
    return Page(f"{folder}/" if last in ("index.html", "index.txt") else f"{folder}/{last}", mode)


def first_round(
    port: int, pages: Sequence[Page], withdrawn: Collection[Page], readers: int = 6
) -> dict[Page, Before]:
    """Read every page once, as fast as it goes, so that everybody has it; what it says, by page.

    Ends the drill when a page is not there, or one that was withdrawn is.
    """
    known: dict[Page, Before] = {}
    wrong: list[str] = []
    waiting = iter(pages)
    lock = threading.Lock()

    def read() -> None:
        reader = Reader(port)
        while page := take(waiting, lock):
            reply = reader.read(page)
            for _ in range(30):
                if reply.status != 503:
                    break
                time.sleep(1)  # a paper that is being set comes back by itself
                reply = reader.read(page)
            known[page] = Before(reply.status, digest(reply.text))
            if reply.status != (410 if page in withdrawn else 200):
                wrong.append(f"{page.address} {page.mode}: {reply.status}")

    together(read, readers)
    if wrong:
        raise SystemExit(f"{len(wrong)} pages are wrong while all is well: {'; '.join(wrong[:10])}")
    return known


def steady(port: int, known: dict[Page, Before], pages: Sequence[Page], seconds: float, tally: Tally) -> None:
    """Ask for the pages one after the other at the rate, from many readers."""
    requests = enumerate(islice(cycle(pages), int(seconds * RATE)))
    lock, began = threading.Lock(), time.monotonic()

    def read() -> None:
        reader = Reader(port)
        while found := take(requests, lock):
            number, page = found
            time.sleep(max(0.0, began + number / RATE - time.monotonic()))
            reply = reader.read(page)
            with lock:
                tally.add(page, reply, known[page])

    together(read, READERS)


def take(waiting: Iterator[T], lock: threading.Lock) -> T | None:
    """The next, or nothing."""
    with lock:
        return next(waiting, None)


def together(work: Callable[[], None], count: int) -> None:
    """The same work in so many threads."""
    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
