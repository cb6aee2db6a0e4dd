"""Stage 2, correct: misprints listed in ``corrections.toml``; never an ``if`` in a parser."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence

from .records import Correction, Problem
from .source import Ledger, Line, Text


def load_corrections(toml: str) -> tuple[Correction, ...]:
    """Corrections from the text of a TOML file of ``[[correction]]`` tables.

    Raises ``ValueError`` (Chinese) when the file is no TOML or an entry lacks a key.
    """
    try:
        entries = tomllib.loads(toml).get("correction", [])
        return tuple(
            Correction(
                entry["handbook"], entry["line"], entry["found"], entry["replacement"], entry["reason"]
            )
            for entry in entries
        )
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"更正表不是有效的 TOML：{error}") from error
    except KeyError as error:
        raise ValueError(
            f"更正表有一条缺少 {error}，每条要有 handbook、line、found、replacement、reason。"
        ) from error


def apply_corrections(
    lines: list[Line], corrections: Sequence[Correction], ledger: Ledger
) -> tuple[list[Line], list[Problem]]:
    """The lines with each correction made on its line; a problem for each that does not fit the book."""
    problems = []
    for correction in corrections:
        index = correction.line - 1
        text = lines[index].text if 0 <= index < len(lines) else None
        start = text.chars.find(correction.found) if text else -1
        if not text or start < 0:
            problems.append(
                Problem(
                    correction.line,
                    f"更正表要改的“{correction.found}”不在这一行",
                    "更正表的行号和原文与手册一致",
                )
            )
            continue
        end = start + len(correction.found)
        ledger.claim(text[start:end], "correction")
        lines[index] = Line(
            correction.line, text[:start] + _replaced(text[start:end], correction.replacement) + text[end:]
        )
    return lines, problems


def _replaced(found: Text, replacement: str) -> Text:
    places = (found.at[min(i, len(found.at) - 1)] for i in range(len(replacement)))
    return Text(replacement, tuple(places))


def for_handbook(corrections: Iterable[Correction], handbook: str) -> tuple[Correction, ...]:
    """The corrections of one handbook, in the order of its lines."""
    return tuple(sorted((c for c in corrections if c.handbook == handbook), key=lambda c: (c.line, c.found)))
