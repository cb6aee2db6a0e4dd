"""What tests measure is printed when they are over, whether one process ran them or several."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

MEASURING = """
import pytest

@pytest.mark.parametrize("part", range(4))
def test_parts(figures, part):
    figures.total("requests", 1_000)
    figures.most("slowest", part / 4, "s")
    figures.least("points", 120 + part)

def test_that_fails(figures):
    figures.most("seconds", 2.5, "s")
    assert False

def test_that_measures_nothing():
    pass
"""


def run(folder: Path, *options: str) -> str:
    """What pytest says of the tests in the folder."""
    plugins = ("-p", "tests.figures", "-p", "no:django", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--rootdir", folder, *plugins, *options, folder],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(settings.BASE_DIR)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("processes", ["0", "2"])
def test_the_figures_of_all_parts_stand_in_one_table(tmp_path: Path, processes: str) -> None:
    (tmp_path / "test_measuring.py").write_text(MEASURING, "utf-8")
    said = run(tmp_path, "-n", processes).splitlines()
    begins = next(number for number, line in enumerate(said) if line.strip("= ") == "figures")
    assert said[begins + 1 : begins + 5] == [
        "  4,000  requests  (test_measuring.py::test_parts)",
        "0.750 s  slowest  (test_measuring.py::test_parts)",
        "    120  points  (test_measuring.py::test_parts)",
        "2.500 s  seconds  (test_measuring.py::test_that_fails)",
    ]


def test_without_a_figure_there_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "test_plain.py").write_text("def test_one():\n    pass\n", "utf-8")
    assert "figures" not in run(tmp_path)
