"""How long migrations keep others waiting: ``python -m tests.safety.locks [--guides N]``, on PostgreSQL.

A country of guides (11,560 of them have 104,000 rows of places and more of papers). Each migration is taken back and made again,
while a second connection reads and writes every table every 20 ms; prints the longest wait of each, and ends with an error
when somebody would have waited for more than a second.
"""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from tests.safety.scratch import PROJECT, databases, environment, python

LONGEST, PAUSE = 1.0, 0.02
"""Seconds somebody may wait; seconds between two rounds over the tables."""


class Wait(NamedTuple):
    """How long one statement took, and which table it asked."""

    seconds: float
    table: str


class Prober:
    """Somebody who reads and writes every table, again and again, in a process of his own: a migration keeps this one busy."""

    def __init__(self, url: str) -> None:
        self.listening, speaking = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("spawn").Process(target=probe, args=(url, speaking))
        self.process.start()
        speaking.close()
        self.listening.recv()  # he has begun

    def end(self) -> Wait:
        """The longest wait of all. Raises ``EOFError`` when the prober has not lived to the end."""
        self.listening.send("over")
        longest: Wait = self.listening.recv()
        self.process.join()
        return longest


def probe(url: str, speaking: Connection) -> None:
    """Until told that it is over; then say the longest wait."""
    longest = Wait(0, "")
    with psycopg.connect(url, autocommit=True) as connection:
        speaking.send("begun")
        while not speaking.poll(PAUSE):
            longest = max([longest, *(asked(connection, table) for table in tables_of(connection))])
    speaking.send(longest)


def asked(connection: psycopg.Connection[Any], table: str) -> Wait:
    """Read a row and take the lock of a writer.

    A table that has gone meanwhile makes nobody wait; the audit trail refuses, but has then let the writer in.
    """
    query = sql.SQL("SELECT 1 FROM {0} LIMIT 1; DELETE FROM {0} WHERE false").format(sql.Identifier(table))
    began = time.monotonic()
    with suppress(
        psycopg.errors.UndefinedTable, psycopg.errors.InternalError_, psycopg.errors.RaiseException
    ):
        connection.execute(query)
    return Wait(time.monotonic() - began, table)


def tables_of(connection: psycopg.Connection[Any]) -> list[str]:
    """Tables there are; asking for their names waits for nobody."""
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows]


def measure(url: str) -> list[tuple[str, Wait]]:
    """The longest wait while each migration is made, newest first. Django has to be set up for this database."""
    from tests.safety.walk_migrations import migrate, steps  # noqa: PLC0415 - needs Django

    found = []
    for step in reversed(steps()):
        migrate(step, back=True)
        prober = Prober(url)
        migrate(step, back=False)
        found.append((".".join(step), prober.end()))
        migrate(step, back=True)
    return found


def table_of(found: list[tuple[str, Wait]]) -> str:
    """For docs/benchmarks.md, oldest first."""
    lines = ["| migration | longest wait ms | for the table |", "|---|---|---|"]
    lines += [f"| {name} | {wait.seconds * 1000:.0f} | {wait.table} |" for name, wait in reversed(found)]
    return "\n".join(lines)


def main() -> int:
    """The exit code says whether nobody waited for long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guides", type=int, choices=(68, 11560, 68000), default=11560)
    parser.add_argument("--url", help="a database that is filled already (used by the drill itself)")
    given = parser.parse_args()
    if given.url:
        import django  # noqa: PLC0415 - only in the process whose DATABASE_URL it is

        django.setup()
        found = measure(given.url)
        print(table_of(found))
        return 0 if all(wait.seconds <= LONGEST for _, wait in found) else 1
    with databases("PostgreSQL") as there:
        url = there.new("country")
        here = {"cwd": PROJECT, "env": environment(url)}
        subprocess.run(python("-m", "tests.country", "--guides", str(given.guides)), check=True, **here)  # type: ignore[call-overload]
        done = subprocess.run(python("-m", "tests.safety.locks", "--url", url), check=False, **here)  # type: ignore[call-overload]
        code: int = done.returncode
        return code


if __name__ == "__main__":
    sys.exit(main())
