"""Words a resident may not know: which of them a guide uses, and where each comes first. Pure functions over texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from offices.memory import remembered

from .models import Guide, Term


@dataclass(frozen=True)
class Marked:
    """A term that a page explains, with its number there."""

    number: int
    term: Term


class Glossary:
    """The terms of one page while it is being written: each is marked where it stands first, and explained below."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.known = {term.word: term for term in terms}
        self.marked: list[Marked] = []

    def has_new(self, text: str) -> bool:
        """Whether a term that has not come up yet may stand in the text."""
        met = {marked.term.word for marked in self.marked}
        return any(word in text and word not in met for word in self.known)

    def mark(self, text: str) -> list[tuple[str, Marked | None]]:
        """Cut a text at the terms that come up for the first time on this page."""
        met = {marked.term.word for marked in self.marked}
        found: list[tuple[str, Marked | None]] = []
        for word in split(text, self.known):
            marked = None
            if word.term and word.text not in met:
                met.add(word.text)
                marked = Marked(len(self.marked) + 1, word.term)
                self.marked.append(marked)
            found.append((word.text, marked))
        return found


class Word(NamedTuple):
    """A run of text, and the term it is (None where it is plain text)."""

    text: str
    term: Term | None = None


def all_terms() -> list[Term]:
    """Every word that the site explains."""
    return remembered("terms", lambda: list(Term.objects.all()))


def texts_of(guide: Guide) -> list[str]:
    """Every text of a guide that its page shows, in the order of the page."""
    return [
        guide.audience,
        *(text for material in guide.materials.all() for text in (material.applies_to, material.text)),
        guide.materials_note,
        *(channel.name for channel in guide.channels.all()),
        *(text for limit in guide.time_limits.all() for text in (limit.applies_to, limit.text)),
        *(text for step in guide.steps.all() for text in (step.title, step.text)),
        *(note.text for note in guide.notes.all()),
        guide.progress,
        guide.evaluation,
    ]


def used(texts: Iterable[str], terms: Iterable[Term]) -> list[Term]:
    """The terms the texts use, in the order in which they come first.

    A term inside a longer one (定点医疗机构 inside 零售药店和定点医疗机构) counts only where it stands by itself.
    """
    known = {term.word: term for term in terms}
    found: dict[str, Term] = {}
    for text in texts:
        for word in split(text, known):
            if word.term:
                found.setdefault(word.text, word.term)
    return list(found.values())


def split(text: str, terms: Mapping[str, Term]) -> list[Word]:
    """Cut a text at its terms, the longest where several begin; joining the words gives the text back."""
    if not terms:
        return [Word(text)] if text else []
    return [Word(part, terms.get(part)) for part in any_of(tuple(terms)).split(text) if part]


@lru_cache(maxsize=1000)
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Finds the words, the longest where several begin."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})")
