"""Pages about places: which offices there are, when they open and which number to call."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from .addresses import address, asked, refuse_further_pages, to_one_address, understands
from .lookup import WayOn, find_city, find_county
from .models import City, County, Office
from .place import PARAMETERS, Place, asked_place, place_choice

SHOWN = 30
"""How many offices a search shows; beyond that the visitor is asked for another word."""


@require_safe
@understands("q", *PARAMETERS, "page")
def index(request: HttpRequest) -> HttpResponse:
    """Every city with its counties; with ``q``, the offices whose name, place, address or number has the words.

    A place without words has a page of its own.
    """
    everything = [WayOn("查看各地窗口和电话", reverse("offices:index"))]
    refuse_further_pages(request, everything)
    question = asked(request, "q", everything)

    def page(place: Place) -> str:
        return address(reverse("offices:index"), [("q", question), *place.pairs]) if question else of(place)

    place = asked_place(request, page)
    if place.city and not question:
        return redirect(of(place))
    if moved := to_one_address(request, [("q", question), *place.pairs]):
        return moved
    choice = place_choice(place, page)
    if not question:
        cities = [] if choice.all_cities else City.objects.with_counties()
        context = {"cities": cities, "place": place, "choice": choice}
        return render(request, "offices/index.html", context)
    offices = Office.objects.in_city(place.city) if place.city else Office.objects.all()
    offices = offices.in_county(place.county) if place.county else offices
    found = offices.said(question).with_details()
    context = {
        "question": question,
        "offices": found[:SHOWN],
        "count": found.count(),
        "shown": SHOWN,
        "place": place,
        "choice": choice,
    }
    return render(request, "offices/found.html", context)


def of(place: Place) -> str:
    """The page with the offices of a place."""
    return place.offices_url


@require_safe
def city(request: HttpRequest, city: str) -> HttpResponse:
    """The offices of one city: the counters county by county, then the city-wide networks."""
    return render(request, "offices/city.html", offices_of_city(find_city(city)))


def offices_of_city(found: City) -> dict[str, Any]:
    """What the page of a city shows."""
    offices = Office.objects.in_city(found).with_details()
    by_county = {county: [o for o in offices if o.county_id == county.pk] for county in found.counties.all()}
    place = Place(found)
    return {
        "city": found,
        "offices": offices,
        "by_county": by_county,
        "city_wide": [o for o in offices if o.county is None],
        "place": place,
        "choice": place_choice(place, of),
    }


@require_safe
def county(request: HttpRequest, city: str, county: str) -> HttpResponse:
    """The offices of one county; where the handbook names none, the city's own counter stands in."""
    return render(request, "offices/county.html", offices_of_county(find_county(find_city(city), county)))


def offices_of_county(found: County) -> dict[str, Any]:
    """What the page of a county shows."""
    of_city = found.city
    of_the_city = Office.objects.in_city(of_city).with_details()
    own = list(of_the_city.in_county(found))
    place = Place(of_city, found)
    return {
        "place": place,
        "choice": place_choice(place, of),
        "city": of_city,
        "county": found,
        "is_unstated": not own,
        "offices": own or list(of_the_city.at_city_level()),
        "city_wide": of_the_city.city_wide(),
    }
