"""SQLite as Django has it, but who wants to write stands in a queue.

SQLite lets one connection write at a time; the others look again every tenth of a second, each by himself, so that of eight
editors who save again and again one is unlucky for twenty seconds and is told "database is locked". Here a thread first waits
for its turn among the threads of its process, the processes wait for each other's on a file beside the database, and only the
one whose turn it is asks SQLite. The turn is passed on as soon as its transaction has begun.
"""

from __future__ import annotations

import fcntl
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep

from django.db import OperationalError
from django.db.backends.sqlite3 import base

PATIENCE = 50.0
"""Seconds in the queue: less than nginx waits for an answer of the desk."""
LOOK_AGAIN = 0.005
"""Seconds between two looks at the file; at most one thread of each process looks."""

_turns: defaultdict[str, Lock] = defaultdict(Lock)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose writing transactions begin in turn."""

    transaction_mode: str | None

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode != "IMMEDIATE" or self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # the stubs lack it
            return
        with turn(str(self.settings_dict["NAME"])):
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # the stubs lack it


@contextmanager
def turn(database: str) -> Iterator[None]:
    """Be the only one on this machine who waits for SQLite. Raises ``OperationalError`` after ``PATIENCE``."""
    until = monotonic() + PATIENCE
    ours = _turns[database]
    if not ours.acquire(timeout=PATIENCE):
        raise OperationalError(f"no turn to write in {PATIENCE:g} s")
    try:
        with among_processes(f"{database}-turn", until):
            yield
    finally:
        ours.release()


@contextmanager
def among_processes(path: str, until: float) -> Iterator[None]:
    """Hold the lock on this file; where none can be made (a full or read-only disk) SQLite says what is wrong."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    except OSError:
        yield
        return
    try:
        while not is_ours(file):
            if monotonic() > until:
                raise OperationalError(f"no turn to write in {PATIENCE:g} s")
            sleep(LOOK_AGAIN)
        yield
    finally:
        os.close(file)


def is_ours(file: int) -> bool:
    """Whether the lock was free and is now held; a process that dies lets go of it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
