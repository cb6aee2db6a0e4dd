"""The pages of the second factor. Who has not shown it gets no further than here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import second_factor
from .door import NEXT, way_back
from .forms import CodeForm

View = Callable[..., HttpResponse]
WRONG_CODE = "验证码不对。请看手机验证器上现在显示的 6 位数字，用过一次的要等下一个；手机的时间也要准。"


def where_it_is_wanted(view: View) -> View:
    """For signed-in staff, on sites that ask for a second factor."""

    @wraps(view)
    def wanted(request: HttpRequest) -> HttpResponse:
        if not settings.REQUIRE_SECOND_FACTOR:
            raise Http404("本站没有启用第二验证")
        return view(request)

    return admin.site.admin_view(wanted)


@where_it_is_wanted
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: HttpRequest) -> HttpResponse:
    """Ask for a code; who has shown one sees how things stand, who has no app goes to set one up."""
    if second_factor.is_verified(request.user):
        return state(request, CodeForm())
    if not second_factor.has_app(request.user):
        return redirect(f"{request.path}enrol/?{request.GET.urlencode()}")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verdict = second_factor.verify(request, form.cleaned_data["code"])
        if verdict.is_right:
            return redirect(way_back(request))
        form.add_error("code", refusal(verdict))
    return page(request, "staff/entrance.html", "第二验证", form=form)


def refusal(verdict: second_factor.Verdict) -> str:
    """What is wrong with a code, and what to do."""
    if verdict.wait_until is None:
        return WRONG_CODE
    seconds = second_factor.seconds_until(verdict.wait_until)
    wait = f"{seconds} 秒" if seconds < 120 else f"{round(seconds / 60)} 分钟"
    return (
        f"验证码错了几次，要等 {wait}再试（每错一次，等的时间加倍）。一直不对，请系统管理员重置您的第二验证。"
    )


@where_it_is_wanted
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Set up the app. Whoever has one must show it first: a new one is made after a superuser took the old one away."""
    if second_factor.has_app(request.user):
        return redirect("staff:second_factor")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.enrol(request, form.cleaned_data["code"])
        if codes:
            return codes_page(request, codes)
        form.add_error("code", WRONG_CODE)
    key = second_factor.key_to_type(second_factor.pending_app(request))
    return page(request, "staff/enrol.html", "启用第二验证", form=form, key=key)


@where_it_is_wanted
@require_GET
def picture(request: HttpRequest) -> HttpResponse:
    """The QR code of the app that is being set up; never kept by anybody."""
    if second_factor.has_app(request.user):
        raise Http404("第二验证已经启用")
    svg = second_factor.picture(second_factor.pending_app(request))
    return HttpResponse(svg, content_type="image/svg+xml")


@where_it_is_wanted
@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """New codes for paper, for who shows the app once more."""
    if not second_factor.is_verified(request.user):
        return redirect("staff:second_factor")
    form = CodeForm(request.POST)
    if form.is_valid():
        verdict = second_factor.confirm(request.user, form.cleaned_data["code"])
        if verdict.is_right:
            return codes_page(request, second_factor.new_codes(request.user))
        form.add_error("code", refusal(verdict))
    return state(request, form)


def state(request: HttpRequest, form: CodeForm) -> HttpResponse:
    """What one has, and how to get new codes."""
    left = second_factor.codes_left(request.user)
    return page(request, "staff/second_factor.html", "第二验证", form=form, left=left)


def codes_page(request: HttpRequest, fresh: list[str]) -> HttpResponse:
    """The codes, this once: they are not shown again."""
    return page(request, "staff/codes.html", "备用码", codes=fresh, way_back=way_back(request))


def page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """A page of the door in the look of the admin."""
    asked = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    every = {**admin.site.each_context(request), "title": title, "next": asked}
    return render(request, template, every | context)
