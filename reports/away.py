"""What somebody wrote is shown back to him when it could not be saved, whatever the reason: the last thing to get lost."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from guides.display import display
from guides.error_pages import HOTLINE
from guides.ready.away import RETRY_AFTER

from .models import LONGEST_CONTACT, LONGEST_TEXT
from .vocabulary import KINDS

REFUSED = 403
"""Django's answer to a form without the right cookie."""


def give_back(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, around the one that answers while the database is away: its answer does not hold the reader's words."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method != "POST" or request.path != reverse("reports:report"):
            return response
        if response.status_code < 500 and response.status_code != REFUSED:
            return response
        why = "cookie" if response.status_code == REFUSED else "away"
        return given_back(request, why, response.status_code) or response

    return middleware


def given_back(request: HttpRequest, why: str, status: int) -> HttpResponse | None:
    """The page with what he wrote; asks the database nothing. None when it could not be read.

    ``why``: ``away``; ``cookie``; ``gone``, that is the page he wrote about.
    """
    try:
        sent = request.POST
    except (BadRequest, SuspiciousOperation, OSError):  # too large, or broken off
        return None
    context = {
        **display(request),
        "why": why,
        "kind": KINDS.get(sent.get("kind", ""), ""),
        "number": sent.get("number", "")[:60].rpartition(":")[2],
        "text": sent.get("text", "")[: 10 * LONGEST_TEXT],
        "contact": sent.get("contact", "")[: 10 * LONGEST_CONTACT],
        "hotline": HOTLINE,
    }
    response = HttpResponse(render_to_string("reports/given_back.html", context), status=status)
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    return response
