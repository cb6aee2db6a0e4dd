"""Stamping what a change touches, in the transaction of the change, so that ready pages know that they are out of date."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from guides.models import Revision, Stamp
from guides.models.lists import FROM_HERE_ON

from .documents import Document

SITE = "site"
LISTS = "lists"
"""What lists of guides show of each."""
TEXTS = "texts"
"""Everything that any guide or office says."""
FIRST_LOCKED = "counter"
"""The row every writer locks before he takes a number: numbers are then committed in their order."""


def city_scope(city: str) -> str:
    """What all pages about a city's places depend on, by its slug."""
    return f"city:{city}"


def guide_scope(city: str, matter: str) -> str:
    """What the pages of one guide depend on, by slugs."""
    return f"guide:{city}/{matter}"


def shared_scope(city: str) -> str:
    """What the guides of a city show of each other: which there are, remarks carried over (下同), numbers to call instead."""
    return f"shared:{city}"


def matter_scope(matter: str) -> str:
    """What depends on which cities have a guide to a matter, and on its name."""
    return f"matter:{matter}"


def touched_by(revision: Revision) -> set[str]:
    """The scopes of what a revision changes."""
    document = revision.after or revision.before
    city = document["city"]
    scopes = {city_scope(city), TEXTS}
    if _listed(revision.kind, revision.before) != _listed(revision.kind, revision.after):
        scopes.add(LISTS)
    if revision.kind == "guide":
        scopes.add(guide_scope(city, document["matter"]))
        if _standing(revision.before, revision.status_before) != _standing(
            revision.after, revision.status_after
        ):
            scopes |= {matter_scope(document["matter"]), shared_scope(city), LISTS}
    if _shared(revision.before) != _shared(revision.after):
        scopes.add(shared_scope(city))
    return scopes


def _standing(document: Document, status: str) -> tuple[str, str]:
    return status, document.get("name", "")


def _listed(kind: str, document: Document) -> object:
    """What lists of guides show of one, and filter and count it by: no numbers. Of an office, all but its numbers."""
    if kind == "office":
        return _without_numbers(document)
    parts = [document.get(part) for part in ("name", "channels", "time_limits")]
    return [parts, [_without_numbers(place) for place in document.get("offices", ())]]


def _without_numbers(office: Document) -> Document:
    return {part: said for part, said in office.items() if not part.endswith("phones")}


def _shared(document: Document) -> tuple[object, ...]:
    """Remarks carried over, and every number of a guide's places or of an office."""
    places = [(place["consult_phones"], place["complaint_phones"]) for place in document.get("offices", ())]
    return (
        [note for note in document.get("notes", ()) if FROM_HERE_ON in note],
        places,
        document.get("phones"),
    )


@transaction.atomic
def stamp(scopes: Iterable[str]) -> int:
    """Give these scopes the next number; it becomes visible when the transaction of the change does."""
    wanted = {*scopes, FIRST_LOCKED}
    lock()
    number: int = (Stamp.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    now = timezone.now()
    Stamp.objects.bulk_create(
        [Stamp(scope=scope, number=number, changed_at=now) for scope in sorted(wanted)],
        update_conflicts=True,
        unique_fields=["scope"],
        update_fields=["number", "changed_at"],
    )
    return number


def lock() -> None:
    """Wait until no other change is about to be committed, and keep the others waiting until this one is."""
    Stamp.objects.get_or_create(scope=FIRST_LOCKED, defaults={"number": 0})
    Stamp.objects.select_for_update().get(scope=FIRST_LOCKED)
