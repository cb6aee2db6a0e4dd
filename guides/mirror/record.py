"""What a version of the mirror holds and what it was made from, so that the next one is made of what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

from guides.display import MODES, STANDARD

from .files import file_of, with_twins


class Made(NamedTuple):
    """One address as it was made."""

    number: int
    """The highest stamp of what it depends on."""
    digest: str
    """Of all that was rendered: equal ones need no writing."""
    is_page: bool
    is_text: bool
    leads: tuple[str, ...]
    """Addresses that are known from this page alone: the next page of a list."""
    size: int
    """Bytes of all its files."""

    def files(self, address: str, *, twins: bool) -> Iterator[str]:
        """Every file of it."""
        for mode in MODES if self.is_page else (STANDARD.mode,):
            yield from with_twins(file_of(address, mode), is_text=self.is_text and twins)


@dataclass(frozen=True)
class Record:
    """A version: by which program it was made, at which stamp, and its addresses."""

    program: str = ""
    last: int = -1
    pages: dict[str, Made] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Record:
        """The record in this file; an empty one when there is none that can be read."""
        try:
            found = json.loads(file.read_text("utf-8"))
            pages = {address: made(row) for address, row in found["pages"].items()}
            return cls(found["program"], found["last"], pages)
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def write(self, file: Path) -> None:
        """Keep it beside its version."""
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")), "utf-8")


def made(row: list[object]) -> Made:
    """A row of the file."""
    number, digest, is_page, is_text, leads, size = row
    return Made(number, digest, is_page, is_text, tuple(leads), size)  # type: ignore[arg-type]
