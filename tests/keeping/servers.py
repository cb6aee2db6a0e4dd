"""Databases of their own for backups to be made of: a file, or one on the PostgreSQL that the tests run on."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from psycopg import sql

from keeping.backups.postgresql import PostgreSQL
from keeping.backups.sqlite import SQLite
from keeping.backups.store import Place, Store

URL = os.environ.get("DATABASE_URL", "")
ON_POSTGRESQL = URL.startswith("postgres")
only_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="make test-postgresql runs it")
ROWS = (
    "CREATE TABLE phone (number text PRIMARY KEY, note text)",
    "INSERT INTO phone VALUES ('0818-5201826', '宣汉\t窗口\n二楼'), ('0818-2145266', NULL), ('', '''=1+1')",
    "CREATE TABLE without_key (a integer, b text)",
    "INSERT INTO without_key VALUES (2, 'x'), (1, 'y'), (1, 'y')",
    "CREATE TABLE empty (a integer)",
)


def run(store: Store, *statements: str) -> None:
    """Write into the database as somebody else would."""
    if isinstance(store, SQLite):
        with closing(sqlite3.connect(store.file)) as opened:
            for statement in statements:
                opened.execute(statement)
            opened.commit()
    elif isinstance(store, PostgreSQL):
        with store.connect(autocommit=True) as held:
            for statement in statements:
                held.execute(statement)


def ask(store: Store, query: str) -> list[tuple[Any, ...]]:
    """Rows of the database."""
    if isinstance(store, SQLite):
        with closing(sqlite3.connect(store.file)) as opened:
            return opened.execute(query).fetchall()
    assert isinstance(store, PostgreSQL)
    with store.connect(autocommit=True) as held:
        return held.execute(query).fetchall()


@contextmanager
def new_database(folder: Path) -> Iterator[Callable[[], Store]]:
    """Makes empty databases of the engine under test; on PostgreSQL they are dropped afterwards."""
    made: list[PostgreSQL] = []

    def make() -> Store:
        if not ON_POSTGRESQL:
            store = SQLite(folder / f"{uuid4().hex}.sqlite3")
            run(store, "PRAGMA journal_mode=WAL")
            return store
        place = Place.at(URL)
        name = f"backup_{uuid4().hex[:12]}"
        with PostgreSQL(place).connect(autocommit=True) as held:
            held.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        made.append(PostgreSQL(replace(place, name=name)))
        return made[-1]

    try:
        yield make
    finally:
        for store in made:
            with PostgreSQL(Place.at(URL)).connect(autocommit=True) as held:
                held.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                        sql.Identifier(store.place.name)
                    )
                )
