"""What a version of the mirror holds and what it was made from, so that the next one is made of what has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

import django
from django.conf import settings

from guides.display import MODES, STANDARD

from .files import file_of, with_twins

SOURCES = ("config", "guides", "offices", "templates", "static", "requirements")
"""What of the project pages are made from, besides the content."""
SHOWN = (
    "SITE_URL",
    "SITE_NAME",
    "SITE_ID_CODE",
    "SITE_SPONSOR",
    "SITE_OPERATOR",
    "SITE_CONTACT",
    "ICP_NUMBER",
    "POLICE_NUMBER",
    "ERROR_REPORT_URL",
)
"""Settings that stand on pages."""


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


def program(*wishes: object) -> str:
    """The hash of everything but the content that makes the files: code, templates, static files, settings, ``wishes``."""
    shown = [(name, getattr(settings, name)) for name in SHOWN]
    parts = [repr((django.get_version(), wishes, shown)).encode()]
    for file in [*sources(), Path(settings.STATIC_ROOT) / "staticfiles.json"]:
        if file.is_file():
            parts += [file.name.encode(), file.read_bytes()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def sources() -> Iterator[Path]:
    """The files of the project that pages are made from."""
    for folder in SOURCES:
        for file in sorted((Path(settings.BASE_DIR) / folder).rglob("*")):
            if file.suffix not in {".pyc", ".ttf"} and file.is_file():
                yield file
