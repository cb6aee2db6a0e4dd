"""A text of 100,000 characters made to keep a pattern busy keeps none of ours busy."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.figures import Figures

from .attack import SIZE, built_patterns, modules

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


def test_every_pattern_is_a_constant_or_tried_by_the_name_of_its_function() -> None:
    """A pattern in an f-string within a function is one that :mod:`.attack` does not find by itself."""
    found = {
        f"{module.__name__}.{function.name}"
        for module in modules()
        for function in ast.walk(ast.parse(Path(module.__file__ or "").read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and any(map(builds_a_pattern, ast.walk(function)))
    }
    assert found == {name for name, _ in built_patterns()}


def builds_a_pattern(node: ast.AST) -> bool:
    """Whether this is ``re.something(f"…")``."""
    return (
        isinstance(node, ast.Call)
        and ast.unparse(node.func).startswith("re.")
        and any(isinstance(part, ast.JoinedStr) for part in node.args)
    )


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
