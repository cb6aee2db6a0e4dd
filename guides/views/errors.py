"""What a visitor sees when the site cannot do what was asked: always a page in Chinese that says what to do next."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from guides.display import display
from guides.error_pages import HOTLINE, PAGES
from guides.ready.away import answer_for
from offices.lookup import NothingHere
from offices.place import place_choice, place_named

from .home import home_of

NO_SUCH_PAGE = "这个网址没有对应的页面，可能是地址输错了，或者页面已经不在了。"
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def in_chinese(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: words for what Django answers without any (405). What is larger than any form is not read at all (413)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = str(request.META.get("CONTENT_LENGTH", ""))
        if length.isdecimal() and int(length[:20]) > settings.LARGEST_REQUEST:
            return plain_page(request, 413)
        response = get_response(request)
        if response.status_code != 405 or not isinstance(response, HttpResponse) or response.content:
            return response
        page = plain_page(request, 405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return middleware


def plain_page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """The page nginx has for this status, in the reader's display mode; asks the database nothing."""
    template, words = PAGES[str(status)]
    known = {**display(request), "hotline": HOTLINE, **words, **context}
    return HttpResponse(render_to_string(template, known), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read (400), and what is more than a form may be (413)."""
    return plain_page(request, 413 if isinstance(exception, TOO_MUCH) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What this account, or nobody, may see."""
    return plain_page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from a page of ours, or was open too long."""
    known = {**display(request), "hotline": HOTLINE, "no_referer": "Referer" in reason}
    return HttpResponse(render_to_string("403_csrf.html", known), status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what is wrong and offer ways on; an address of no page at all gets the general sentence.

    What was withdrawn answers 410.
    """
    found_out = exception if isinstance(exception, NothingHere) else NothingHere(NO_SUCH_PAGE)
    place = place_named(request)
    context = {
        "message": found_out,
        "place": place,
        "choice": place_choice(place, home_of),
        "hotline": HOTLINE,
    }
    return render(request, "404.html", context, status=found_out.status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own failure, in the reader's display mode; asks the database nothing, for that may be what failed.

    Django calls this for whatever was raised anywhere below: it is the one place that tells a database that is away (503)
    from a fault of ours (500).
    """
    if answer := answer_for(request, sys.exception()):
        return answer
    return plain_page(request, 500)
