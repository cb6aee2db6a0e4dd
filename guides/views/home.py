"""The first page, and the note to robots."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guides.models import Category, Guide, Handbook, LifeEvent, Matter
from offices.addresses import address, to_one_address, understands
from offices.models import City
from offices.place import PARAMETERS, Place, asked_place, place_choice


@require_safe
@understands(*PARAMETERS)
def home(request: HttpRequest) -> HttpResponse:
    """Search, choose a place, or look through the shelves; with a place, what can be done there."""
    place = asked_place(request, home_of)
    if redirect := to_one_address(request, place.pairs):
        return redirect
    matters = Matter.objects.with_published_guides()
    handbooks = Handbook.objects.without_text().select_related("city")
    if place.city:
        matters = matters.filter(guides__in=Guide.objects.published().in_city(place.city))
        handbooks = handbooks.filter(city=place.city)
    choice = place_choice(place, home_of)
    context = {
        "place": place,
        "choice": choice,
        "here": set(matters.values_list("pk", flat=True)),
        "categories": Category.objects.prefetch_related(Prefetch("matters", matters)),
        "life_events": LifeEvent.objects.with_steps(),
        "cities": [] if place.city or choice.all_cities else City.objects.with_counties(),
        "handbooks": handbooks,
    }
    return render(request, "guides/home.html", context)


def home_of(place: Place) -> str:
    """The first page for a place."""
    return address(reverse("guides:home"), place.pairs)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read everything but the admin; the list's filter addresses are many and say nothing new."""
    closed = ("/admin/", "/guides/?", "/display/", "/report/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "Allow: /"]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('guides:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
