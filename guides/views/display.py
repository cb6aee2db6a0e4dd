"""Choosing large print or high contrast, and the living style page."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guides.display import COOKIE, KEPT_FOR, MODES, STANDARD
from offices.addresses import address
from offices.lookup import NothingHere, WayOn
from offices.place import Place, place_choice

from .home import home_of

MODE_NAMES = {
    "standard": "标准版",
    "large": "大字版",
    "contrast": "高对比",
    "large-contrast": "大字版加高对比",
}


@never_cache
@require_safe
def display(request: HttpRequest) -> HttpResponse:
    """Remember the mode and go back to the page; the only address of the public site that sets a cookie."""
    mode, back = request.GET.get("mode", ""), request.GET.get("next") or reverse("guides:home")
    if not is_of_this_site(back):
        raise NothingHere(
            "切换显示方式之后只能回到本站的页面，不能转到别的网站。",
            [WayOn("回到首页", reverse("guides:home"))],
        )
    if mode not in MODES:
        raise NothingHere(
            f"没有“{mode[:20]}”这种显示方式。",
            [
                WayOn(name, address(reverse("guides:display"), [("mode", known), ("next", back)]))
                for known, name in MODE_NAMES.items()
            ],
        )
    response = HttpResponseRedirect(back)
    if MODES[mode] == STANDARD:
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(
            COOKIE, mode, KEPT_FOR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )
    return response


def is_of_this_site(path: str) -> bool:
    """Whether this is an absolute path on this site, and no way to another one."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Everything pages are made of, at one glance, while templates are being written; not for visitors."""
    if not settings.DEBUG:
        raise Http404
    context = {"place": Place(), "choice": place_choice(Place(), home_of), "colours": COLOURS}
    return render(request, "style.html", context)


COLOURS = (
    ("正文", "ink", "paper"),
    ("次要文字", "ink-soft", "paper"),
    ("次要文字（底色上）", "ink-soft", "ground"),
    ("链接", "accent", "paper"),
    ("链接（淡底上）", "accent", "accent-tint"),
    ("看过的链接", "visited", "paper"),
    ("按钮", "on-accent", "accent"),
    ("页头", "on-masthead", "masthead"),
    ("提醒", "warn", "warn-tint"),
    ("错误", "error", "paper"),
    ("标出的文字", "on-mark", "mark"),
)
"""What stands on what: name, colour of the text, colour behind it, as named in variables.css."""
