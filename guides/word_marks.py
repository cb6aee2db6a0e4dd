"""Where two wordings differ, word by word: numbers and Latin words whole, Chinese character by character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

TOKEN = re.compile(r"[0-9]+(?:[.:-][0-9]+)*|[A-Za-z]+|.", re.DOTALL)
ALIKE = 0.5
"""From this likeness on (0 to 1) two lines are wordings of one thing; below it they are different things."""
GAP = 1
"""So many equal characters between two differences are marked along: 三|个|五 reads better as one mark."""


@dataclass(frozen=True)
class Run:
    """A run of a line, and whether another wording lacks it."""

    text: str
    differs: bool = False


def tokens(text: str) -> list[str]:
    """The words of a text; joined they give it back."""
    return TOKEN.findall(text)


def words(text: str) -> tuple[str, ...]:
    """What a text says, without its stops and blanks: two texts of the same words differ in nothing that counts."""
    return tuple(token for token in tokens(text) if token[0].isalnum())


def mark(text: str, others: Iterable[Sequence[str]]) -> tuple[Run, ...]:
    """The text with what at least one of the others does not say marked; each other is a list of lines.

    Of each other the line most like the text is taken; where none is alike the whole text is marked. A
    text that every other has word for word comes back in one unmarked run. Stops alone are never marked.
    """
    own = tokens(text)
    differing: set[int] = set()
    for lines in others:
        if text not in lines:
            differing |= not_said(text, lines)
    spoken = {position for position in differing if own[position][0].isalnum()}
    return runs(own, bridged(own, spoken, differing))


def not_said(text: str, lines: Sequence[str]) -> set[int]:
    """Which tokens of the text the most similar line lacks; all of them when no line is alike."""
    compared = [(likeness(text, line), line) for line in lines]
    best, line = max(compared, default=(0.0, ""), key=lambda pair: pair[0])
    if best < ALIKE:
        return set(range(len(tokens(text))))
    return {
        position
        for operation, first, last, _, _ in differences(text, line)
        if operation != "equal"
        for position in range(first, last)
    }


@lru_cache(maxsize=4096)
def likeness(one: str, other: str) -> float:
    """How alike two lines are, 0 to 1; lines of very different length are not compared closely."""
    matcher = SequenceMatcher(None, tokens(one), tokens(other), autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()


def differences(one: str, other: str) -> Sequence[tuple[str, int, int, int, int]]:
    """The steps from one line to the other, as difflib gives them."""
    return SequenceMatcher(None, tokens(one), tokens(other), autojunk=False).get_opcodes()


def bridged(own: Sequence[str], spoken: set[int], differing: set[int]) -> set[int]:
    """The words to mark, with what lies between two of them: one equal character, or stops that differ too."""
    closed, before = set(spoken), None
    for position in sorted(spoken):
        between = range(before + 1, position) if before is not None else range(0)
        one_character = len(between) == GAP and all(own[i][0].isalnum() for i in between)
        if one_character or all(i in differing for i in between):
            closed |= set(between)
        before = position
    return closed


def runs(own: Sequence[str], differing: set[int]) -> tuple[Run, ...]:
    """The tokens joined to runs that differ and runs that do not."""
    joined: list[Run] = []
    for position, token in enumerate(own):
        differs = position in differing
        if joined and joined[-1].differs == differs:
            joined[-1] = Run(joined[-1].text + token, differs)
        else:
            joined.append(Run(token, differs))
    return tuple(joined)
