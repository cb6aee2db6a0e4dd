"""How long somebody stays signed in: until he has done nothing for half an hour, and at most for a working day."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from .passwords import is_expired, note_first

SIGNED_IN, SEEN, MUST_CHANGE = "signed_in_at", "seen_at", "password_is_expired"
STEP = 60
"""Seconds: more often nobody's last step is written down, so that not every page writes."""
IDLE, LONG = "idle", "long"
"""Why a session is over."""


def begin(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Receiver of ``user_logged_in``: the clocks start, and the second factor is wanted anew.

    Django keeps the contents of a session in which the same person signs in again.
    """
    now = int(time.time())
    note_first(user)
    request.session.pop(DEVICE_ID_SESSION_KEY, None)
    request.session.update({SIGNED_IN: now, SEEN: now, MUST_CHANGE: is_expired(user)})


def why_over(session: SessionBase, now: float) -> str:
    """``IDLE`` or ``LONG`` when it is over, "" while it goes on; one without clocks has gone on for too long."""
    if now - session.get(SIGNED_IN, 0) >= settings.SESSION_COOKIE_AGE:
        return LONG
    return IDLE if now - session.get(SEEN, 0) >= settings.SESSION_IDLE_SECONDS else ""


def touch(session: SessionBase, now: float) -> None:
    """Note that he is here."""
    if now - session[SEEN] >= STEP:
        session[SEEN] = int(now)


def must_change_password(request: HttpRequest) -> bool:
    """Whether his password has expired; asked of the database only while it had at signing in."""
    if not request.session.get(MUST_CHANGE):
        return False
    if not is_expired(request.user):
        request.session[MUST_CHANGE] = False
    return bool(request.session[MUST_CHANGE])


def end_all_of(user: User) -> int:
    """Sign an account out wherever it is signed in; how many sessions that were."""
    theirs = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now())
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    return Session.objects.filter(pk__in=theirs).delete()[0]
