"""Opening hours as a visitor reads them: one line for each kind of day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .vocabulary import DAY_KINDS, DAY_KINDS_EXPLAINED

NOON = "12:30"
"""A session that ends by then is one of the morning; one that begins at 12:00 or later, of the afternoon."""


@dataclass(frozen=True)
class DayLine:
    """The sessions of one kind of day: 工作日 09:00–12:00、13:00–17:00."""

    day: str
    sessions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    kind: str = ""

    @property
    def note(self) -> str:
        """The remarks printed with these sessions, each once."""
        return "；".join(self.notes)

    @property
    def meaning(self) -> str:
        """Which days these are; empty when the name says it."""
        return DAY_KINDS_EXPLAINED.get(self.kind, "")

    @property
    def data(self) -> str:
        """These sessions for a script: ``saturday 09:00-12:00 not-on-holidays``."""
        sessions = " ".join(f"{opens}-{closes}" for opens, closes in self.sessions)
        never = " not-on-holidays" if any("节假日除外" in note for note in self.notes) else ""
        return f"{self.kind} {sessions}{never}"

    @property
    def morning(self) -> list[tuple[str, str]]:
        """Sessions before noon."""
        return [(opens, closes) for opens, closes in self.sessions if closes <= NOON]

    @property
    def afternoon(self) -> list[tuple[str, str]]:
        """Sessions after noon."""
        return [(opens, closes) for opens, closes in self.sessions if opens >= "12:00" and closes > NOON]

    @property
    def through_noon(self) -> list[tuple[str, str]]:
        """Sessions that begin before noon and end after it."""
        halves = (*self.morning, *self.afternoon)
        return [session for session in self.sessions if session not in halves]


def timetable(sessions: Iterable[Mapping[str, str]]) -> list[DayLine]:
    """Join sessions (as documents have them) that fall on the same kind of day, in their order."""
    by_day: dict[str, list[Mapping[str, str]]] = {}
    for session in sessions:
        by_day.setdefault(session["days"], []).append(session)
    return [
        DayLine(
            day=DAY_KINDS.get(day, day),
            sessions=tuple((session["opens"], session["closes"]) for session in of_day),
            kind=day,
            notes=tuple(dict.fromkeys(session["note"] for session in of_day if session.get("note"))),
        )
        for day, of_day in by_day.items()
    ]
