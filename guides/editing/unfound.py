"""Counts what residents looked for in vain. Not published content, but still written in this room only."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from guides.models import UnfoundQuery

MOST_WORDS = 5_000
"""Different words kept; after that only those already known are counted, so that nobody can fill the table."""


@transaction.atomic
def count_unfound(words: str) -> None:
    """Add one to the count of these words."""
    if UnfoundQuery.objects.filter(words=words).update(times=F("times") + 1):
        return
    if UnfoundQuery.objects.count() < MOST_WORDS:
        UnfoundQuery.objects.get_or_create(words=words)
