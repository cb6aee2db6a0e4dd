"""Opening hours as a visitor reads them: one line for each kind of day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .vocabulary import DAY_KINDS


@dataclass(frozen=True)
class DayLine:
    """The sessions of one kind of day: 工作日 09:00–12:00、13:00–17:00."""

    day: str
    sessions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """The remarks printed with these sessions, each once."""
        return "；".join(self.notes)


def timetable(sessions: Iterable[Mapping[str, str]]) -> list[DayLine]:
    """Join sessions (as documents have them) that fall on the same kind of day, in their order."""
    by_day: dict[str, list[Mapping[str, str]]] = {}
    for session in sessions:
        by_day.setdefault(session["days"], []).append(session)
    return [
        DayLine(
            day=DAY_KINDS.get(day, day),
            sessions=tuple((session["opens"], session["closes"]) for session in of_day),
            notes=tuple(dict.fromkeys(session["note"] for session in of_day if session.get("note"))),
        )
        for day, of_day in by_day.items()
    ]
