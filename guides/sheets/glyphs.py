"""Making any text printable: what no font of ours has is named by its code, never a box without meaning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Controls, joiners, direction marks and variation selectors: nothing to print, and some can turn a number round."""
BREAKS = re.compile("\r\n|[\r\u2028\u2029]")
BLANKS = re.compile("[\t\u1680\u2000-\u200a\u202f\u205f]")


@cache
def unprintable() -> re.Pattern[str]:
    """Any one character that none of the font files has."""
    covered = json.loads((FONTS / "coverage.json").read_text("utf-8"))["covered"]
    return re.compile(f"[^\n{character_class(covered)}]")


@cache
def rare() -> re.Pattern[str]:
    """Any one character beyond ASCII and GB2312, whose characters need no second look (``is_rare`` takes it)."""
    listed = json.loads((FONTS / "coverage.json").read_text("utf-8"))["ordinary_beside_gb2312"]
    return re.compile(f"[^\n{character_class(listed)}]")


def character_class(ranges: Iterable[tuple[int, int]]) -> str:
    """The code points as the inside of a regular expression's brackets."""
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def is_rare(character: str) -> bool:
    """Whether only the files for rare characters have it, in one weight."""
    return bool(rare().match(character)) and not character.encode("gb2312", "ignore")


def code_of(character: str) -> str:
    """``U+20BB7``."""
    return f"U+{ord(character):04X}"


@dataclass(frozen=True)
class Printable:
    """Content in which every character has a glyph, and what had to be done for it."""

    content: dict[str, Any]
    missing: tuple[str, ...]
    """Characters no font has, in order; the content says ``〔U+20BB7〕`` in their place."""
    rare: tuple[str, ...]
    """Characters only the fonts for rare ones have, in order."""


def printable(content: Mapping[str, Any]) -> Printable:
    """The content as it can be set; raises ``TypeError`` for what JSON cannot hold."""
    used: set[str] = set()
    cleaned = {key: clean(value, used) for key, value in content.items()}
    missing = tuple(sorted(character for character in used if unprintable().match(character)))
    scarce = tuple(sorted(character for character in used.difference(missing) if is_rare(character)))
    return Printable(cleaned, missing, scarce)


def clean(value: Any, used: set[str]) -> Any:
    """A copy of the value with printable strings; the characters of the original are added to ``used``."""
    if isinstance(value, str):
        text = BLANKS.sub(" ", INVISIBLE.sub("", BREAKS.sub("\n", value)))
        used |= set(text)
        return unprintable().sub(lambda found: f"〔{code_of(found[0])}〕", text)
    if isinstance(value, Mapping):
        return {str(key): clean(item, used) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item, used) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    raise TypeError(f"not a value of JSON: {type(value).__name__}")
