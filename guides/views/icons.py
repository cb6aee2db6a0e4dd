"""The site's mark where browsers and phones look for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from offices.publisher import OUR_NAME, publisher

SHORT_NAME = "医保指南"
"""What fits under an icon."""
THEME = "#0b5a60"
ICONS = [
    ("img/favicon.svg", "any", "image/svg+xml", "any"),
    ("img/icon-192.png", "192x192", "image/png", "any"),
    ("img/icon-512.png", "512x512", "image/png", "any"),
    ("img/icon-maskable-512.png", "512x512", "image/png", "maskable"),
]


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers that read no ``<link rel="icon">`` ask here."""
    return HttpResponseRedirect(static("img/favicon.ico"))


@require_safe
def apple_touch_icon(request: HttpRequest) -> HttpResponse:
    """Phones ask here before they read the page."""
    return HttpResponseRedirect(static("img/apple-touch-icon.png"))


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """The name and icon for a phone's home screen; it opens in the browser, where address and back button are."""
    described = {
        "name": publisher().shown_name,
        "short_name": SHORT_NAME,
        "description": f"{OUR_NAME}：要带什么、去哪里、几点去、打哪个电话、多久办好",
        "lang": "zh-CN",
        "dir": "ltr",
        "id": "/",
        "start_url": reverse("guides:home"),
        "scope": reverse("guides:home"),
        "display": "browser",
        "theme_color": THEME,
        "background_color": "#ffffff",
        "icons": [
            {"src": static(name), "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in ICONS
        ],
    }
    return JsonResponse(
        described, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )
