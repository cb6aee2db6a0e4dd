"""The poster of a county for a wall: one A3 page with a QR code for each of its matters, by category."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from guides.doubts import doubts_at
from guides.models import Category, Guide
from guides.phone_book import Line, by_category, phone_book
from offices.addresses import address
from offices.models import County, Office
from offices.publisher import publisher
from offices.timetable import timetable

from .content import page_url
from .places import line_said, phone_said
from .qr import qr_svg
from .typesetting import Paper

Json = dict[str, Any]
MOST_CODES = 60
"""So many codes an A3 page holds at 20 mm; a county with more matters gets one for each category."""
OFFICES = 2
"""How many counters the head names."""
PHONES = 2
"""How many numbers of each, those that answer for most matters."""


def poster_paper(county: County, guides: Sequence[Guide]) -> Paper:
    """The poster of a county with these guides (fetched with city and category)."""
    return Paper("poster.typ", poster_content(county, guides), f"{county.full_name}医保办事扫码指南")


def poster_content(county: County, guides: Sequence[Guide]) -> Json:
    """Where to go and the codes; none of it changes with the day, so a poster is set once."""
    shelves = by_category(guides)
    url = f"{settings.SITE_URL}{county.get_absolute_url()}"
    return {
        "place": county.full_name,
        "offices": offices(county),
        "unstated": "" if Office.objects.in_county(county).exists() else f"手册没有载明{county.name}的窗口",
        "shelves": [shelf(county, category, group, len(guides)) for category, group in shelves],
        "count": len(guides),
        "url": url,
        "qr": qr_svg(url),
        "qr_alt": f"二维码：{county.full_name}的窗口和电话的网页",
        "publisher": [
            f"{label}：{said}" for label, said, _ in publisher().entries if label in {"主办单位", "承办单位"}
        ],
    }


def shelf(county: County, category: Category, guides: Sequence[Guide], count: int) -> Json:
    """A category and its codes: of its matters, or where there are too many on the page, its own."""
    if count > MOST_CODES:
        return {
            "name": category.name,
            "codes": [code(f"{category.name}（{len(guides)} 项）", of_category(county, category))],
        }
    return {"name": category.name, "codes": [code(guide.name, page_url(guide, county)) for guide in guides]}


def code(name: str, url: str) -> Json:
    """One QR code with what it opens."""
    return {"name": name, "qr": qr_svg(url), "alt": f"二维码：{name}"}


def of_category(county: County, category: Category) -> str:
    """The address of the county's guides of a category."""
    pairs = [("city", county.city.slug), ("county", county.slug), ("category", category.slug)]
    return f"{settings.SITE_URL}{address(reverse('guides:list'), pairs)}"


def offices(county: County) -> list[Json]:
    """The county's counters, else the city's own: address, hours, the numbers for most matters."""
    of_city = Office.objects.in_city(county.city).with_details()
    there = list(of_city.in_county(county)) or list(of_city.at_city_level())
    shown = ([office for office in there if office.address] or there)[:OFFICES]
    book, doubts = phone_book(shown), doubts_at(shown)
    return [
        {
            "name": office.name,
            "address": office.address or "手册未载明",
            "hours": [
                line_said(line) for line in timetable([h.document() for h in office.opening_hours.all()])
            ],
            "phones": [phone_said(line.phone, doubts) for line in main_lines(book[office.pk])],
        }
        for office in shown
    ]


def main_lines(lines: Sequence[Line]) -> list[Line]:
    """The numbers to ask that answer for most matters."""
    asking = [line for line in lines if line.phone.purpose == "consult"]
    return sorted(asking, key=lambda line: -len(line.guides))[:PHONES]
