"""Places as schema.org describes them, for search engines: only what the data says, nothing added.

Plain functions over rows that ``with_details()`` has fetched; none of them asks the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe

from .models import City, County, Office, Phone
from .reversing import reverse
from .vocabulary import DAY_KINDS_EXPLAINED, PHONE_PURPOSES

Node = dict[str, Any]

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS: dict[str, tuple[str, ...]] = {
    "workdays": WEEK[:5],
    "saturday": ("Saturday",),
    "sunday": ("Sunday",),
    "every_day": WEEK,
}
"""Kinds of days as days of the week. Holidays and the weekends worked in their place are not among them:
which days these are changes every year, so ``description`` says that they exist and no date is given."""

UNSAFE_IN_SCRIPT = {character: f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


def script(data: Mapping[str, Any]) -> SafeString:
    """The data as a JSON-LD element; no text in it can end the element or begin a comment."""
    body = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in UNSAFE_IN_SCRIPT.items():
        body = body.replace(character, escaped)
    return mark_safe(f'<script type="application/ld+json">{body}</script>')  # noqa: S308 (escaped above)


def breadcrumbs(site_url: str, crumbs: Sequence[tuple[str, str]]) -> Node:
    """The way down to a page: (name, path) from the first page on."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": site_url + path}
            for position, (name, path) in enumerate(crumbs, 1)
        ],
    }


def office_crumbs(city: City, county: County | None) -> list[tuple[str, str]]:
    """The way down to the offices of a city or county, as its page shows it."""
    crumbs = [
        ("首页", reverse("guides:home")),
        ("窗口和电话", reverse("offices:index")),
        (city.name, city.get_absolute_url()),
    ]
    return (
        [*crumbs, (county.name, reverse("offices:county", args=[city.slug, county.slug]))]
        if county
        else crumbs
    )


def area(city: City, county: County | None = None) -> Node:
    """The city, or a county in it."""
    whole: Node = {"@type": "AdministrativeArea", "name": city.name}
    if city.province:
        whole["containedInPlace"] = {"@type": "AdministrativeArea", "name": city.province}
    if county is None or county.kind == "city_level":
        return whole
    return {"@type": "AdministrativeArea", "name": county.name, "containedInPlace": whole}


def opening_hours(sessions: Iterable[Mapping[str, str]]) -> list[Node]:
    """One specification for each session (as documents have them)."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [f"https://schema.org/{day}" for day in DAYS[session["days"]]],
            "opens": session["opens"],
            "closes": session["closes"],
            **described(DAY_KINDS_EXPLAINED.get(session["days"], ""), session.get("note", "")),
        }
        for session in sessions
    ]


def described(*remarks: str) -> Node:
    """``description`` with these remarks; nothing when there are none."""
    words = "；".join(remark for remark in remarks if remark)
    return {"description": words} if words else {}


def contact_point(phone: Phone) -> Node:
    """A number with its purpose, and for whom it is."""
    return {
        "@type": "ContactPoint",
        "telephone": phone.tel.removeprefix("tel:"),
        "contactType": PHONE_PURPOSES[phone.purpose],
        **described(phone.for_whom),
    }


def government_office(office: Office, city: City, site_url: str, phones: Iterable[Phone]) -> Node:
    """A counter: its address, its own hours and these of its numbers.

    The first number to ask stands as ``telephone``; ``@id`` is made of the name by which an office is
    recognised, so that every page means the same office by it.
    """
    county = office.county
    page = reverse("offices:county", args=[city.slug, county.slug]) if county else city.get_absolute_url()
    once = list({(p.purpose, p.number, p.for_whom): p for p in phones}.values())
    to_ask = [phone for phone in once if phone.purpose == "consult"]
    node: Node = {
        "@type": "GovernmentOffice",
        "@id": f"{site_url}{page}#{quote(office.key)}",
        "name": office.name,
        "url": site_url + page,
        "areaServed": area(city, county),
    }
    if office.address:
        node["address"] = postal_address(office, city)
    if to_ask:
        node["telephone"] = to_ask[0].tel.removeprefix("tel:")
    if once:
        node["contactPoint"] = [contact_point(phone) for phone in once]
    if hours := opening_hours(hours.document() for hours in office.opening_hours.all()):
        node["openingHoursSpecification"] = hours
    return node


def postal_address(office: Office, city: City) -> Node:
    """The printed address, with the city and province it lies in."""
    node = {
        "@type": "PostalAddress",
        "addressCountry": "CN",
        "addressRegion": city.province,
        "addressLocality": city.name,
        "streetAddress": office.address,
    }
    return {name: words for name, words in node.items() if words}


def offices_data(offices: Iterable[Office], city: City, site_url: str, county: County | None = None) -> Node:
    """A page of offices: every counter on it, and the way down to it."""
    counters = [office for office in offices if office.kind == "counter"]
    nodes = [government_office(office, city, site_url, office.phones.all()) for office in counters]
    return {"@graph": [*nodes, breadcrumbs(site_url, office_crumbs(city, county))]}
