"""The one file of a backup: a compressed tar with a manifest that names every member and its SHA-256."""

from __future__ import annotations

import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from .saying import BackupError
from .store import Table, Tables

MANIFEST = "manifest.json"
SETTINGS = "settings.json"
MEDIA = "media/"
FORMAT = 1
CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What is in an archive, and what of the site it was made."""

    made_at: str
    engine: str
    database: str
    """The member that is the database."""
    tables: Tables
    files: Mapping[str, str]
    """SHA-256 of every other member, by its name."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """The migrations that had been applied, the last entry of the audit trail."""

    def as_json(self) -> bytes:
        """Sorted, a line for each value, for people too."""
        said = {
            "format": FORMAT,
            **vars(self),
            "tables": {name: table._asdict() for name, table in self.tables.items()},
        }
        return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @classmethod
    def read(cls, words: bytes) -> Manifest:
        """Raises :class:`BackupError`."""
        try:
            said = json.loads(words)
            if said.pop("format") != FORMAT:
                raise BackupError("这份备份是别的版本做的，本版本不认识。请用做它的那个版本恢复。")
            said["tables"] = {name: Table(**table) for name, table in said["tables"].items()}
            return cls(**said)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BackupError(f"备份损坏：清单 {MANIFEST} 读不懂。请换一份备份。") from error


def pack(target: Path, manifest: Manifest, members: Mapping[str, Path]) -> None:
    """Write the archive. Raises ``OSError``."""
    words = manifest.as_json()
    with tarfile.open(target, "w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as archive:
        head = tarfile.TarInfo(MANIFEST)
        head.size, head.mode = len(words), 0o600
        archive.addfile(head, BytesIO(words))
        for name, path in members.items():
            archive.add(path, name, recursive=False, filter=_anonymous)


def unpack(source: Path, folder: Path) -> Manifest:
    """Write every member into the folder and check its SHA-256. Raises :class:`BackupError` that names what is damaged."""
    with _readable(source) as archive:
        first = archive.next()
        opened = archive.extractfile(first) if first and first.name == MANIFEST else None
        if opened is None:
            raise BackupError(f"{source.name} 不是本站的备份：没有清单。")
        manifest = Manifest.read(opened.read())
        missing = dict(manifest.files)
        for member in archive:
            if member.name != MANIFEST:
                _take(archive, member, folder, missing.pop(member.name, ""))
    if missing:
        raise BackupError(f"备份损坏：缺 {'、'.join(sorted(missing)[:5])}。请换一份备份。")
    return manifest


@contextmanager
def _readable(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(source, "r:gz") as archive:
            yield archive
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise BackupError(f"{source.name} 损坏或不完整，读到一半读不下去。请换一份备份。") from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise BackupError(f"{source.name} 损坏：压缩包的校验不过。请换一份备份。") from error


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, known: str) -> None:
    """One member; only plain files that the manifest names, and nothing outside the folder."""
    path = PurePosixPath(member.name)
    opened = archive.extractfile(member) if member.isreg() else None
    if not known or opened is None or path.is_absolute() or ".." in path.parts:
        raise BackupError(f"备份里有清单上没有的东西：{member.name[:100]}。请换一份备份。")
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    hashed = hashlib.sha256()
    with target.open("wb") as written:
        while piece := opened.read(CHUNK):
            hashed.update(piece)
            written.write(piece)
    if hashed.hexdigest() != known:
        raise BackupError(f"备份损坏：{member.name} 和清单上的校验值不符。请换一份备份。")


def sha256_of(path: Path) -> str:
    """Raises ``OSError``."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
