"""No address of the site dies: a former slug leads on to the present one (301), a withdrawn guide is gone (410), not unknown.

Looked into only when the site would answer 404, so that other pages cost no query more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, reverse
from django.utils.http import urlencode

from offices.models import City, County

from .models import Guide, Matter

PUBLIC = ("guides", "offices")
"""Rooms of the site whose addresses the public knows."""
CITIES = ("city", "one", "other")
MATTERS = ("matter", "matters")
"""What addresses call a matter, in their path and in their parameters."""

Pairs = list[tuple[str, str]]


def lead_on(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Middleware: answer 301 or 410 instead of 404 where something stood once."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        match = request.resolver_match
        if response.status_code != 404 or match is None or match.namespace not in PUBLIC:
            return response
        if address := present_address(match, pairs_of(request)):
            return HttpResponsePermanentRedirect(address)
        if names_a_withdrawn_guide([*match.kwargs.items(), *pairs_of(request)]):
            response.status_code = 410
        return response

    return middleware


def pairs_of(request: HttpRequest) -> Pairs:
    """All parameters, also those that no page understands."""
    return [(name, value) for name in request.GET for value in request.GET.getlist(name)]


def present_address(match: ResolverMatch, pairs: Pairs) -> str:
    """The address with every former slug replaced by the present one; "" when there is none in it."""
    path: Pairs = list(match.kwargs.items())
    city = next((city_called(slug) for name, slug in [*path, *pairs] if name == "city"), None)
    path_now, pairs_now = ([(name, now(name, slug, city)) for name, slug in side] for side in (path, pairs))
    if (path_now, pairs_now) == (path, pairs):
        return ""
    query = urlencode(pairs_now)
    return reverse(match.view_name, kwargs=dict(path_now)) + (f"?{query}" if query else "")


def now(name: str, slug: str, city: City | None) -> str:
    """The present slug for one that a row once had; any other value as it is."""
    row: Any = None
    if name in CITIES:
        row = City.objects.once_called(readable(slug)).first()
    elif name in MATTERS:
        row = Matter.objects.once_called(readable(slug)).first()
    elif name == "county":
        rows = County.objects.once_called(readable(slug))
        found = list(rows.filter(city=city) if city else rows)
        row = found[0] if len(found) == 1 else None
    return row.slug if row else slug


def city_called(slug: str) -> City | None:
    """The city of this slug, present or former."""
    found = City.objects.filter(slug=readable(slug)).first()
    return found or City.objects.once_called(readable(slug)).first()


def readable(slug: str) -> str:
    """A slug as the database can be asked for it: PostgreSQL refuses NUL."""
    return slug.replace("\0", "")


def names_a_withdrawn_guide(named: Iterable[tuple[str, str]]) -> bool:
    """Whether one of the matters named was withdrawn in one of the cities named."""
    values = [(name, readable(slug)) for name, slug in named]
    cities = [slug for name, slug in values if name in CITIES]
    matters = [slug for name, slug in values if name in MATTERS]
    return bool(cities and matters) and (
        Guide.objects.withdrawn().filter(city__slug__in=cities, matter__slug__in=matters).exists()
    )
