"""Making a backup: copied, packed, locked, opened again, restored once, and only then given its name."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from keeping.files import sync_folder

from . import locking
from .archive import MEDIA, SETTINGS, Manifest, pack, sha256_of, unpack
from .saying import BackupError, in_words
from .store import Store, compare

NAMED = "yibao-*Z.tar.gz*"
UNFINISHED = ".unfinished-"


@dataclass(frozen=True)
class Wanted:
    """What goes in beside the database, and how the file is kept.

    ``about`` is written into the manifest; ``recipients`` are age's public keys, none leaves the file open. Without
    ``verify`` the file is read again but not restored.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    media: Path | None = None
    recipients: Sequence[str] = ()
    keep: int = 30
    verify: bool = True


@dataclass(frozen=True)
class Made:
    """The finished file."""

    file: Path
    manifest: Manifest
    removed: int

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.manifest.tables.values())


def back_up(store: Store, folder: Path, wanted: Wanted, now: datetime) -> Made:
    """Write ``yibao-TIME.tar.gz`` (``.age`` when locked) into the folder and take all but the newest ``keep`` away.

    Raises :class:`BackupError`; then nothing is left of the attempt, and the older ones are all there.
    """
    to = locking.recipients(wanted.recipients)
    with in_words(f"备份到 {folder} "), _alone_in(folder) as work:
        manifest, members = _collect(store, work, wanted, now)
        archive = work / f"yibao-{now:%Y%m%dT%H%M%SZ}.tar.gz"
        pack(archive, manifest, members)
        for path in (work / store.member, work / SETTINGS):
            path.unlink()
        if to:
            archive = _lock(archive, to, work / "again")
        _try(archive if not to else work / "again", store, manifest, work, is_restored=wanted.verify)
        finished = folder / archive.name
        archive.chmod(0o600)
        _make_last(archive)
        archive.replace(finished)
        sync_folder(folder)
        old = sorted(folder.glob(NAMED))[: -max(wanted.keep, 1)]
        for path in old:
            path.unlink()
    return Made(finished, manifest, len(old))


@contextmanager
def _alone_in(folder: Path) -> Iterator[Path]:
    """A folder to work in, for this backup alone; what a killed one left behind goes first."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(f"另一个备份正在写 {folder}，没有再做一次。") from error
        for left in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=folder) as work:
            yield Path(work)
    finally:
        os.close(handle)


def _collect(store: Store, work: Path, wanted: Wanted, now: datetime) -> tuple[Manifest, dict[str, Path]]:
    """Everything that goes in, and its manifest."""
    tables = store.copy(work / store.member)
    (work / SETTINGS).write_text(
        json.dumps(wanted.settings, ensure_ascii=False, indent=1, sort_keys=True), "utf-8"
    )
    members = {store.member: work / store.member, SETTINGS: work / SETTINGS}
    if wanted.media and wanted.media.is_dir():
        found = sorted(path for path in wanted.media.rglob("*") if path.is_file() and not path.is_symlink())
        members |= {MEDIA + path.relative_to(wanted.media).as_posix(): path for path in found}
    hashes = {name: sha256_of(path) for name, path in members.items()}
    return Manifest(now.isoformat(), store.engine, store.member, tables, hashes, wanted.about), members


def _lock(archive: Path, to: Sequence[locking.Recipient], again: Path) -> Path:
    """The archive locked, and opened again into ``again`` by a key that exists only meanwhile: ours are public ones."""
    ours = locking.new_identity()
    locked = archive.with_name(f"{archive.name}.age")
    locking.encrypt(archive, locked, [*to, ours.to_public()])
    archive.unlink()
    locking.decrypt(locked, again, [ours])
    return locked


def _try(archive: Path, store: Store, manifest: Manifest, work: Path, *, is_restored: bool) -> None:
    """Read the finished file from the disk, and restore it into a database of its own."""
    trial = work / "trial"
    trial.mkdir()
    read = unpack(archive, trial)
    if compare(manifest.tables, read.tables) or read.files != manifest.files:
        raise BackupError("写好的备份读出来不一样，没有留下。请检查磁盘。")
    if is_restored:
        with store.scratch(trial) as scratch:
            scratch.fill(trial / manifest.database, manifest.tables)
    shutil.rmtree(trial)


def _make_last(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())
