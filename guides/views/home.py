"""The first page, and the note to robots."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guides.models import Category, Handbook, LifeEvent, Matter
from offices.models import City


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, choose a place, or look through the shelves."""
    matters = Matter.objects.with_published_guides()
    context = {
        "categories": Category.objects.prefetch_related(Prefetch("matters", matters)),
        "life_events": LifeEvent.objects.with_steps(),
        "cities": City.objects.with_counties(),
        "handbooks": Handbook.objects.without_text().select_related("city"),
    }
    return render(request, "guides/home.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read everything but the admin; the list's filter addresses are many and say nothing new."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /guides/?", "Allow: /"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
