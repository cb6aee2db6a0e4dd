"""Databases to ruin: empty ones and copies, on either engine, gone when the drill is over."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from tests.with_postgres import server

PROJECT = Path(__file__).resolve().parent.parent.parent
ENGINES = ("SQLite", "PostgreSQL")


class Databases(Protocol):
    """Databases of one engine, by name."""

    engine: str

    def new(self, name: str) -> str:
        """Make an empty one; its URL."""

    def copy(self, name: str, to: str) -> str:
        """Make a copy of one that nobody is using, in the place of whatever ``to`` was; its URL."""

    def at_rest(self, name: str) -> None:
        """Wait until nobody is connected any more: a killed client's transaction ends a moment later."""

    def rows(self, name: str, query: str) -> list[tuple[Any, ...]]:
        """What a query gives."""


class Sqlite:
    """Files in a folder."""

    engine = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def new(self, name: str) -> str:
        for suffix in ("", "-wal", "-shm", "-turn"):
            Path(f"{self.file(name)}{suffix}").unlink(missing_ok=True)
        return f"sqlite:///{self.file(name)}"

    def copy(self, name: str, to: str) -> str:
        url = self.new(to)
        with closing(sqlite3.connect(self.file(name))) as source:
            source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.file(name), self.file(to))
        return url

    def at_rest(self, name: str) -> None:
        """A process that is gone holds nothing."""

    def rows(self, name: str, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.file(name))) as connection:
            return connection.execute(query).fetchall()


class Postgresql:
    """Databases of a server."""

    engine = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self.server = url

    def url(self, name: str) -> str:
        return self.server.replace("/postgres?", f"/{name}?")

    def _say(self, *statements: str, **names: str) -> None:
        named = {key: sql.Identifier(name) for key, name in names.items()}
        with psycopg.connect(self.server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement).format(**named))

    def new(self, name: str) -> str:
        self._say("DROP DATABASE IF EXISTS {name} WITH (FORCE)", "CREATE DATABASE {name}", name=name)
        return self.url(name)

    def copy(self, name: str, to: str) -> str:
        self._say(
            "DROP DATABASE IF EXISTS {to} WITH (FORCE)",
            "CREATE DATABASE {to} TEMPLATE {name}",
            to=to,
            name=name,
        )
        return self.url(to)

    def at_rest(self, name: str) -> None:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(self.server, autocommit=True) as connection:
            for _ in range(600):
                if connection.execute(query, [name]).fetchone() == (0,):
                    return
                time.sleep(0.05)
        sys.exit(f"{name}: a connection stays open")

    def rows(self, name: str, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url(name)) as connection:
            return connection.execute(query.encode()).fetchall()


@contextmanager
def databases(engine: str) -> Iterator[Databases]:
    """A place for databases of an engine, and none of them left afterwards."""
    if engine == "SQLite":
        with tempfile.TemporaryDirectory(prefix="safety-") as folder:
            yield Sqlite(Path(folder))
    else:
        with server() as url:
            yield Postgresql(url)


def environment(url: str, **more: str) -> dict[str, str]:
    """What a command needs to work on this database and no other; its output comes line by line."""
    ours = {"ENVIRONMENT": "local", "DATABASE_URL": url, "DATABASE_URL_REPLICA": "", "PYTHONUNBUFFERED": "1"}
    return os.environ | ours | {"DJANGO_SETTINGS_MODULE": "config.settings"} | more


def run(url: str, *command: str | Path, **more: str) -> str:
    """What a command of the project says; ends everything when it fails."""
    return run_python(url, "manage.py", *command, **more)


def run_python(url: str, *command: str | Path, **more: str) -> str:
    """The same for any Python."""
    done = subprocess.run(
        python(*command),
        cwd=PROJECT,
        env=environment(url, **more),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def python(*command: str | Path) -> Sequence[str]:
    """The command under this very Python."""
    return [sys.executable, *map(str, command)]
