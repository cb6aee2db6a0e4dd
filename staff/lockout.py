"""Five failures, fifteen minutes: what is said meanwhile, and how a superuser ends it. axes does the counting."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_client_username
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from .client import client_network
from .models import Lockout
from .signals import account_unlocked

REFUSED = 403
"""Not 429: nginx would put its own page in the place of ours, which says how long and whom to ask."""


@never_cache
def locked_page(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """What axes has us answer while an account is locked: until when, and whom to ask."""
    now = timezone.now()
    until = locked_until(get_client_username(request, credentials), client_network(request), now)
    context = {
        **admin.site.each_context(request),
        "title": "登录暂停",
        "failures": settings.AXES_FAILURE_LIMIT,
        "until": until,
        "minutes": max(1, math.ceil((until - now) / timedelta(minutes=1))),
        "contact": settings.SITE_CONTACT,
    }
    return render(request, "staff/locked.html", context, status=REFUSED)


def locked_until(username: str | None, network: str | None, now: datetime) -> datetime:
    """When the failures of this account from this network no longer count."""
    rows = Lockout.objects.together_with(Lockout(username=username, ip_address=network)).recent(now)
    last: datetime = rows.order_by("attempt_time").values_list("attempt_time", flat=True).last() or now
    return last + settings.AXES_COOLOFF_TIME


def unlock(lockout: Lockout, *, by: User, request: HttpRequest) -> None:
    """Forget the failures of an account from a network."""
    Lockout.objects.together_with(lockout).delete()
    account_unlocked.send(
        User, username=lockout.username or "", network=lockout.ip_address or "", by=by, request=request
    )
