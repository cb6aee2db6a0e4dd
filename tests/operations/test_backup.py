"""deploy/backup.py: a copy that can be read again, or none."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.operations.document import PROJECT
from tests.with_postgres import find_programs

BACKUP = PROJECT / "deploy" / "backup.py"


def back_up(url: str, folder: Path, keep: int = 30) -> subprocess.CompletedProcess[str]:
    programs = f"{find_programs()}:{os.environ['PATH']}"
    command: list[str | Path] = [sys.executable, BACKUP, folder, f"--keep={keep}"]
    environment = {"DATABASE_URL": url, "PATH": programs, "PYTHONUTF8": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as written:
        written.execute("PRAGMA journal_mode=WAL")
        written.execute("CREATE TABLE phone AS SELECT '0818-5201826' AS number")
        written.commit()
    return path


def test_a_sqlite_database_is_copied_while_somebody_writes(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO phone VALUES ('not yet')")
        done = back_up(f"sqlite:///{database}", tmp_path / "copies")
    assert done.returncode == 0, done.stderr
    (copy,) = (tmp_path / "copies").iterdir()
    assert str(copy) in done.stdout
    with closing(sqlite3.connect(copy)) as read:
        assert read.execute("SELECT number FROM phone").fetchall() == [("0818-5201826",)]


def test_only_the_newest_copies_are_kept(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"yibao-2026010{day}T000000Z.sqlite3").write_text("old")
    (folder / "notes.txt").write_text("mine")
    assert back_up(f"sqlite:///{database}", folder, keep=3).returncode == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names[:3] == ["notes.txt", "yibao-20260104T000000Z.sqlite3", "yibao-20260105T000000Z.sqlite3"]
    assert len(names) == 4


def test_a_failed_backup_says_so_and_takes_nothing_away(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "yibao-20260101T000000Z.sqlite3").write_text("old")
    damaged = bytearray(database.read_bytes())
    damaged[4096:4200] = b"\xff" * 104
    database.write_bytes(damaged)
    for url in (f"sqlite:///{database}", "sqlite:////nowhere/db", "postgres://nobody@127.0.0.1:1/none", ""):
        done = back_up(url, folder, keep=1)
        assert done.returncode == 1, url
        assert "备份没有成功" in done.stderr
        finished = [path.name for path in folder.iterdir() if not path.name.endswith("unfinished")]
        assert finished == ["yibao-20260101T000000Z.sqlite3"]


@pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="make test-postgresql runs it"
)
def test_a_postgresql_database_is_dumped_and_can_be_listed(tmp_path: Path) -> None:
    done = back_up(os.environ["DATABASE_URL"], tmp_path)
    assert done.returncode == 0, done.stderr
    (copy,) = tmp_path.glob("*.dump")
    listed = subprocess.run(
        [find_programs() / "pg_restore", "--list", copy], capture_output=True, text=True, check=True
    )
    assert "Format: CUSTOM" in listed.stdout
