"""The handbook's lines with its misprints marked where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Correction, Guide


@dataclass(frozen=True)
class Piece:
    """A run of a line: as printed, or a misprint (``correction``) with what it is read as."""

    text: str
    correction: Correction | None = None


@dataclass(frozen=True)
class SourceLine:
    """One line of the book: its number, its pieces, and corrections whose words run over its end."""

    number: int
    pieces: tuple[Piece, ...]
    beyond: tuple[Correction, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing is printed on this line."""
        return not any(piece.text.strip() for piece in self.pieces)


def mark(number: int, text: str, corrections: Iterable[Correction]) -> SourceLine:
    """Cut a line at the words that are corrected; joining the pieces gives the line back."""
    pieces, beyond = [Piece(text)], []
    for correction in corrections:
        cut = [part for piece in pieces for part in cut_out(piece, correction)]
        if cut == pieces:
            beyond.append(correction)
        pieces = cut
    return SourceLine(number, tuple(pieces), tuple(beyond))


def cut_out(piece: Piece, correction: Correction) -> list[Piece]:
    """A piece with the first misprint of this correction cut out; a marked piece stays whole."""
    if piece.correction or correction.found not in piece.text:
        return [piece]
    before, after = piece.text.split(correction.found, 1)
    around = [Piece(before), Piece(correction.found, correction), Piece(after)]
    return [part for part in around if part.text]


def corrections_of(guide: Guide) -> list[Correction]:
    """The corrections of the handbook that fall on this guide's lines."""
    if not guide.handbook or guide.first_line is None or guide.last_line is None:
        return []
    return list(guide.handbook.corrections.filter(line__range=(guide.first_line, guide.last_line)))


def source_lines(guide: Guide, corrections: Iterable[Correction]) -> list[SourceLine]:
    """The handbook's own lines for this guide, numbered and marked; none when its place is not known."""
    if not guide.handbook or guide.first_line is None or guide.last_line is None:
        return []
    by_line: dict[int, list[Correction]] = {}
    for correction in corrections:
        by_line.setdefault(correction.line, []).append(correction)
    lines = guide.handbook.lines(guide.first_line, guide.last_line)
    return [mark(number, text, by_line.get(number, ())) for number, text in lines]
