"""Looking through the trail in the database: the chain, what was archived before it, and what was anchored elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import router

from .chain import Anchor, Findings, Link, link_of, look_through
from .models import AuditEntry

AT_A_TIME = 2_000


def verify(
    anchors: Iterable[Anchor] = (),
    archive: Findings | None = None,
    *,
    newest: int | None = None,
    using: str | None = None,
) -> Findings:
    """Everything wrong with the trail. ``newest`` looks at so many of the last entries only, and not at what was before.

    ``archive`` is what :func:`verify_archive` found: its last entry has to be the one before the first here.
    """
    using = using or router.db_for_write(AuditEntry)
    rows = AuditEntry.objects.using(using).order_by("number")
    last = rows.last()
    if last and newest:
        rows = rows.filter(number__gt=last.number - newest)
    links = (row.link for row in rows.iterator(chunk_size=AT_A_TIME))
    start = archive.last if archive else None
    found = look_through(links, keys=settings.AUDIT_KEYS, start=start, anchors=anchors)
    if archive is None and not newest and found.first and found.first.number > 1:
        found.problems += _unarchived(found.first, using)
    return found


def _unarchived(first: Anchor, using: str) -> list[str]:
    """Why the entries before the first are missing, unless an entry says that they were archived."""
    row = AuditEntry.objects.using(using).get(number=first.number)
    for entry in AuditEntry.objects.using(using).filter(action="prune"):
        told = json.loads(entry.detail)
        if told.get("through") == first.number - 1 and told.get("hash") == row.previous:
            return []
    return [f"第 1 到第 {first.number - 1} 条不见了，也没有归档的记录。"]


def verify_archive(file: Path, *, start: Anchor | None = None) -> Findings:
    """Everything wrong with an archive of ``prune_audit`` or ``export_audit --format jsonl``. Raises ``OSError``."""
    problems: list[str] = []

    def links() -> Iterable[Link]:
        with file.open(encoding="utf-8") as lines:
            for position, line in enumerate(lines, 1):
                try:
                    yield link_of(json.loads(line))
                except (ValueError, KeyError, TypeError):
                    problems.append(f"{file.name} 第 {position} 行读不懂。")

    found = look_through(links(), keys=settings.AUDIT_KEYS, start=start)
    found.problems = problems + found.problems
    return found


def logged_anchors(lines: Iterable[str]) -> list[Anchor]:
    """The anchors in a log of JSON lines, as ``journalctl --output=cat`` prints it; other lines are passed over."""
    found = []
    for line in lines:
        if '"audit"' in line:
            with suppress(ValueError, KeyError, TypeError, AttributeError):  # something else, or cut off
                found.append(Anchor.read_logged(json.loads(line)["audit"]))
    return found


def anchors_in(file: Path) -> list[Anchor]:
    """The anchors of a file that ``audit_anchor`` writes. Raises ``OSError``, and ``ValueError`` for a line that is none."""
    lines = file.read_text("utf-8").splitlines()
    return [Anchor.read(line.split()[-1]) for line in lines if line.strip()]
