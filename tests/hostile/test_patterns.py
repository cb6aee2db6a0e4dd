"""A text of 100,000 characters made to keep a pattern busy keeps none of ours busy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.figures import Figures

from .attack import SIZE

ONCE_SLOW = ("documents.PRINTED_DAYS", "papers.STAMP_AT_END")
"""Two of those that once took minutes; all the others are tried by the drill."""
LONGEST = 1.0
"""Seconds for one text."""


def tried(*names: str, seconds: int) -> list[dict[str, Any]]:
    """What the process of its own says; the test fails when it does not come to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.attack", str(SIZE), *names],
        cwd=settings.BASE_DIR,
        env=os.environ | {"ENVIRONMENT": "local", "DATABASE_URL": "sqlite://:memory:"},
        capture_output=True,
        check=True,
        timeout=seconds,
    )
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_what_was_slow_once_comes_to_its_end() -> None:
    found = tried(*ONCE_SLOW, seconds=170)
    assert len(found) >= len(ONCE_SLOW)
    assert [each for each in found if each["seconds"] is None] == []


@pytest.mark.drill
def test_no_pattern_and_no_function_with_one_takes_long(figures: Figures) -> None:
    found = tried(seconds=1_800)
    assert len(found) > 150
    assert [each for each in found if each["seconds"] is None] == []
    patterns = [each for each in found if not each["name"].endswith("()")]  # functions do more than match
    functions = [each for each in found if each["name"].endswith("()")]
    figures.total("patterns tried", len(patterns))
    figures.most("slowest pattern", max(each["seconds"] for each in patterns), "s")
    figures.total("functions tried", len(functions))
    figures.most("slowest function", max(each["seconds"] for each in functions), "s")
    assert [each for each in patterns if each["seconds"] > LONGEST] == []
