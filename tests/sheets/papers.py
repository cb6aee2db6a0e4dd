"""A template of the tests' own, and what poppler reads back from a PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from guides.sheets import typesetting

PROBE = """#import "data.typ": content, fonts, missing-line
#set document(title: content.title, date: none)
#set text(font: fonts, lang: "zh", region: "cn", cjk-latin-spacing: none)
#set page(width: 60cm, height: 80cm)
#for line in content.at("lines", default: ()) [#par(line)]
#strong(content.at("bold", default: ""))
#missing-line
"""


def probe_folder(folder: Path, monkeypatch: pytest.MonkeyPatch, **templates: str) -> Path:
    """A folder of templates in place of the site's, with ``probe.typ`` and others; returns it."""
    shutil.copy(typesetting.TEMPLATES / "data.typ", folder)
    for name, source in {"probe": PROBE, **templates}.items():
        (folder / f"{name}.typ").write_text(source, "utf-8")
    monkeypatch.setattr(typesetting, "TEMPLATES", folder)
    return folder


def text_of(pdf: bytes) -> str:
    """The text of a PDF in reading order."""
    return run("pdftotext", "-raw", "-", "-", given=pdf)


def words_of(pdf: bytes) -> str:
    """The text without blanks and line ends, which layout puts where it likes."""
    return "".join(text_of(pdf).split())


@dataclass(frozen=True)
class Font:
    """One font of a PDF as ``pdffonts`` lists it."""

    name: str
    embedded: bool


def fonts_of(pdf: bytes, folder: Path) -> list[Font]:
    """The fonts of a PDF."""
    (folder / "fonts.pdf").write_bytes(pdf)
    lines = run("pdffonts", str(folder / "fonts.pdf")).splitlines()[2:]
    found = (
        re.match(r"(?:[A-Z]{6}\+)?(\S+) .*? (yes|no) +(?:yes|no) +(?:yes|no) +\d+ +\d+$", line)
        for line in lines
    )
    return [Font(match[1], match[2] == "yes") for match in found if match]


def accessible(pdf: bytes) -> dict[str, object]:
    """What PDF/UA asks of the file as a whole: tags, language, title, the standard's part."""
    root = PdfReader(BytesIO(pdf)).root_object
    metadata = root["/Metadata"]
    assert isinstance(metadata, StreamObject)
    part = re.search(rb"<pdfuaid:part>(\d)</pdfuaid:part>", metadata.get_data())
    return {
        "marked": bool(root["/MarkInfo"]["/Marked"]),  # type: ignore[index]
        "tagged": "/StructTreeRoot" in root,
        "language": root["/Lang"],
        "shows_title": bool(root["/ViewerPreferences"]["/DisplayDocTitle"]),  # type: ignore[index]
        "part": int(part[1]) if part else 0,
    }


ACCESSIBLE = {"marked": True, "tagged": True, "language": "zh-CN", "shows_title": True, "part": 1}


def run(*command: str, given: bytes = b"") -> str:
    """What a tool says; raises when it fails."""
    return subprocess.run(command, input=given, capture_output=True, check=True, timeout=60).stdout.decode()
