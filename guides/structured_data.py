"""A guide as schema.org describes a service, for search engines: only what the guide says, nothing added."""

from __future__ import annotations

from typing import Any

from offices.memory import remembered
from offices.models import County
from offices.reversing import reverse
from offices.structured_data import (
    Node,
    area,
    breadcrumbs,
    contact_point,
    described,
    government_office,
    opening_hours,
)

from .models import Channel, Guide, GuideOffice
from .reading import ONLINE_KINDS, Whereabouts, sessions


def guide_data(guide: Guide, where: Whereabouts, site_url: str) -> Node:
    """The guide of the whole city or of one county, and the way down to its page.

    A county whose counter the handbook does not name is not claimed as served by the city's counter:
    such a page describes the city's service.
    """
    county = None if where.is_unstated else where.county
    counters = list(where.first if where.county else where.others)
    url = site_url + path_of(guide, where.county)
    node: Node = {
        "@type": "GovernmentService",
        "@id": f"{url}#service",
        "url": url,
        "name": guide.name,
        "serviceType": guide.matter.category.name,
        "areaServed": area(guide.city, county),
    }
    if guide.audience:
        node["audience"] = {"@type": "Audience", "audienceType": guide.audience}
    if providers := [office_of(place, guide, site_url) for place in counters]:
        node["provider"] = providers
    channels = [
        *(counter_of(place, office["@id"]) for place, office in zip(counters, providers, strict=True)),
        *(network_channel(place) for place in where.city_wide),
        *(online_channel(channel) for channel in guide.channels.all() if channel.kind in ONLINE_KINDS),
    ]
    if channels:
        node["availableChannel"] = channels
    if hours := common_hours(counters):
        node["hoursAvailable"] = opening_hours(hours)
    return {"@graph": [node, breadcrumbs(site_url, crumbs(guide, where.county))]}


def path_of(guide: Guide, county: County | None) -> str:
    """The page of the guide for a county, or for the whole city."""
    if county is None:
        return guide.get_absolute_url()
    return reverse("guides:county_guide", args=[guide.city.slug, guide.matter.slug, county.slug])


def crumbs(guide: Guide, county: County | None) -> list[tuple[str, str]]:
    """The way down to the guide, as its page shows it."""
    way = [
        ("首页", reverse("guides:home")),
        (guide.city.name, f"{reverse('guides:list')}?city={guide.city.slug}"),
        (guide.name, path_of(guide, None)),
    ]
    return [*way, (county.name, path_of(guide, county))] if county else way


def office_of(place: GuideOffice, guide: Guide, site_url: str) -> Node:
    """The office with the numbers that answer for this guide; most guides of a city have the same."""
    phones = [*place.consult_phones, *place.complaint_phones]
    key = ("government office", place.office_id, *(phone.pk for phone in phones))
    return remembered(key, lambda: government_office(place.office, guide.city, site_url, phones))


def counter_of(place: GuideOffice, office_id: str) -> Node:
    """``counter_channel``, once for all pages of the guide."""
    return remembered(("counter channel", place.pk), lambda: counter_channel(place, office_id))


def counter_channel(place: GuideOffice, office_id: str) -> Node:
    """Applying at a counter: where, and which numbers to ask."""
    return {
        "@type": "ServiceChannel",
        "name": place.office.name,
        "serviceLocation": {"@id": office_id},
        **service_phones(place),
        **described(place.scope),
    }


def network_channel(place: GuideOffice) -> Node:
    """Applying at one of a class of places, of which the handbook gives no address."""
    return {
        "@type": "ServiceChannel",
        "name": place.office.name,
        **service_phones(place),
        **described(place.scope),
    }


def service_phones(place: GuideOffice) -> Node:
    """The numbers to ask."""
    phones = [contact_point(phone) for phone in place.consult_phones]
    return {"servicePhone": phones} if phones else {}


def online_channel(channel: Channel) -> Node:
    """Applying on a screen, and who may; the handbook prints no address of it."""
    return {"@type": "ServiceChannel", "name": channel.name, **described(channel.applies_to)}


def common_hours(counters: list[GuideOffice]) -> list[Any]:
    """When the matter is handled, if that is the same at all counters; otherwise each office has its own hours."""
    every = [sessions(place) for place in counters]
    return every[0] if every and all(hours == every[0] for hours in every) else []
