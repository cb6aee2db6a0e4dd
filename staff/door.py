"""The one door of the desk: every request below ``/admin/`` passes here before any page is looked for.

In this order: is the session over, was the second factor shown, has the password expired. What is refused is led to
the page that helps. A middleware, not a decorator: a page that forgets it would be a way around.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import logout
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache

from . import second_factor, sessions
from .forms import SAID

DESK = "/admin/"
NEXT = "next"
SECRET = ("password", "csrf", "code", "token")
"""Parts of the names of fields that are never shown again."""


def guard(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, after those of sessions and users."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(DESK) or request.path_info in outside():
            return get_response(request)
        return refusal(request) or get_response(request)

    return middleware


def outside() -> tuple[str, ...]:
    """Where anybody may go: in and out."""
    return reverse("admin:login"), reverse("admin:logout")


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to somebody who may not go on, None for everybody else; who is not signed in is Django's to lead to the sign-in page."""
    if not request.user.is_authenticated:
        return not_saved(request) if is_lost_work(request) else None
    now = time.time()
    if why := sessions.why_over(request.session, now):
        logout(request)
        return sign_in_again(request, why)
    sessions.touch(request.session, now)
    here = request.path_info
    if settings.REQUIRE_SECOND_FACTOR and not second_factor.is_verified(request.user):
        return (
            None
            if here.startswith(reverse("staff:second_factor"))
            else lead_to("staff:second_factor", request)
        )
    if sessions.must_change_password(request) and here not in ways_to_a_new_password():
        return lead_to("admin:password_change", request)
    return None


def ways_to_a_new_password() -> tuple[str, ...]:
    """Where somebody may go whose password has expired."""
    return reverse("admin:password_change"), reverse("admin:jsi18n")


def lead_to(page: str, request: HttpRequest) -> HttpResponse:
    """To a page of the door, and from there back to the one that was asked for."""
    return _redirect(reverse(page), {NEXT: request.get_full_path()} if request.method == "GET" else {})


def sign_in_again(request: HttpRequest, why: str) -> HttpResponse:
    """After a session is over: to the sign-in page; what was being sent is shown instead of lost."""
    if request.method == "POST":
        return not_saved(request, why)
    return _redirect(reverse("admin:login"), {NEXT: request.get_full_path(), "why": why})


def is_lost_work(request: HttpRequest) -> bool:
    """Whether a form is sent by a browser that was signed in when it opened it."""
    return request.method == "POST" and settings.CSRF_COOKIE_NAME in request.COOKIES


@never_cache
def not_saved(request: HttpRequest, why: str = "") -> HttpResponse:
    """Nothing was saved, and here is what was typed. Sending it again by itself is not offered: the sign-in made old forms void."""
    context = {
        **admin.site.each_context(request),
        "title": "没有保存：请重新登录",
        "why": SAID.get(why, "您已经退出登录。").split("请重新登录")[0],
        "typed": list(typed_text(request)),
        "sign_in": f"{reverse('admin:login')}?{urlencode({NEXT: request.get_full_path()})}",
    }
    return render(request, "staff/not_saved.html", context, status=403)


def typed_text(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """Label and text of each field that somebody may have typed something into."""
    for name, values in request.POST.lists():
        if not name.startswith("_") and not any(
            part in name for part in (*SECRET, "_FORMS", "-id", "-DELETE")
        ):
            label = label_of(name, request.path_info)
            yield from ((label, value) for value in values if value.strip() and not value.isdecimal())


def label_of(name: str, path: str) -> str:
    """What the form of the page calls the field (``materials-0-text``: 材料 1 · 内容); its name when nobody knows."""
    with suppress(Resolver404, AttributeError, FieldDoesNotExist):
        options = cast("Any", resolve(path).func).model_admin.opts
        rows, *number_and_field = name.split("-")
        if len(number_and_field) != 2:
            return str(options.get_field(name).verbose_name)
        row = options.get_field(rows).related_model._meta
        number, field = number_and_field
        return f"{row.verbose_name} {int(number) + 1} · {row.get_field(field).verbose_name}"
    return name


def way_back(request: HttpRequest) -> str:
    """The page of this site that was asked for first; the desk when there is none."""
    asked = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else reverse("admin:index")


def _redirect(address: str, query: dict[str, str]) -> HttpResponse:
    response = HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)
    response.headers["Cache-Control"] = "no-store"
    return response
