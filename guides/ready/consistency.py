"""A page shows one state of the content: made anew when an edit came in while it was being made."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guides.models import Stamp
from offices.memory import in_state

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
        attempt = 1
        while True:
            before = Stamp.objects.newest()
            with in_state(before):
                response = get_response(request)
            if response.status_code >= 500 or Stamp.objects.newest() == before:
                return response
            if attempt == ATTEMPTS:
                response.headers[MIXED] = "1"
                return response
            attempt += 1

    return middleware
