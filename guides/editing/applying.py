"""A checked document → rows. The only code that writes published guides and offices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.db import models, transaction

from guides.models import (
    Channel,
    Guide,
    GuideOffice,
    GuidePhone,
    Handbook,
    Material,
    Matter,
    Note,
    Step,
    TimeLimit,
)
from offices.models import City, County, Office, OpeningHours, Phone
from offices.vocabulary import PHONE_PURPOSES

from .changes import note_guide, note_office, places_of
from .differences import Difference, differences
from .documents import Document, check_guide, check_office
from .life import check_step
from .renaming import as_called_now
from .revisions import BY_COMMAND, Change, claim, recorded
from .rows import insert
from .search_index import document_texts, index_guides, index_offices

Written = tuple[int, int, Mapping[str, Any]]
"""A place of a guide that was written: its key, its office's key, its entry in the document."""
PhoneValues = tuple[int, str, str, str]
"""An office's key, purpose, number, for whom."""
SCALARS = ("name", "audience", "channels_text", "materials_state", "materials_note", "progress", "evaluation")
EMPTY: Document = {"channels": [], "materials": [], "time_limits": [], "steps": [], "notes": []}
LISTS: tuple[tuple[str, type[models.Model]], ...] = (
    ("channels", Channel),
    ("materials", Material),
    ("time_limits", TimeLimit),
    ("steps", Step),
)


@dataclass(frozen=True)
class Outcome:
    """What applying a document did: ``added``, ``changed`` or ``same``, and what differs."""

    verdict: str
    differences: tuple[Difference, ...] = ()


@transaction.atomic
def apply_guide(
    document: Document,
    change: Change = BY_COMMAND,
    *,
    imported: Document | None = None,
    status: str = "",
) -> tuple[Guide, Outcome]:
    """Make the guide of ``document["city"]`` and ``document["matter"]`` say what the document says.

    Writes a revision of everything that then says something else: the guide, and the offices whose phones come
    or go with it. ``imported`` is what a handbook said, when an import applies it; ``status`` a key of
    GUIDE_STATUSES, "" to leave it. An office the city does not have yet is made from its entry; the name,
    address and county of a known one are its own document's business and are not touched. Raises
    :class:`~.documents.DocumentError` listing all that is wrong (:class:`~.elements.NotReadyError` what is missing for
    publishing), or :class:`~.revisions.Conflict`, and writes nothing then. Former slugs in the document are followed.
    """
    document = as_called_now(document)
    check_guide(document)
    city = City.objects.get(slug=document["city"])
    matter = Matter.objects.get(slug=document["matter"])
    found = Guide.objects.with_details().filter(city=city, matter=matter).first()
    guide = found or Guide(city=city, matter=matter)
    check_step(found.status if found else "", status or guide.status, document, change)
    places = [*(guide.document()["offices"] if found else []), *document["offices"]]
    offices = Office.objects.filter(city=city, key__in={place["key"] for place in places})
    with recorded(change, Guide.objects.filter(city=city, matter=matter), offices):
        outcome = apply_to(guide, document, change, imported=imported, status=status)
    if outcome.verdict != "same":
        index_guides({matter: document_texts(document)})
    return guide, outcome


@transaction.atomic
def apply_to(
    guide: Guide,
    document: Document,
    change: Change = BY_COMMAND,
    *,
    imported: Document | None = None,
    status: str = "",
) -> Outcome:
    """:func:`apply_guide` for a row the caller holds (fetched with its details, or new).

    Search is not touched, and the caller writes the revisions (:func:`~.revisions.recorded`).
    """
    check_guide(document)
    before = guide.document() if guide.pk else {}
    seen_before = before if guide.status == "published" else {}
    is_other = before != document or (status or guide.status) != guide.status
    is_to_be_saved = is_other or (imported is not None and imported != guide.imported_document)
    if guide.pk and is_to_be_saved:
        claim(guide, change.expected, counts=is_other)
    guide.status = status or guide.status
    if is_to_be_saved:
        _write_guide(guide, document, imported)
    if before != document:
        _write_lists(guide, before or EMPTY, document)
        _write_places(guide, before.get("offices", []), document["offices"])
    note_guide(guide, seen_before, document if guide.status == "published" else {})
    return _outcome(before, document)


@transaction.atomic
def apply_office(
    document: Document, change: Change = BY_COMMAND, *, imported: Document | None = None
) -> tuple[Office, Outcome]:
    """Make the office with ``document["key"]`` say what the document says, its hours and phones included.

    A phone whose number changes keeps its row, so every guide that points to it shows the new number; each of
    these guides gets a revision too. Raises :class:`~.documents.DocumentError` listing all that is wrong, or
    :class:`~.revisions.Conflict`, and writes nothing then. Former slugs in the document are followed.
    """
    document = as_called_now(document)
    offices = Office.objects.filter(city__slug=document["city"], key=document["key"])
    guides = Guide.objects.filter(
        pk__in=GuideOffice.objects.filter(office__in=offices.values("pk")).values("guide")
    )
    with recorded(change, guides, offices):
        return write_office(document, change, imported=imported)


def write_office(
    document: Document, change: Change = BY_COMMAND, *, imported: Document | None = None
) -> tuple[Office, Outcome]:
    """:func:`apply_office` for a caller who holds a transaction and writes the revisions (:func:`~.revisions.recorded`)."""
    check_office(document)
    city = City.objects.get(slug=document["city"])
    found = Office.objects.with_details().filter(city=city, key=document["key"]).first()
    before = found.document() if found else {}
    said = places_of(found) if found else {}
    office = found or Office(city=city, key=document["key"], position=city.offices.count())
    is_to_be_saved = before != document or (imported is not None and imported != office.imported_document)
    if found and is_to_be_saved:
        claim(office, change.expected, counts=before != document)
    office.county = County.objects.get(city=city, slug=document["county"]) if document["county"] else None
    office.kind, office.name, office.address = document["kind"], document["name"], document["address"]
    if imported is not None:
        office.imported_document = imported
    if is_to_be_saved:
        office.save()
    if before.get("hours") != document["hours"]:
        _write_hours(office, document["hours"])
        if imported is None:
            office.guide_offices.filter(own_hours=[]).update(
                hours_text=""
            )  # the book's words are no longer true
    if before.get("phones", []) != document["phones"]:
        _write_phones(office, document["phones"])
    if before != document:
        index_offices(Office.objects.with_details().filter(pk=office.pk))
        note_office(office, said, places_of(office) if said else {})
    return office, _outcome(before, document)


def _outcome(before: Mapping[str, Any], after: Document) -> Outcome:
    if before == after:
        return Outcome("same")
    return Outcome("changed" if before else "added", tuple(differences(before, after)) if before else ())


def _write_guide(guide: Guide, document: Document, imported: Document | None) -> None:
    for field in SCALARS:
        setattr(guide, field, document[field])
    source = document["source"]
    guide.handbook = (
        Handbook.objects.without_text().get(slug=source["handbook"]) if source["handbook"] else None
    )
    guide.first_line, guide.last_line = source["first_line"], source["last_line"]
    if imported is not None:
        guide.imported_document = imported
    guide.save()


def _write_lists(guide: Guide, before: Mapping[str, Any], document: Document) -> None:
    for key, model in LISTS:
        if before[key] != document[key]:
            _replace(model, guide, document[key], is_new=not before[key])
    if before["notes"] != document["notes"]:
        _replace(Note, guide, [{"text": text} for text in document["notes"]], is_new=not before["notes"])


def _replace(
    model: type[models.Model], guide: Guide, entries: Sequence[Mapping[str, Any]], *, is_new: bool
) -> None:
    if not is_new:
        model._default_manager.filter(guide=guide).delete()
    model._default_manager.bulk_create(
        model(guide=guide, position=position, **entry) for position, entry in enumerate(entries)
    )


def _write_hours(office: Office, hours: Sequence[Mapping[str, str]]) -> None:
    office.opening_hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(
            office=office,
            days=session["days"],
            opens=time.fromisoformat(session["opens"]),
            closes=time.fromisoformat(session["closes"]),
            note=session["note"],
            position=position,
        )
        for position, session in enumerate(hours)
    )


def _write_phones(office: Office, phones: Sequence[Mapping[str, str]]) -> None:
    """Rows with equal values stay; the others are changed in their order; what is left over goes or comes."""
    rows = {(row.purpose, row.number, row.for_whom): row for row in office.phones.all()}
    wanted = [(phone["purpose"], phone["number"], phone["for"]) for phone in phones]
    free = [row for values, row in rows.items() if values not in wanted]
    for position, values in enumerate(wanted):
        row = rows.get(values) or (free.pop(0) if free else Phone(office=office))
        if row.number != values[1]:
            row.questioned_at = None  # what readers said was about the old number
        row.purpose, row.number, row.for_whom = values
        row.position = position
        row.save()
    for row in free:
        row.delete()


def _write_places(
    guide: Guide, before: Sequence[Mapping[str, Any]], places: Sequence[Mapping[str, Any]]
) -> None:
    """Rows of places that stay the same are left alone; phones that no guide points to any more go."""
    was = {place["key"]: (position, place) for position, place in enumerate(before)}
    rows = {row.office.key: row for row in guide.guide_offices.select_related("office")} if before else {}
    offices = _offices(guide.city, places)
    new: list[tuple[GuideOffice, Mapping[str, Any]]] = []
    changed: list[tuple[GuideOffice, Mapping[str, Any]]] = []
    for position, place in enumerate(places):
        office = offices[place["key"]]
        if was.get(place["key"]) == (position, place):
            continue
        row = rows.get(place["key"]) or GuideOffice(guide=guide, office=office)
        row.own_hours = [] if place["hours"] == _hours(office) else place["hours"]
        row.scope, row.hours_text, row.position = place["scope"], place["hours_text"], position
        (changed if row.pk else new).append((row, place))
    gone = [row for key, row in rows.items() if key not in {place["key"] for place in places}]
    loose = _unlink_phones([*gone, *(row for row, _ in changed)]) if rows else []
    GuideOffice.objects.filter(pk__in=[row.pk for row in gone]).delete()
    for row, _ in changed:
        row.save()
    GuideOffice.objects.bulk_create(row for row, _ in new)
    link_phones([(row.pk, row.office_id, place) for row, place in (*changed, *new)])
    Phone.objects.filter(pk__in=loose, guide_phones=None).delete()


def _unlink_phones(rows: Sequence[GuideOffice]) -> list[int]:
    """Take the phones off these places; the pks of the phones taken off."""
    links = GuidePhone.objects.filter(guide_office__in=rows)
    phones = list(links.values_list("phone", flat=True))
    links.delete()
    return phones


def _offices(city: City, places: Sequence[Mapping[str, Any]]) -> dict[str, Office]:
    """The offices by key; one the city does not have yet is made from its entry."""
    keys = [place["key"] for place in places]
    found = {
        office.key: office for office in city.offices.filter(key__in=keys).prefetch_related("opening_hours")
    }
    for place in places:
        if place["key"] not in found:
            facts = {key: place[key] for key in ("county", "key", "kind", "name", "address", "hours")}
            found[place["key"]], _ = write_office({"city": city.slug, **facts, "phones": []})
    return found


def _hours(office: Office) -> list[dict[str, str]]:
    return [hours.document() for hours in office.opening_hours.all()]


def link_phones(written: Sequence[Written]) -> None:
    """Point each place at the phones its entry lists, adding to the offices' phones what they lack."""
    fields = ("office_id", "purpose", "number", "for_whom", "pk")
    rows = Phone.objects.filter(office__in={office for _, office, _ in written}).order_by()
    known: dict[PhoneValues, int] = {row[:-1]: row[-1] for row in rows.values_list(*fields)}
    wanted = [
        (pk, position, values)
        for pk, office, place in written
        for position, values in enumerate(_phone_values(office, place))
    ]
    missing = dict.fromkeys(values for _, _, values in wanted if values not in known)
    positions = Counter(office for office, *_ in known)
    new = []
    for office, purpose, number, for_whom in missing:
        new.append(Phone(office_id=office, purpose=purpose, number=number, for_whom=for_whom))
        new[-1].position = positions[office]
        positions[office] += 1
    known |= zip(missing, (phone.pk for phone in Phone.objects.bulk_create(new)), strict=True)
    links = ((pk, known[values], position) for pk, position, values in wanted)
    insert(GuidePhone, ("guide_office", "phone", "position"), links)


def _phone_values(office: int, place: Mapping[str, Any]) -> list[PhoneValues]:
    """What makes each phone of the entry one row."""
    return [
        (office, purpose, phone["number"], phone["for"])
        for purpose in PHONE_PURPOSES
        for phone in place[f"{purpose}_phones"]
    ]
