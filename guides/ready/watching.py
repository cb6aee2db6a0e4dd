"""How a worker learns of changes: one cheap query, at most once a second, beside the requests."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock, Thread
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from guides.models import Stamp

from .databases import PRIMARY, ask_every_table

SECONDS = 1.0
"""Between two looks: within it every worker knows of an edit."""
IDLE = 30.0
"""Seconds without a request after which the watch ends; the next request begins it again."""
LONGEST = 0.7
"""Seconds that a database may let the watch wait before it counts as away."""
WAKING = 0.9
"""Seconds that a request waits for the first look: longer, so that it knows by then who does not answer."""
RETRY = 3.0
"""Seconds for which a database that did not answer is left alone, while there is another."""
PATIENCE = 1.5
"""Seconds in which a replica has to show what the primary shows; then pages are read elsewhere until it does."""
T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """The stamps of one database at one moment: number and time of each scope's last change, and the highest of all."""

    last: int = -1
    stamps: Mapping[str, tuple[int, datetime]] = field(default_factory=dict)
    database: str = PRIMARY

    def number(self, scope: str) -> int:
        """The number of the scope's last change; 0 for none."""
        return self.stamps[scope][0] if scope in self.stamps else 0

    def changed_at(self, scope: str) -> datetime:
        """When the scope changed last."""
        return self.stamps[scope][1] if scope in self.stamps else datetime.fromtimestamp(0, UTC)


class Watch:
    """What the stamps of the database were when last seen, and which databases answer.

    With replicas, public pages are read from the first that answers and is not behind; the stamps come from the same one,
    so that no page is kept under a stamp that its own database has not reached.
    """

    def __init__(self, databases: Sequence[str] = ()) -> None:
        self.databases = tuple(databases or settings.READING_DATABASES)
        self.seen = Seen(database=self.databases[-1])
        self.away: dict[str, float] = {}
        """When each database that does not answer was last asked."""
        self._asking: tuple[str, float] = ("", 0.0)
        self._lags = Lags()
        self._is_told = False
        self._lock, self._starting = Lock(), Lock()
        self._asked_at = 0.0
        self.looked = Event()
        """Set from the first look until the watch ends."""
        self._thread: Thread | None = None

    def begin(self) -> Seen:
        """What was seen last; the first to ask wakes the watch and waits for its look, though not for long."""
        self._asked_at = time.monotonic()
        if not self.looked.is_set():
            self._wake()
            self.looked.wait(WAKING)
        return self.seen

    def answers(self, database: str) -> bool:
        """Whether the database answered when last asked; it does not while it lets the watch wait."""
        name = self._name_of(database)
        asking, since = self._asking
        return name not in self.away and not (asking == name and time.monotonic() - since > LONGEST)

    @property
    def known_away(self) -> frozenset[str]:
        """The databases that gave no answer when last asked, at most ``RETRY`` and a look ago; none before the first look."""
        if not self.looked.is_set():
            return frozenset()
        return frozenset(name for name in self.databases if not self.answers(name))

    def failed(self, database: str) -> None:
        """A request found the database away: nobody asks it again before the watch has."""
        self.away[self._name_of(database)] = time.monotonic()

    def look(self) -> None:
        """Read what is new. Raises ``DatabaseError`` or ``InterfaceError`` when no database answers."""
        with self._lock:
            newest = self._newest_of_the_primary()
            problem: Exception = DatabaseError("nobody was asked")
            for database in self.databases:
                if self._is_left_alone(database):
                    continue
                try:
                    seen = self._ask(database, self._read)
                except (DatabaseError, InterfaceError) as error:
                    problem = error
                    continue
                if database == self.databases[-1] or not self._lags.is_behind(database, seen.last, newest):
                    self.seen = seen
                    return
            raise problem

    def _newest_of_the_primary(self) -> int:
        """The highest number there; 0 when it cannot be asked, or when it is read anyway."""
        primary = self.databases[-1]
        if len(self.databases) == 1 or self._is_left_alone(primary):
            return 0
        with suppress(DatabaseError, InterfaceError):
            return self._ask(primary, newest_of)
        return 0

    def _read(self, database: str) -> Seen:
        """The stamps of this database now: what is new, or all of them after a change of database or a restored backup."""
        ask_every_table(database)
        old = self.seen if self.seen.database == database else Seen()
        rows = stamps_since(database, old.last - 1)
        if old.last > 0 and not rows:
            old, rows = Seen(), stamps_since(database, -1)
        last = max([0, *(number for number, _ in rows.values())])
        if last == old.last and self.seen.database == database:
            return self.seen
        return Seen(last, {**old.stamps, **rows}, database)

    def _ask(self, database: str, question: Callable[[str], T]) -> T:
        """The database's answer; it counts as away until the next look when it gives none."""
        self._asking = (database, time.monotonic())
        try:
            answer = question(database)
        except (DatabaseError, InterfaceError):
            self.away[database] = time.monotonic()
            raise
        else:
            self.away.pop(database, None)
            return answer
        finally:
            self._asking = ("", 0.0)

    def _is_left_alone(self, database: str) -> bool:
        """Whether it was asked in vain a moment ago and there are others: each question may take half a second."""
        asked_at = self.away.get(database, -RETRY)
        return len(self.databases) > 1 and time.monotonic() - asked_at < RETRY

    def _name_of(self, database: str) -> str:
        """The name under which the watch knows a database: the primary has one more, for the desk."""
        return database if database in self.databases else self.databases[-1]

    def _wake(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._watch, name="ready-pages", daemon=True)
                self._thread.start()

    def _watch(self) -> None:
        try:
            while time.monotonic() - self._asked_at < IDLE:
                self._look_quietly()
                for database in self.databases:
                    connections[database].close()
                self.looked.set()
                time.sleep(SECONDS)
        finally:
            with self._starting:
                self.looked.clear()
                self._thread = None

    def _look_quietly(self) -> None:
        """A database that is away leaves what was known: readers go on with the pages there are. Said once, and once more at its return."""
        try:
            self.look()
        except (DatabaseError, InterfaceError) as error:
            if not self._is_told:
                log.warning("内容版本暂时读不到，先用已有的页面：%s", error)
            self._is_told = True
        else:
            if self._is_told:
                log.warning("数据库恢复应答，继续读新的内容版本。")
            self._is_told = False


class Lags:
    """How long each replica has been short of what the primary had."""

    def __init__(self) -> None:
        self._due: dict[str, tuple[int, float]] = {}

    def is_behind(self, database: str, number: int, newest: int) -> bool:
        """Whether it still lacks a change that the primary showed longer than ``PATIENCE`` ago."""
        if not newest:  # the primary is away: what the replica has is the best there is
            self._due.clear()
            return False
        awaited, since = self._due.get(database, (0, 0.0))
        if number >= awaited:
            self._due[database] = (newest, time.monotonic())
            return False
        return time.monotonic() - since > PATIENCE


def newest_of(database: str) -> int:
    """The highest number of a database whose tables all answer."""
    ask_every_table(database)
    return Stamp.objects.db_manager(database).newest()


def stamps_since(database: str, number: int) -> dict[str, tuple[int, datetime]]:
    """Number and time of each scope above this number."""
    rows = Stamp.objects.using(database).since(number).values_list("scope", "number", "changed_at")
    return {scope: (number, changed_at) for scope, number, changed_at in rows}
