"""The last day of a guide's time limits for a day of acceptance that the address names; the server has no clock."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from guides.deadlines import latest_finishes, years_counted
from guides.lookup import find_county_of, find_guide
from guides.models import Guide
from offices.addresses import asked, to_one_address, understands
from offices.lookup import WayOn, find_city
from offices.place import Place
from offices.work_calendar import CalendarYear, work_calendar
from offices.workdays import read_date

from .guide import address_of, place_of

PAGE = "guides:deadline"
PARAMETERS = ("county", "accepted")
EXAMPLE = "2026-02-10"


@require_safe
@understands(*PARAMETERS)
def deadline(request: HttpRequest, city: str, matter: str) -> HttpResponse:
    """The last day of each time limit; without ``accepted``, the question for it."""
    found = find_guide(find_city(city), matter, guides=Guide.objects.with_effort())
    page = address_of(found, PAGE)
    again = [WayOn(f"重新填写受理日期，例如 {EXAMPLE}", page(Place(found.city)))]
    slug, written = (asked(request, name, again) for name in PARAMETERS)
    county = find_county_of(found, slug, lambda county: page(Place(found.city, county))) if slug else None
    accepted = read_date(written)
    said = accepted.isoformat() if accepted else written
    if moved := to_one_address(request, [("county", slug), ("accepted", said)]):
        return moved
    problem = ""
    if written and not accepted:
        problem = (
            f"“{Truncator(written).chars(20)}”不是一个日期。请填写受理那一天的年、月、日，例如 {EXAMPLE}。"
        )
    kept = [] if problem else [("accepted", said)]
    context = {"guide": found, "written": said, "problem": problem, "example": EXAMPLE}
    context |= place_of(found, PAGE, county, kept)
    if accepted:
        finishes = latest_finishes(found, accepted, work_calendar())
        years = CalendarYear.objects.filter(year__in=years_counted(accepted, finishes)).order_by("year")
        context |= {"accepted": accepted, "finishes": finishes, "years": years}
    return render(request, "guides/deadline.html", context, status=404 if problem else 200)
