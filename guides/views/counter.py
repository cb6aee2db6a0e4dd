"""A clerk's start page for one office: find a matter, print its sheet or a notice, keep the binder up to date."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guides.counter import facts, shelves, words_of
from guides.doubts import doubts_at
from guides.models import Guide
from guides.phone_book import phone_book
from guides.sheets.versions import latest, versions
from offices.lookup import find_city, find_county
from offices.models import County, Office
from offices.place import Place, place_choice


@require_safe
def counter(request: HttpRequest, city: str, county: str) -> HttpResponse:
    """The county's guides by category; where the handbook names no counter of the county, the city's stands in."""
    found = find_county(find_city(city), county, address_of)
    own = list(Office.objects.in_county(found).with_details())
    offices = own or list(Office.objects.in_city(found.city).at_city_level().with_details())
    offices = [office for office in offices if office.address] or offices
    rows = Guide.objects.published().in_county(found).with_summary()
    guides = list(rows.prefetch_related("matter__aliases").in_reading_order())
    of_sheets = versions(guides, found)
    book = phone_book(offices)
    place = Place(found.city, found)
    context = {
        "place": place,
        "choice": place_choice(place, page_of),
        "city": found.city,
        "county": found,
        "is_unstated": not own,
        "facts": [facts(office, book[office.pk]) for office in offices],
        "doubts": doubts_at(offices),
        "shelves": shelves(guides, of_sheets),
        "count": len(guides),
        "binder": latest(of_sheets.values()),
        "words": words_of(guides),
    }
    return render(request, "guides/counter.html", context)


def address_of(county: County) -> str:
    """The counter page of a county."""
    return reverse("guides:counter", args=[county.city.slug, county.slug])


def page_of(place: Place) -> str:
    """The counter page of a place; a whole city has none but its offices."""
    return address_of(place.county) if place.county else place.offices_url
