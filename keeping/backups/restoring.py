"""Restoring a backup into a database: everything or nothing, and never over something unasked."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import locking
from .archive import MEDIA, Manifest, unpack
from .saying import BackupError, in_words
from .store import Store

ENGINES = {"sqlite3": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Restored:
    """What the database is now, and what became of what was there."""

    manifest: Manifest
    before: str
    media: int
    """Files of uploads in the backup that were not asked for."""


def restore(
    file: Path,
    store: Store,
    *,
    keys: Sequence[str] = (),
    may_replace: bool = False,
    media: Path | None = None,
) -> Restored:
    """Make the database what the backup says.

    ``keys`` are age's secret keys, ``media`` a new folder for uploads. Raises :class:`BackupError`; then the
    database is as it was.
    """
    if not file.is_file():
        raise BackupError(f"没有 {file} 这个文件。")
    if not may_replace and not store.is_empty():
        raise BackupError(
            "目标数据库不是空的，没有恢复。真要用备份换掉它，加 --yes；稳妥的办法是恢复到一个新库再换。"
        )
    if media and media.exists():
        raise BackupError(f"{media} 已经有了，不覆盖。请给一个新的文件夹名。")
    with in_words("恢复"), tempfile.TemporaryDirectory(prefix="yibao-restore-") as name:
        work = Path(name)
        archive = _opened(file, work, keys)
        manifest = unpack(archive, work)
        if manifest.engine != store.engine:
            was, now = ENGINES.get(manifest.engine, manifest.engine), ENGINES[store.engine]
            raise BackupError(f"这份备份是 {was} 的，不能恢复到 {now}。")
        before = store.fill(work / manifest.database, manifest.tables)
        left = [name for name in manifest.files if name.startswith(MEDIA)]
        if media and left:
            shutil.copytree(work / MEDIA, media)
    return Restored(manifest, before, 0 if media else len(left))


def _opened(file: Path, work: Path, keys: Sequence[str]) -> Path:
    """The archive itself."""
    if not locking.is_locked(file):
        return file
    if not keys:
        raise BackupError(f"{file.name} 是加密的：请用 --identity 给出密钥文件。")
    plain = work / "archive.tar.gz"
    locking.decrypt(file, plain, locking.identities(keys))
    return plain
