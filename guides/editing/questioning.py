"""Numbers that readers could not get through to: marked on every page until an editor has looked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from offices.models import Office, Phone

from .changes import note_number
from .stamps import LISTS, TEXTS, city_scope, shared_scope, stamp


@transaction.atomic
def question_number(office: Office, number: str, when: datetime) -> bool:
    """Pages say that readers could not get through to this number of the office; False when they do already."""
    return _mark(office, number, when)


@transaction.atomic
def trust_number(office: Office, number: str) -> bool:
    """Somebody has tried the number: pages show it as any other; False when they did already."""
    return _mark(office, number, None)


def _mark(office: Office, number: str, when: datetime | None) -> bool:
    phones = Phone.objects.filter(office=office, number=number, questioned_at__isnull=when is not None)
    if not phones.update(questioned_at=when):
        return False
    city = office.city.slug
    stamp([city_scope(city), shared_scope(city), LISTS, TEXTS])
    note_number(office, number)
    return True
