"""One guide: for the whole city, for one county, and as the handbook prints it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guides.chat_text import chat_text
from guides.doubts import Doubts, doubts_about
from guides.glossary import Glossary, all_terms, texts_of, used
from guides.lookup import find_county_of, find_guide
from guides.models import Guide
from guides.reading import Whereabouts, choices, whereabouts
from guides.related import RELATED, carried_on_to, elsewhere_of, life_events_with, same_category_as
from offices.addresses import Pairs, address, asked, to_one_address, understands
from offices.lookup import WayOn, find_city
from offices.memory import remembered
from offices.models import County
from offices.place import Choice, Page, Place, PlaceChoice, county_choices
from offices.reversing import reverse


@require_safe
def guide(request: HttpRequest, city: str, matter: str) -> HttpResponse:
    """The guide, with every county's office."""
    found = find_guide(find_city(city), matter)
    return render(request, "guides/guide.html", on_screen(found))


@require_safe
def county_guide(request: HttpRequest, city: str, matter: str, county: str) -> HttpResponse:
    """The guide for one county: its office first."""
    found = find_guide(find_city(city), matter)
    return render(request, "guides/guide.html", on_screen(found, find_county_of(found, county)))


@require_safe
def guide_text(request: HttpRequest, city: str, matter: str, county: str = "") -> HttpResponse:
    """The guide in one message for a chat."""
    found = find_guide(find_city(city), matter)
    where = whereabouts(found, find_county_of(found, county) if county else None)
    message = message_of(found, where, doubts_about([found]))
    return HttpResponse(f"{message}\n", content_type="text/plain; charset=utf-8")


@require_safe
@understands("county")
def source(request: HttpRequest, city: str, matter: str) -> HttpResponse:
    """The handbook's own lines for this guide, with corrections marked in place; ``county`` says whence one came."""
    found = find_guide(find_city(city), matter)
    page = address_of(found, "guides:source")
    slug = asked(request, "county", [WayOn("手册原文", page(Place(found.city)))])
    county = find_county_of(found, slug, lambda county: page(Place(found.city, county))) if slug else None
    if redirect := to_one_address(request, [("county", slug)]):
        return redirect
    context = {"guide": found, **place_of(found, "guides:source", county)}
    return render(request, "guides/source.html", context)


def page_of(guide: Guide, page: str, county: County | None = None) -> dict[str, Any]:
    """What every form of the page shows."""
    return {
        "guide": guide,
        "where": whereabouts(guide, county),
        "doubts": doubts_about([guide]),
        "case_choices": choices(guide),
        "said_before": carried_on_to(guide),
        "site_url": settings.SITE_URL,
        **place_of(guide, page, county),
    }


def on_screen(guide: Guide, county: County | None = None) -> dict[str, Any]:
    """The page with what paper has no room for: explained words, the message for a chat, what is related."""
    page = page_of(guide, "guides:guide", county)
    said_before = [note.text for note in page["said_before"]]
    terms = remembered(("terms used", guide.pk), lambda: used([*texts_of(guide), *said_before], all_terms()))
    message = message_of(guide, page["where"], page["doubts"])
    return page | related(guide, county) | {"glossary": Glossary(terms), "message": message}


def message_of(guide: Guide, where: Whereabouts, doubts: Doubts) -> str:
    """The guide in one message, with the address of its page."""
    url = f"{settings.SITE_URL}{address_of(guide, 'guides:guide')(Place(guide.city, where.county))}"
    return chat_text(guide, where, url, doubts)


def place_of(guide: Guide, page: str, county: County | None, kept: Pairs = ()) -> dict[str, Any]:
    """The guide's place, the same page for its other counties, and for other cities with a guide to the matter.

    Parameters that are ``kept`` stand in all these addresses.
    """
    place = Place(guide.city, county)
    elsewhere = elsewhere_of(guide)
    everywhere = guide.matter.get_absolute_url()
    choice = PlaceChoice(
        place,
        cities=(
            Choice("各城市", everywhere),
            Choice(guide.city.name, address_of(guide, page, kept)(Place(guide.city)), chosen=True),
            *(
                Choice(other.city.name, address_of(other, page, kept)(Place(other.city)))
                for other in elsewhere[:RELATED]
            ),
        ),
        counties=county_choices(place, address_of(guide, page, kept)),
        more=WayOn("其他城市", everywhere) if len(elsewhere) > RELATED else None,
    )
    return {"place": place, "choice": choice, "county": county, "elsewhere": elsewhere[:RELATED]}


OF_A_COUNTY = {
    "guides:guide": "guides:county_guide",
    "guides:print": "guides:county_print",
    "guides:notice": "guides:county_notice",
}
"""Pages of a guide that each county has on its own."""


def address_of(guide: Guide, page: str, kept: Pairs = ()) -> Page:
    """Where one page of the guide stands for a place in its city, with the parameters that are kept."""
    of_guide = [guide.city.slug, guide.matter.slug]

    def at(place: Place) -> str:
        if place.county and page in OF_A_COUNTY:
            return reverse(OF_A_COUNTY[page], args=[*of_guide, place.county.slug])
        county = place.county.slug if place.county else ""
        return address(reverse(page, args=of_guide), [("county", county), *kept])

    return at


def related(guide: Guide, county: County | None) -> dict[str, Any]:
    """Other matters of the same category in this place, and the life events that need this one."""
    same_category = [
        Choice(other.name, address_of(other, "guides:guide")(Place(guide.city, county)))
        for other in same_category_as(guide)
    ]
    query = Place(guide.city, county).query
    life_events = [
        Choice(event.name, f"{event.get_absolute_url()}{query}") for event in life_events_with(guide.matter)
    ]
    return {"same_category": same_category, "life_events": life_events}
