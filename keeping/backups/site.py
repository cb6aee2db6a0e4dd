"""What of this site a backup says beside the database, and what is done to a database that came out of one."""

from __future__ import annotations

import re
from typing import Any

from django.conf import global_settings, settings
from django.contrib.sessions.models import Session
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.views.debug import SafeExceptionReporterFilter

from keeping.guard import TABLE
from keeping.trail import last_anchor, record

from .store import Place

ALIAS = "restored"
IS_SET = "（已设置）"
IN_ADDRESS = re.compile(r"(?<=://)[^@/\s]+@")


def settings_list() -> dict[str, Any]:
    """Every setting of ours: its name and value, of a secret only that it is set."""
    safe = SafeExceptionReporterFilter()
    known = safe.get_safe_settings()
    return {
        name: _shown(known[name], safe) if getattr(settings, name) else getattr(settings, name)
        for name in sorted(known)
        if not hasattr(global_settings, name) or getattr(settings, name) != getattr(global_settings, name)
    }


def _shown(value: Any, safe: SafeExceptionReporterFilter) -> Any:
    if value == safe.cleansed_substitute:
        return IS_SET
    if isinstance(value, dict):
        return {str(key): _shown(one, safe) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(one, safe) for one in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return IN_ADDRESS.sub(f"{IS_SET}@", str(value))


def about(using: str = "default") -> dict[str, Any]:
    """The migrations that are applied, and the last entry of the audit trail: the daily anchor outside the database."""
    applied = MigrationRecorder(connections[using]).applied_migrations()
    return {
        "migrations": sorted(".".join(key) for key in applied),
        "audit": str(last_anchor(using) or ""),
    }


def take_over(place: Place, name: str, audit: str) -> None:
    """Of a restored database: everybody has to sign in again, and the trail says that it was restored."""
    with _connected(place):
        tables = connections[ALIAS].introspection.table_names()
        with transaction.atomic(using=ALIAS):
            if Session._meta.db_table in tables:
                Session.objects.using(ALIAS).all().delete()
            if TABLE in tables:
                detail = {"backup": name, "audit": audit}
                record("backup_restored", actor=None, object=name, detail=detail, using=ALIAS)


class _connected:  # noqa: N801 - reads as a word
    """A connection of Django's under its own alias, for as long as the block lasts."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def __enter__(self) -> None:
        place = self.place
        given: dict[str, Any] = {
            "ENGINE": f"django.db.backends.{place.engine}",
            "NAME": place.name,
            "HOST": place.host,
            "PORT": place.port,
            "USER": place.user,
            "PASSWORD": place.password,
            "OPTIONS": dict(place.options)
            if place.engine == "postgresql"
            else {"transaction_mode": "IMMEDIATE"},
            "TIME_ZONE": None,
        }
        whole = connections.configure_settings({"default": given})
        connections.settings[ALIAS] = whole["default"]

    def __exit__(self, *_raised: object) -> None:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]
