"""Stage 1, read: bytes of a handbook → numbered lines in which every character knows its place.

Nothing is dropped silently: the :class:`Ledger` notes for each non-blank character of the source what became
of it, and whatever nobody claimed is the report's 未归类 list.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .records import Problem

BLANK = " \t\u3000\u00a0\x0b\x0c\ufeff"
BLANKS_OR_WORDS = re.compile(rf"[{BLANK}\n]+|[^{BLANK}\n]+")
TAG_ARTEFACT = re.compile(r"\[(image|bookmark|table|chart|shape|comment)\s*[:：][^\]]{0,500}\]")
PAGE_MARK = re.compile(r"[－—–\-]\s*[0-9０-９]+\s*[－—–\-]|第\s*\d+\s*页(?:\s*[，,/]?\s*共\s*\d+\s*页)?")
MOJIBAKE = re.compile(r"[\ufffd\ue000-\uf8ff]|锛|銆|鍔炵|Ã.|â€|ï¼")


@dataclass(frozen=True, slots=True)
class Text:
    """Words together with the place of every character in the source.

    ``at[i]`` is the offset of ``chars[i]`` in the decoded book. Slicing and joining keep the places.
    """

    chars: str
    at: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.chars)

    def __getitem__(self, part: slice) -> Text:
        return Text(self.chars[part], self.at[part])

    def __add__(self, other: Text) -> Text:
        return Text(self.chars + other.chars, self.at + other.at)

    def strip(self, what: str = BLANK) -> Text:
        """Without the given characters at either end."""
        left = len(self.chars) - len(self.chars.lstrip(what))
        return self[left : max(left, len(self.chars.rstrip(what)))]

    def cut(self, match: re.Match[str], group: int | str = 0) -> Text:
        """The part a match (made on ``chars``) or one of its groups covers."""
        return self[match.start(group) : match.end(group)]

    def split(self, pattern: str | re.Pattern[str]) -> tuple[list[Text], list[Text]]:
        """Pieces between the matches of ``pattern``, and the matches themselves."""
        pieces, marks, start = [], [], 0
        for match in re.finditer(pattern, self.chars):
            pieces.append(self[start : match.start()])
            marks.append(self.cut(match))
            start = match.end()
        return [*pieces, self[start:]], marks

    def without(self, pattern: re.Pattern[str]) -> Text:
        """Without the parts that match ``pattern``."""
        pieces, _ = self.split(pattern)
        return joined(pieces)


NOTHING = Text("", ())


def joined(pieces: Iterable[Text]) -> Text:
    """The pieces one after the other."""
    pieces = list(pieces)
    return Text("".join(p.chars for p in pieces), tuple(offset for p in pieces for offset in p.at))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the book: its number from 1, and its words without artefacts (empty for a blank line)."""

    number: int
    text: Text


@dataclass(slots=True)
class Ledger:
    """What became of every character of the source."""

    source: str
    labels: list[str] = field(init=False)
    line_starts: list[int] = field(init=False)
    artefacts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.labels = [""] * len(self.source)
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", self.source))]

    def claim(self, text: Text, label: str) -> Text:
        """Note that these characters became ``label``; gives the text back, so that a claim can be inlined."""
        for offset in text.at:
            self.labels[offset] = label
        return text

    def artefact(self, text: Text, kind: str) -> None:
        """Note a layout artefact and count it."""
        self.claim(text, "artefact")
        self.artefacts[kind] += 1

    def line_of(self, text: Text) -> int:
        """The number of the line on which the text begins (1 for an empty text)."""
        return bisect_right(self.line_starts, text.at[0]) if text.at else 1

    def counts(self) -> dict[str, int]:
        """Non-blank characters by what became of them."""
        return dict(Counter(label for _, label in self._characters()))

    def unclassified(self) -> list[tuple[int, str]]:
        """Runs of characters nobody claimed: (line number, words)."""
        runs: list[tuple[int, str]] = []
        previous = -2
        for offset, label in self._characters():
            if label:
                continue
            line = bisect_right(self.line_starts, offset)
            if offset == previous + 1 and runs and runs[-1][0] == line:
                runs[-1] = (line, runs[-1][1] + self.source[offset])
            else:
                runs.append((line, self.source[offset]))
            previous = offset
        return runs

    def _characters(self) -> Iterator[tuple[int, str]]:
        return (
            (offset, label)
            for offset, (char, label) in enumerate(zip(self.source, self.labels, strict=True))
            if char != "\n" and char not in BLANK
        )


def decode(data: bytes) -> tuple[str, list[Problem]]:
    """Text of the book from UTF-8, UTF-16 with a mark, or GB18030; problems for anything else.

    Mojibake (text once decoded with the wrong table) is refused, naming the first such line.
    """
    if not data.strip():
        return "", [Problem(1, "文件是空的", "一本手册的文字")]
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text, list(_mojibake(text))
    return "", [Problem(1, "文字编码无法识别", "UTF-8 或 GB18030 编码的文本文件")]


def _mojibake(text: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), 1):
        if found := MOJIBAKE.search(line):
            yield Problem(
                number, f"有乱码“{line[found.start() : found.start() + 12]}”", "按正确的编码重新导出的文本"
            )
            return


def read_lines(ledger: Ledger) -> list[Line]:
    """Every line of the book, artefacts such as ``[image: …]`` and page marks taken out and counted."""
    lines = []
    for number, (start, words) in enumerate(
        zip(ledger.line_starts, ledger.source.split("\n"), strict=True), 1
    ):
        if not words.strip(BLANK):
            lines.append(Line(number, NOTHING))
            continue
        text = Text(words, tuple(range(start, start + len(words))))
        for found in TAG_ARTEFACT.finditer(words):
            ledger.artefact(text.cut(found), found[1])
        text = (text.without(TAG_ARTEFACT) if "[" in words else text).strip()
        if PAGE_MARK.fullmatch(text.chars):
            ledger.artefact(text, "page_mark")
            text = text[:0]
        lines.append(Line(number, text))
    return lines


def flowing(lines: Iterable[Line]) -> Text:
    """Wrapped lines as one running text, blanks settled by rule.

    A blank (which PDF extraction puts anywhere inside Chinese text) stays only between two Latin letters or
    digits, as in a Latin name; a line break becomes a blank only between two Latin letters.
    """
    whole = joined([line.text + _line_break(line.text) for line in lines])
    kept: list[Text] = []
    for match in BLANKS_OR_WORDS.finditer(whole.chars):
        part = whole.cut(match)
        if part.chars[0] not in BLANK + "\n":
            kept.append(part)
        elif _blank_stays(
            whole.chars[max(0, match.start() - 1) : match.start()],
            whole.chars[match.end() : match.end() + 1],
            part.chars,
        ):
            kept.append(Text(" ", part.at[:1]))
    return joined(kept)


def _line_break(text: Text) -> Text:
    return Text("\n", text.at[-1:]) if text else text


def _blank_stays(before: str, after: str, blank: str) -> bool:
    if not (before.isascii() and after.isascii()):
        return False
    if "\n" in blank:
        return before.isalpha() and after.isalpha()
    return before.isalnum() and after.isalnum()
