"""What the desk's own pages share: the admin's frame, who may be there, and where it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from guides.access import editable_by, visible_to
from offices.models import City, County, Office


def page(
    request: HttpRequest, template: str, title: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """One page in the admin's frame."""
    shared = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"admin/{template}.html", {**shared, **context}, status=status)


def offices_to_edit(request: HttpRequest) -> QuerySet[Office]:
    """The offices this person may change; refused to who may change none."""
    offices = editable_by(Office.objects.all(), request.user)
    if not offices.exists():
        raise PermissionDenied
    return offices


def cities_in_sight(request: HttpRequest) -> list[City]:
    """The cities this person may look at, in their order."""
    return list(visible_to(City.objects.all(), request.user))


def asked(request: HttpRequest, cities: list[City]) -> tuple[City | None, County | None]:
    """City and county of the address (``?city=dazhou&county=xuanhan``); the only city needs no asking.

    None for what is not given or not in sight.
    """
    slug = request.GET.get("city", "")
    city = next((city for city in cities if city.slug == slug), cities[0] if len(cities) == 1 else None)
    counties = visible_to(County.objects.filter(city=city), request.user) if city else County.objects.none()
    wanted = request.GET.get("county", "")  # compared here: PostgreSQL refuses to be asked for NUL
    return city, next((county for county in counties if county.slug == wanted), None)
