"""Pages about places: which offices there are, when they open and which number to call."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .lookup import find_city, find_county
from .models import City, Office


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every city with its counties."""
    return render(request, "offices/index.html", {"cities": City.objects.with_counties()})


@require_safe
def city(request: HttpRequest, city: str) -> HttpResponse:
    """The offices of one city: the counters county by county, then the city-wide networks."""
    found = find_city(city)
    offices = Office.objects.in_city(found).with_details()
    by_county = {county: [o for o in offices if o.county_id == county.pk] for county in found.counties.all()}
    context = {"city": found, "by_county": by_county, "city_wide": [o for o in offices if o.county is None]}
    return render(request, "offices/city.html", context)


@require_safe
def county(request: HttpRequest, city: str, county: str) -> HttpResponse:
    """The offices of one county; where the handbook names none, the city's own counter stands in."""
    of_city = find_city(city)
    found = find_county(of_city, county)
    of_the_city = Office.objects.in_city(of_city).with_details()
    own = list(of_the_city.in_county(found))
    context = {
        "city": of_city,
        "county": found,
        "is_unstated": not own,
        "offices": own or list(of_the_city.at_city_level()),
        "city_wide": of_the_city.city_wide(),
    }
    return render(request, "offices/county.html", context)
