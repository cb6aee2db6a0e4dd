"""PostgreSQL by its own programs: pg_dump of one snapshot, pg_restore and psql in one transaction."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from .saying import BackupError, in_words, program_failed
from .store import Place, Store, Table, Tables, compare

SAME_TEXT = "SET bytea_output = hex; SET datestyle = iso; SET intervalstyle = postgres; SET timezone = utc; SET extra_float_digits = 1"
PATIENT = "SET statement_timeout = 0; SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = 0"
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC;"
SCRATCH = "_scratch"
"""The name of the database beside it in which a backup is tried."""
NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}


class PostgreSQL:
    """One database of a server."""

    engine = "postgresql"
    member = "database.dump"

    def __init__(self, place: Place) -> None:
        self.place = place

    def connect(self, **options: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection that waits as long as it takes. Raises ``psycopg.Error``."""
        given = {name: getattr(self.place, name) for name in NAMES if getattr(self.place, name)}
        known = {"dbname": self.place.name, "connect_timeout": "10", **given, **dict(self.place.options)}
        opened = psycopg.connect(make_conninfo(**known))
        opened.autocommit = True
        opened.execute(PATIENT)
        opened.execute(SAME_TEXT)
        opened.autocommit = bool(options.get("autocommit"))
        return opened

    def copy(self, target: Path) -> Tables:
        """Raises :class:`BackupError`."""
        with in_words("备份"), self.connect() as held:
            held.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            (snapshot,) = held.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            dump = [
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={target}",
            ]
            self._run("pg_dump", [*dump, f"--dbname={self.place.name}"])
            return _tables(held)

    def tables(self) -> Tables:
        """Raises :class:`BackupError`."""
        with in_words("核对数据库"), self.connect() as held:
            held.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return _tables(held)

    def is_empty(self) -> bool:
        """Raises :class:`BackupError` when there is no such database."""
        with in_words("打开数据库"), self.connect() as held:
            return not _names(held)

    @contextmanager
    def scratch(self, folder: Path) -> Iterator[Store]:
        """The database ``…_scratch`` beside it, emptied before and after; made and dropped again by a role that may.

        Raises :class:`BackupError`.
        """
        beside = PostgreSQL(replace(self.place, name=f"{self.place.name}{SCRATCH}"))
        is_ours = self._make(beside)
        try:
            with in_words("清空试恢复用的库"), beside.connect(autocommit=True) as held:
                held.execute(EMPTY)
            yield beside
        finally:
            with suppress(psycopg.Error):
                if is_ours:
                    with self.connect(autocommit=True) as held:
                        held.execute(
                            sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(beside.place.name))
                        )
                else:
                    with beside.connect(autocommit=True) as held:
                        held.execute(EMPTY)

    def _make(self, beside: PostgreSQL) -> bool:
        """Whether it had to be made."""
        with in_words("连接数据库"), self.connect(autocommit=True) as held:
            if held.execute("SELECT 1 FROM pg_database WHERE datname = %s", [beside.place.name]).fetchone():
                return False
            try:
                name = sql.Identifier(beside.place.name)
                held.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
            except psycopg.errors.InsufficientPrivilege as error:
                raise BackupError(
                    f"没有试恢复用的库 {beside.place.name}，也无权建。请执行："
                    f"runuser -u postgres -- createdb --owner={self.place.user or self.place.name} --template=template0 "
                    f"{beside.place.name}；或者加 --no-verify，不试恢复。"
                ) from error
            return True

    def fill(self, source: Path, expected: Tables) -> str:
        """In one transaction: what was there is gone when all of the copy is there, and not before. Raises :class:`BackupError`."""
        script = source.with_suffix(".sql")
        try:
            self._run("pg_restore", ["--no-owner", "--no-privileges", f"--file={script}", str(source)])
            before = [] if self.is_empty() else [f"--command={EMPTY}"]
            stop = [
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--output=/dev/null",
                "--single-transaction",
            ]
            self._run("psql", [*stop, f"--dbname={self.place.name}", *before, f"--file={script}"])
        finally:
            script.unlink(missing_ok=True)
        if problems := compare(expected, self.tables()):
            raise BackupError(f"恢复出来的和备份时不同，请换一份备份再恢复：{'；'.join(problems[:5])}。")
        return ""

    def _run(self, program: str, arguments: Sequence[str]) -> None:
        """Password and options go by the environment: everybody on the host may read a command line."""
        given = {
            there: getattr(self.place, name) for name, there in NAMES.items() if getattr(self.place, name)
        }
        given |= {
            f"PG{name.upper()}": value
            for name, value in self.place.options
            if f"PG{name.upper()}" not in given
        }
        environment = {**os.environ, **given, "PGOPTIONS": "-c statement_timeout=0 -c lock_timeout=30s"}
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, with arguments of ours
            [find_program(program), *arguments], env=environment, capture_output=True, check=False
        )
        if done.returncode:
            raise program_failed(program, done)


def find_program(name: str) -> str:
    """In PATH, or Debian's newest. Raises :class:`BackupError`."""
    if found := shutil.which(name):
        return found
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    if not debian:
        raise BackupError(f"这台机器没有 {name}。请先安装：apt-get install postgresql-client")
    return str(debian[-1])


def _names(held: psycopg.Connection[Any]) -> list[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename COLLATE \"C\""
    return [name for (name,) in held.execute(query)]


def _tables(held: psycopg.Connection[Any]) -> Tables:
    """Every table as the server itself writes its rows out, in the order of the key."""
    found: Tables = {}
    for name in _names(held):
        table = sql.Identifier("public", name)
        hashed, rows = hashlib.sha256(), 0
        query = sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT").format(table, _order(held, name))
        with held.cursor() as cursor, cursor.copy(query) as lines:
            for line in lines:
                hashed.update(line)
                rows += bytes(line).count(b"\n")
        found[name] = Table(rows, hashed.hexdigest())
    return found


def _order(held: psycopg.Connection[Any], name: str) -> sql.Composable:
    """The primary key's columns, words by their bytes so that every server sorts alike; whole rows where there is no key."""
    query = (
        "SELECT a.attname, a.attcollation <> 0 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid "
        "AND a.attnum = ANY(i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY a.attnum"
    )
    quoted = sql.Identifier("public", name).as_string(held)
    columns = [
        sql.SQL('{} COLLATE "C"' if is_text else "{}").format(sql.Identifier(column))
        for column, is_text in held.execute(query, [quoted])
    ]
    whole = sql.SQL('{}::text COLLATE "C"').format(sql.Identifier(name))
    return sql.SQL(", ").join(columns) if columns else whole
