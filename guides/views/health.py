"""Two questions of machines: does the process live, and can it serve? Never from a cache."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from guides.ready.away import KNOWN_AWAY
from guides.ready.databases import ask_every_table

NO_ANSWER = "数据库没有应答，请检查数据库"


def answer_probes(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, before all others: load balancers ask by IP address and without TLS."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path)
        return probe(request) if probe else get_response(request)

    return middleware


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process lives: 200, whatever has become of the database."""
    return JsonResponse({"alive": True})


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when public pages can be made: a database answers, every table of it, and all migrations are applied.

    Otherwise 503. What is wrong with which database stands under ``databases`` either way; "" means nothing. That all is well
    is asked anew each time; that a database does not answer may have been found out a few seconds ago, so that nobody waits
    for it again: nginx asks this before each paper and each form.
    """
    known_away = request.META.get(KNOWN_AWAY, ())
    found = {
        name: NO_ANSWER if name in known_away else what_is_wrong_with(name)
        for name in settings.READING_DATABASES
    }
    ready = "" in found.values()
    return JsonResponse({"ready": ready, "databases": found}, status=200 if ready else 503)


def what_is_wrong_with(database: str) -> str:
    """Why no page can be made from it, in one clause; "" when one can."""
    try:
        missing = migrations_on_disk() - set(MigrationRecorder(connections[database]).applied_migrations())
        if missing:
            return f"还有 {len(missing)} 个数据库迁移没有执行，请运行 manage.py migrate"
        ask_every_table(database)
    except (DatabaseError, InterfaceError) as error:
        return f"{NO_ANSWER}（{type(error).__name__}）"
    return ""


@cache
def migrations_on_disk() -> frozenset[tuple[str, str]]:
    """All migrations of this release, by app and name."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


PROBES = {"/healthz": healthz, "/readyz": readyz}
