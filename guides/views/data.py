"""Open data: the same content for other systems."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from guides.models import Guide
from guides.open_data import as_json, documents_of, in_reading_order, of_city
from offices.lookup import find_city

FEW = 1_000
"""Guides up to which the list is one answer that can be kept ready (5 MB); beyond that it is sent as it is made."""
JSON = "application/json"


@require_safe
def guides_json(request: HttpRequest) -> HttpResponseBase:
    """The canonical documents of all published guides, in reading order, one a line."""
    guides = Guide.objects.published()
    if guides[: FEW + 1].count() > FEW:
        return StreamingHttpResponse(as_json(in_reading_order()), content_type=JSON)
    return whole(as_json(documents_of(guides)))


@require_safe
def city_json(request: HttpRequest, city: str) -> HttpResponse:
    """The same for one city."""
    return whole(as_json(of_city(find_city(city))))


def whole(pieces: Iterable[str]) -> HttpResponse:
    """All at once."""
    return HttpResponse("".join(pieces), content_type=JSON)
