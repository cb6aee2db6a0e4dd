"""Numbers of people in what readers write: found, to warn of them; masked, for lists and logs. Plain functions.

A landline is none of them: most that readers write are offices' own.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

PLAIN = str.maketrans("０１２３４５６７８９Ｘｘ＋－　", "0123456789Xx+- ")
"""Full-width signs as plain ones, one for one, so that places in the text stay."""
GAP = "[ -]{0,3}"
"""What people write between digits to read them more easily."""


def grouped(*signs: str) -> str:
    """The pattern of these signs, in whatever groups they are written."""
    return GAP.join(signs)


DIGIT = "[0-9]"
AREA, ORDER = grouped("[1-9]", *[DIGIT] * 5), grouped(*[DIGIT] * 3)
CENTURY, YEAR = f"(?:{grouped('1', '[89]')}|{grouped('2', '0')})", grouped(DIGIT, DIGIT)
MONTH = f"(?:{grouped('0', '[1-9]')}|{grouped('1', '[0-2]')})"
DAY = f"(?:{grouped('0', '[1-9]')}|{grouped('[12]', DIGIT)}|{grouped('3', '[01]')})"
OF_TODAY = grouped(AREA, CENTURY, YEAR, MONTH, DAY, ORDER, "[0-9Xx]")
UNTIL_1999 = grouped(AREA, YEAR, MONTH, DAY, ORDER)
IDENTITY = rf"(?<![0-9])(?:{OF_TODAY}|{UNTIL_1999})(?![0-9])"
"""18 or 15 digits with a day of birth: without one it may be a number of anything."""
MOBILE = r"(?<![0-9])(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])"
PRIVATE = re.compile(rf"(?P<identity>{IDENTITY})|(?P<mobile>{MOBILE})")
NAMES = {"identity": "身份证号码", "mobile": "手机号码"}


class Piece(NamedTuple):
    """A piece of a text; ``name`` says what private number it is, "" that it is none."""

    text: str
    name: str = ""


def pieces(text: str, known: Collection[str] = ()) -> list[Piece]:
    """The whole text in pieces, private numbers apart; a ``known`` number (an office's own, digits alone) is none."""
    found, end = [], 0
    for match in PRIVATE.finditer(text.translate(PLAIN)):
        if digits(match[0]) in known or digits(match[0]).removeprefix("86") in known:
            continue
        found += [Piece(text[end : match.start()]), Piece(text[match.start() : match.end()], _name(match))]
        end = match.end()
    return [piece for piece in [*found, Piece(text[end:])] if piece.text]


def private_names(text: str, known: Collection[str] = ()) -> list[str]:
    """What kinds of private numbers a text has, each once."""
    return list(dict.fromkeys(piece.name for piece in pieces(text, known) if piece.name))


def mobiles(text: str) -> set[str]:
    """The digits of every mobile number in the text, to be held against the numbers of offices."""
    found = (digits(match[0]) for match in PRIVATE.finditer(text.translate(PLAIN)) if match["mobile"])
    return {number.removeprefix("86") if len(number) > 11 else number for number in found}


def masked(text: str) -> str:
    """The text with the middle of every private number as stars: ``511***********1234``."""
    return "".join(_starred(piece.text, 3, 4) if piece.name else piece.text for piece in pieces(text))


def masked_contact(contact: str) -> str:
    """A way to reach somebody, of whatever kind, with only its ends shown."""
    return _starred(contact, 3, 4) if len(contact) >= 10 else _starred(contact, 1, 1)


def digits(number: str) -> str:
    """Its digits (and X) alone."""
    return re.sub(r"[^0-9X]", "", number.translate(PLAIN).upper())


def _name(match: re.Match[str]) -> str:
    return NAMES[match.lastgroup or ""]


def _starred(text: str, first: int, last: int) -> str:
    hidden = len(text) - first - last
    return f"{text[:first]}{'*' * hidden}{text[-last:]}" if hidden > 0 else "*" * len(text)
