"""The site map: one page for visitors, and lists of addresses for search engines, one for each city."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from guides.models import Category, LifeEvent, Matter
from guides.paths import PATHS
from guides.site_map import city_addresses, general_addresses
from offices.addresses import address, to_one_address, understands
from offices.long_lists import city_links
from offices.lookup import find_city
from offices.models import City
from offices.place import PARAMETERS, CityName, Place, asked_place, place_choice

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
@understands(*PARAMETERS)
def site_map(request: HttpRequest) -> HttpResponse:
    """All sections of the site on one page; where there are many cities, province by province and folded."""

    def page(place: Place) -> str:
        return address(reverse("guides:site_map"), place.pairs)

    place = asked_place(request, page)
    if redirect := to_one_address(request, place.pairs):
        return redirect
    choice = place_choice(place, page)
    context = {
        "place": place,
        "choice": choice,
        "categories": Category.objects.prefetch_related(
            Prefetch("matters", Matter.objects.with_published_guides())
        ),
        "life_events": LifeEvent.objects.all(),
        "paths": PATHS.values(),
        "cities": [] if choice.all_cities else City.objects.with_counties(),
        "provinces": by_province(choice.all_cities),
    }
    return render(request, "guides/site_map.html", context)


def by_province(cities: Iterable[CityName]) -> list[tuple[str, int, SafeString]]:
    """Each province, how many cities it has and the links to them; cities without one come under 其他."""
    provinces: dict[str, list[tuple[str, str]]] = {}
    for city in cities:
        provinces.setdefault(city.province or "其他", []).append((city.slug, city.name))
    return [(province, len(here), city_links(here)) for province, here in provinces.items()]


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of the lists: pages of no city, then city by city."""
    cities = City.objects.values_list("slug", flat=True)
    lists = [
        reverse("guides:sitemap_general"),
        *(reverse("guides:sitemap_city", args=[slug]) for slug in cities),
    ]
    return listed("sitemapindex", "sitemap", lists)


@require_safe
def sitemap_general(request: HttpRequest) -> HttpResponse:
    """Pages that belong to no single city."""
    return listed("urlset", "url", general_addresses())


@require_safe
def sitemap_city(request: HttpRequest, city: str) -> HttpResponse:
    """Pages of one city."""
    return listed("urlset", "url", city_addresses(find_city(city)))


def listed(whole: str, entry: str, paths: Iterable[str]) -> HttpResponse:
    """The addresses under ``SITE_URL``, never under the host that was asked; no dates, because the data has none."""
    entries = "".join(f"<{entry}><loc>{escape(settings.SITE_URL + path)}</loc></{entry}>\n" for path in paths)
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<{whole} xmlns="{NAMESPACE}">\n{entries}</{whole}>\n'
    return HttpResponse(xml, content_type="application/xml; charset=utf-8")
