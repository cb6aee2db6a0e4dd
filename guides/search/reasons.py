"""Why a result matches: the words it was read as, and the text with the matching parts marked. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .tokens import CHINESE, fold, pairs, plain, runs, spelled, syllables

LABELS = {"name": "", "alias": "也叫", "materials": "材料", "audience": "服务对象", "notes": "备注"}
LONGEST_EXCERPT = 40
"""Characters of a text shown around what matches."""


@dataclass(frozen=True)
class Reason:
    """Where the words were found: ``kind`` (a key of ``LABELS``) and the text in (part, is_match) pieces."""

    kind: str
    pieces: tuple[tuple[str, bool], ...]

    @property
    def label(self) -> str:
        """The kind in Chinese; "" for the name itself."""
        return LABELS[self.kind]


def heard_as(words: str, names: Sequence[str]) -> str:
    """The name, or part of it, that the words sound like or nearly spell; "" when they stand there as typed."""
    typed = "".join(runs(plain(words)))
    bare = ["".join(runs(plain(name))) for name in names]
    if any(typed in name or (name in typed and len(name) * 3 >= len(typed) * 2) for name in bare):
        return ""
    sounds = _sounds(words)
    for name in bare:
        if part := _same_run(sounds, syllables(name) if CHINESE.search(name) else [], name):
            return part if part != typed else ""
        if part := _same_initials(typed, name):
            return part
    if typed.isascii():
        return names[0]
    asked = set(pairs(typed, "c"))
    best = max(bare, key=lambda name: len(asked & set(pairs(name, "c"))) / (len(name) + 2))
    slip = len(typed) <= len(best) + 1 and len(asked & set(pairs(best, "c"))) < len(asked) and len(typed) <= 8
    alike = len(set(typed) & set(best)) >= max(2, len(set(typed)) - 1)
    return names[bare.index(best)] if slip and alike else ""


def _sounds(words: str) -> list[str]:
    sounds: list[str] = []
    for run in runs(plain(words)):
        sounds += syllables(run) if CHINESE.match(run) else [fold(part) for part in spelled(run) or []]
    return sounds


def _same_initials(typed: str, name: str) -> str:
    letters = "".join(syllable[0] for syllable in syllables(name)) if CHINESE.search(name) else ""
    start = letters.find(typed) if len(letters) == len(name) and typed.isascii() else -1
    return name[start : start + len(typed)] if start >= 0 else ""


def _same_run(sounds: list[str], of_name: list[str], name: str) -> str:
    if len(sounds) < 2 or len(of_name) != len(name):
        return ""
    for start in range(len(of_name) - len(sounds) + 1):
        if of_name[start : start + len(sounds)] == sounds:
            return name[start : start + len(sounds)]
    return ""


@lru_cache(maxsize=4_000)  # the other names of a matter are looked through for every city that has it
def _plain(text: str) -> str:
    return plain(text)


def reason(words: str, texts: Iterable[tuple[str, str]]) -> Reason | None:
    """The (kind, text) that shares the most neighbouring characters with the words, marked; None if none shares two."""
    asked = {pair for run in runs(plain(words)) if CHINESE.match(run) for pair in pairs(run, "")}
    asked |= {run for run in runs(plain(words)) if not CHINESE.match(run)}
    best, most = None, 0.0
    for kind, text in texts:
        seen = _plain(text)
        shared = sum(pair in seen for pair in asked)
        value = shared - (0 if kind == "name" else 0.3) - len(text) / 10_000
        if shared and value > most:
            best, most = (kind, text), value
    return Reason(best[0], marked(best[1], asked)) if best else None


def marked(text: str, parts: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """The text cut where it matches; long texts keep only what stands around the first match."""
    seen = plain(text)
    if len(seen) != len(text):
        return ((text, False),)
    hit = [False] * len(text)
    for part in parts:
        start = seen.find(part)
        while part and start >= 0:
            hit[start : start + len(part)] = [True] * len(part)
            start = seen.find(part, start + 1)
    first = hit.index(True) if True in hit else 0
    start = max(0, first - LONGEST_EXCERPT // 4) if len(text) > LONGEST_EXCERPT else 0
    end = min(len(text), start + LONGEST_EXCERPT) if len(text) > LONGEST_EXCERPT else len(text)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    for index in range(start, end):
        if pieces and pieces[-1][1] == hit[index] and pieces[-1][0] != "…":
            pieces[-1] = (pieces[-1][0] + text[index], hit[index])
        else:
            pieces.append((text[index], hit[index]))
    return tuple(pieces + ([("…", False)] if end < len(text) else []))
