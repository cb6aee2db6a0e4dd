"""The settings of a production start, for tests in a process that was started for development."""

from __future__ import annotations

import os
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.test import override_settings

PROJECT = Path(__file__).resolve().parent.parent
SITE = "yibao.example.gov.cn"
ENVIRONMENT = {
    "ENVIRONMENT": "production",
    "DEBUG": "",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop",
    "ALLOWED_HOSTS": SITE,
    "SITE_URL": f"https://{SITE}",
    "DATABASE_URL": "sqlite://:memory:",
}
ABOUT_ANSWERS = (
    "SECURE_",
    "SESSION_",
    "CSRF_",
    "LANGUAGE_COOKIE_",
    "X_FRAME_",
    "CONTENT_SECURITY_",
    "HEADERS_",
)
"""What of them can be put over other settings: neither apps nor databases nor files."""
MORE = {"ALLOWED_HOSTS", "SITE_URL", "MIDDLEWARE", "BEHIND_NGINX", "PRODUCTION"}


def production_settings() -> dict[str, Any]:
    """As ``config/settings.py`` gives them to a production server."""
    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)
    try:
        return runpy.run_path(str(PROJECT / "config" / "settings.py"))
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def in_production() -> Iterator[None]:
    """Meanwhile the site answers as in production; ask it with ``BEHIND_NGINX`` headers."""
    given = production_settings()
    over = {name: value for name, value in given.items() if name.startswith(ABOUT_ANSWERS) or name in MORE}
    with override_settings(**over):
        yield


THROUGH_NGINX = {"host": SITE, "x-forwarded-proto": "https"}
"""What nginx says to the application with every request."""
