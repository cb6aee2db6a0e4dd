"""What happens at the door, written to the audit trail; signing in and passwords are there already (``keeping.accounts``)."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from keeping.accounts import NOBODY, account_called
from keeping.models import AuditEntry
from keeping.trail import record

from .signals import account_unlocked, second_factor_enrolled, second_factor_reset


def connect() -> None:
    """Listen from now on."""
    for signal, listener in (
        (user_locked_out, locked_out),
        (account_unlocked, unlocked),
        (second_factor_enrolled, enrolled),
        (second_factor_reset, reset),
    ):
        signal.connect(listener, dispatch_uid=f"staff-trail-{listener.__name__}")


def locked_out(username: str | None, request: HttpRequest | None = None, **_signal: Any) -> None:
    """登录锁定: once for a lockout, though axes says so at every try while it lasts."""
    name = account_called(username or "")
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    if not AuditEntry.objects.filter(action="locked_out", object=name, at__gte=since).exists():
        record("locked_out", actor=NOBODY, object=name, request=request)


def unlocked(username: str, by: User, request: HttpRequest, **_signal: Any) -> None:
    """解除锁定."""
    record("unlock", actor=by, object=account_called(username), request=request)


def enrolled(user: User, request: HttpRequest, **_signal: Any) -> None:
    """两步验证: set up by its owner."""
    record(
        "second_factor", actor=user, object=user.get_username(), detail={"did": "enrolled"}, request=request
    )


def reset(user: User, by: User | None, request: HttpRequest | None, **_signal: Any) -> None:
    """两步验证: taken away by a superuser or a command."""
    record("second_factor", actor=by, object=user.get_username(), detail={"did": "reset"}, request=request)
