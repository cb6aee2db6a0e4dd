"""Advice on the guides and offices of a city, and what was decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guides import editing
from guides.access import editable_by, visible_to
from guides.editing.advice import Advice, Surroundings, advice_on_guide, advice_on_office, surroundings_of
from guides.models import Guide, SettledAdvice
from offices.models import City, County, Office

Documents = Sequence[tuple[Guide, editing.Document]]
Key = tuple[str, int, str]
"""``guide`` or ``office``, its key, and the words of the advice."""


@dataclass(frozen=True)
class Advised:
    """One piece of advice on a guide or an office; ``settled`` when somebody has judged it."""

    subject: Guide | Office
    advice: Advice
    settled: SettledAdvice | None
    can_settle: bool

    def is_in(self, county: County | None) -> bool:
        """Whether it is about an office of this county; None for any."""
        return county is None or (isinstance(self.subject, Office) and self.subject.county_id == county.pk)

    @property
    def kind(self) -> str:
        """``guide`` or ``office``."""
        return "guide" if isinstance(self.subject, Guide) else "office"


def advised(user: Any, city: City, documents: Documents) -> list[Advised]:
    """Everything to look at again in the city, offices first."""
    around = surroundings_of(city)
    found = [*_on_offices(user, city, around), *_on_guides(documents, around)]
    rows = visible_to(SettledAdvice.objects.filter(city=city), user).select_related("guide", "office")
    settled: dict[Key, SettledAdvice] = {_key(row.subject, row.text): row for row in rows}
    mine = _editable(user, city)
    return [
        Advised(subject, advice, settled.get(_key(subject, str(advice))), _key(subject, "")[:2] in mine)
        for subject, advice in found
    ]


def _on_offices(user: Any, city: City, around: Surroundings) -> list[tuple[Guide | Office, Advice]]:
    rows: Any = visible_to(Office.objects.in_city(city), user)
    return [
        (office, advice)
        for office in rows.with_details()
        for advice in advice_on_office(office.document(), around)
    ]


def _on_guides(documents: Documents, around: Surroundings) -> list[tuple[Guide | Office, Advice]]:
    """What is to be said of the offices' numbers is said once, at the offices."""
    return [
        (guide, advice)
        for guide, said in documents
        for advice in advice_on_guide({**said, "offices": []}, around)
    ]


def _editable(user: Any, city: City) -> set[tuple[str, int]]:
    """What this person may judge: offices and guides he may change."""
    guides = editable_by(Guide.objects.in_city(city), user).values_list("pk", flat=True)
    offices = editable_by(Office.objects.in_city(city), user).values_list("pk", flat=True)
    return {("guide", pk) for pk in guides} | {("office", pk) for pk in offices}


def _key(subject: Guide | Office, text: str) -> Key:
    return ("guide" if isinstance(subject, Guide) else "office", subject.pk, text)
