"""The commands of docs/operations.md, as an operator copies them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENT = PROJECT / "docs" / "operations.md"
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """A chapter with commands."""

    heading: str
    blocks: tuple[str, ...]


def sections() -> list[Section]:
    """The chapters that have commands, in their order."""
    text = DOCUMENT.read_text("utf-8")
    parts = HEADING.split(text)[1:]
    found = [
        Section(heading, tuple(BLOCK.findall(body)))
        for heading, body in zip(parts[::2], parts[1::2], strict=True)
    ]
    return [section for section in found if section.blocks]


def commands() -> list[str]:
    """Every line of every block."""
    return [line for section in sections() for block in section.blocks for line in block.splitlines()]
