"""How long the static mirror takes: ``make bench-mirror``.

A database of its own with both real books, an empty shelf of papers, and the command as its timer runs it: the first run,
one with nothing changed, and one after each kind of edit. Prints seconds by the clock and of processors (the children's
included), what was made and what really changed, and how busy the machine was.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

CITY, OFFICE, MATTER = "dazhou", "xuanhan", "zhuyuan-baoxiao"
"""What is edited: a county's office that stands in nearly every guide of its city, and one guide."""


@dataclass(frozen=True)
class Run:
    """One run of the command."""

    wall: float
    cpu: float
    load: float
    said: str


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, help="a folder for the mirror that stays")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "PAPER_CACHE": f"{folder}/paper",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        manage("migrate", "--verbosity", "0")
        manage("setup_site")
        django.setup()
        print("| | seconds | CPU s | load | |\n|---|---|---|---|---|")
        for what, edit in EDITS.items():
            edit()
            run = mirrored(options.keep or Path(folder) / "mirror", options.workers)
            print(f"| {what} | {run.wall:.1f} | {run.cpu:.1f} | {run.load:.1f} | {run.said} |", flush=True)


def manage(*arguments: str) -> str:
    """A command of the site; what it says."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def mirrored(folder: Path, workers: int) -> Run:
    """Bring the mirror up to date in processes of its own, as the timer does."""
    began, before = time.monotonic(), cpu_of_children()
    said = manage("mirror", str(folder), "--workers", str(workers))
    wall, cpu = time.monotonic() - began, cpu_of_children() - before
    return Run(wall, cpu, os.getloadavg()[0], short(said))


def short(said: str) -> str:
    """The counts out of what the command says."""
    asked = sum(map(int, re.findall(r"共 (\d+) 个网址要写", said)))
    changed = re.search(r"其中 (\d+) 个有改动(?:，去掉 (\d+) 个)?", said)
    if changed is None:
        return "no new version"
    return f"{asked:,} asked for, {int(changed[1]):,} changed, {changed[2] or 0} gone"


def cpu_of_children() -> float:
    """Seconds of a processor that ended children and theirs have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def phone_of_an_office() -> None:
    """Another number for residents who ask."""
    from guides.editing import apply_office  # noqa: PLC0415 - after django.setup()
    from offices.models import Office  # noqa: PLC0415

    office = Office.objects.with_details().filter(city__slug=CITY, county__slug=OFFICE).first()
    assert office
    document = office.document()
    document["phones"][0]["number"] = "0818-5550000"
    apply_office(document)


def material_of_a_guide() -> None:
    """Another word in one paper."""
    document = guide_document()
    document["materials"][0]["text"] += "（复印件）"
    applied(document)


def withdrawal() -> None:
    """The guide is taken down."""
    applied(guide_document(), status="withdrawn")


def guide_document() -> dict[str, Any]:
    """What the guide says now."""
    from guides.models import Guide  # noqa: PLC0415 - after django.setup()

    return Guide.objects.with_details().get(city__slug=CITY, matter__slug=MATTER).document()


def applied(document: dict[str, Any], status: str = "") -> None:
    """Publish it."""
    from guides.editing import apply_guide  # noqa: PLC0415 - after django.setup()

    apply_guide(document, status=status)


EDITS: dict[str, Callable[[], None]] = {
    "first run": lambda: None,
    "nothing changed": lambda: None,
    "an office's phone": phone_of_an_office,
    "a guide's material": material_of_a_guide,
    "a guide withdrawn": withdrawal,
}


if __name__ == "__main__":
    main()
