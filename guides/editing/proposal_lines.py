"""A proposal line by line: what can be taken or left by itself, and how one line is put into what stands now.

Pure: documents in, lines and documents out. Lines depend on the proposal's two documents alone, so their numbers stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from .differences import LABELS, Difference, in_words, paired
from .documents import Document
from .meeting import Path, meetings

MAIN_WORDS = {
    "channels": "name",
    "materials": "text",
    "time_limits": "text",
    "steps": "text",
    "notes": "",
    "phones": "number",
}
"""Lists whose entries are lines of their own, and the words of an entry that may be mended; "" for the entry itself."""
CHOSEN = ("county", "kind", "materials_state")
"""Fields that hold a key of a vocabulary or a slug: taken or left, never mended as text."""
CLEAN, DONE, CHANGED = "clean", "done", "changed"


@dataclass(frozen=True)
class Line:
    """One thing proposed: a field, an entry of a list, or a whole place. None stands for what was not there, or is to go.

    ``behind`` is what stood before a new entry or place, the nearest first: it is put after the first still there.
    """

    path: Path
    label: str
    was: Any
    wanted: Any
    behind: tuple[Any, ...] = ()
    is_entry: bool = False

    @property
    def is_place(self) -> bool:
        """Whether a whole place comes or goes."""
        return len(self.path) == 2

    @property
    def editing(self) -> str:
        """How the wanted words may be mended: ``text``, ``phones``, ``hours``, or "" for not at all."""
        if self.wanted is None or self.is_place or self.path[-1] in CHOSEN:
            return ""
        if self.is_entry or isinstance(self.wanted, str):
            return "text"
        return "hours" if self.path[-1] == "hours" else "phones"

    @property
    def words(self) -> str:
        """The words that may be mended as text."""
        value = self.wanted if isinstance(self.wanted, str) else self.wanted[MAIN_WORDS[self.path[0]]]
        return str(value)

    def mended(self, words: str) -> Any:
        """The wanted value with other words."""
        if isinstance(self.wanted, str):
            return words
        return {**self.wanted, MAIN_WORDS[self.path[0]]: words}

    def in_words(self, value: Any) -> str:
        """A value of this line in words; a place by its name."""
        if value in (None, "", []):
            return ""
        return str(value["name"]) if self.is_place else in_words(value)

    @property
    def difference(self) -> Difference:
        """What changes, in words."""
        return Difference(self.label, self.in_words(self.was), self.in_words(self.wanted))

    def now(self, document: Mapping[str, Any]) -> Any:
        """What stands there now."""
        if self.is_entry:
            entries = document[self.path[0]]
            return next((value for value in (self.wanted, self.was) if value in entries), None)
        if len(self.path) == 1:
            return document[self.path[0]]
        place = next((each for each in document["offices"] if each["key"] == self.path[1]), None)
        return place if self.is_place or place is None else place[self.path[2]]

    def state(self, document: Mapping[str, Any]) -> str:
        """``clean`` where what stands now is what the author saw, ``done`` where it is what he wants, else ``changed``."""
        now = self.now(document)
        if now == self.wanted:
            return DONE
        return CLEAN if now == self.was else CHANGED

    def can_be_put(self, document: Mapping[str, Any]) -> bool:
        """Whether there is still a place for it: a field of an office that is no longer listed has none."""
        return len(self.path) < 3 or any(each["key"] == self.path[1] for each in document["offices"])


def lines_of(before: Document, after: Document) -> list[Line]:
    """Every line of a proposal, in document order."""
    return [line for field in meetings(before, after, before) for line in _lines(field, before, after)]


def _lines(field: Any, before: Document, after: Document) -> Iterator[Line]:
    if len(field.path) == 2:
        keys = [place["key"] for place in after["offices"]]
        key = field.path[1]
        was, wanted = (
            next((place for place in side["offices"] if place["key"] == key), None)
            for side in (before, after)
        )
        behind = tuple(reversed(keys[: keys.index(key)])) if key in keys else ()
        yield Line(field.path, f"办理点“{field.label}”", was, wanted, behind)
    elif field.path[0] in MAIN_WORDS and _is_safe(field.base, field.yours):
        yield from _entries(field.path, field.base, field.yours)
    else:
        yield Line(field.path, field.label, field.base, field.yours)


def _is_safe(was: Sequence[Any], now: Sequence[Any]) -> bool:
    """Whether entries can be told apart and none has moved, so that each can be taken without the others."""
    old, new = (list(map(_frozen, side)) for side in (was, now))
    if len(set(old)) < len(old) or len(set(new)) < len(new):
        return False
    return [entry for entry in old if entry in new] == [entry for entry in new if entry in old]


def _frozen(entry: Any) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True)


def _entries(path: Path, was: Sequence[Any], now: Sequence[Any]) -> Iterator[Line]:
    matcher = SequenceMatcher(
        None, [_frozen(each) for each in was], [_frozen(each) for each in now], autojunk=False
    )
    words = [in_words(each) for each in was], [in_words(each) for each in now]
    stood: dict[int, int] = {}
    for step, first, last, start, end in matcher.get_opcodes():
        if step == "equal":
            stood |= zip(range(start, end), range(first, last), strict=True)
            continue
        for old, new in paired(range(first, last), range(start, end), *words):
            if old is not None and new is not None:
                stood[new] = old
            number = old if new is None else new
            yield Line(
                path,
                f"{LABELS[path[0]]} {(number or 0) + 1}",
                None if old is None else was[old],
                None if new is None else now[new],
                () if new is None else tuple(_before(was, now, stood, new)),
                is_entry=True,
            )


def _before(was: Sequence[Any], now: Sequence[Any], stood: Mapping[int, int], new: int) -> Iterator[Any]:
    """What stands before an entry of the wanted list, the nearest first, each also as it was."""
    for number in reversed(range(new)):
        yield now[number]
        if number in stood:
            yield was[stood[number]]


def put(document: Document, line: Line, value: Any) -> Document:
    """The document with this value where the line belongs; None takes away what stands there."""
    if line.is_entry:
        return {**document, line.path[0]: _put_entry(document[line.path[0]], line, value)}
    if len(line.path) == 1:
        return {**document, line.path[0]: value}
    if line.is_place:
        return {**document, "offices": _put_place(document["offices"], line, value)}
    places = [
        {**place, line.path[2]: value} if place["key"] == line.path[1] else place
        for place in document["offices"]
    ]
    return {**document, "offices": places}


def _put_entry(entries: Sequence[Any], line: Line, value: Any) -> list[Any]:
    standing = next((each for each in (line.wanted, line.was) if each is not None and each in entries), None)
    if standing is not None:
        at = entries.index(standing)
        return [*entries[:at], *([] if value is None else [value]), *entries[at + 1 :]]
    if value is None:
        return list(entries)
    at = _after([*entries], line.behind)
    return [*entries[:at], value, *entries[at:]]


def _put_place(places: Sequence[Document], line: Line, value: Any) -> list[Document]:
    others = [place for place in places if place["key"] != line.path[1]]
    if value is None:
        return others
    at = _after([place["key"] for place in others], line.behind)
    return [*others[:at], value, *others[at:]]


def _after(known: Sequence[Any], behind: Sequence[Any]) -> int:
    """The place after the first of these that is there; the end when none is, the beginning when nothing came before."""
    for each in behind:
        if each in known:
            return known.index(each) + 1
    return len(known) if behind else 0
