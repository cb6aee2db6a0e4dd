"""SQLite: copied by its own backup in one reading transaction; put back by renaming a finished file."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from keeping.files import sync_folder

from .saying import BackupError, in_words
from .store import Store, Table, Tables, compare

BESIDE = ("-wal", "-shm", "-journal")


class SQLite:
    """The database in one file."""

    engine = "sqlite3"
    member = "database.sqlite3"

    def __init__(self, file: Path) -> None:
        self.file = file.resolve()

    def copy(self, target: Path) -> Tables:
        """Raises :class:`BackupError`."""
        if not self.file.is_file():
            raise BackupError(f"没有数据库文件 {self.file}，请核对 DATABASE_URL。")
        with (
            in_words("复制数据库"),
            closing(
                sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True, isolation_level=None)
            ) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.execute(
                "BEGIN"
            )  # what others write from here on is not seen, neither by the copy nor by the checksums
            found = _tables(source)
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise BackupError(f"数据库已经损坏，没有备份：{verdict}。请恢复以前的备份，旧的都还在。")
        return found

    def tables(self) -> Tables:
        """Raises :class:`BackupError`."""
        with (
            in_words("核对数据库"),
            closing(sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True)) as opened,
        ):
            return _tables(opened)

    def is_empty(self) -> bool:
        """Also when there is no file."""
        return not self.file.exists() or self.file.stat().st_size == 0 or not self.tables()

    @contextmanager
    def scratch(self, folder: Path) -> Iterator[Store]:
        """A file in the folder."""
        yield SQLite(folder / "scratch.sqlite3")

    def fill(self, source: Path, expected: Tables) -> str:
        """What was there stays beside it. Raises :class:`BackupError` while somebody else has the database open."""
        fresh = self.file.with_name(f"{self.file.name}.unfinished")
        try:
            with in_words("恢复"):
                shutil.copyfile(source, fresh)
                _make_last(fresh)
            if problems := compare(expected, SQLite(fresh).tables()):
                raise BackupError(f"恢复出来的和备份时不同，没有换上：{'；'.join(problems[:5])}。")
            before = self._set_aside() if self.file.exists() else None
            with in_words("恢复"):
                fresh.replace(self.file)
                sync_folder(self.file.parent)
        finally:
            fresh.unlink(missing_ok=True)
        return f"原来的库留在 {before}" if before else ""

    def _set_aside(self) -> Path:
        """A second name for what is there now, with nothing of it left in a journal."""
        try:
            with closing(sqlite3.connect(self.file, timeout=2, isolation_level=None)) as old:
                old.execute("PRAGMA journal_mode=DELETE")  # refused while anybody else has it open
        except sqlite3.OperationalError as error:
            raise BackupError(f"{self.file} 还有程序在用，没有恢复。请先停下网站和命令，再恢复。") from error
        except sqlite3.DatabaseError:
            self._move_journals()  # damaged: that is why it is being restored
        before = self.file.with_name(f"{self.file.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        with in_words("留下原来的库"):
            before.unlink(missing_ok=True)
            os.link(self.file, before)
        return before

    def _move_journals(self) -> None:
        """A journal of the old file would be taken for one of the new."""
        for end in BESIDE:
            beside = self.file.with_name(self.file.name + end)
            if beside.exists():
                beside.replace(beside.with_name(f"{beside.name}.before"))


def _tables(opened: sqlite3.Connection) -> Tables:
    """Every table; a row is hashed as Python writes its values, which keeps 1, 1.0 and '1' apart."""
    named = opened.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    found: Tables = {}
    for (name,) in named.fetchall():
        quoted = '"' + name.replace('"', '""') + '"'
        columns = [row[1] for row in opened.execute(f"PRAGMA table_info({quoted})")]
        hashed, rows = hashlib.sha256(repr(columns).encode()), 0
        order = _order(opened, quoted)
        for row in opened.execute(f"SELECT * FROM {quoted} ORDER BY {order}"):  # noqa: S608 - the database's own names
            hashed.update(repr(row).encode("utf-8", "surrogatepass"))
            rows += 1
        found[name] = Table(rows, hashed.hexdigest())
    return found


def _order(opened: sqlite3.Connection, quoted: str) -> str:
    """Its key's columns, by their numbers; all columns of a table without one."""
    info = opened.execute(f"PRAGMA table_info({quoted})").fetchall()
    keyed = sorted((row for row in info if row[5]), key=lambda row: row[5]) or info
    return ", ".join(str(row[0] + 1) for row in keyed)


def _make_last(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())
