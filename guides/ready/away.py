"""What is answered at once: 304 for a page that the reader has, and while the database is away 503 (504 for a paper).

A 503 is in Chinese, with Retry-After, and never a stack.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from guides.display import display
from guides.error_pages import HOTLINE

UNCHANGED = "guides.page_is_unchanged"
"""Set in the WSGI environment by :class:`~.application.ReadyPages`: the reader has this very page, say so."""
AWAY = "guides.database_is_away"
"""Set in the WSGI environment by :class:`~.application.ReadyPages`: known to be away, do not ask."""
KNOWN_AWAY = "guides.databases_known_away"
"""Set by it for probes: the names of all databases that are known to be away."""
FAILED = "guides.database_failed"
"""Set for :class:`~.application.ReadyPages` in turn, when the database turned out to be away."""
RETRY_AFTER = 30
"""Seconds."""

OF_CONNECTIONS = ("08", "57P", "532", "533", "25006")
"""SQLSTATEs of a server that cannot be spoken to: connection lost, shutting down, no memory, no room for one more, a standby.

A full disk (53100) is not among them: whoever only reads is served as ever.
"""
SQLITE_FAULTS_OF_OURS = 1
"""SQLite's code for what PostgreSQL calls a programming error: no such table, a syntax error."""


def answer_at_once(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: nobody waits for a page he has already, or for a database that is known to be away."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.META.get(UNCHANGED):
            return HttpResponseNotModified()
        return unavailable(request) if request.META.get(AWAY) else get_response(request)

    return middleware


def answer_for(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer to a request that failed with this error; None when the database is not to blame."""
    if is_gone(error):
        request.META[FAILED] = True
    elif not is_busy(error):
        return None
    return unavailable(request)


def is_gone(error: BaseException | None) -> bool:
    """Whether the database could not be spoken to, so that the next request would fare no better."""
    if isinstance(error, InterfaceError):
        return True
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    if not isinstance(cause, psycopg.Error):
        return False
    if cause.sqlstate is None:
        return isinstance(error, OperationalError)
    return cause.sqlstate.startswith(OF_CONNECTIONS)


def is_busy(error: BaseException | None) -> bool:
    """Whether it was asked in vain this time: a lock, a limit of time, a full disk."""
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is None or code & 0xFF != SQLITE_FAULTS_OF_OURS


def unavailable(request: HttpRequest) -> HttpResponse:
    """The page that says so; asks the database nothing.

    Of a paper nginx passes on a 503, which says that many are printing; for a 504 it has an older paper.
    """
    context = {**display(request), "hotline": HOTLINE, "is_sending": request.method not in ("GET", "HEAD")}
    status = 504 if request.path.endswith(".pdf") else 503
    response = HttpResponse(render_to_string("unavailable.html", context), status=status)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    return response
