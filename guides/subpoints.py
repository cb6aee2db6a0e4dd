"""Lists hidden in a sentence: ``需提供：①…；②…。`` becomes a lead and its points."""

from __future__ import annotations

import re
from dataclasses import dataclass

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
MARK = re.compile(f"[{CIRCLED}]")


@dataclass(frozen=True)
class Sentence:
    """A sentence of the handbook: what stands before its first point, and the points without their marks."""

    lead: str
    points: tuple[str, ...] = ()


def split_subpoints(text: str) -> Sentence:
    """Split at ①②③… when they count up from ① and there are at least two; otherwise leave the text whole.

    Nothing but the marks and the blanks around them is lost: a mark that refers back (``见①``) breaks the
    count and keeps the text in one piece.
    """
    marks = MARK.findall(text)
    if len(marks) < 2 or marks != list(CIRCLED[: len(marks)]):
        return Sentence(text)
    lead, *points = MARK.split(text)
    return Sentence(lead.strip(), tuple(point.strip() for point in points))
