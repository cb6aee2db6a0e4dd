"""Asking the site for its pages, as a reader would, without a server between."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler
from django.http import Http404, HttpRequest, HttpResponse

from guides.display import COOKIE, STANDARD
from guides.views import page_not_found, server_error

BUSY = 503
PATIENCE = 90.0
"""Seconds to wait for a turn at the typesetter, who also serves the readers."""


class MirrorStopped(Exception):
    """No new version was made; the message says why and what to do, in Chinese."""


@dataclass(frozen=True)
class Answer:
    """What the site says at an address."""

    status: int
    kind: str
    """The content type without its charset."""
    body: bytes
    address: str
    """Where it says so: the address asked for, or that of a redirect."""
    location: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is a page to read, which has display modes."""
        return self.kind == "text/html"


class Site:
    """The site as it answers in this process."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()
        self.origin = urlsplit(settings.SITE_URL)

    def ask(self, address: str, mode: str = STANDARD.mode) -> Answer:
        """What stands at the address in this mode; one step of a redirect is taken, a busy typesetter waited for."""
        if address in ERRORS:
            return Answer(200, "text/html", ERRORS[address](request_at_home(mode)).content, "/")
        answer, until = self._get(address, mode), time.monotonic() + PATIENCE
        while answer.status == BUSY and time.monotonic() < until:
            time.sleep(0.5)
            answer = self._get(address, mode)
        if answer.status in {301, 302} and answer.location.startswith(settings.STATIC_URL):
            return collected(answer.location.removeprefix(settings.STATIC_URL))
        return self._get(answer.location, mode) if answer.status in {301, 302} else answer

    def _get(self, address: str, mode: str) -> Answer:
        path, _, query = address.partition("?")
        began: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *_failure: Any) -> Callable[[bytes], object]:
            began.extend((status, headers))
            return began.append

        chunks: Any = self.handler(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "SCRIPT_NAME": "",
                "SERVER_NAME": self.origin.hostname,
                "SERVER_PORT": str(self.origin.port or (443 if self.origin.scheme == "https" else 80)),
                "SERVER_PROTOCOL": "HTTP/1.1",
                "REMOTE_ADDR": "127.0.0.1",
                "HTTP_HOST": self.origin.netloc,
                "HTTP_X_FORWARDED_PROTO": self.origin.scheme,
                "HTTP_COOKIE": f"{COOKIE}={mode}" if mode != STANDARD.mode else "",
                "wsgi.url_scheme": self.origin.scheme,
                "wsgi.input": io.BytesIO(),
            },
            start,
        )
        try:
            body = b"".join(chunks)
        finally:
            chunks.close()
        headers = {name.lower(): value for name, value in began[1]}
        kind = headers.get("content-type", "").partition(";")[0]
        return Answer(int(began[0].split()[0]), kind, body, address, headers.get("location", ""))


def request_at_home(mode: str) -> HttpRequest:
    """A request for the first page, in a mode."""
    request = HttpRequest()
    request.method, request.path = "GET", "/"
    request.COOKIES[COOKIE] = mode
    return request


def collected(url: str) -> Answer:
    """A static file by the address a page gives it, in the collected folder or, without one, where it was written."""
    file = Path(settings.STATIC_ROOT, url)
    found = file if file.is_file() else Path(finders.find(url) or file)
    return Answer(200, "application/octet-stream", found.read_bytes(), url)


ERRORS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/_errors/404.html": lambda request: page_not_found(request, Http404()),
    "/_errors/500.html": server_error,
}
