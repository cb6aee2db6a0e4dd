"""One matter in every city."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guides.comparison import compare
from guides.lookup import find_matter
from guides.models import Guide


@require_safe
def matter(request: HttpRequest, matter: str) -> HttpResponse:
    """The cities side by side: where they agree and where they differ."""
    found = find_matter(matter)
    guides = list(Guide.objects.published().to_matter(found).with_details().in_reading_order())
    context = {"matter": found, "guides": guides, "questions": compare(guides)}
    return render(request, "guides/matter.html", context)
