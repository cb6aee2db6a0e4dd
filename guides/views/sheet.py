"""One guide on paper: the PDF, and the page for the browser's own print. Both set what ``sheet_content`` says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guides.display import display_of
from guides.lookup import find_county_of, find_guide
from guides.models import Guide
from guides.reading import choices
from guides.sheets.content import sheet_content
from guides.sheets.options import LARGE, PARAMETERS, Options, asked_options
from guides.sheets.room import fit
from guides.sheets.typesetting import Paper, by_turns, pdf_response
from guides.sheets.versions import versions
from offices.addresses import address, to_one_address, understands
from offices.lookup import find_city
from offices.models import County

from .guide import place_of

Asked = tuple[Guide, County | None, Options]


@require_safe
@by_turns
@understands(*PARAMETERS)
def sheet_pdf(request: HttpRequest, city: str, matter: str, county: str = "") -> HttpResponse:
    """The sheet as a PDF, dated today."""
    found = ask(request, city, matter, county, "sheet")
    if isinstance(found, HttpResponseRedirect):
        return found
    guide, of_county, options = found
    said = sheet_content(
        guide, of_county, options, version_of(guide, of_county), printed=timezone.localdate()
    )
    content = {"template": "sheet", "sheets": [said]}
    return pdf_response(request, Paper("sheet.typ", content, said["title"]), f"{said['title']}.pdf")


@require_safe
@understands(*PARAMETERS)
def sheet_print(request: HttpRequest, city: str, matter: str, county: str = "") -> HttpResponse:
    """The sheet as a page, with its options; the day of printing is filled in by the reader."""
    found = ask(request, city, matter, county, "print")
    if isinstance(found, HttpResponseRedirect):
        return found
    guide, of_county, options = found
    larger = replace(options, size=LARGE) if display_of(request).large else options
    return render(request, "guides/print.html", on_paper(guide, of_county, options, larger))


def on_paper(guide: Guide, of_county: County | None, options: Options, larger: Options) -> dict[str, Any]:
    """What the page for the browser's print shows; ``larger`` are the options with the size the reader needs."""
    kept = replace(options, case="").pairs
    content = sheet_content(guide, of_county, larger, version_of(guide, of_county))
    return {
        "guide": guide,
        "sheet": content,
        "fit": fit(content),
        "options": options,
        "cases": choices(guide),
        "case_choices": () if options.case else choices(guide),
        "pdf_url": page_of(guide, of_county, "sheet")(larger),
        **place_of(guide, "guides:print", of_county, kept),
    }


def ask(request: HttpRequest, city: str, matter: str, county: str, page: str) -> Asked | HttpResponseRedirect:
    """What the address asks for, or the way to its one address; raises ``NothingHere`` for what is not there."""
    guide = find_guide(find_city(city), matter)
    found = find_county_of(guide, county) if county else None
    options = asked_options(request, guide, page_of(guide, found, page))
    return to_one_address(request, options.pairs) or (guide, found, options)


def page_of(guide: Guide, county: County | None, page: str) -> Callable[[Options], str]:
    """The addresses of one paper page (``print`` or ``sheet``) of a guide for a place."""
    of_guide = [guide.city.slug, guide.matter.slug]
    path = (
        reverse(f"guides:county_{page}", args=[*of_guide, county.slug])
        if county
        else reverse(f"guides:{page}", args=of_guide)
    )
    return lambda options: address(path, options.pairs)


def version_of(guide: Guide, county: County | None) -> str:
    """Which version of its contents the sheet shows, in words."""
    return versions([guide], county)[guide.pk].label
