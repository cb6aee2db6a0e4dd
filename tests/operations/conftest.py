"""nginx of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.web_server import WebServer, web_server


@pytest.fixture
def site(tmp_path: Path) -> Iterator[WebServer]:
    with web_server(tmp_path) as running:
        yield running
