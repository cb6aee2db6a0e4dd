"""How search and lists keep up with a country of guides: ``make bench-scale``.

Builds 68, 11,560 and 68,000 guides (tests/country.py) on SQLite, under ``var/bench/``, and on a throw-away
PostgreSQL. One process per database asks for the same pages round after round, taking turns, so that a busy machine
slows them all alike. Prints for each size how many guides stand on the page, the median CPU milliseconds (of the
asking process and, for PostgreSQL on Linux as root, of the server's processes of that database), their ratio to the
same page with 68 guides on the same engine, the Python calls as a ratio (noise does not touch them) and the queries.

Like is compared with like: the first rows are pages that show a full page (or the same few) of guides at every size,
chosen for that. With 68 guides many a question leads to six and with 68,000 to twenty on a page; such pages, and those that list all cities
or matters, come after them, as they are.

At the end the production server shows some pages from each of the databases (tests/benchmark_server.py).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from cProfile import Profile
from pathlib import Path
from statistics import median
from time import process_time_ns
from typing import Any
from urllib.parse import urlencode

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "var" / "bench"
GUIDES = (68, 11_560, 68_000)
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ROUNDS = 7
MATTER_WORDS = (
    "住院费用报销",
    "职工参保登记",
    "异地就医备案",
    "医保电子凭证",
    "生小孩报销",
    "外地住院怎么报销",
    "换单位了医保怎么转",
    "慢性病怎么办理",
    "社保卡丢了怎么办",
    "产检能报吗",
    "退休了还要交医保吗",
    "zhuyuan baoxiao",
    "yidi jiuyi",
    "zybx",
    "ydjy",
    "zuyuan",
    "出院记录",
    "打印缴费记录",
    "新生儿落地参保",
    "我妈摔了一跤住院花了很多钱回老家能不能报销",
)
OFFICE_WORDS = (
    "宣汉县医保窗口",
    "宣汉",
    "医保窗口",
    "解放中路591号",
    "0818-5201826",
    "达州政务服务中心",
    "xuanhan",
)
QUESTION, BROAD_QUESTION = {"q": "住院报销"}, {"q": "申请"}
COUNTY = {"city": "dazhou", "county": "xuanhan"}
ALIKE = {
    "list": ("/guides/", {}),
    "list, city": ("/guides/", {"city": "dazhou"}),
    "list, county and channel": ("/guides/", {**COUNTY, "channel": "website"}),
    "list, audience and channel": ("/guides/", {"audience": "geren", "channel": "website"}),
    "list, channel and limit": ("/guides/", {"channel": "website", "limit": "review"}),
    "list, last full page": ("/guides/", {"page": "last full"}),
    "list by name": ("/guides/", {"sort": "name"}),
    "list by time": ("/guides/", {"sort": "time"}),
    "list, literal, broad": ("/guides/", {**BROAD_QUESTION, "literal": "1"}),
    "search page, broad": ("/guides/", BROAD_QUESTION),
    "suggestions": ("/search/suggest/", QUESTION),
    "guide": ("/guides/dazhou/zhuyuan-baoxiao/", {}),
    "county guide": ("/guides/dazhou/zhuyuan-baoxiao/xuanhan/", {}),
}
"""Pages that show as many guides at every size."""
AS_THEY_ARE = {
    "list, audience and category": ("/guides/", {"audience": "geren", "category": "baoxiao"}),
    "list, last page": ("/guides/", {"page": "last"}),
    "list, literal": ("/guides/", {"q": "报销", "literal": "1"}),
    "search page": ("/guides/", QUESTION),
    "search page, county": ("/guides/", {**QUESTION, **COUNTY}),
    "wrong city": ("/guides/", {"city": "nowhere"}),
    "home": ("/", {}),
    "offices": ("/offices/", {}),
    "offices, search": ("/offices/", {"q": "宣汉 医保"}),
    "life event": ("/life-events/sheng-haizi/", {}),
    "matter": ("/matters/zhuyuan-baoxiao/", {}),
    "materials": ("/materials/", {}),
}
"""Pages that show more where there is more."""
ROW = 'class="guide-row"'
FULL = 20
"""Guides on a full page of the list."""

# --- In the process of one database


def actions() -> dict[str, list[Callable[[], object]]]:
    """What is measured, by name; several of one name are taken together. Pages give their text."""
    from django.test import Client  # noqa: PLC0415 - Django is set up by then

    from guides.search.finding import find  # noqa: PLC0415
    from offices.memory import in_state  # noqa: PLC0415

    client = Client(headers={"host": "localhost"}, raise_request_exception=False)

    def text(address: str) -> str:
        response = client.get(address, follow=True)
        if response.status_code == 500:
            sys.exit(f"{address}: 500")
        return response.content.decode()

    def ask(path: str, query: dict[str, str]) -> Callable[[], object]:
        if page := query.get("page"):
            query = {"page": str(last_page(text(path), is_full=page == "last full"))}
        address = f"{path}?{urlencode(query)}" if query else path
        return lambda: text(address)

    def look_for(words: str) -> Callable[[], object]:
        def found() -> object:
            with in_state(0):  # as in a request
                return find(words)

        return found

    return {
        "find matters": [look_for(words) for words in MATTER_WORDS],
        "find offices": [look_for(words) for words in OFFICE_WORDS],
        **{name: [ask(path, query)] for name, (path, query) in {**ALIKE, **AS_THEY_ARE}.items()},
    }


def last_page(text: str, *, is_full: bool) -> int:
    """The number of a list's last page, or of its last full one."""
    guides, pages = re.search(r"共 (\d+) 项", text), re.search(r"共 (\d+) 页", text)
    if is_full:
        return int(guides[1]) // FULL if guides else 1
    return int(pages[1]) if pages else 1


def work(only: str) -> None:
    """Say what each action shows, calls and asks; then for each of them named on standard input give its milliseconds."""
    import django  # noqa: PLC0415 - not needed by the process that compares

    django.setup()

    chosen = {name: several for name, several in actions().items() if re.search(only, name)}
    say({name: looked_at(several) for name, several in chosen.items()})
    backends = backends_here()
    for line in sys.stdin:
        say([milliseconds(action, backends) for action in chosen[line.strip()]])


def looked_at(several: list[Callable[[], object]]) -> dict[str, int]:
    """Most guides on the page, Python calls of the second time, most queries."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    guides, calls, queries = 0, 0, 0
    for action in several:
        with CaptureQueriesContext(connection) as captured:
            shown = action()
        guides = max(guides, shown.count(ROW) if isinstance(shown, str) else 0)
        queries = max(queries, len(captured))
        with Profile() as profile:
            action()
        calls += sum(entry.callcount for entry in profile.getstats())
    return {"guides": guides, "calls": calls, "queries": queries}


def backends_here() -> list[Path]:
    """Where Linux counts the work of the server's processes for this database; none on SQLite or when that is not ours to see."""
    from django.db import connection  # noqa: PLC0415

    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        found = [Path(f"/proc/{pid}/schedstat") for (pid,) in cursor.fetchall()]
    return [path for path in found if os.access(path, os.R_OK)]


def say(answer: object) -> None:
    """One line for the comparing process."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def milliseconds(action: Callable[[], object], backends: list[Path]) -> float:
    """How much work one call is, here and in the server's processes."""
    start = process_time_ns() + nanoseconds(backends)
    action()
    return (process_time_ns() + nanoseconds(backends) - start) / 1e6


def nanoseconds(backends: list[Path]) -> int:
    """How long these processes have run by now."""
    return sum(int(path.read_text().split()[0]) for path in backends)


# --- In the comparing process


class Worker:
    """The process of one database: what it was asked and what it answered."""

    def __init__(self, name: str, guides: int, url: str, only: str) -> None:
        self.name, self.guides = name, guides
        self.times: dict[str, list[float]] = defaultdict(list)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmark_scale", "--work", "--only", only],
            cwd=PROJECT,
            env=environment(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.looked_at: dict[str, dict[str, int]] = self.answer()

    def answer(self) -> Any:
        """The next line of the process."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name}, {self.guides}: the measuring process ended")
        return json.loads(line)

    def measure(self, action: str) -> None:
        """Do one thing once."""
        assert self.process.stdin
        self.process.stdin.write(f"{action}\n")
        self.process.stdin.flush()
        self.times[action] += self.answer()

    def end(self) -> None:
        """Let the process finish."""
        self.process.communicate()


def environment(url: str) -> dict[str, str]:
    """The variables of a process that uses this database."""
    return {
        **os.environ,
        "ENVIRONMENT": "local",
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def databases(server_url: str, sizes: Iterable[int]) -> Iterator[tuple[str, int, str]]:
    """Engine, guides and URL of every database, filled."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for guides in sizes:
        make_database(server_url, f"country{guides}")
        postgresql = server_url.replace("/postgres?", f"/country{guides}?")
        for engine, url in (("sqlite", f"sqlite:///{FOLDER}/{guides}.sqlite3"), ("postgresql", postgresql)):
            progress(f"building {guides} guides on {ENGINES[engine]}")
            command = [sys.executable, "-m", "tests.country", "--guides", str(guides)]
            subprocess.run(command, cwd=PROJECT, env=environment(url), check=True, stdout=subprocess.DEVNULL)
            yield engine, guides, url


def make_database(server_url: str, name: str) -> None:
    """An empty PostgreSQL database on the server."""
    import psycopg  # noqa: PLC0415 - the measuring processes need only Django's

    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")


@contextmanager
def all_databases(sizes: Iterable[int]) -> Iterator[list[tuple[str, int, str]]]:
    """Every database of every engine, removed afterwards."""
    from tests.with_postgres import server  # noqa: PLC0415 - a script of its own

    with server() as url:
        try:
            yield list(databases(url, sizes))
        finally:
            shutil.rmtree(FOLDER, ignore_errors=True)


def progress(words: str) -> None:
    """One line on standard error."""
    sys.stderr.write(words + "\n")


def measure(given: list[tuple[str, int, str]], rounds: int, only: str) -> list[Worker]:
    """Take turns: one thing in every database, then the next."""
    workers = [Worker(engine, guides, url, only) for engine, guides, url in given]
    with ExitStack() as stack:
        for worker in workers:
            stack.callback(worker.end)
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds}")
            for action in workers[0].looked_at:
                for worker in workers:
                    worker.measure(action)
    return workers


def show(workers: list[Worker]) -> None:
    """A table for each engine: for each size the guides shown, median milliseconds, ratio to the smallest, calls, queries."""
    for engine, title in ENGINES.items():
        own = [worker for worker in workers if worker.name == engine]
        if not own:
            continue
        sizes = "".join(f" of {w.guides:,}: shown | CPU ms | ratio | calls | queries |" for w in own)
        sys.stdout.write(f"\n{title}\n\n| |{sizes}\n|---|{'---|---|---|---|---|' * len(own)}\n")
        for action in own[0].looked_at:
            sys.stdout.write(f"| {action} |{''.join(cells(action, worker, own[0]) for worker in own)}\n")


def cells(action: str, worker: Worker, first: Worker) -> str:
    """One size of one row; calls as a ratio too."""
    here, there = worker.looked_at[action], first.looked_at[action]
    time = median(worker.times[action])
    ratio = time / median(first.times[action])
    calls = here["calls"] / there["calls"]
    return f" {here['guides']} | {time:.1f} | {ratio:.2f} | {calls:.2f} | {here['queries']} |"


def show_under_server(given: list[tuple[str, int, str]]) -> None:
    """The production server's table of each database."""
    command = [sys.executable, "-m", "tests.benchmark_server", "--connections", "16", "--rounds", "3"]
    command += ["--pages", "guide", "list", "search", "home"]
    for engine, guides, url in given:
        print(f"\n{ENGINES[engine]}, {guides:,} guides", flush=True)
        subprocess.run(command, cwd=PROJECT, env=environment(url), check=True)


def main() -> None:
    """Build, measure and print; ``--given`` measures databases that are there (engine,guides,url)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="a regular expression: which rows")
    parser.add_argument("--given", nargs="*", default=[], help="engine,guides,url of filled databases")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.only)
    elif options.given:
        parts = [given.split(",", 2) for given in options.given]
        filled = [(engine, int(guides), url) for engine, guides, url in parts]
        show(measure(filled, options.rounds, options.only))
    else:
        with all_databases(GUIDES) as filled:
            show(measure(filled, options.rounds, options.only))
            show_under_server(filled)


if __name__ == "__main__":
    main()
