"""The restore drill: the whole site backed up while somebody writes, restored elsewhere, and found to be one moment of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage
import pytest

from keeping.backups.locking import keys_in
from keeping.backups.store import Place, store_at
from tests.figures import Figures
from tests.keeping.servers import ask
from tests.operations.document import PROJECT
from tests.with_postgres import server

pytestmark = pytest.mark.drill
WRITER = """
from pathlib import Path
from guides.editing import Change, apply_office
from offices.models import Office
stop, number = Path({stop!r}), 0
while not stop.exists():
    number += 1
    document = Office.objects.with_details().filter(county__slug="xuanhan", kind="counter").first().document()
    apply_office({{**document, "name": document["name"].split("（")[0] + f"（第{{number}}次）"}}, Change())
print(number)
"""


@contextmanager
def two_databases(engine: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The site's, and an empty one to restore into."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/site.sqlite3", f"sqlite:///{folder}/restored.sqlite3"
        return
    with server() as url:
        base = url.replace("/postgres?", "/{}?")
        subprocess.run(["psql", "--quiet", url, "--command=CREATE DATABASE site"], check=True)
        subprocess.run(["psql", "--quiet", url, "--command=CREATE DATABASE restored"], check=True)
        yield base.format("site"), base.format("restored")


def manage(url: str, *arguments: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": url, "ENVIRONMENT": "local", "AUDIT_KEY": "k" * 40},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def writing(url: str, folder: Path) -> Iterator[None]:
    """Somebody changes an office again and again, as fast as he can."""
    stop = folder / "stop"
    writer = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", WRITER.format(stop=str(stop))],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": url, "AUDIT_KEY": "k" * 40},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield
    stop.touch()
    said, _ = writer.communicate(timeout=300)
    assert writer.returncode == 0
    assert int(said.split()[-1]) > 2, "nobody wrote meanwhile"


HOSTILE = """
from tests.hostile.fields import Crowd
Crowd()
"""
SPARED = ("keeping", "sessions", "contenttypes", "auth.permission")
"""What the restoring itself writes to, and what migrations make."""


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_hostile_words_come_back_from_a_backup(engine: str, tmp_path: Path) -> None:
    with two_databases(engine, tmp_path) as (site, restored):
        manage(site, "migrate", "--verbosity=0")
        manage(site, "shell", "--no-imports", "-c", HOSTILE)
        manage(site, "backup", tmp_path / "backups")
        (file,) = (tmp_path / "backups").iterdir()
        manage(restored, "restore", file, "--into", restored)
        assert rows_in(restored) == rows_in(site)


def rows_in(url: str) -> list[object]:
    spared = [part for name in SPARED for part in ("--exclude", name)]
    rows: list[object] = json.loads(manage(url, "dumpdata", *spared))
    assert len(rows) > 100
    return rows


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_backup_made_while_somebody_writes_is_restored_as_one_moment(
    engine: str, tmp_path: Path, figures: Figures
) -> None:
    with two_databases(engine, tmp_path) as (site, restored):
        manage(site, "migrate", "--verbosity=0")
        manage(site, "setup_site")
        key = manage(site, "backup", tmp_path / "key", "--new-key").split()[0]
        with writing(site, tmp_path):
            for _ in range(2):
                said = manage(site, "backup", tmp_path / "backups", "--recipient", key)
        file = sorted((tmp_path / "backups").iterdir())[-1]
        assert "已试恢复，逐表核对一致；已加密" in said  # type: ignore[possibly-undefined]
        began = time.perf_counter()
        assert "逐表核对一致" in manage(
            restored, "restore", file, "--into", restored, "--identity", tmp_path / "key"
        )
        figures.most("longest restoring", time.perf_counter() - began, "s")
        figures.least("rows restored", len(rows_in(restored)))
        anchor = anchor_in(file, tmp_path)
        assert "审计记录完整" in manage(restored, "audit_verify", "--anchor", anchor)
        assert "审计记录完整" in manage(site, "audit_verify", "--anchor", anchor)
        assert manage(restored, "migrate", "--check") == ""
        store = store_at(Place.at(restored))
        ((entries,),) = ask(store, "SELECT count(*) FROM keeping_auditentry WHERE action = 'apply'")
        assert entries > 0
        ((name,),) = ask(store, "SELECT name FROM offices_office WHERE name LIKE '%（第%次）'")
        assert name.endswith(f"（第{entries}次）")
        assert ask(store, "SELECT action FROM keeping_auditentry ORDER BY number DESC LIMIT 1") == [
            ("backup_restored",)
        ]


def anchor_in(file: Path, folder: Path) -> str:
    """The last audit entry as the backup's manifest names it."""
    plain = folder / "plain.tar.gz"
    identity = pyrage.x25519.Identity.from_str(keys_in(folder / "key")[0])
    plain.write_bytes(pyrage.decrypt(file.read_bytes(), [identity]))
    with tarfile.open(plain) as archive:
        opened = archive.extractfile("manifest.json")
        assert opened
        return str(json.load(opened)["about"]["audit"])
