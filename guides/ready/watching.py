"""How a worker learns of changes: one cheap query, at most once a second, beside the requests."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock, Thread

from django.db import DatabaseError, InterfaceError, connection

from guides.models import Stamp

SECONDS = 1.0
"""Between two looks: within it every worker knows of an edit."""
IDLE = 30.0
"""Seconds without a request after which the watch ends; the next request begins it again."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """The stamps at one moment: the number and the time of each scope's last change, and the highest number of all."""

    last: int = -1
    stamps: Mapping[str, tuple[int, datetime]] = field(default_factory=dict)

    def number(self, scope: str) -> int:
        """The number of the scope's last change; 0 for none."""
        return self.stamps[scope][0] if scope in self.stamps else 0

    def changed_at(self, scope: str) -> datetime:
        """When the scope changed last."""
        return self.stamps[scope][1] if scope in self.stamps else datetime.fromtimestamp(0, UTC)


class Watch:
    """What the stamps of the database were when last seen."""

    def __init__(self) -> None:
        self.seen = Seen()
        self._lock = Lock()
        self._asked_at = 0.0
        self._thread: Thread | None = None

    def look(self) -> None:
        """Read what is new since the last look. Raises ``DatabaseError`` when the database is away."""
        with self._lock:
            rows = Stamp.objects.since(self.seen.last).values_list("scope", "number", "changed_at")
            found = {scope: (number, changed_at) for scope, number, changed_at in rows}
            if found or self.seen.last < 0:
                last = max([0, self.seen.last, *(number for number, _ in found.values())])
                self.seen = Seen(last, {**self.seen.stamps, **found})

    def begin(self) -> Seen:
        """What was seen last; looks at once when nobody is watching, and then goes on beside the requests."""
        self._asked_at = time.monotonic()
        if self._thread is None or not self._thread.is_alive():
            self._look_quietly()
            self._thread = Thread(target=self._watch, name="ready-pages", daemon=True)
            self._thread.start()
        return self.seen

    def _watch(self) -> None:
        while time.monotonic() - self._asked_at < IDLE:
            time.sleep(SECONDS)
            self._look_quietly()

    def _look_quietly(self) -> None:
        """A database that is away leaves what was known: readers go on with the pages there are."""
        try:
            self.look()
        except (DatabaseError, InterfaceError) as error:
            log.warning("内容版本暂时读不到，先用已有的页面：%s", error)
        finally:
            connection.close()
