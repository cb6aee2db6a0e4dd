"""The life of a guide: draft → published → withdrawn, and what a step asks for.

What the public has once seen keeps its address for ever: it never becomes a draft again and is never deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .documents import DocumentError, DocumentProblem
from .elements import check_ready
from .revisions import Change

NEXT = {
    "": ("draft", "published", "withdrawn"),
    "draft": ("draft", "published"),
    "published": ("published", "withdrawn"),
    "withdrawn": ("withdrawn", "published"),
}
"""What a guide may become, by what it is; "" is one that is about to be made."""
BY_PEOPLE = ("admin", "bulk", "restore", "proposal")
"""Sources of changes that have to be complete; of what an import brings the handbook is the authority."""
WHY_NOT = {
    "draft": "发布过的指南不能改回草稿，否则群众收藏的网址会打不开；不再办理的请选“撤下”",
    "withdrawn": "草稿没有发布过，不用撤下；不要了就删除",
}


def next_statuses(status: str) -> tuple[str, ...]:
    """The statuses a guide of this one may be given, its own first; "" for a guide that is about to be made."""
    return NEXT[status]


def check_step(before: str, after: str, document: Mapping[str, Any], change: Change) -> None:
    """Raise :class:`~.documents.DocumentError` unless a guide of status ``before`` may become ``after``.

    Publishing by people asks for the eight elements (:class:`~.elements.NotReadyError`).
    """
    if after not in NEXT[before]:
        raise DocumentError([DocumentProblem("状态", WHY_NOT[after])])
    if after == "published" and change.source in BY_PEOPLE:
        check_ready(document)
