"""A page shows one state of the content: made anew when an edit came in while it was being made."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guides.models import Stamp

MIXED = "X-Content-Changed"
"""The header of an answer that may show two states, for :class:`~.application.ReadyPages`, who takes it off."""
ATTEMPTS = 3


def of_one_state(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: every change of content stamps in its own transaction, so equal stamps before and after mean one state."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or request.path.startswith("/admin/"):
            return get_response(request)
        before, response = Stamp.objects.newest(), get_response(request)
        for _ in range(ATTEMPTS):
            now = Stamp.objects.newest()
            if now == before:
                return response
            before, response = now, get_response(request)
        response.headers[MIXED] = "1"
        return response

    return middleware
