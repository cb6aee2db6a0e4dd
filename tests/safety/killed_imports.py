"""Imports killed at instants of chance: ``python -m tests.safety.killed_imports [--times N] [--seed N] [--engine NAME]``.

``import_handbook`` and ``load_guides`` run as they are typed, in processes of their own, on SQLite and on PostgreSQL, and get
SIGKILL somewhere between their first line and their end; a fifth of the instants lie in the last part, where everything is
committed. After each: nothing of the import is there, or all of it (of a file of documents: whole batches); the same
command again gives the bytes of an import that nobody disturbed. Ends with an error when that is not so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from tests.safety.scratch import ENGINES, PROJECT, Databases, databases, environment, python, run, run_python

TIMES, SEED, BATCH = 100, 20261122, 17
NEAR_THE_END = 5
"""Every so many instants lie behind the last line that a command says before it commits."""
PATIENCE = 600.0
"""Seconds after which an undisturbed command counts as hung."""
HANDBOOK = ("import_handbook", PROJECT / "fixtures" / "handbooks" / "dazhou-2024.txt", "--city", "dazhou")


@dataclass(frozen=True)
class Import:
    """A command, and what it says before its first and its last part."""

    name: str
    command: tuple[str | Path, ...]
    first: str
    last: str


class Timing(NamedTuple):
    """Seconds from the first line to the last, and from there to the end, when nobody disturbs."""

    until_last: float
    after_last: float


class Trial(NamedTuple):
    """When a command is killed: seconds after its first line, or after its last."""

    number: int
    after_last: bool
    seconds: float


def trials(timing: Timing, times: int, seed: int) -> list[Trial]:
    """Instants by chance: most of them anywhere, some while it commits."""
    chance = random.Random(seed)
    whole = timing.until_last + timing.after_last
    found = []
    for number in range(times):
        at_end = number % NEAR_THE_END == 0
        found.append(Trial(number, at_end, chance.uniform(0, timing.after_last if at_end else whole)))
    return found


class Running:
    """A command in a process of its own, with the times of its lines."""

    def __init__(self, url: str, of: Import) -> None:
        self.of = of
        self.process = subprocess.Popen(
            python(*of.command),
            cwd=PROJECT,
            env=environment(url),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self.said: IO[str] = self.process.stdout  # type: ignore[assignment]

    def wait_for(self, words: str) -> float:
        """When the line came; the time of the end when it did not."""
        for line in self.said:
            if words in line:
                break
        return time.monotonic()

    def end(self) -> float:
        """When it ended by itself; raises ``CalledProcessError`` when it failed."""
        self.said.read()
        if self.process.wait(PATIENCE):
            raise subprocess.CalledProcessError(self.process.returncode, self.process.args)
        return time.monotonic()

    def kill_at(self, trial: Trial) -> bool:
        """Kill it at this instant; whether it was still running."""
        self.wait_for(self.of.last if trial.after_last else self.of.first)
        try:
            self.process.wait(trial.seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.said.close()
        return self.process.wait() == -signal.SIGKILL


def undisturbed(url: str, of: Import) -> Timing:
    """How long it takes."""
    running = Running(url, of)
    first = running.wait_for(of.first)
    last = running.wait_for(of.last)
    return Timing(last - first, running.end() - last)


# --- What is there


def rows_of(there: Databases, name: str) -> str:
    """A digest of all rows of all tables, every column of them."""
    if there.engine == "SQLite":
        tables = there.rows(
            name, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    else:
        tables = there.rows(name, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    digest = hashlib.sha256()
    for (table,) in sorted(tables):
        rows = sorted(map(repr, there.rows(name, f'SELECT * FROM "{table}"')))  # noqa: S608 - names of ours
        digest.update(f"{table} {rows}".encode())
    return digest.hexdigest()


def content_of(url: str) -> dict[str, str]:
    """What :mod:`tests.safety.contents` says is in the database."""
    found: dict[str, str] = json.loads(run_python(url, "-m", "tests.safety.contents"))
    return found


def content_again(url: str, of: Import) -> dict[str, str]:
    """The same after the command has run once more, in one process."""
    given = json.dumps([str(part) for part in of.command])
    found: dict[str, str] = json.loads(run_python(url, "-m", "tests.safety.contents", given))
    return found


# --- The drill


class Drill:
    """One command on one engine."""

    def __init__(self, there: Databases, of: Import, times: int, seed: int) -> None:
        self.there, self.of, self.times, self.seed = there, of, times, seed
        self.before = rows_of(there, "base")
        self.base = content_of(there.copy("base", "whole"))
        url = there.copy("base", "whole")
        self.timing = undisturbed(url, of)
        self.whole = content_of(url)
        self.became: Counter[str] = Counter()
        self.problems: list[str] = []

    def run(self) -> bool:
        """All instants, two at a time; whether all went well."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.kill, trials(self.timing, self.times, self.seed)))
        seconds = sum(self.timing)
        counts = ", ".join(f"{name} {count}" for name, count in sorted(self.became.items()))
        print(
            f"{self.there.engine}, {self.of.name}: {self.times} instants over {seconds:.2f} s "
            f"({self.timing.after_last:.2f} s of them to commit), seed {self.seed}: {counts}; "
            f"{len(self.problems)} wrong",
            flush=True,
        )
        print("\n".join(self.problems), end="\n" if self.problems else "", flush=True)
        return not self.problems

    def kill(self, trial: Trial) -> None:
        """One instant on a copy of its own."""
        name = f"killed{trial.number % 2}_{trial.number}"
        url = self.there.copy("base", name)
        was_running = Running(url, self.of).kill_at(trial)
        self.there.at_rest(name)
        state = self.state(name, url)
        self.became[state if was_running else "ended before"] += 1
        if state == "half" or (not was_running and state != "all"):
            self.problems.append(f"{trial}: {state}")
        if content_again(url, self.of) != self.whole:
            self.problems.append(f"{trial}: other bytes after the same command again")
        self.there.new(name)

    def state(self, name: str, url: str) -> str:
        """Nothing, all, some whole batches, or half."""
        if rows_of(self.there, name) == self.before:
            return "nothing"
        now = content_of(url)
        if now == self.whole:
            return "all"
        return "whole batches" if self.is_of_batches(now) else "half"

    def is_of_batches(self, now: dict[str, str]) -> bool:
        """Whether every guide is as before or as in the whole, and those of a batch alike; search and counts follow at the end."""
        if self.of.command[0] != "-m":
            return False
        news = sorted(key for key in self.whole if key.startswith("guide ") and key not in self.base)
        there = [key for key in news if now.get(key) == self.whole[key]]
        strange = now.keys() - self.whole.keys()
        return not strange and len(there) % BATCH == 0 and len(there) == sum(key in now for key in news)


def commands(folder: Path) -> Iterator[Import]:
    """A handbook, all at once; a file of documents, batch by batch (small ones, so that there are several)."""
    yield Import("import_handbook", ("manage.py", *HANDBOOK), "1/3", "3/3")
    file = folder / "guides.json.gz"
    small = ("-m", "tests.safety.small_batches", str(BATCH), "load_guides", str(file))
    yield Import("load_guides", small, "1/2", "2/2")


def prepare(there: Databases, folder: Path) -> None:
    """A database with the catalogue alone, and all guides of both books as a file whose guides name no handbook."""
    url = there.new("books")
    run(url, "migrate", "--verbosity", "0")
    run(url, "load_catalogue")
    there.at_rest("books")
    there.copy("books", "base")
    for city, book in (("suining", "suining"), ("dazhou", "dazhou-2024")):
        run(url, "import_handbook", PROJECT / "fixtures" / "handbooks" / f"{book}.txt", "--city", city)
    run_python(url, "-m", "tests.safety.contents", "--export", folder / "guides.json.gz")


def drill(engine: str, times: int, seed: int) -> bool:
    """Both commands on one engine: a handbook at all the instants, a file at a quarter as many more."""
    shares = (times, times // 4)
    with tempfile.TemporaryDirectory(prefix="safety-") as name, databases(engine) as there:
        folder = Path(name)
        prepare(there, folder)
        both = zip(commands(folder), shares, strict=True)
        good = [Drill(there, of, share, seed).run() for of, share in both if share]
        return all(good)


def main() -> int:
    """The exit code says whether no instant did harm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES, help="instants of a handbook on each engine")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--engine", choices=ENGINES, action="append")
    given = parser.parse_args()
    good = [drill(engine, given.times, given.seed) for engine in given.engine or ENGINES]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
