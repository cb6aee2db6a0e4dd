"""Connections to PostgreSQL that do not wait for ever, whatever has become of the server.

The server's own ``statement_timeout`` ends what is slow; a server that is itself stopped (a paused machine, a disk that
hangs) ends nothing. Imported by the settings, so nothing of Django here.
"""

from __future__ import annotations

from time import monotonic
from typing import ClassVar, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

RV = TypeVar("RV")


class Patient(psycopg.Connection[TupleRow]):
    """A connection that is given up when an answer takes longer than its patience."""

    patience: ClassVar[float] = 17.0
    """Seconds: longer than the statements of the desk may take."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg's; raises ``OperationalError`` when the patience is over."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        began = monotonic()
        try:
            return super().wait(gen, interval, self.patience)
        except psycopg.OperationalError as error:
            if monotonic() - began < self.patience:
                raise
            self.close()
            raise psycopg.OperationalError(f"no answer in {self.patience:g} s") from error


class Impatient(Patient):
    """For readers, who have nginx and the mirror behind them."""

    patience: ClassVar[float] = 3.0
