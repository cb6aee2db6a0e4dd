"""Who asks: the request that this thread is answering, so that an entry can say from where it came."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_request = ContextVar[HttpRequest | None]("request", default=None)


def remember(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: while a request is answered, :func:`current` is that request."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        token = _request.set(request)
        try:
            return get_response(request)
        finally:
            _request.reset(token)

    return answer


def current() -> HttpRequest | None:
    """The request that is being answered; None in a command."""
    return _request.get()


def network(request: HttpRequest) -> str:
    """The client's network, never its whole address: the first 24 bits of an IPv4 address, 48 of an IPv6 one.

    Behind nginx (in production) it is what nginx wrote last into ``X-Forwarded-For``; "" when nobody knows.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_NGINX:
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    return str(ipaddress.ip_network((known, 24 if known.version == 4 else 48), strict=False))
