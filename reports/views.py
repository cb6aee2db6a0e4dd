"""The form a reader reports an error with, and what he is told after sending it. Never kept by anybody, in no index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guides.error_pages import HOTLINE
from guides.views.home import home_of
from offices.lookup import NothingHere, WayOn
from offices.place import Place, place_choice
from offices.work_calendar import work_calendar

from .away import given_back
from .clients import client_of
from .forms import Made, ReportForm
from .models import LONGEST_CONTACT, LONGEST_TEXT, WORKING_DAYS, Report
from .pages import ReportedPage, form_for, page_at, whom_to_call
from .receiving import TooMany, receive

NOT_SAVED = 422
"""Understood, but something is to be done before it is saved."""


class SeeOther(HttpResponseRedirect):
    """After a form: the answer stands at another address, to be read with GET."""

    status_code = 303


@never_cache
@sensitive_post_parameters()
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form for the page named by ``page``; a report that is sent is saved and answered with its receipt."""
    page = page_at(request.GET.get("page", ""))
    if request.method != "POST":
        if page is None:
            raise no_such_page()
        made = Made.now(now(), page.version())
        return form_page(request, page, ReportForm(page), made)
    if page is None:
        return given_back(request, "gone", 404) or HttpResponse(status=400)
    return received(request, page, now())


def received(request: HttpRequest, page: ReportedPage, moment: dt.datetime) -> HttpResponse:
    """Save what was sent, or show it again with what is to be done first."""
    form = ReportForm(page, request.POST)
    made = Made.read(request.POST.get("made", "")) or Made.now(moment, page.version())
    if not form.is_valid():
        return form_page(request, page, form, made, {}, NOT_SAVED)
    if form.looks_automatic(moment):
        return form_page(request, page, form, made, {"press_again": True}, NOT_SAVED)
    if not form.cleaned_data["anyway"] and (warned := form.warned_pieces()):
        return form_page(request, page, form, made, {"warned": warned}, NOT_SAVED)
    row = row_of(request, page, form, made, moment)
    try:
        saved = receive(row, moment)
    except TooMany as refused:
        said = {"refused": refused, "to_call": whom_to_call(page, row.number)}
        response = form_page(request, page, form, made, said, 429)
        response.headers["Retry-After"] = str(refused.wait)
        return response
    return SeeOther(reverse("reports:thanks", args=[saved.receipt]))


def row_of(
    request: HttpRequest, page: ReportedPage, form: ReportForm, made: Made, moment: dt.datetime
) -> Report:
    """The report as a row, not yet saved. A number belongs to its office's county, whatever page showed it."""
    given, number = form.cleaned_data, form.chosen
    office = number.office if number else None
    dialled = number.phone.number if number else ""
    return Report(
        form_key=made.key,
        city=page.place.city,
        county=office.county if office and office.county else page.place.county,
        page=page.address,
        page_name=page.name,
        page_version=made.version,
        guide=page.guide,
        kind=given["kind"],
        office=office,
        number=dialled,
        text=given["text"],
        contact=given["contact"],
        sent_at=moment,
        client=client_of(request, localdate(moment).isoformat()),
        voice=client_of(request, f"{office.pk}:{dialled}") if office else "",
    )


def form_page(
    request: HttpRequest,
    page: ReportedPage,
    form: ReportForm,
    made: Made,
    said: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form with all that was typed; ``said`` is what stands above it."""
    context = {
        "page": page,
        "place": page.place,
        "choice": page.choice,
        "form": form,
        "made": made.signed(),
        "action": form_for(page.address),
        "longest": LONGEST_TEXT,
        "longest_contact": LONGEST_CONTACT,
        "working_days": WORKING_DAYS,
        "hotline": HOTLINE,
        **(said or {}),
    }
    return render(request, "reports/form.html", context, status=status)


@never_cache
@require_safe
def thanks(request: HttpRequest, receipt: str) -> HttpResponse:
    """What a reader is told after sending: the receipt, what happens next and until when, whom to call meanwhile."""
    found = Report.objects.filter(receipt=receipt).select_related("city", "county__city", "office").first()
    if found is None:
        raise NothingHere(
            "没有这个回执号，可能是输错了，或者这件事办结已经超过 180 天，记录已经删除。",
            [WayOn("回到首页", reverse("guides:home"))],
        )
    page = page_at(found.page)
    calendar = work_calendar()
    due = found.due(calendar)
    context = {
        "report": found,
        "page": page,
        "place": page.place if page else Place(),
        "choice": page.choice if page else place_choice(Place(), home_of),
        "due": due,
        "unknown": "" if due else calendar.why_unknown(found.sent_on.year + 1),
        "to_call": whom_to_call(page, found.number) if page else [],
        "working_days": WORKING_DAYS,
        "hotline": HOTLINE,
    }
    return render(request, "reports/thanks.html", context)


def no_such_page() -> NothingHere:
    """For an address that is no page of ours with anything to report on."""
    return NothingHere(
        "“我为本页找错”要从有错的那一页点进来：请先打开那份办事指南或那个县（市、区）的窗口页，拉到最下面再点。",
        [
            WayOn("找到那份办事指南", reverse("guides:list")),
            WayOn("找到那个窗口", reverse("offices:index")),
        ],
    )
