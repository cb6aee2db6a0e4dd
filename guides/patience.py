"""Connections to PostgreSQL that do not wait for ever, whatever has become of the server.

The server's own ``statement_timeout`` ends what is slow; a server that is itself stopped (a paused machine, a disk that
hangs) ends nothing. Imported by the settings, so nothing of Django here.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import ClassVar, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

RV = TypeVar("RV")


class Patient(psycopg.Connection[TupleRow]):
    """A connection that is given up when an answer takes longer than its patience, and soon when nobody gets one."""

    patience: ClassVar[float] = 17.0
    """Seconds: longer than the statements of the desk may take."""
    patience_when_away: ClassVar[float] = 2.0
    """Seconds, when others ask the server in vain as well; long savings and waits for each other's locks are let be."""
    is_away: ClassVar[Callable[[], bool]] = staticmethod(lambda: False)
    """Whether the server gives nobody an answer; ``config/wsgi.py`` lets the watch say so."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg's; raises ``OperationalError`` when the patience is over."""
        return super().wait(gen if timeout is not None else self._watched(gen), interval, timeout)

    def _watched(self, gen: PQGen[RV]) -> PQGen[RV]:
        """The same conversation, ended when the server is silent for too long; psycopg resumes it at each interval."""
        began = monotonic()
        try:
            state = next(gen)
            while True:
                ready = yield state
                silent = 0.0 if ready else monotonic() - began
                if silent > self.patience or (silent > self.patience_when_away and Patient.is_away()):
                    self.close()
                    raise psycopg.OperationalError(f"no answer in {silent:.1f} s")
                state = gen.send(ready)
        except StopIteration as end:
            answer: RV = end.value
            return answer


class Impatient(Patient):
    """For readers, who have nginx and the mirror behind them: with the wait for a connection not three seconds."""

    patience: ClassVar[float] = 2.4
