"""What every answer tells the browser beyond the headers that Django and django-csp have settings for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def say_to_browsers(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, before all others: the headers of ``HEADERS_OF_EVERY_ANSWER``, unless a page has said otherwise."""
    constant: dict[str, str] = settings.HEADERS_OF_EVERY_ANSWER

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in constant.items():
            response.headers.setdefault(name, value)
        return response

    return middleware
