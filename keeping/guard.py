"""The database's own refusal to change or delete audit entries, whoever asks: triggers on both engines.

Taking them off needs the owner of the table. On PostgreSQL the role of the website is not the owner (``deploy/postgresql/audit.sql``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

TABLE = "keeping_auditentry"

ON_SQLITE = (
    """CREATE TRIGGER keeping_auditentry_no_update BEFORE UPDATE ON keeping_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END""",
    """CREATE TRIGGER keeping_auditentry_no_delete BEFORE DELETE ON keeping_auditentry
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END""",
    # INSERT OR REPLACE deletes without asking the trigger for deletions.
    """CREATE TRIGGER keeping_auditentry_no_replace BEFORE INSERT ON keeping_auditentry
    WHEN EXISTS (SELECT 1 FROM keeping_auditentry WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END""",
)
OFF_SQLITE = (
    "DROP TRIGGER IF EXISTS keeping_auditentry_no_update",
    "DROP TRIGGER IF EXISTS keeping_auditentry_no_delete",
    "DROP TRIGGER IF EXISTS keeping_auditentry_no_replace",
)
ON_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION keeping_auditentry_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'audit entries are append-only'; END$$""",
    """CREATE TRIGGER keeping_auditentry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON keeping_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION keeping_auditentry_refuse()""",
)
OFF_POSTGRESQL = (
    "DROP TRIGGER IF EXISTS keeping_auditentry_append_only ON keeping_auditentry",
    "DROP FUNCTION IF EXISTS keeping_auditentry_refuse()",
)


def put_on(connection: Any) -> None:
    """From now on the table takes new rows only."""
    _run(connection, ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE)


def take_off(connection: Any) -> None:
    """Let its owner do with the table what he likes."""
    _run(connection, OFF_POSTGRESQL if connection.vendor == "postgresql" else OFF_SQLITE)


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Off meanwhile. Inside a transaction nobody else ever sees the table unguarded, and a failure leaves it guarded."""
    take_off(connection)
    yield
    put_on(connection)


def _run(connection: Any, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
