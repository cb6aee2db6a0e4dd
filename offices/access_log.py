"""A line for each request that Django answers. Ready pages have theirs in nginx's log alone, which has every request."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from keeping.logs import FIELDS

from .addresses import KNOWN

log = logging.getLogger(__name__)
NOT_NOTED = ("/healthz", "/readyz")
"""Asked each second by machines."""


def note_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: method, path, names of the parameters, status and seconds; nothing that anybody typed."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = get_response(request)
        if log.isEnabledFor(logging.INFO) and request.path not in NOT_NOTED:
            fields = {
                "method": request.method,
                "path": request.path,
                "parameters": known_names(request.META.get("QUERY_STRING", "")),
                "status": response.status_code,
                "seconds": round(time.perf_counter() - began, 3),
            }
            log.info("%s %s %s", request.method, request.path, response.status_code, extra={FIELDS: fields})
        return response

    return middleware


def known_names(query: str) -> list[str]:
    """The parameters that pages know, by name and in order; a name that nobody knows may be a secret by mistake."""
    return sorted({name for pair in query.split("&")[:100] if (name := pair.partition("=")[0]) in KNOWN})
