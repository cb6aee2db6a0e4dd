"""The outermost WSGI layer: answers from ready pages, and keeps what Django has made."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils import timezone

from guides.display import COOKIE, MODES, STANDARD
from offices.addresses import understood

from . import known_papers
from .away import AWAY, FAILED, KNOWN_AWAY, UNCHANGED
from .consistency import MIXED
from .databases import PRIMARY, reading_from
from .dependence import scopes_of
from .marks import Marks, etag
from .shelf import Headers, Page, Shelf, validators
from .watching import Seen, Watch

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

MEGABYTE = 1 << 20
ROOM, ROOM_FOR_QUESTIONS, ROOM_FOR_PAPERS = 96 * MEGABYTE, 16 * MEGABYTE, 32 * MEGABYTE
"""Bytes for addresses of which there are only so many, for those in which a visitor writes what he likes, and for PDFs."""
COUNTED = (["city"], ["county"], ["city", "county"])
"""Parameters of pages of which there are only as many as there are places."""
WITHOUT_DATABASE = ("/static/", "/healthz", "/readyz")
"""What is kept elsewhere, or asks the databases itself."""
OF_THE_DESK = ("/admin/",)
"""Whose readers must see what they have just saved."""
NOT_OURS = ("/display/", "/search/", "/report/")
"""What depends on more than address, mode and content."""
KEPT = ("text/", "application/json", "application/xml", "application/manifest+json", "application/pdf")
"""Media types of what anybody may be shown."""
TOLD = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REQUEST_ID"})
"""The headers of a request that Django gets to see when it makes a page for everybody."""
MADE_ANEW = frozenset({"etag", "last-modified", "cache-control", "vary", "content-length"})
"""Headers that a ready page has of its own."""
MODE = re.compile(rf"(?:^|;) *{COOKIE}=([a-z-]+)")
CODINGS = re.compile(r"\b(br|gzip)\b(?! *; *q=0(?:\.0*)?(?:,|$| ))")


class ReadyPages:
    """Wraps a WSGI application whose public pages are pure functions of address, display mode and content."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.watch = Watch()
        self.pages, self.questions = Shelf(ROOM), Shelf(ROOM_FOR_QUESTIONS)
        self.papers = Shelf(ROOM_FOR_PAPERS)
        self.marks = Marks()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from the shelf, or have Django make the page and keep it."""
        if environ["PATH_INFO"].startswith(WITHOUT_DATABASE):
            known_away = environ[KNOWN_AWAY] = self.watch.known_away
            # A missing file is looked for as a page: not when every database is known to be away.
            environ[AWAY] = known_away.issuperset(self.watch.databases)
            return self.application(environ, start_response)
        seen = self.watch.begin()
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ["PATH_INFO"].startswith(OF_THE_DESK):
            return self._ask(environ, start_response, PRIMARY)
        if environ["PATH_INFO"].startswith(NOT_OURS) or not is_for_us(environ):
            return self._ask(environ, start_response, seen.database)
        shelf = self.papers if is_paper(environ) else self.pages
        if environ.get("QUERY_STRING"):
            pairs = understood_pairs(environ)
            environ["QUERY_STRING"] = urlencode(pairs)
            if shelf is self.pages and pairs and [name for name, _ in pairs] not in COUNTED:
                shelf = self.questions
        key = key_of(environ)
        page = shelf.get(key)
        if page is not None and page.is_current(seen):
            return serve(page, environ, start_response)
        return self._make(environ, start_response, shelf, key, seen)

    def is_primary_away(self) -> bool:
        """Whether the database that is written to gives no answer."""
        return not self.watch.answers(PRIMARY)

    def _make(
        self, environ: Environ, start_response: StartResponse, shelf: Shelf, key: tuple[str, ...], seen: Seen
    ) -> Iterable[bytes]:
        """Have Django answer; keep the answer if it is a page. ``seen`` is older than what the page shows, never newer.

        Who says by its mark that he has the page is told so without its being made; a paper is first looked for on the shelf.
        """
        scopes, is_dated = scopes_of(environ["PATH_INFO"], environ["QUERY_STRING"]), shelf is self.papers
        changed_at = max(seen.changed_at(scope) for scope in scopes)
        last_modified = "" if is_dated else format_datetime(changed_at, usegmt=True)
        mark = self.marks.of(key, scopes, seen)
        if mark and etag(mark, coding_of(environ)) in marks_of_the_reader(environ):
            return self._say_unchanged(environ, start_response, etag(mark, coding_of(environ)), last_modified)
        stamps = {scope: seen.number(scope) for scope in scopes}
        if is_dated and (known := known_papers.find(mark)):
            page = Page(*known, stamps, last_modified, seen.last, mark)
            shelf.put(key, page)
            return serve(page, environ, start_response)
        answer = Answer()
        chunks = self._ask(for_everybody(environ), answer.start, seen.database)
        if not answer.is_page:
            if answer.is_stream and mark:
                # It is older than what is sent: whoever got half of an edit gets all of it next time.
                about = validators(etag(mark, coding_of(environ)), last_modified)
                answer.headers = [*answer.lasting, *about]
            start_response(answer.status, answer.headers)
            return chunks if environ["REQUEST_METHOD"] == "GET" else []
        page = Page(answer.lasting, b"".join(chunks), stamps, last_modified, seen.last, mark)
        if answer.is_mixed:
            page.mark = ""
        else:
            shelf.put(key, page)
            known_papers.keep(mark if is_dated else "", answer.named.get("etag", ""), page.headers)
        return serve(page, environ, start_response)

    def _say_unchanged(
        self, environ: Environ, start_response: StartResponse, mark: str, last_modified: str
    ) -> Iterable[bytes]:
        """A 304 with the headers that Django gives every answer; it looks for no page and asks no database."""
        answer = Answer()
        closed(self.application(for_everybody(environ) | {UNCHANGED: True}, answer.start))
        start_response(answer.status, [*answer.lasting, *validators(mark, last_modified)])
        return []

    def _ask(self, environ: Environ, start_response: StartResponse, database: str) -> Iterable[bytes]:
        """Have Django answer, reading from this database; a 503 at once while that is known to be away."""
        environ[AWAY] = not self.watch.answers(database)
        with reading_from(database):
            chunks = self.application(environ, start_response)
            if getattr(chunks, "streaming", False):
                return streamed(chunks, database)
            chunks = closed(chunks)
        if environ.get(FAILED):
            self.watch.failed(database)
        return chunks


class Answer:
    """What Django begins to answer."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = []
        self.is_mixed = False

    def start(self, status: str, headers: Headers, *_failure: Any) -> None:
        """Django's ``start_response``."""
        self.status = status
        self.is_mixed = (MIXED, "1") in headers
        self.headers = [header for header in headers if header[0] != MIXED]

    @property
    def named(self) -> dict[str, str]:
        """The headers by their names in small letters."""
        return {name.lower(): value for name, value in self.headers}

    @property
    def lasting(self) -> Headers:
        """The headers but those that a ready page has of its own."""
        return [header for header in self.headers if header[0].lower() not in MADE_ANEW]

    @property
    def is_page(self) -> bool:
        """Whether it is something that anybody else may be shown as well, now and later, and short enough to be kept."""
        return self._is_for_everybody and "content-length" in self.named

    @property
    def is_stream(self) -> bool:
        """Whether anybody may be shown it, but it is made while it is sent, because it is too long."""
        return self._is_for_everybody and "content-length" not in self.named

    @property
    def _is_for_everybody(self) -> bool:
        named = self.named
        return (
            self.status.startswith("200")
            and named.get("content-type", "").startswith(KEPT)
            and "set-cookie" not in named
            and not re.search("no-store|private", named.get("cache-control", ""))
        )


def closed(chunks: Any) -> list[bytes]:
    """All the chunks; Django is told that the request is over."""
    try:
        return list(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()


def streamed(chunks: Any, database: str) -> Iterator[bytes]:
    """The chunks one by one, for a body that is too long to be held; each is read from this database."""
    with contextlib.closing(chunks):
        waiting = iter(chunks)
        while True:
            with reading_from(database):
                chunk = next(waiting, None)
            if chunk is None:
                return
            yield chunk


def understood_pairs(environ: Environ) -> list[tuple[str, str]]:
    """The parameters of the query that the page at this path reads, in their order."""
    names = understood(environ["PATH_INFO"])
    return [pair for pair in parse_qsl(environ["QUERY_STRING"]) if pair[0] in names]


def key_of(environ: Environ) -> tuple[str, ...]:
    """What a page is kept under: address and display mode; papers are dated. Nothing else that a visitor sends.

    Pages know neither host nor scheme: every address in them comes from ``SITE_URL``.
    """
    mode_or_day = timezone.localdate().isoformat() if is_paper(environ) else mode_of(environ)
    return (environ["PATH_INFO"], environ["QUERY_STRING"], mode_or_day)


def for_everybody(environ: Environ) -> Environ:
    """The request as anybody may have sent it who asks for this key: nothing of it can be in a page that others get.

    A ``Content-Type`` with another charset, for one, would have Django read the address in another way.
    """
    told = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name in TOLD}
    return told | {
        "REQUEST_METHOD": "GET",
        "CONTENT_TYPE": "",
        "CONTENT_LENGTH": "",
        "HTTP_COOKIE": f"{COOKIE}={mode_of(environ)}",
    }


def is_for_us(environ: Environ) -> bool:
    """Whether host and scheme are ours, as Django sees them; otherwise it refuses the host or leads to TLS."""
    host = str(environ.get("HTTP_HOST", environ.get("SERVER_NAME", "")))
    return is_our_host(host, tuple(settings.ALLOWED_HOSTS)) and (
        not settings.SECURE_SSL_REDIRECT or is_secure(environ)
    )


@lru_cache(maxsize=1000)
def is_our_host(host: str, allowed: tuple[str, ...]) -> bool:
    """As ``HttpRequest.get_host`` decides."""
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


def is_secure(environ: Environ) -> bool:
    """As ``HttpRequest.scheme`` decides."""
    header, secure = settings.SECURE_PROXY_SSL_HEADER or ("", "")
    said = environ.get(header)
    if said is None:
        return bool(environ.get("wsgi.url_scheme") == "https")
    return str(said).split(",")[0].strip() == secure


def is_paper(environ: Environ) -> bool:
    """Whether a PDF is asked for: it bears the day's date and knows no display mode."""
    return str(environ["PATH_INFO"]).endswith(".pdf")


def mode_of(environ: Environ) -> str:
    """The display mode in the cookies; one that does not exist is the standard."""
    found = MODE.search(environ.get("HTTP_COOKIE", ""))
    return found[1] if found and found[1] in MODES else STANDARD.mode


def serve(page: Page, environ: Environ, start_response: StartResponse) -> list[bytes]:
    """Answer with a page, in the best coding the browser takes; 304 when it has the same already."""
    coded = page.coded(coding_of(environ))
    if is_with_reader(coded.mark, page.last_modified, environ):
        start_response("304 Not Modified", coded.unchanged)
        return []
    start_response("200 OK", coded.headers)
    return [coded.body] if environ["REQUEST_METHOD"] == "GET" else []


def coding_of(environ: Environ) -> str:
    """The best coding the browser takes: ``br``, ``gzip`` or "" for none; papers are compressed in themselves."""
    if is_paper(environ):
        return ""
    codings = CODINGS.findall(environ.get("HTTP_ACCEPT_ENCODING", ""))
    return "br" if "br" in codings else codings[0] if codings else ""


def marks_of_the_reader(environ: Environ) -> list[str]:
    """The ETags that the reader says he has."""
    return [each.strip().removeprefix("W/") for each in environ.get("HTTP_IF_NONE_MATCH", "").split(",")]


def is_with_reader(mark: str, last_modified: str, environ: Environ) -> bool:
    """Whether the reader says that he has this very page; an ETag he names counts alone (RFC 9110, 13.1.3)."""
    if marks := environ.get("HTTP_IF_NONE_MATCH"):
        return marks.strip() == "*" or mark in marks_of_the_reader(environ)
    return environ.get("HTTP_IF_MODIFIED_SINCE") == last_modified
