"""The counter page (窗口人员): what the browser needs to find a matter by itself, and what a clerk asks of an office.

Plain functions over rows that are already fetched; none of them asks the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from offices.models import Office, Phone

from .models import Category, Guide
from .phone_book import Line, by_category
from .search.tokens import CHINESE, fold, plain, runs, sounds
from .sheets.versions import SheetVersion

NUMBERS = {"consult": 3, "complaint": 2}
"""How many numbers of each purpose stand in the line of facts, those for most matters first."""


@dataclass(frozen=True)
class Row:
    """One guide of the list and the version of its sheet."""

    guide: Guide
    version: SheetVersion


@dataclass(frozen=True)
class Facts:
    """An office in one line."""

    office: Office
    numbers: tuple[tuple[str, tuple[Phone, ...]], ...]
    """Purpose as it is read (咨询, 投诉) and the numbers to show."""
    more: int
    """How many other numbers there are."""


def shelves(
    guides: Iterable[Guide], versions: Mapping[int, SheetVersion]
) -> list[tuple[Category, list[Row]]]:
    """The guides shelf by shelf, each with the version of its sheet."""
    return [
        (category, [Row(guide, versions[guide.pk]) for guide in of_category])
        for category, of_category in by_category(guides)
    ]


def facts(office: Office, lines: Iterable[Line]) -> Facts:
    """What a clerk is asked about an office: its most used numbers by purpose."""
    by_purpose: dict[str, list[Line]] = {purpose: [] for purpose in NUMBERS}
    for line in lines:
        by_purpose.setdefault(line.phone.purpose, []).append(line)
    shown = {
        purpose: sorted(group, key=lambda line: -len(line.guides))[: NUMBERS.get(purpose, 0)]
        for purpose, group in by_purpose.items()
    }
    numbers = tuple(
        (group[0].phone.get_purpose_display(), tuple(dict.fromkeys(line.phone for line in group)))
        for group in shown.values()
        if group
    )
    every = sum(len(group) for group in by_purpose.values())
    return Facts(office, numbers, every - sum(len(phones) for _, phones in numbers))


def other_names(guide: Guide) -> list[str]:
    """What else the matter is called, each once."""
    names = [guide.matter.name, *(alias.text for alias in guide.matter.aliases.all())]
    return [name for name in dict.fromkeys(names) if name != guide.name]


def words_of(guides: Iterable[Guide]) -> dict[str, object]:
    """The words a browser searches in: other names by matter, and how each character is read.

    A reading is toneless, ``zhu``, followed by what Sichuan ears make of it where that differs: ``zhu zu``.
    """
    names = {guide.matter.slug: other_names(guide) for guide in guides}
    texts = [*(name for others in names.values() for name in others), *(guide.name for guide in guides)]
    return {"names": names, "readings": {char: " ".join(heard) for char, heard in readings(texts).items()}}


def readings(texts: Iterable[str]) -> dict[str, list[str]]:
    """Every character of the texts with the ways it is read in them."""
    found: dict[str, list[str]] = {}
    for run in (run for text in texts for run in runs(plain(text)) if CHINESE.match(run)):
        for char, sound in zip(run, sounds(run), strict=True):
            found.setdefault(char, []).extend([sound, fold(sound)])
    return {char: list(dict.fromkeys(heard)) for char, heard in sorted(found.items())}
