"""Open data: the same content for other systems."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from guides.models import Guide


@require_safe
def guides_json(request: HttpRequest) -> JsonResponse:
    """The canonical documents of all published guides, in reading order."""
    guides = Guide.objects.published().with_details().in_reading_order()
    documents = [guide.document() for guide in guides]
    return JsonResponse(documents, safe=False, json_dumps_params={"ensure_ascii": False})
