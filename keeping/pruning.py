"""Old entries go into an archive file; the trail says so itself, and goes on from the archive's last hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections, router, transaction

from . import guard
from .chain import look_through
from .exporting import as_json_lines
from .files import whole_file
from .looking import AT_A_TIME, verify_archive
from .models import AuditEntry, AuditEntryQuerySet
from .trail import last_anchor, record

LEAST_DAYS = 180
"""The law asks for logs of six months (《网络安全法》第二十一条)."""
USUAL_DAYS = 3 * 365


class PruningError(Exception):
    """Nothing was deleted; the sentence says why."""


@dataclass(frozen=True)
class Pruned:
    """Which entries are now in which file."""

    first: int
    through: int
    file: Path


def prune(folder: Path, days: int, now: datetime) -> Pruned | None:
    """Archive and delete what is older than so many days; None when nothing is.

    In one transaction that takes the guard off and puts it on again. Raises :class:`PruningError`, ``OSError`` when the
    archive cannot be written, ``DatabaseError`` for a role that does not own the table; then everything stays.
    """
    if days < LEAST_DAYS:
        raise PruningError(f"审计记录至少要在库里留 {LEAST_DAYS} 天，{days} 天太短，没有归档。")
    using = router.db_for_write(AuditEntry)
    with transaction.atomic(using=using):
        old = _older_than(now - timedelta(days=days), using)
        first, last = old.first(), old.last()
        if first is None or last is None:
            return None
        file = folder / f"audit-{first.number}-{last.number}.jsonl"
        sha256 = _archive(old, file)
        _delete(last.number, using)
        detail = {"first": first.number, "through": last.number, "hash": last.hash}
        record("prune", actor=None, object=file.name, detail={**detail, "sha256": sha256}, at=now)
    return Pruned(first.number, last.number, file)


def _older_than(limit: datetime, using: str) -> AuditEntryQuerySet:
    """The entries before the first that is to stay; the newest stays whatever its age, because the next one names its hash."""
    rows = AuditEntry.objects.using(using).order_by("number")
    newest = last_anchor(using)
    young = rows.filter(at__gte=limit).first()
    stays = min(young.number if young else newest.number, newest.number) if newest else 0
    return rows.filter(number__lt=stays)


def _archive(old: AuditEntryQuerySet, file: Path) -> str:
    """Write the file and read it again; its SHA-256. Raises :class:`PruningError` for a chain that is not whole."""
    if file.exists():
        raise PruningError(f"{file} 已经有了，不覆盖。请换一个文件夹，或先把它移走。")
    links = [row.link for row in old.iterator(chunk_size=AT_A_TIME)]
    found = look_through(links, keys=settings.AUDIT_KEYS)
    if not found.is_whole:
        raise PruningError(
            f"旧记录核对不过，没有归档：{found.problems[0]}先运行 manage.py audit_verify 查明。"
        )
    with whole_file(file) as archive:
        for line in as_json_lines(links):
            archive.write(line.encode())
    read = verify_archive(file)
    if not read.is_whole or (read.first, read.last) != (found.first, found.last):
        raise PruningError(f"写好的 {file} 读出来不一样，没有删除任何记录。请检查磁盘。")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _delete(through: int, using: str) -> None:
    connection = connections[using]
    with guard.lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM keeping_auditentry WHERE number <= %s", [through])
