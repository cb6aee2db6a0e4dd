"""What only PostgreSQL has: its programs, a scratch database, and a role that may not touch the audit trail."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from psycopg import sql

from keeping import guard
from keeping.backups import BackupError, back_up
from keeping.backups.making import Wanted
from keeping.backups.postgresql import PostgreSQL, find_program
from keeping.backups.store import Place
from tests.keeping.servers import ROWS, URL, new_database, only_postgresql, run
from tests.operations.document import PROJECT

pytestmark = only_postgresql
NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
APP = "yibao_of_tests"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostgreSQL]:
    with new_database(tmp_path) as make:
        made = make()
        assert isinstance(made, PostgreSQL)
        yield made


@pytest.fixture
def app(store: PostgreSQL) -> Iterator[PostgreSQL]:
    """The database as the role of the website sees it, after deploy/postgresql/audit.sql."""
    everywhere = PostgreSQL(Place.at(URL))
    with everywhere.connect(autocommit=True) as held:
        held.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP)))
        held.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
                sql.Identifier(store.place.name), sql.Identifier(APP)
            )
        )
    site = PostgreSQL(replace(store.place, user=APP))
    table = "CREATE TABLE keeping_auditentry (number bigint PRIMARY KEY, object text)"
    run(site, table, *guard.ON_POSTGRESQL, "INSERT INTO keeping_auditentry VALUES (1, 'x')")
    for _ in range(2):  # once more does no harm
        grant(store)
    yield site
    with everywhere.connect(autocommit=True) as held:
        name = sql.Identifier(store.place.name)
        held.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        held.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(APP)))


def grant(store: PostgreSQL) -> None:
    place = store.place
    command = [find_program("psql"), "--no-psqlrc", "--quiet", f"--set=app={APP}"]
    file = PROJECT / "deploy" / "postgresql" / "audit.sql"
    environment = {
        **os.environ,
        "PGHOST": place.host or dict(place.options).get("host", ""),
        "PGUSER": place.user,
    }
    done = subprocess.run(
        [*command, f"--dbname={place.name}", f"--file={file}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_role_of_the_website_reads_and_adds_audit_entries_and_nothing_else(app: PostgreSQL) -> None:
    with app.connect(autocommit=True) as held:
        held.execute("INSERT INTO keeping_auditentry VALUES (2, 'y')")
        assert held.execute("SELECT count(*) FROM keeping_auditentry").fetchone() == (2,)
        for statement in (
            "UPDATE keeping_auditentry SET object = 'z'",
            "DELETE FROM keeping_auditentry",
            "TRUNCATE keeping_auditentry",
            "DROP TABLE keeping_auditentry",
            "ALTER TABLE keeping_auditentry DISABLE TRIGGER ALL",
            "DROP TRIGGER keeping_auditentry_append_only ON keeping_auditentry",
            "ALTER TABLE keeping_auditentry RENAME TO other",
            "CREATE OR REPLACE FUNCTION keeping_auditentry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN END$$",
            "DROP SCHEMA public CASCADE",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                held.execute(statement)


def test_the_role_of_the_website_still_migrates_its_own_tables(app: PostgreSQL) -> None:
    run(app, "CREATE TABLE mine (a integer)", "ALTER TABLE mine ADD b text", "DROP TABLE mine")


def test_the_owner_is_held_back_by_the_trigger(app: PostgreSQL, store: PostgreSQL) -> None:
    for statement in ("DELETE FROM keeping_auditentry", "TRUNCATE keeping_auditentry"):
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            run(store, statement)


def test_a_role_that_may_make_no_database_is_told_what_to_ask_for_and_uses_what_it_is_given(
    app: PostgreSQL, store: PostgreSQL, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match=rf"createdb --owner={APP}"):
        back_up(app, tmp_path / "backups", Wanted(), NOW)
    scratch = f"{store.place.name}_scratch"
    with store.connect(autocommit=True) as held:
        held.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 OWNER {}").format(
                sql.Identifier(scratch), sql.Identifier(APP)
            )
        )
    try:
        for day in (22, 23):
            back_up(app, tmp_path / "backups", Wanted(), NOW.replace(day=day))
        assert PostgreSQL(replace(app.place, name=scratch)).is_empty()
    finally:
        with store.connect(autocommit=True) as held:
            held.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(scratch)))


def test_the_scratch_database_that_a_backup_makes_is_gone_afterwards(
    store: PostgreSQL, tmp_path: Path
) -> None:
    run(store, *ROWS)
    back_up(store, tmp_path / "backups", Wanted(), NOW)
    with store.connect(autocommit=True) as held:
        name = f"{store.place.name}_scratch"
        assert held.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None


def test_a_machine_without_the_programs_says_what_to_install() -> None:
    with (
        mock.patch("shutil.which", return_value=None),
        mock.patch("pathlib.Path.glob", return_value=iter(())),
        pytest.raises(
            BackupError, match=r"这台机器没有 pg_dump。请先安装：apt-get install postgresql-client"
        ),
    ):
        find_program("pg_dump")
