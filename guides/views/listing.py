"""The list of guides: filters, counts, pages; every state has its own address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.core.paginator import InvalidPage, Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guides.facets import PARAMETERS, Facet, ListAddress, chips, facets, orders
from guides.filters import GuideFilterSet
from guides.lookup import all_of
from guides.models import Category, Guide
from guides.search.finding import Finding
from guides.search.reasons import reason
from offices.addresses import Pairs, to_one_address, understands
from offices.lookup import OFFERED, WayOn, find_city
from offices.models import Office
from offices.place import Place, place_choice

PAGE_SIZE = 20
KEPT = ("channel", "limit", "audience", "category", "sort")
"""Filters chosen by links that the form carries along."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with one part of the address, the address without it, and right ones to choose."""

    field: str
    sentence: str
    url: str
    ways_on: tuple[WayOn, ...] = ()


@require_safe
@understands(*PARAMETERS)
def guide_list(request: HttpRequest) -> HttpResponse:
    """The guides that meet the filters; a wrong value is answered with 404, a sentence and the right values."""
    filters = GuideFilterSet(request.GET, queryset=Guide.objects.published())
    chosen = filters.chosen()
    if not filters.form.errors and (moved := to_one_address(request, state(request, chosen))):
        return moved
    address = ListAddress(chosen)
    groups = facets(filters)
    page, problems = None, wrong_values(filters, address, groups)
    if not problems:
        page, problems = page_of(filters, request.GET.get("page", ""), address)
    place = Place(chosen.get("city"), chosen.get("county"))
    context = {
        "place": place,
        "choice": place_choice(place, lambda place: address.with_(**dict(place.pairs))),
        "chosen": chosen,
        "facets": groups,
        "selects": [group for group in groups if group.name in {"city", "county"} and group.choices],
        "kept": [(name, address.values[name]) for name in KEPT if name in address.values],
        "chips": chips(filters),
        "orders": orders(filters),
        "canonical_path": address.with_(page=number(page.number) if page else ""),
        "problems": problems,
        "page": page,
        "found": filters.found,
        "literal_url": address.with_(literal="1"),
        **(ways_on_from_nothing(filters) if page is not None and not page.paginator.count else {}),
        "all_url": ListAddress({}).with_(),
    }
    status = 404 if problems else 200
    return render(request, "guides/list.html", context | neighbours(page, address), status=status)


@require_safe
def city_list(request: HttpRequest, city: str) -> HttpResponse:
    """An address cut short after the city leads to the city's guides."""
    return redirect(all_of(find_city(city)).url)


def state(request: HttpRequest, chosen: dict[str, Any]) -> Pairs:
    """The list's one address as parameters: what changes nothing is left out."""
    values = ListAddress(chosen).values
    if "q" not in values:
        values.pop("literal", None)
    if values.get("sort") == "handbook" and ("q" not in values or "literal" in values):
        del values["sort"]
    values["page"] = plain_number(request.GET.get("page", ""))
    return [(name, values.get(name, "")) for name in PARAMETERS]


def plain_number(page: str) -> str:
    """A page's number as addresses write it, none for the first; what is no number stays as it is."""
    try:
        return number(int(page)) if int(page) > 0 else page
    except ValueError:
        return page


def wrong_values(filters: GuideFilterSet, address: ListAddress, groups: list[Facet]) -> list[Problem]:
    """One problem for each wrong value."""
    return [
        Problem(
            name, sentence, address.with_(**{name: ""}), tuple(right_ones(name, filters, address, groups))
        )
        for name, sentences in filters.form.errors.items()
        for sentence in sentences
    ]


def right_ones(
    name: str, filters: GuideFilterSet, address: ListAddress, groups: list[Facet]
) -> Iterator[WayOn]:
    """What could be chosen instead: counties of that name elsewhere, then whatever the facet offers."""
    if name == "county":
        for county in filters.form.named_so:
            yield WayOn(county.full_name, address.with_(city=county.city.slug, county=county.slug))
    for group in groups:
        if group.name == name:
            yield from (WayOn(choice.label, choice.url) for choice in group.choices[:OFFERED])


def page_of(
    filters: GuideFilterSet, page_number: str, address: ListAddress
) -> tuple[Page[Guide] | None, list[Problem]]:
    """The page asked for, or the problem that there is no such page."""
    guides = Guide.objects.published().with_summary()
    if filters.found:
        paginator = filters.pages(guides.with_texts(), PAGE_SIZE, "guides in search")
    else:
        paginator = filters.pages(guides, PAGE_SIZE, "guides in a list")
    try:
        page = paginator.page(page_number or 1)
    except InvalidPage:
        sentence = f"没有第“{page_number}”页：符合条件的办事指南共 {paginator.num_pages} 页。"
        return None, [Problem("page", sentence, address.with_())]
    if filters.found:
        page.object_list = explained(page.object_list, filters.found)
    return page, []


def explained(guides: Iterable[Guide], found: Finding) -> list[Guide]:
    """The guides, each with ``reason``: where the words stand in it."""
    matters = {matter.pk: matter for matter in found.matters}
    explained = []
    for guide in map(copy, guides):  # what is remembered is everybody's
        guide.reason = reason(found.words, guide.texts(matters[guide.matter_id]))  # type: ignore[attr-defined]
        explained.append(guide)
    return explained


def ways_on_from_nothing(filters: GuideFilterSet) -> dict[str, Any]:
    """Whom to ask, and the shelves to look through, when nothing was found."""
    county = filters.chosen().get("county")
    offices = Office.objects.in_county(county).with_details() if county else Office.objects.none()
    if county and not offices:
        offices = Office.objects.at_city_level().filter(city=county.city_id).with_details()
    return {"ask_here": offices, "shelves": Category.objects.all()}


def neighbours(page: Page[Guide] | None, address: ListAddress) -> dict[str, str]:
    """Addresses of the pages before and after, where there are any."""
    urls = {}
    if page and page.has_previous():
        urls["previous_url"] = address.with_(page=number(page.previous_page_number()))
    if page and page.has_next():
        urls["next_url"] = address.with_(page=number(page.next_page_number()))
    return urls


def number(page: int) -> str:
    """A page number in an address; the first page has none, so that it has one address."""
    return str(page) if page > 1 else ""
