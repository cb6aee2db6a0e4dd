"""What a visitor sees at an address the site does not have."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from guides.display import display
from guides.ready.away import answer_for
from offices.lookup import NothingHere
from offices.place import place_choice, place_named

from .home import home_of

NO_SUCH_PAGE = "这个网址没有对应的页面，可能是地址输错了，或者页面已经不在了。"


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
    }
    return render(request, "404.html", context, status=found_out.status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own failure, in the reader's display mode; asks the database nothing, for that may be what failed.

    Django calls this for whatever was raised anywhere below: it is the one place that tells a database that is away (503)
    from a fault of ours (500).
    """
    if answer := answer_for(request, sys.exception()):
        return answer
    return HttpResponse(render_to_string("500.html", display(request)), status=500)
