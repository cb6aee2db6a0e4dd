"""Writing the audit trail: one function, called inside the transaction of what it writes about.

What is rolled back leaves no entry, and what is committed always has one. Writers wait for each other from their entry to the
end of their transaction: record as the last thing you do.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import connections, router, transaction
from django.http import HttpRequest
from django.utils import timezone

from . import asking
from .chain import NOTHING_BEFORE, Anchor, Link, canonical, digest
from .logs import FIELDS
from .models import AuditEntry
from .request_id import current_request_id

log = logging.getLogger(__name__)

Actor = AbstractBaseUser | AnonymousUser | str | None
LOCK = 0x7961_7564_6974
"""The number of the advisory lock on PostgreSQL; SQLite has one writer at a time by itself."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
SECRET_NAMES = re.compile(r"passw|secret|token|session|cookie|otp|phone|contact|text", re.IGNORECASE)


def record(  # noqa: PLR0913 - each is a column
    action: str,
    *,
    actor: Actor,
    object: Any = "",  # noqa: A002 - what an inspector calls it
    detail: Mapping[str, Any] | None = None,
    request: HttpRequest | None = None,
    place: str = "",
    at: datetime | None = None,
    using: str | None = None,
) -> AuditEntry:
    """Append one entry: ``action`` is a key of ACTIONS, ``place`` a city's slug ("" for the whole site).

    ``actor`` None is whoever sends the request that is being answered, or the host's user who runs the command. ``detail``
    says what, never a secret: no passwords, session ids, tokens, texts or phone numbers of readers. Raises ``ValueError`` for an unknown
    action and for a detail named like a secret.
    """
    _check(action, detail or {})
    using = using or router.db_for_write(AuditEntry)
    request = request or asking.current()
    number, name = _who(actor, request)
    with transaction.atomic(using=using):
        _wait_for_others(using)
        last = last_anchor(using)
        entry = Link(
            number=last.number + 1 if last else 1,
            at=at or timezone.now(),
            actor_id=number[:40],
            actor_name=plain(name)[:150],
            action=action,
            object=plain(str(object))[:200],
            place=place[:50],
            detail=canonical(dict(detail or {})),
            request_id=current_request_id(),
            network=asking.network(request) if request else "",
            is_keyed=bool(settings.AUDIT_KEYS),
            previous=last.hash if last else NOTHING_BEFORE,
        )
        sealed = replace(entry, hash=digest(entry, settings.AUDIT_KEYS[0] if settings.AUDIT_KEYS else ""))
        written = AuditEntry(**vars(sealed))
        written.save(using=using)
        transaction.on_commit(partial(_tell_the_log, Anchor(sealed.number, sealed.hash), action), using=using)
    return written


def _tell_the_log(anchor: Anchor, action: str) -> None:
    """Number and hash of each entry stand in the log as well, out of reach of who can only write the database."""
    log.info("审计记录第 %s 条", anchor.number, extra={FIELDS: {"audit": anchor.logged, "action": action}})


def last_anchor(using: str | None = None) -> Anchor | None:
    """Number and hash of the newest entry; None when there is none yet."""
    rows = AuditEntry.objects.using(using or router.db_for_write(AuditEntry))
    row = rows.values_list("number", "hash").first()
    return Anchor(*row) if row else None


def plain(text: str) -> str:
    """The text on one line: what it says cannot begin a line of its own in a log or a table."""
    return CONTROL.sub(" ", text).strip()


def fingerprint(text: str) -> str:
    """The same short mark for the same words, from which nobody gets them back: for a name no account has.

    People sometimes type their password where the name belongs.
    """
    key = f"keeping.trail.fingerprint{settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:12]


def _check(action: str, detail: Mapping[str, Any]) -> None:
    if action not in dict(AuditEntry._meta.get_field("action").flatchoices):
        raise ValueError(f"no such action: {action}")
    secret = [name for name in detail if SECRET_NAMES.search(name)]
    if secret:
        raise ValueError(f"may not stand in an audit entry: {', '.join(secret)}")


def _who(actor: Actor, request: HttpRequest | None) -> tuple[str, str]:
    """The account's key and name; "" as key for who has no account."""
    if actor is None and request is not None:
        actor = getattr(request, "user", None)
    if isinstance(actor, AbstractBaseUser):
        full = actor.get_full_name() if isinstance(actor, User) else ""
        name = f"{actor.get_username()}（{full}）" if full else actor.get_username()
        return str(actor.pk), name
    if isinstance(actor, str) and actor:
        return "", actor
    return "", "未登录的人" if request else f"主机命令（{_host_user()}）"


def _host_user() -> str:
    with suppress(KeyError, OSError):  # a container may run as somebody without a name
        return getpass.getuser()
    return "?"


def _wait_for_others(using: str) -> None:
    """Until this transaction ends nobody else takes a number."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
