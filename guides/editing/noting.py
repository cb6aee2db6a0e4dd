"""What changed in the published content, written to the audit trail with the change itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User

from guides.models import Duty, Revision
from keeping.chain import canonical
from keeping.trail import record

from .documents import Document

BY_SOURCE = {"restore": "restore", "bulk": "bulk", "import": "import", "proposal": "accept"}
"""The action of a change, by where it came from; from elsewhere it is its effect that counts."""
MOST_NAMED = 500
"""So many subjects stand in one entry; a larger import says how many there were."""


def note_change(written: Sequence[Revision], author: User | None) -> None:
    """One entry for the revisions of one change, each with the hash of what it says now: the trail vouches for the texts too."""
    if not written:
        return
    cities = {_city(revision) for revision in written}
    detail: dict[str, Any] = {
        "source": written[0].source,
        "count": len(written),
        "changed": [_changed(revision) for revision in written[:MOST_NAMED]],
    }
    if written[0].batch:
        detail["batch"] = str(written[0].batch)
    place = cities.pop() if len(cities) == 1 else ""
    record(_action(written), actor=author, object=_named(written), detail=detail, place=place)


def note_duty(instance: Duty, created: bool | None = None, **_signal: Any) -> None:
    """管辖范围: somebody answers for another place, or no longer does; saved by whatever page or command."""
    how = {True: "made", False: "changed", None: "deleted"}[created]
    place = "/".join([instance.city.slug, *([instance.county.slug] if instance.county else [])])
    detail = {"how": how, "duty": place}
    record("permission", actor=None, object=f"账号 {instance.user}", detail=detail, place=instance.city.slug)


def note(action: str, author: User | None, name: str, place: str = "", **detail: Any) -> None:
    """One entry about something else that an editor did; without an author it is whoever asks."""
    record(action, actor=author, object=name, detail=detail, place=place)


def _action(written: Sequence[Revision]) -> str:
    first = written[0]
    if first.source in BY_SOURCE:
        return BY_SOURCE[first.source]
    if not first.after:
        return "delete"
    for status, action in (("published", "publish"), ("withdrawn", "withdraw")):
        if any(each.status_after == status != each.status_before for each in written):
            return action
    return "apply"


def _named(written: Sequence[Revision]) -> str:
    title = written[0].title
    return title if len(written) == 1 else f"{title}等 {len(written)} 项"


def _changed(revision: Revision) -> dict[str, Any]:
    document = revision.after or revision.before
    return {
        "kind": revision.kind,
        "what": f"{document['city']}/{document.get('matter') or document['key']}",
        "number": revision.number,
        "status": revision.status_after,
        "sha256": _hash(revision.after),
    }


def _city(revision: Revision) -> str:
    return str((revision.after or revision.before)["city"])


def _hash(document: Document) -> str:
    return hashlib.sha256(canonical(document).encode()).hexdigest() if document else ""
