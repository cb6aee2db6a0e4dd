"""Writes down every change: who, from where and why, with the documents before and after; and notices when two meet.

A subject (guide or office) carries ``version``, how often it was changed. A writer claims the next one with an UPDATE
that names the version he has seen; whoever comes second finds no such row and gets :class:`Conflict`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import F, QuerySet

from guides.access import NotAllowedError, reach_of
from guides.models import Guide, Revision
from offices.models import Office

from .differences import changed_in_words
from .documents import Document
from .noting import note_change
from .snapshots import keep_snapshots
from .spread import by_editing, keep_spread
from .stamps import stamp, touched_by

Subject = Guide | Office


@dataclass(frozen=True)
class Change:
    """Who changes something, from where (a key of REVISION_SOURCES), why, and what residents are told.

    ``batch`` groups the revisions of one bulk edit. ``expected`` is the version of the subject the author has seen; None compares with what is read in the
    transaction of the change itself.
    """

    source: str = "command"
    author: User | None = None
    reason: str = ""
    public_note: str = ""
    expected: int | None = None
    restored_from: Revision | None = None
    batch: UUID | None = None


BY_COMMAND = Change()


class Conflict(Exception):
    """Somebody else has changed the subject since the author looked at it; nothing was written."""

    def __init__(self, subject: Subject) -> None:
        self.version = subject.version
        self.theirs = subject.document()
        self.their_status = status_of(subject)
        super().__init__(f"“{subject}”已被别人修改（现在是第 {subject.version} 次修改之后），没有保存。")


class State(NamedTuple):
    """A subject as it stood at one moment."""

    subject: Subject
    version: int
    status: str
    document: Document


States = dict[tuple[str, int], State]
"""By kind (``guide``, ``office``) and primary key."""


def status_of(subject: Subject) -> str:
    """A guide's status; "" for an office, which has none."""
    return subject.status if isinstance(subject, Guide) else ""


def claim(subject: Subject, expected: int | None, *, counts: bool = True) -> None:
    """Take the subject's next version. Raises :class:`Conflict` unless it is still the expected one.

    The comparison is part of the UPDATE, so of any number of writers exactly one gets through. ``counts`` is
    False for a writer who changes nothing of the document (what the import keeps for itself).
    """
    seen = subject.version if expected is None else expected
    rows = type(subject)._default_manager.filter(pk=subject.pk, version=seen)
    if rows.update(version=F("version") + int(counts)) != 1:
        raise Conflict(fresh(subject))
    subject.version = seen + int(counts)


def fresh(subject: Subject) -> Subject:
    """The subject as it stands now, with what its document needs."""
    if isinstance(subject, Guide):
        return Guide.objects.with_details().get(pk=subject.pk)
    return Office.objects.with_details().get(pk=subject.pk)


@contextmanager
def recorded(
    change: Change, guides: QuerySet[Guide], offices: QuerySet[Office], *, is_news: bool = True
) -> Iterator[None]:
    """Compare these guides and offices before and after the block, and write a revision for each that differs.

    ``is_news`` is False for what residents need not be told: it stays out of 更新记录.
    Runs inside the transaction of the change. Their rows are locked meanwhile, guides before offices, so that
    two writers never wait for each other in a circle.
    """
    before = states(guides, offices)
    with by_editing():
        yield
    _write(before, states(guides, offices), change, is_news=is_news)


def states(guides: QuerySet[Guide], offices: QuerySet[Office]) -> States:
    """How these guides and offices stand now."""
    found: States = {}
    locked_guides = Guide.objects.filter(pk__in=guides.values("pk")).select_for_update(of=("self",))
    for guide in locked_guides.with_details().order_by("pk"):
        found["guide", guide.pk] = State(guide, guide.version, guide.status, guide.document())
    locked_offices = Office.objects.filter(pk__in=offices.values("pk")).select_for_update(of=("self",))
    for office in locked_offices.with_details().order_by("pk"):
        found["office", office.pk] = State(office, office.version, "", office.document())
    return found


def _write(before: States, after: States, change: Change, *, is_news: bool = True) -> None:
    """One revision for each subject that differs; the versions nobody claimed yet are counted on.

    Raises :class:`~guides.access.NotAllowedError` when one of them is not the author's to change.
    """
    written, unclaimed = [], dict[str, list[int]]({"guide": [], "office": []})
    changed = [
        (key, before.get(key, State(now.subject, 0, "", {})), now)
        for key, now in after.items()
        if key not in before or before[key][2:] != now[2:]
    ]
    _allow([(was, now) for _, was, now in changed], change.author)
    for key, was, now in changed:
        if now.version == was.version:
            unclaimed[key[0]].append(key[1])
            now.subject.version += 1
        written.append(revision(was, now, change, is_news=is_news))
    for kind, model in (("guide", Guide), ("office", Office)):
        if unclaimed[kind]:
            model._default_manager.filter(pk__in=unclaimed[kind]).update(version=F("version") + 1)
    Revision.objects.bulk_create(written)
    if written:
        keep_snapshots(now.subject for _, _, now in changed if isinstance(now.subject, Guide))
        stamp(scope for one in written for scope in touched_by(one))
        keep_spread(written)
        note_change(written, change.author)


def _allow(changed: Sequence[tuple[State, State]], author: User | None) -> None:
    """The last of the doors: whatever page or list a change came through, it is the author's to make.

    What has no author (an import, a command) was started on the host itself.
    """
    if author is None or not changed:
        return
    reach = reach_of(author)
    for was, now in changed:
        is_kept = was.status == now.status
        if not reach.allows(was.document, now.document, is_status_kept=is_kept):
            raise NotAllowedError(f"“{now.subject}”不归您管，没有保存。请联系市级管理员。")


def revision(was: State, now: State, change: Change, *, is_news: bool = True) -> Revision:
    """The unsaved revision from one state of a subject to the next."""
    subject = now.subject
    kind = "guide" if isinstance(subject, Guide) else "office"
    return Revision(
        kind=kind,
        guide=subject if isinstance(subject, Guide) else None,
        office=subject if isinstance(subject, Office) else None,
        city_id=subject.city_id,
        title=subject.name,
        number=was.version + 1,
        author=change.author,
        author_name=author_name(change.author),
        source=change.source,
        reason=change.reason,
        public_note=change.public_note,
        changed=changed_in_words(was.document, now.document) if is_news else "",
        status_before=was.status,
        status_after=now.status,
        before=was.document,
        after=now.document,
        restored_from=change.restored_from,
        batch=change.batch,
    )


def author_name(author: User | None) -> str:
    """The author's full name, or the name he signs in with; "" for nobody."""
    return (author.get_full_name() or author.get_username()) if author else ""


def record_deletion(subject: Subject, change: Change) -> None:
    """Write the last revision of a subject that is about to be deleted: nothing stands after it."""
    was = State(subject, subject.version, status_of(subject), fresh(subject).document())
    _allow([(was, State(subject, subject.version, "", {}))], change.author)
    claim(subject, change.expected)
    last = revision(was, State(subject, subject.version, "", {}), change)
    last.save()
    stamp(touched_by(last))
    keep_spread([last])
    note_change([last], change.author)


def document_at(subject: Subject, version: int) -> Document:
    """What the subject said after that many changes; 0 is its first version (初版)."""
    state = _at(subject, version)
    return state[0] if state else fresh(subject).document()


def status_at(subject: Subject, version: int) -> str:
    """The status the subject had after that many changes."""
    state = _at(subject, version)
    return state[1] if state else status_of(fresh(subject))


def _at(subject: Subject, version: int) -> tuple[Document, str] | None:
    """Document and status after that many changes; None when nothing was changed since."""
    history = Revision.objects.of(subject)
    if last := history.filter(number__lte=version).first():
        return last.after, last.status_after
    first = history.last()
    return (first.before, first.status_before) if first else None
