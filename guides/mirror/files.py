"""Under which names the answers lie, and the compressed twins beside them."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final

import brotli

from guides.display import STANDARD

TEXTUAL: Final = (
    "text/",
    "application/json",
    "application/xml",
    "application/manifest+json",
    "image/svg+xml",
)
TWINS: Final = (".br", ".gz")


def file_of(address: str, mode: str = STANDARD.mode) -> str:
    """The file of an address, relative to the mirror's folder: ``/a/b/`` is ``a/b/index.html``, ``/a/?b=c`` is ``a/_q/b=c.html``.

    The message for a chat is plain text and so ``…/text/index.txt``: a server tells the kind by the name.
    """
    path, _, query = address.removeprefix("/").partition("?")
    if query:
        path = f"{path}_q/{query}.html"
    elif path.endswith("/text/"):
        path += "index.txt"
    elif not path or path.endswith("/"):
        path += "index.html"
    return path if mode == STANDARD.mode else f"_mode/{mode}/{path}"


def with_twins(name: str, *, is_text: bool) -> list[str]:
    """The file and its twins."""
    return [name, *(name + twin for twin in TWINS)] if is_text else [name]


def put(file: Path, body: bytes) -> None:
    """Write a file anew: never into one that another version shares. Nearly always it is new in a folder that is there."""
    try:
        with file.open("xb") as new:
            new.write(body)
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        put(file, body)
    except FileExistsError:
        file.unlink(missing_ok=True)
        put(file, body)


def put_with_twins(file: Path, body: bytes, quality: int) -> int:
    """Write a text and its twins; returns the bytes of all. ``quality`` is brotli's, 0 to 11."""
    coded = brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality)
    zipped = gzip.compress(body, 6, mtime=0)
    put(file, body)
    put(file.with_name(file.name + ".br"), coded)
    put(file.with_name(file.name + ".gz"), zipped)
    return len(body) + len(coded) + len(zipped)
