"""What pages are made by: everything but the content. Another program makes other pages of the same content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings

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


def program(*wishes: object) -> str:
    """The hash of everything but the content that makes pages: code, templates, static files, settings, ``wishes``."""
    shown = [(name, getattr(settings, name)) for name in SHOWN]
    parts = [repr((django.get_version(), wishes, shown)).encode()]
    for file in [*sources(), Path(settings.STATIC_ROOT) / "staticfiles.json"]:
        if file.is_file():
            parts += [
                file.name.encode(),
                str(file.stat().st_size).encode() if file.suffix == ".ttf" else file.read_bytes(),
            ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def sources() -> Iterator[Path]:
    """The files of the project that pages are made from."""
    for folder in SOURCES:
        for file in sorted((Path(settings.BASE_DIR) / folder).rglob("*")):
            if file.suffix != ".pyc" and file.is_file():
                yield file
