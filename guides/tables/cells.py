"""How words stand in a cell so that they stay words, and come back as they were.

A CSV cell that a table program would take for a formula gets an apostrophe before it, and so does one that begins with
an apostrophe; reading takes one off. In XLSX what XML cannot hold is written as Excel writes it: ``_x000D_``.
"""

from __future__ import annotations

import re

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD = "'"
CANNOT_STAND = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
WRITTEN = re.compile(r"_x([0-9A-Fa-f]{4})_")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]")
"""What no text of the site may hold: everything below the blank but tab and line ends."""


def guarded(text: str) -> str:
    """The text for a CSV cell."""
    return GUARD + text if text.startswith((*FORMULA_STARTS, GUARD)) else text


def unguarded(text: str) -> str:
    """The text of a CSV cell."""
    return text.removeprefix(GUARD)


def encoded(text: str) -> str:
    """The text for an XLSX cell."""
    return CANNOT_STAND.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def decoded(text: str) -> str:
    """The text of an XLSX cell."""
    return WRITTEN.sub(lambda found: chr(int(found[1], 16)), text)
