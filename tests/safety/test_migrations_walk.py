"""Every migration can be taken back and made again, and nothing is lost but what it had made itself."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
from django.conf import settings

from tests.figures import Figures
from tests.safety.scratch import PROJECT, Postgresql, databases, environment, python

WALK = ("-m", "tests.safety.walk_migrations")


def walk(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = python(*WALK, *options)
    return subprocess.run(
        command, cwd=PROJECT, env=environment(url), capture_output=True, text=True, check=False
    )


def take_down(figures: Figures, said: str) -> None:
    """How many migrations were walked, over how many rows."""
    rows = re.search(r"(\d+) rows", said)
    assert rows
    walked = said.count(": back and forward, 0 lost")
    assert walked >= 25
    figures.least("migrations walked back and forward", walked)
    figures.least("rows on the way", int(rows[1]))


@pytest.mark.drill
def test_every_migration_goes_back_and_forward_on_this_engine(figures: Figures) -> None:
    if settings.IS_POSTGRESQL:
        done = walk(Postgresql(os.environ["DATABASE_URL"]).new("walked"))
    else:
        with databases("SQLite") as there:
            done = walk(there.new("walked"))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Nothing lost." in done.stdout
    take_down(figures, done.stdout)


@pytest.mark.drill
@pytest.mark.parametrize("engine", ["SQLite", "PostgreSQL"])
def test_both_books_outlive_every_migration(engine: str, figures: Figures) -> None:
    with databases(engine) as there:
        done = walk(there.new("walked"), "--books")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    take_down(figures, done.stdout)
