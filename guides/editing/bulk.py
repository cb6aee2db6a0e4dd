"""One change to many rows: another number, other hours. All or nothing, and undone in one go.

What an edit does is found by doing it (:func:`rehearse` takes it back again), so a preview never says anything else than
what then happens. The revisions of one edit share their ``batch``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet

from guides.models import Guide, GuideOffice, Revision
from offices.models import Office, Phone
from offices.vocabulary import PHONE_PURPOSES

from .applying import apply_to, write_office
from .documents import Document
from .restoring import restorable
from .revisions import Change, recorded
from .search_index import index_offices

Use = tuple[int, int]
"""A phone and a guide that points to it, by their keys; 0 stands for a phone that no guide uses."""
Seen = dict[str, int]
"""The version each subject had (``guide 12``) when somebody looked at what an edit would do."""


@dataclass(frozen=True)
class PhoneEdit:
    """Another number where ``old`` stands, for the chosen uses alone."""

    old: str
    new: str
    uses: frozenset[Use]

    def offices(self) -> QuerySet[Office]:
        """The offices whose number it is."""
        return Office.objects.filter(phones__in=[phone for phone, _ in self.uses]).distinct()

    def write(self, change: Change) -> None:
        """A number all of whose guides are chosen changes at its office; otherwise the chosen guides get one of their own."""
        phones = list(Phone.objects.filter(pk__in={phone for phone, _ in self.uses}, number=self.old))
        linked = _guides_of(phones)
        for office in self.offices().with_details():  # type: ignore[attr-defined]
            _rename(office, self, linked, change)
        elsewhere: dict[int, list[Phone]] = {}
        for phone in Phone.objects.filter(pk__in=[phone.pk for phone in phones], number=self.old):
            for guide in linked[phone.pk] & self.chosen(phone):
                elsewhere.setdefault(guide, []).append(phone)
        _replace_in_guides(elsewhere, self.new, change)

    def chosen(self, phone: Phone) -> set[int]:
        """The guides for which this phone changes."""
        return {guide for pk, guide in self.uses if pk == phone.pk}


@dataclass(frozen=True)
class HoursEdit:
    """The same hours (as a document lists them) for these offices.

    Guides with hours of their own there keep them, unless named in ``own`` (office and guide).
    """

    hours: Sequence[Mapping[str, str]]
    chosen: frozenset[int]
    own: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    def offices(self) -> QuerySet[Office]:
        """The chosen offices."""
        return Office.objects.filter(pk__in=self.chosen)

    def write(self, change: Change) -> None:
        """The offices first: hours equal to the office's are no hours of a guide's own."""
        sessions = [dict(session) for session in self.hours]
        offices = {office.pk: office for office in self.offices().with_details()}  # type: ignore[attr-defined]
        for office in offices.values():
            write_office({**office.document(), "hours": sessions}, change)
        keys: dict[int, set[str]] = {}
        for office_pk, guide_pk in self.own:
            if office_pk in offices:
                keys.setdefault(guide_pk, set()).add(offices[office_pk].key)
        for guide in Guide.objects.filter(pk__in=keys).with_details():
            there = keys[guide.pk]
            _change_places(guide, there, lambda place: {**place, "hours": sessions, "hours_text": ""}, change)


BulkEdit = PhoneEdit | HoursEdit


class Overtaken(Exception):
    """Somebody changed what an edit touches after it was looked at; nothing was written. ``now`` says what it would touch."""

    def __init__(self, seen: Seen, now: Seen) -> None:
        self.seen, self.now = seen, now
        super().__init__("预览以后，别人改过其中的内容，没有保存。")

    @property
    def subjects(self) -> list[str]:
        """Which subjects came, went or changed."""
        return sorted(
            key for key in {*self.seen, *self.now} if self.seen.get(key, -1) != self.now.get(key, -1)
        )


@transaction.atomic
def apply_bulk(edit: BulkEdit, change: Change, seen: Seen | None = None) -> list[Revision]:
    """Write an edit: one revision for every office and guide that then says something else.

    ``seen`` is what :func:`seen_in` gave for the rehearsal. Raises :class:`Overtaken` when it would not be the same any
    more, or :class:`~.documents.DocumentError`, and writes nothing then.
    """
    change = replace(change, batch=change.batch or uuid4())
    offices = _held(edit.offices())
    with recorded(change, _guides_at(offices), offices):
        edit.write(change)
        index_offices(offices.with_details())  # type: ignore[attr-defined]
    written = list(Revision.objects.of_batch(change.batch))  # type: ignore[arg-type]
    if seen is not None and seen_in(written) != seen:
        raise Overtaken(seen, seen_in(written))
    return written


@transaction.atomic
def rehearse(edit: BulkEdit) -> list[Revision]:
    """The revisions an edit would write; it is done and taken back. Raises :class:`~.documents.DocumentError`."""
    written = apply_bulk(edit, Change(source="bulk"))
    transaction.set_rollback(True)
    return written


def seen_in(revisions: Iterable[Revision]) -> Seen:
    """The versions before these revisions, by subject."""
    return {f"{each.kind} {each.guide_id or each.office_id}": each.number - 1 for each in revisions}


@transaction.atomic
def restore_batch(batch: UUID, change: Change) -> tuple[list[Revision], list[Revision]]:
    """Make everything one bulk edit changed say again what it said before: (what that wrote, what was refused).

    Refused, row by row, is what was changed since: an office and its guides' entries for it, or a guide.
    """
    change = replace(change, source="restore", batch=uuid4())
    done = list(Revision.objects.of_batch(batch))
    touched = _held(offices_touched(done))
    with recorded(change, _guides_at(touched), touched):
        standing = _not_changed_since(done)
        for revision in standing:
            if revision.office:
                write_office(_as_before(revision), change)
        for revision in standing:
            if revision.guide:
                guide = Guide.objects.with_details().get(pk=revision.guide.pk)
                apply_to(guide, restorable(guide, revision.number - 1), change)
        index_offices(touched.with_details())  # type: ignore[attr-defined]
    written = list(Revision.objects.of_batch(change.batch))  # type: ignore[arg-type]
    restored = seen_in(written)
    return written, [revision for revision in done if not seen_in([revision]).keys() & restored.keys()]


def offices_touched(revisions: Iterable[Revision]) -> QuerySet[Office]:
    """The offices about which these revisions say something else."""
    touched = Q(pk__in=[])
    for revision in revisions:
        touched |= Q(city=revision.city_id, key__in=_keys(revision))
    return Office.objects.filter(touched)


def _keys(revision: Revision) -> set[str]:
    """The keys of the offices a revision is about."""
    if revision.kind == "office":
        return {revision.after.get("key", "")}
    was, now = (
        {place["key"]: place for place in side.get("offices", [])}
        for side in (revision.before, revision.after)
    )
    return {key for key in {*was, *now} if was.get(key) != now.get(key)}


def _not_changed_since(done: Sequence[Revision]) -> list[Revision]:
    """The revisions whose subjects still stand as they left them; a guide falls with an office it names."""
    versions = {
        ("office", pk): version
        for pk, version in Office.objects.values_list("pk", "version").filter(
            pk__in=[revision.office_id for revision in done if revision.office_id]
        )
    }
    versions |= {
        ("guide", pk): version
        for pk, version in Guide.objects.values_list("pk", "version").filter(
            pk__in=[revision.guide_id for revision in done if revision.guide_id]
        )
    }
    same = [
        revision
        for revision in done
        if versions.get((revision.kind, revision.guide_id or revision.office_id or 0)) == revision.number
    ]
    fallen = {
        (one.city_id, key) for one in done if one.kind == "office" and one not in same for key in _keys(one)
    }
    return [one for one in same if not {(one.city_id, key) for key in _keys(one)} & fallen]


def _as_before(revision: Revision) -> Document:
    """What the office said before, with the numbers that guides use and it did not have then: they take them off later."""
    phones = revision.before["phones"]
    in_use = Phone.objects.filter(office=revision.office_id).exclude(guide_phones=None)
    kept = [phone.document() for phone in in_use]
    return {**revision.before, "phones": [*phones, *(phone for phone in kept if phone not in phones)]}


def _held(offices: QuerySet[Office]) -> QuerySet[Office]:
    """These offices by their keys: what they are found by may be gone after the change."""
    return Office.objects.filter(pk__in=list(offices.values_list("pk", flat=True)))


def _guides_at(offices: QuerySet[Office]) -> QuerySet[Guide]:
    places = GuideOffice.objects.filter(office__in=offices.values("pk"))
    return Guide.objects.filter(pk__in=list(places.values_list("guide", flat=True).distinct()))


def _guides_of(phones: Sequence[Phone]) -> dict[int, set[int]]:
    """The guides that point to each phone."""
    found: dict[int, set[int]] = {phone.pk: set() for phone in phones}
    links = Guide.objects.filter(guide_offices__phones__in=phones)
    for phone, guide in links.values_list("guide_offices__phones", "pk"):
        if phone in found:
            found[phone].add(guide)
    return found


def _rename(office: Office, edit: PhoneEdit, linked: Mapping[int, set[int]], change: Change) -> None:
    """Change the number at the office itself where all its guides are to have the new one.

    Where the office has the new number already, the old one goes when no guide uses it; else the guides take the new one.
    """
    known = {(row.purpose, row.number, row.for_whom) for row in office.phones.all()}
    renamed: list[dict[str, str]] = []
    needless: list[dict[str, str]] = []
    for row in office.phones.all():
        is_whole = row.pk in linked and linked[row.pk] <= edit.chosen(row)
        if is_whole and (row.purpose, edit.new, row.for_whom) not in known:
            renamed.append({**row.document(), "number": edit.new})
            continue
        renamed.append(row.document())
        if is_whole and not linked[row.pk]:
            needless.append(row.document())
    facts = office.document()
    write_office({**facts, "phones": renamed}, change)
    if needless:  # apart, so that no row which guides point to is taken for one that goes
        write_office({**facts, "phones": [phone for phone in renamed if phone not in needless]}, change)


def _replace_in_guides(phones: Mapping[int, Sequence[Phone]], new: str, change: Change) -> None:
    """Give these guides the new number in place of these phones."""
    for guide in Guide.objects.filter(pk__in=phones).with_details():
        for phone in phones[guide.pk]:
            _change_places(
                Guide.objects.with_details().get(pk=guide.pk),
                {phone.office.key},
                lambda place, phone=phone: _with_number(place, phone, new),  # type: ignore[misc]
                change,
            )


def _with_number(place: Mapping[str, Any], phone: Phone, new: str) -> Document:
    """A guide's entry for an office with the new number, once, where this phone stood."""
    entry, fresh = phone.in_guide(), {**phone.in_guide(), "number": new}
    key = next(f"{purpose}_phones" for purpose in PHONE_PURPOSES if purpose == phone.purpose)
    numbers = [fresh if each == entry else each for each in place[key]]
    return {**place, key: list(_once(numbers))}


def _once(entries: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    seen: list[dict[str, str]] = []
    for entry in entries:
        if entry not in seen:
            seen.append(entry)
            yield entry


def _change_places(
    guide: Guide, keys: set[str], turn: Callable[[Document], Document], change: Change
) -> None:
    """Apply the guide's document with its entries for these offices turned into something else."""
    document = guide.document()
    places = [turn(place) if place["key"] in keys else place for place in document["offices"]]
    apply_to(guide, {**document, "offices": places}, change)
