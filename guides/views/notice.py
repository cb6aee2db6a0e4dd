"""The one-time notice (一次性告知单): the papers that are missing live in the address, nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guides.doubts import doubts_about
from guides.lookup import find_county_of, find_guide
from guides.models import Guide
from guides.notice import Line, Notice, is_for, notice
from guides.reading import choices, whereabouts
from guides.related import carried_on_to
from offices.addresses import Pairs, address, all_asked, asked, to_one_address, understands
from offices.lookup import NothingHere, WayOn, find_city
from offices.models import County
from offices.place import Choice, Place

from .guide import address_of, place_of

PAGE = "guides:notice"
PARAMETERS = ("case", "missing", "copies")
COPIES = ("1", "2")
"""How many slips stand on the sheet: 2 is one for the resident and one to keep."""


@require_safe
@understands(*PARAMETERS)
def guide_notice(request: HttpRequest, city: str, matter: str) -> HttpResponse:
    """The notice of a city's own counter."""
    return answer(request, find_guide(find_city(city), matter))


@require_safe
@understands(*PARAMETERS)
def county_notice(request: HttpRequest, city: str, matter: str, county: str) -> HttpResponse:
    """The notice of one county's window."""
    found = find_guide(find_city(city), matter)

    def page(county: County) -> str:
        return address_of(found, PAGE)(Place(found.city, county))

    return answer(request, found, find_county_of(found, county, page))


def answer(request: HttpRequest, guide: Guide, county: County | None = None) -> HttpResponse:
    """The papers to tick and, once some are ticked, the slip; a wrong choice gives the list anew and says so."""
    page = address_of(guide, PAGE)(Place(guide.city, county))
    again = [WayOn("重新勾选缺少的材料", page)]
    case, keys = asked(request, "case", again), all_asked(request, "missing", again)
    copies = asked(request, "copies", again)
    check(guide, page, case, copies)
    carried = [note.text for note in carried_on_to(guide)]
    found = notice(guide, case, keys, carried)
    pairs = pairs_of(found, copies)
    if moved := to_one_address(request, pairs):
        return moved
    context = {
        "notice": found,
        "copies": "12"[: int(copies or "1")],
        "cases": [case_choice(guide, page, found, name, copies) for name in ("", *choices(guide))],
        "page_url": page,
    }
    context |= slip_of(guide, county) | place_of(guide, PAGE, county)
    status = 404 if found.problem else 200
    return render(request, "guides/notice.html", context, status=status)


def check(guide: Guide, page: str, case: str, copies: str) -> None:
    """Raise ``NothingHere`` for a case or a number of copies that the page does not know."""
    names = choices(guide)
    if case and case not in names:
        cases = [WayOn(name, address(page, [("case", name)])) for name in names]
        raise NothingHere(
            f"“{guide.name}”不分“{case}”这种情形。", cases or [WayOn("重新勾选缺少的材料", page)]
        )
    if copies and copies not in COPIES:
        raise NothingHere(f"一张纸印一份或两份，不能是“{copies}”份。", [WayOn("重新勾选缺少的材料", page)])


def pairs_of(found: Notice, copies: str) -> Pairs:
    """The choice as the address writes it: papers in the order of the list, then keys nobody has."""
    named = [line.key for line in (*found.missing, *found.of_another_case)]
    keys = dict.fromkeys([*named, *found.unknown])
    return [
        ("case", found.case),
        *(("missing", key) for key in keys),
        ("copies", copies if copies == "2" else ""),
    ]


def case_choice(guide: Guide, page: str, found: Notice, name: str, copies: str) -> Choice:
    """The page for one case (empty: for all), with as many of the ticked papers as the case needs."""
    ticked: Iterable[Line] = (*found.missing, *found.of_another_case)
    kept = [("missing", line.key) for line in ticked if is_for(line.choices, name)]
    url = address(page, [("case", name), *kept, ("copies", copies if copies == "2" else "")])
    return Choice(name or "全部", url, name == found.case)


def slip_of(guide: Guide, county: County | None) -> dict[str, Any]:
    """What the slip says besides the papers: where to go, whom to call, where to read more."""
    guide_url = settings.SITE_URL + address_of(guide, "guides:guide")(Place(guide.city, county))
    where = whereabouts(guide, county)
    return {
        "guide": guide,
        "where": where,
        "windows": where.first or where.city_level or where.others[:1],
        "doubts": doubts_about([guide]),
        "guide_url": guide_url,
        "counter_url": reverse("guides:counter", args=[guide.city.slug, county.slug]) if county else "",
    }
