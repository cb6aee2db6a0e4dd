"""The name of the request that is being answered: nginx, the site and the audit trail write the same one.

nginx makes it and overwrites what a client may have sent; where nobody stands in front, the site makes its own.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from django.conf import settings

MADE_BY_NGINX = re.compile(r"[0-9a-f]{32}")

_current = ContextVar("request_id", default="")


def current_request_id() -> str:
    """32 hexadecimal digits; "" in commands and in threads that answer nobody."""
    return _current.get()


def begin(environ: Mapping[str, Any], **_: object) -> None:
    """Receiver of ``request_started``: before any middleware, so that every line of the request has the name."""
    said = str(environ.get("HTTP_X_REQUEST_ID", "")) if settings.BEHIND_NGINX else ""
    _current.set(said if MADE_BY_NGINX.fullmatch(said) else uuid.uuid4().hex)


def end(**_: object) -> None:
    """Receiver of ``request_finished``: the thread answers nobody until its next request."""
    _current.set("")
