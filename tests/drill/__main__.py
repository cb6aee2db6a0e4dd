"""The failure drill: ``make drill-failures``, or ``python -m tests.drill [--pages N] [--seconds N]``.

Builds a whole site on loopback (PostgreSQL with a streaming replica, granian, nginx, mirror), reads every address ever
published at 100 requests/s, and breaks one part after the other. Prints the table of docs/benchmarks.md; ends with an
error when any request failed, took more than a second or said something else than before.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

from tests.drill import scenarios
from tests.drill.house import HOST, PROJECT, App, Nginx, Postgres, manage
from tests.drill.load import RATE, Page, Reader, first_round, published
from tests.drill.scenarios import Site, Trouble, under_load

RENAMING = """
from guides.editing import rename_matter
from guides.models import Matter
rename_matter(Matter.objects.get(slug="danwei-canbao"), "canbao-danwei")
"""
"""Before the mirror is made, so that there are addresses which lead to others."""
WITHDRAWING = """
from guides.editing import apply_guide
from guides.models import Guide
for city in ("suining", "dazhou"):
    guide = Guide.objects.with_details().published().filter(city__slug=city).in_reading_order().last()
    apply_guide(guide.document(), status="withdrawn")
"""
"""When all is published, so that there are addresses which have to say that they are no more."""
HEAD = """| scenario | requests | failed | over 1 s | other text | dynamic pages wrong | median ms | p99 ms | slowest ms | ready again s |
|---|---|---|---|---|---|---|---|---|---|"""


def main() -> int:
    """Run the scenarios; the exit code says whether all of them were harmless."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=0, help="so many pages, chosen by chance (default all)")
    parser.add_argument(
        "--seconds", type=float, default=0, help="of each scenario (default once round all pages)"
    )
    parser.add_argument("--port", type=int, default=21300, help="the first of ten ports on loopback")
    parser.add_argument("--only", nargs="+", default=[""], help="scenarios whose name has one of these words")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped then, too
    if taken := [port for port in range(given.port, given.port + 10) if is_taken(port)]:
        raise SystemExit(
            f"ports {taken} are taken: something still runs there, and would answer in our place"
        )
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        drill = Drill(folder, given)
        try:
            drill.build()
            drill.run()
        finally:
            drill.stop()
    return 0 if drill.is_good else 1


def is_taken(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as connection:
        return connection.connect_ex((HOST, port)) == 0


class Drill:
    """One run: the site in a folder, and the results so far."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        self.folder, self.given, self.is_good = folder, given, True
        self.primary, self.replica = Postgres(folder / "primary"), Postgres(folder / "replica")
        self.environment = {
            "ENVIRONMENT": "local",
            "DATABASE_URL": self.primary.url,
            "DATABASE_URL_REPLICA": "",
            "SITE_URL": f"http://127.0.0.1:{given.port}",
            "PAPER_CACHE": str(folder / "paper"),
        }
        self.processes: list[App | Nginx] = []
        self.site: Site

    def build(self) -> None:
        """Databases, content, mirror, servers; then every page once."""
        say("PostgreSQL and the contents…")
        self.primary.create()
        self.primary.start()
        manage("migrate", "--verbosity", "0", **self.environment)
        manage("setup_site", **self.environment)
        manage("shell", "--verbosity", "0", "--command", RENAMING, **self.environment)
        say("the mirror…")
        ever = self.mirror()
        manage("shell", "--verbosity", "0", "--command", WITHDRAWING, **self.environment)
        withdrawn = ever - self.mirror()
        manage("error_pages", str(self.folder / "errors"), **self.environment)
        app = App(self.folder, self.given.port + 1, **self.environment)
        nginx = self.with_nginx(self.given.port, [app])
        app.start()
        app.wait()
        nginx.start()
        pages = random.Random(7).sample(sorted(ever), min(self.given.pages or len(ever), len(ever)))
        self.processes.append(app)
        say(f"{len(pages)} pages, {len(withdrawn.intersection(pages))} of them withdrawn, each once…")
        known = first_round(self.given.port, pages, withdrawn)
        self.site = Site(self.primary, self.replica, [app], nginx, pages, known)

    def mirror(self) -> set[Page]:
        """Bring the mirror up to date; the pages that it holds then."""
        manage("mirror", str(self.folder / "mirror"), "--workers", "2", **self.environment)
        return published(self.folder / "mirror")

    def with_nginx(self, port: int, apps: list[App]) -> Nginx:
        """nginx before these application servers."""
        folder = self.folder / f"nginx-{port}"
        folder.mkdir()
        nginx = Nginx(folder, port, apps, self.folder / "mirror", self.folder / "errors")
        self.processes.append(nginx)
        return nginx

    def run(self) -> None:
        """First one machine, then two application servers with primary and replica."""
        print(HEAD, flush=True)
        self.scenario("all well", nothing, desk=False)
        self.scenario("database stopped", scenarios.database_stopped)
        self.scenario("database hung (all tables locked)", scenarios.database_hung)
        self.scenario("database paused (SIGSTOP)", scenarios.database_paused)
        self.scenario("application killed", scenarios.app_killed)
        self.scenario("a worker killed each second", scenarios.workers_killed, desk=False)
        name = "database and application dead, nginx cache wiped"
        self.scenario(name, scenarios.everything_dead, before=scenarios.dead_before)
        self.grow()
        self.scenario("two servers: the first killed", scenarios.app_lost(0), desk=False)
        self.scenario("two servers: the second killed", scenarios.app_lost(1), desk=False)
        self.scenario("two servers: replica stopped", scenarios.replica_lost, desk=False)
        self.scenario("two servers: primary stopped", scenarios.database_stopped)
        self.edits(10)

    def scenario(
        self,
        name: str,
        trouble: Trouble,
        *,
        desk: bool = True,
        before: Callable[[Site], None] | None = None,
    ) -> None:
        """Run one and print its row."""
        if not any(words in name for words in self.given.only):
            return
        if before:
            before(self.site)
        seconds = self.given.seconds or len(self.site.pages) / RATE + 2 * scenarios.AT_REST
        tally = under_load(self.site, seconds, trouble, desk=desk)
        self.site.turn(len(tally.times))
        time.sleep(2)
        self.is_good &= tally.is_good
        print(tally.line(name), flush=True)
        for what in ("failed", "slow", "other", "desk"):
            for line in getattr(tally, what)[:5]:
                say(f"  {what}: {line}")

    def grow(self) -> None:
        """In place of the first: a replica, and two application servers that read from it behind one nginx."""
        say("a replica and a second application server…")
        for alone in self.processes:
            alone.kill()
        self.replica.follow(self.primary)
        self.replica.start()
        environment = self.environment | {"DATABASE_URL_REPLICA": self.replica.url}
        apps = [App(self.folder, self.given.port + number, **environment) for number in (2, 3)]
        self.processes += apps
        for app in apps:
            app.start()
        for app in apps:
            app.wait()
        nginx = self.with_nginx(self.given.port + 4, apps)
        nginx.start()
        time.sleep(0.5)
        withdrawn = {page for page, before in self.site.known.items() if before.status == 410}
        # so few readers that each page is made before nginx gives it up
        first_round(nginx.port, self.site.pages, withdrawn, readers=2)
        self.site.apps, self.site.nginx = apps, nginx

    def edits(self, times: int) -> None:
        """How long an edit on the primary takes to be seen at each server and through nginx; 2 s is the promise."""
        ports = [*(app.port for app in self.site.apps), self.site.nginx.port]
        command = [sys.executable, "-m", "tests.drill.edits", str(times)]
        environment = os.environ | self.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        with subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
        ) as editor:
            said: Iterable[str] = editor.stdout or []
            address = next(iter(said)).strip()
            taken = [taken for line in said for taken in seen_after(line, address, ports)]
        worst = max(taken)
        self.is_good &= worst <= 2
        print(
            f"\nAn edit on the primary is seen at each server and through nginx after {statistics.median(taken):.2f} s"
        )
        print(f"(median of {len(taken)}; slowest {worst:.2f} s).", flush=True)

    def stop(self) -> None:
        """Leave nothing running."""
        for process in self.processes:
            process.kill()
        for database in (self.primary, self.replica):
            if (database.data / "postmaster.pid").exists():
                database.stop()


def nothing(site: Site) -> Iterator[None]:
    """Nothing goes wrong."""
    yield


def seen_after(line: str, address: str, ports: list[int]) -> list[float]:
    """Seconds from the commit until each port shows the words."""
    committed, words = line.split()
    taken: list[float] = []

    def wait(port: int) -> None:
        reader = Reader(port)
        while time.time() - float(committed) < 10:
            with suppress(OSError, HTTPException):
                if words.encode() in reader.ask(Page(address)).text:
                    break
            time.sleep(0.02)
        taken.append(time.time() - float(committed))

    threads = [threading.Thread(target=wait, args=(port,)) for port in ports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def say(text: str) -> None:
    """What is going on, beside the table."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
