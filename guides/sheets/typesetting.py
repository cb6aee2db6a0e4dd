"""From content to PDF, one paper at a time, each only once.

``typst`` runs in a child process (``setter.py``) that gets the content as data. What has been set lies on the shelf.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from importlib.metadata import version
from pathlib import Path
from threading import Condition, local
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.log import log_response

from .glyphs import Printable, code_of, printable
from .shelf import Shelf, site_shelf

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
TEMPLATES: Final = HERE / "typst"
FONTS: Final = HERE / "fonts"
SETTER: Final = HERE / "setter.py"
NO_PACKAGES: Final = TEMPLATES / "no-packages"
"""A folder that is not there: a template can import nothing from outside."""

MOST_CONTENT: Final = 3_000_000
"""Bytes of content, some 1,000 pages; the booklet of 34 guides has about a tenth."""
SECONDS: Final = 20
"""Of a processor, after which a paper is given up; the largest takes about one."""
LONGEST: Final = 60
"""Seconds by the clock after which it is given up too: on a busy machine the child comes last."""
PATIENCE: Final = 8.0
"""Seconds a request waits for its turn."""
RETRY_AFTER: Final = (2, 3, 4, 5)
"""Seconds after which a browser asks again: different ones, so that fifty do not come back together."""
ENVIRONMENT: Final = {
    "LANG": "C.UTF-8",
    "MALLOC_ARENA_MAX": "2",
    "RAYON_NUM_THREADS": "1",  # one processor is left for pages
    "ALL_PROXY": "http://127.0.0.1:9",  # nothing listens there: no download, ever
}
"""All the child knows of its surroundings: none of the site's secrets."""


class TypesettingBusy(Exception):
    """Too many papers are asked for at once; asking again in some seconds will do."""


class TypesettingFailed(Exception):
    """There is no PDF; the log says why."""


class PaperTooLong(TypesettingFailed):
    """There is more content than one PDF may have."""


class Turns:
    """Requests of this process that gather, set or wait for a paper: the server's other threads serve pages.

    One more may wait for a turn, for so many seconds. A request that has its turn keeps it when it enters again.
    """

    def __init__(self, most: int, patience: float = 0.5) -> None:
        self.most = most
        self.patience = patience
        self.taken = 0
        self.is_awaited = False
        self.changing = Condition()
        self.mine = local()

    def __enter__(self) -> None:
        depth = getattr(self.mine, "depth", 0)
        with self.changing:
            if not depth and self.taken >= self.most:
                self.wait()
            self.taken += not depth
        self.mine.depth = depth + 1

    def wait(self) -> None:
        """Until there is a turn. Raises ``TypesettingBusy`` when there is none in time, or somebody waits already."""
        if self.is_awaited:
            raise TypesettingBusy
        self.is_awaited = True
        try:
            if not self.changing.wait_for(lambda: self.taken < self.most, self.patience):
                raise TypesettingBusy
        finally:
            self.is_awaited = False

    def __exit__(self, *_: object) -> None:
        self.mine.depth -= 1
        with self.changing:
            self.taken -= not self.mine.depth
            self.changing.notify()


TURNS: Final = Turns(2)
SERVED: Final[deque[str]] = deque(maxlen=2_000)
"""Addresses whose papers are on the shelf, most probably."""


@dataclass(frozen=True)
class Paper:
    """What is to be set: JSON-able content, in the form of a template of ``typst/``."""

    template: str
    content: Mapping[str, Any]
    title: str

    @cached_property
    def printable(self) -> Printable:
        """The content with a glyph for every character."""
        return printable({**self.content, "title": self.title})

    @cached_property
    def data(self) -> str:
        """What the template reads: the content, the title and ``missing_characters``, as JSON."""
        codes = [code_of(character) for character in self.printable.missing]
        return json.dumps({**self.printable.content, "missing_characters": codes}, ensure_ascii=False)

    @cached_property
    def key(self) -> str:
        """The hash of everything that makes the PDF: equal keys, equal papers."""
        parts = [engine(), self.template, self.data]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def engine() -> str:
    """The hash of what sets papers: typst, templates, fonts; changes as soon as one of their files does."""
    files = [SETTER, *sorted(TEMPLATES.rglob("*.typ")), *sorted(FONTS.glob("*.*"))]
    return engine_of(tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files))


@lru_cache(maxsize=4)
def engine_of(files: tuple[tuple[Path, int, int], ...]) -> str:
    """The hash over these files; their times only say when it has to be made anew."""
    hashes = [f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}" for file, _, _ in files]
    return hashlib.sha256("\n".join([version("typst"), *hashes]).encode()).hexdigest()


Way = Callable[[Paper], bytes]
"""Sets a paper; raises ``TypesettingFailed``."""
_way: ContextVar[Way | None] = ContextVar("way", default=None)


@contextmanager
def papers_set_by(way: Way) -> Iterator[None]:
    """Within the block papers are set this way, and without waiting until nobody else sets one."""
    token = _way.set(way)
    try:
        yield
    finally:
        _way.reset(token)


def typeset(paper: Paper) -> bytes:
    """The PDF. Raises ``TypesettingBusy``, ``PaperTooLong`` or ``TypesettingFailed``."""
    shelf = site_shelf()
    if pdf := shelf.get(paper.key):
        return pdf
    if len(paper.data.encode()) > MOST_CONTENT:
        raise PaperTooLong(paper.title)
    if _way.get():
        return set_and_keep(paper, shelf)
    try:
        with TURNS, shelf.alone(PATIENCE):
            return shelf.get(paper.key) or set_and_keep(paper, shelf)
    except TimeoutError as error:
        raise TypesettingBusy from error


def set_and_keep(paper: Paper, shelf: Shelf) -> bytes:
    """Set the paper now; what the fonts lacked goes to the log."""
    for characters, remedy in (
        (paper.printable.missing, "in no font"),
        (paper.printable.rare, "in a fallback font"),
    ):
        if characters:
            named = " ".join(f"{character} {code_of(character)}" for character in characters)
            log.warning("%s: characters %s: %s", paper.title, remedy, named)
    pdf = (_way.get() or run_setter)(paper)
    shelf.put(paper.key, pdf)
    return pdf


def job_of(paper: Paper) -> bytes:
    """What the child reads."""
    job = {
        "template": str(TEMPLATES / paper.template),
        "root": str(TEMPLATES),
        "fonts": str(FONTS),
        "packages": str(NO_PACKAGES),
        "content": paper.data,
        "seconds": SECONDS,
        "longest": LONGEST,
    }
    return json.dumps(job).encode()


def run_setter(paper: Paper) -> bytes:
    """The PDF out of the child process; raises ``TypesettingFailed`` whatever became of it."""
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the job is data
            [sys.executable, "-I", str(SETTER)],
            input=job_of(paper),
            capture_output=True,
            timeout=LONGEST,
            env=ENVIRONMENT,
            cwd=TEMPLATES,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TypesettingFailed(f"{paper.title}: {error}") from error
    said = done.stderr.decode(errors="replace")[-2000:]
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise TypesettingFailed(f"{paper.title}: exit {done.returncode}: {said}")
    if said:
        log.warning("%s: %s", paper.title, said)
    return done.stdout


View = Callable[..., HttpResponse]


def by_turns(view: View) -> View:
    """A view of papers for which so many requests at a time have a turn; the others get the page that comes back.

    Gathering the content costs as much as a page, so it waits for a turn too. An address that was served before needs
    none: its paper is on the shelf.
    """

    @wraps(view)
    def in_turn(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_served = request.get_full_path() in SERVED
        return view(request, *args, **kwargs) if is_served else one_by_one(view)(request, *args, **kwargs)

    return in_turn


def one_by_one(view: View) -> View:
    """``by_turns`` for papers whose content alone is so much that every request needs a turn."""

    @wraps(view)
    def in_turn(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with TURNS:
                return view(request, *args, **kwargs)
        except TypesettingBusy:
            return busy(request)

    return in_turn


def pdf_response(request: HttpRequest, paper: Paper, filename: str) -> HttpResponse:
    """The paper as an answer: shown in the browser, saved under ``filename``; known by its ETag without being set.

    When too many are asked for, a small page that opens the paper by itself; when it is too long, a page that says so.
    """
    whole = HttpResponse(content_type="application/pdf")
    whole["ETag"] = etag = f'"{paper.key}"'
    whole["Cache-Control"] = "no-cache"  # keep it, but ask each time: the content may have changed
    whole["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=filename) or ""
    answer = get_conditional_response(request, etag=etag, response=whole)
    if answer is not whole or request.method == "HEAD":
        return cast("HttpResponse", answer)
    try:
        whole.content = typeset(paper)
    except TypesettingBusy:
        return busy(request)
    except PaperTooLong:
        return render(request, "guides/paper_too_long.html", {"title": paper.title}, status=413)
    if (address := request.get_full_path()) not in SERVED:
        SERVED.append(address)
    return whole


def busy(request: HttpRequest) -> HttpResponse:
    """A page that says to wait a moment and comes back by itself."""
    seconds = random.choice(RETRY_AFTER)  # noqa: S311 - nobody gains by guessing it
    response = render(request, "guides/paper_busy.html", {"seconds": seconds}, status=503)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    log_response("paper not yet set: %s", request.path, response=response, request=request, level="info")
    return response
