"""What reading a handbook gives: frozen records, each with its lines, and the canonical document of a guide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that stops the import: the line, what was found there, what was expected."""

    line: int
    found: str
    expected: str

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.found}。预期：{self.expected}。"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something for a person to judge; it never changes the data. ``kind`` is a key of FINDING_KINDS.

    ``number`` is the phone number it is about, if it is about one.
    """

    kind: str
    line: int
    message: str
    matter: str = ""
    county: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A misprint on one line of one handbook, and what to read instead."""

    handbook: str
    line: int
    found: str
    replacement: str
    reason: str


@dataclass(frozen=True, slots=True)
class CountyDescription:
    """A county as tables name it; ``kind`` is a key of COUNTY_KINDS."""

    slug: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class CityDescription:
    """All the parser needs to know of a city."""

    slug: str
    name: str
    area_code: str
    counties: tuple[CountyDescription, ...]

    def city_level(self) -> CountyDescription | None:
        """The city's own counter (市本级), if the description has one."""
        return next((county for county in self.counties if county.kind == "city_level"), None)


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """A way to apply, and for whom if not for everyone."""

    name: str
    kind: str
    applies_to: str = ""


@dataclass(frozen=True, slots=True)
class MaterialRecord:
    """One paper: the case it applies to, its words, the form it names, whether the unit must stamp it."""

    text: str
    applies_to: str = ""
    form: str = ""
    needs_stamp: bool = False


@dataclass(frozen=True, slots=True)
class TimeLimitRecord:
    """One promised limit; ``days`` in 工作日 when ``kind`` is ``workdays``."""

    kind: str
    text: str
    days: int | None = None
    applies_to: str = ""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step with its title (申请, 受理…) and words."""

    title: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class HoursRecord:
    """One session on some days; times as ``HH:MM``."""

    days: str
    opens: str
    closes: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PhoneRecord:
    """A number and for whom, with the line it stands on."""

    number: str
    line: int
    for_whom: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """One place of one guide: an office with this guide's phones and scope. ``county`` is a slug, "" if city-wide."""

    county: str
    kind: str
    name: str
    address: str
    line: int
    scope: str = ""
    hours: tuple[HoursRecord, ...] = ()
    hours_text: str = ""
    consult_phones: tuple[PhoneRecord, ...] = ()
    complaint_phones: tuple[PhoneRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideRecord:
    """One matter as the handbook prints it, from ``first_line`` to ``last_line``."""

    name: str
    first_line: int
    last_line: int
    audience: str = ""
    channels: tuple[ChannelRecord, ...] = ()
    channels_text: str = ""
    materials_state: str = "listed"
    materials: tuple[MaterialRecord, ...] = ()
    materials_note: str = ""
    time_limits: tuple[TimeLimitRecord, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    progress: str = ""
    evaluation: str = ""
    notes: tuple[str, ...] = ()
    places: tuple[PlaceRecord, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    def document(self, city: str, matter: str, handbook: str) -> dict[str, Any]:
        """The canonical document of design.md §4, keys in the order of the handbook."""
        return {
            "city": city,
            "matter": matter,
            "name": self.name,
            "audience": self.audience,
            "channels": [{"name": c.name, "kind": c.kind, "applies_to": c.applies_to} for c in self.channels],
            "channels_text": self.channels_text,
            "materials_state": self.materials_state,
            "materials": [
                {"applies_to": m.applies_to, "text": m.text, "form": m.form, "needs_stamp": m.needs_stamp}
                for m in self.materials
            ],
            "materials_note": self.materials_note,
            "time_limits": [
                {"applies_to": t.applies_to, "kind": t.kind, "days": t.days, "text": t.text}
                for t in self.time_limits
            ],
            "steps": [{"title": s.title, "text": s.text} for s in self.steps],
            "progress": self.progress,
            "evaluation": self.evaluation,
            "notes": list(self.notes),
            "offices": [_place_document(place) for place in self.places],
            "source": {"handbook": handbook, "first_line": self.first_line, "last_line": self.last_line},
        }


def _place_document(place: PlaceRecord) -> dict[str, Any]:
    return {
        "county": place.county,
        "key": place.name,
        "kind": place.kind,
        "name": place.name,
        "address": place.address,
        "scope": place.scope,
        "hours": [
            {"days": h.days, "opens": h.opens, "closes": h.closes, "note": h.note} for h in place.hours
        ],
        "hours_text": place.hours_text,
        "consult_phones": [{"number": p.number, "for": p.for_whom} for p in place.consult_phones],
        "complaint_phones": [{"number": p.number, "for": p.for_whom} for p in place.complaint_phones],
    }


@dataclass(frozen=True, slots=True)
class HandbookReading:
    """All that reading one handbook gave.

    When ``problems`` or ``unclassified`` is not empty nothing may be loaded.
    """

    handbook: str
    city: str
    text: str
    line_count: int
    title: str = ""
    edition: str = ""
    guides: tuple[GuideRecord, ...] = ()
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    corrections: tuple[Correction, ...] = ()
    artefacts: Mapping[str, int] = field(default_factory=dict)
    characters: Mapping[str, int] = field(default_factory=dict)
    unclassified: tuple[tuple[int, str], ...] = ()

    @property
    def is_loadable(self) -> bool:
        """Whether every character is accounted for and nothing stops the import."""
        return not self.problems and not self.unclassified
