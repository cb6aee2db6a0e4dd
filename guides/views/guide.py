"""One guide: for the whole city, for one county, on paper, and as the handbook prints it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guides.lookup import find_county_of, find_guide
from guides.marking import corrections_of, source_lines
from guides.models import Guide
from guides.reading import whereabouts
from offices.lookup import find_city
from offices.models import County

RELATED = 6
"""How many other cities, and how many matters of the same category, a page offers."""


@require_safe
def guide(request: HttpRequest, city: str, matter: str) -> HttpResponse:
    """The guide, with every county's office."""
    found = find_guide(find_city(city), matter)
    return render(request, "guides/guide.html", page_of(found) | related(found))


@require_safe
def county_guide(request: HttpRequest, city: str, matter: str, county: str) -> HttpResponse:
    """The guide for one county: its office first."""
    found = find_guide(find_city(city), matter)
    context = page_of(found, find_county_of(found, county)) | related(found)
    return render(request, "guides/guide.html", context)


@require_safe
def guide_print(request: HttpRequest, city: str, matter: str) -> HttpResponse:
    """The guide on paper, with every county's office."""
    return render(request, "guides/print.html", page_of(find_guide(find_city(city), matter)))


@require_safe
def county_print(request: HttpRequest, city: str, matter: str, county: str) -> HttpResponse:
    """The guide on paper for one county's window."""
    found = find_guide(find_city(city), matter)
    return render(request, "guides/print.html", page_of(found, find_county_of(found, county)))


@require_safe
def source(request: HttpRequest, city: str, matter: str) -> HttpResponse:
    """The handbook's own lines for this guide, with corrections marked in place."""
    found = find_guide(find_city(city), matter, guides=Guide.objects.with_handbook_text())
    corrections = corrections_of(found)
    context = {"guide": found, "lines": source_lines(found, corrections), "corrections": corrections}
    return render(request, "guides/source.html", context)


def page_of(guide: Guide, county: County | None = None) -> dict[str, Any]:
    """What every form of the page shows."""
    return {
        "guide": guide,
        "county": county,
        "counties": guide.city.counties.all(),
        "where": whereabouts(guide, county),
        "site_url": settings.SITE_URL,
    }


def related(guide: Guide) -> dict[str, Any]:
    """The same matter in other cities, and other matters of the same category in this one."""
    others = Guide.objects.published().besides(guide).select_related("city", "matter").in_reading_order()
    return {
        "elsewhere": others.to_matter(guide.matter)[:RELATED],
        "same_category": others.in_city(guide.city).in_category(guide.matter.category)[:RELATED],
    }
