"""Two people changed one entry: what each made of it, field by field, and the document their choice makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guides import word_marks
from guides.vocabulary import GUIDE_STATUSES

from .differences import LABELS, in_words
from .documents import Document

Path = tuple[str, ...]
"""Where a value stands: ``("audience",)``, a whole place ``("offices", key)``, or ``("offices", key, "scope")``."""
Line = tuple[word_marks.Run, ...]

NEVER_ASKED = ("city", "matter", "key", "source", "offices")
OF_THE_PLACE = ("scope", "hours", "hours_text", "consult_phones", "complaint_phones")
YOURS, THEIRS, BASE = "yours", "theirs", "base"


@dataclass(frozen=True)
class Meeting:
    """One field that somebody changed: its three values, and which one is taken when nobody chooses ("" for none)."""

    path: Path
    label: str
    base: Any
    yours: Any
    theirs: Any

    @property
    def default(self) -> str:
        """Theirs where only they changed it (or both alike), yours where only you did; both have to choose."""
        if self.yours in (self.base, self.theirs):
            return THEIRS
        return YOURS if self.theirs == self.base else ""

    @property
    def columns(self) -> list[tuple[str, list[Line]]]:
        """(name, lines with what the first version lacks marked), in the order shown."""
        was = lines(self.base)
        return [
            (name, [self._line(line, was, name) for line in lines(value)])
            for name, value in ((YOURS, self.yours), (THEIRS, self.theirs), (BASE, self.base))
        ]

    @staticmethod
    def _line(line: str, was: Sequence[str], name: str) -> Line:
        return (word_marks.Run(line),) if name == BASE else word_marks.mark(line, [was])


def lines(value: Any) -> list[str]:
    """A value in words, an entry of a list on each line."""
    if value in (None, "", []):
        return ["（空）"]
    if isinstance(value, list):
        return [in_words(entry) for entry in value]
    return [in_words(value)]


def with_status(document: Mapping[str, Any], status: str) -> Document:
    """A guide's document with its status, so that both meet in one go; an office's is left as it is."""
    return {**({"status": GUIDE_STATUSES[status]} if status else {}), **document}


def status_in(document: Mapping[str, Any]) -> str:
    """The key of the status in a document of :func:`with_status`; "" for an office."""
    return next((key for key, words in GUIDE_STATUSES.items() if words == document.get("status")), "")


def meetings(base: Document, yours: Document, theirs: Document) -> list[Meeting]:
    """Every field in which the three documents are not all alike, in document order."""
    flat = [_flat(document) for document in (base, yours, theirs)]
    shared = set.intersection(*(_places(document) for document in (base, yours, theirs)))
    labels = {
        place["key"]: place["name"] for side in (base, yours, theirs) for place in side.get("offices", [])
    }
    found = []
    for path in dict.fromkeys(path for side in (flat[2], flat[1], flat[0]) for path in side):
        if (len(path) == 3 and path[1] not in shared) or (len(path) == 2 and path[1] in shared):
            continue
        values = [side.get(path) for side in flat]
        if values[0] == values[1] == values[2]:
            continue
        found.append(Meeting(path, _label(path, labels), *values))
    return found


def _flat(document: Document) -> dict[Path, Any]:
    return dict(_values(document))


def _values(document: Document) -> Iterator[tuple[Path, Any]]:
    for key, value in document.items():
        if key not in NEVER_ASKED:
            yield (key,), value
    for place in document.get("offices", []):
        yield ("offices", place["key"]), {key: place[key] for key in ("name", *OF_THE_PLACE)}
        for key in OF_THE_PLACE:
            yield ("offices", place["key"], key), place[key]


def _places(document: Document) -> set[str]:
    return {place["key"] for place in document.get("offices", [])}


def _label(path: Path, names: Mapping[str, str]) -> str:
    if path[0] != "offices":
        return {"status": "状态"}.get(path[0]) or LABELS[path[0]]
    return "·".join([names[path[1]], *(LABELS[key] for key in path[2:])])


def chosen(yours: Document, theirs: Document, base: Document, picks: Mapping[Path, str]) -> Document:
    """The document in which each field is the picked one; fields without a pick, and an office's own facts, are theirs.

    Places stand in the order of theirs, or of yours when you changed it; a place only one side has comes at the end.
    """
    sides = {YOURS: _flat(yours), THEIRS: _flat(theirs), BASE: _flat(base)}
    made = {key: value for key, value in theirs.items() if key != "offices"}
    made |= {path[0]: sides[side][path] for path, side in picks.items() if len(path) == 1}
    if "offices" in theirs:
        made["offices"] = list(_chosen_places(yours, theirs, base, picks, sides))
        made["source"] = made.pop("source")
    return made


def _chosen_places(
    yours: Document,
    theirs: Document,
    base: Document,
    picks: Mapping[Path, str],
    sides: Mapping[str, Mapping[Path, Any]],
) -> Iterator[Document]:
    known = {place["key"]: place for side in (base, yours, theirs) for place in side["offices"]}
    order = [[place["key"] for place in side["offices"]] for side in (yours, theirs, base)]
    first, second = (
        (0, 1)
        if [key for key in order[0] if key in order[2]] != [key for key in order[2] if key in order[0]]
        else (1, 0)
    )
    for key in dict.fromkeys([*order[first], *order[second], *order[2]]):
        whole = picks.get(("offices", key), THEIRS)
        fields = sides[whole].get(("offices", key))
        if fields is None:
            continue
        place = {**known[key], **{name: fields[name] for name in OF_THE_PLACE}}
        for name in OF_THE_PLACE:
            if side := picks.get(("offices", key, name)):
                place[name] = sides[side]["offices", key, name]
        yield place
