"""An earlier version becomes what stands now; that is a change like any other."""

from __future__ import annotations

from dataclasses import replace

from guides.models import Guide, Revision
from offices.models import Office

from .applying import Outcome, apply_guide, apply_office
from .documents import Document
from .revisions import Change, Subject, document_at

OFFICES_OWN = ("county", "kind", "name", "address")
"""What a guide shows of an office; it is restored with the office, never with the guide."""


def restorable(subject: Subject, version: int) -> Document:
    """The document that restoring the version after so many changes would apply."""
    document = document_at(subject, version)
    if isinstance(subject, Office):
        return document
    keys = [place["key"] for place in document["offices"]]
    known = {
        office.key: office
        for office in Office.objects.filter(city=subject.city_id, key__in=keys).with_details()
    }
    places = [_with_todays_facts(place, known.get(place["key"])) for place in document["offices"]]
    return {**document, "offices": places}


def _with_todays_facts(place: Document, office: Office | None) -> Document:
    facts = office.document() if office else place
    return {**place, **{key: facts[key] for key in OFFICES_OWN}}


def restore(subject: Subject, version: int, change: Change) -> Outcome:
    """Make the subject say again what it said after so many changes; a guide's status stays as it is.

    Raises what :func:`~.applying.apply_guide` raises.
    """
    document = restorable(subject, version)
    revision = Revision.objects.of(subject).filter(number__lte=version).first()
    change = replace(change, source="restore", restored_from=revision)
    if isinstance(subject, Guide):
        return apply_guide(document, change)[1]
    return apply_office(document, change)[1]
