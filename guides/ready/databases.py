"""Which database a request is asked of: public pages read where :class:`~.watching.Watch` says, all else is the primary's.

The web server alone knows several names (``READING_DATABASES``); commands and tests have ``default`` only. A request is
marked where it comes in, before Django: the mark holds for the thread until the answer's last byte is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models
from django.db.models import Exists

from guides.models import Stamp

from .away import is_busy, is_gone

PRIMARY = "default"
"""For the desk, for forms and for everything that writes."""

_reading = ContextVar("reading", default=PRIMARY)


@contextmanager
def reading_from(database: str) -> Iterator[None]:
    """What is read meanwhile by this thread is read there; what is written goes to the primary."""
    token = _reading.set(database)
    try:
        yield
    finally:
        _reading.reset(token)


class Router:
    """Django's questions, answered by the mark."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return _reading.get()

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True  # all of them hold the same rows


def ask_every_table(database: str) -> None:
    """Look into each table of the site, in one query. Raises ``DatabaseError`` when one of them does not let itself be read.

    A table that a migration has not made yet, or has taken away already, is no reason to answer nothing at all.
    """
    try:
        _one_row_of_each().using(database).first()
    except DatabaseError as error:
        if is_gone(error) or is_busy(error):
            raise


@cache
def _one_row_of_each() -> models.QuerySet[Stamp, Any]:
    """Kept, because making it takes four times as long as asking it."""
    tables = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    return Stamp.objects.values_list(*(Exists(model._default_manager.all()) for model in tables))
