"""How search and lists keep up with a country of guides: ``make bench-scale``.

Builds 68, 11,560 and 68,000 guides (tests/country.py) on SQLite, under ``var/bench/``, and on a throw-away
PostgreSQL. One process per database asks for the same pages round after round, taking turns, so that a busy machine
slows them all alike. Prints the median in milliseconds, its ratio to the same page with 68 guides on the same
engine, and the database queries.
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
from pathlib import Path
from statistics import median
from time import perf_counter
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
QUESTION = {"q": "住院报销"}
COUNTY = {"city": "dazhou", "county": "xuanhan"}
PAGES = {
    "list": ("/guides/", {}),
    "list, city": ("/guides/", {"city": "dazhou"}),
    "list, county and channel": ("/guides/", {**COUNTY, "channel": "website"}),
    "list, audience and category": ("/guides/", {"audience": "geren", "category": "baoxiao"}),
    "list, channel and limit": ("/guides/", {"channel": "website", "limit": "review"}),
    "list, last page": ("/guides/", {"page": "last"}),
    "list by name": ("/guides/", {"sort": "name"}),
    "list by time": ("/guides/", {"sort": "time"}),
    "list, literal": ("/guides/", {"q": "报销", "literal": "1"}),
    "search page": ("/guides/", QUESTION),
    "search page, county": ("/guides/", {**QUESTION, **COUNTY}),
    "wrong city": ("/guides/", {"city": "nowhere"}),
    "suggestions": ("/search/suggest/", QUESTION),
    "home": ("/", {}),
    "offices": ("/offices/", {}),
    "offices, search": ("/offices/", {"q": "宣汉 医保"}),
    "guide": ("/guides/dazhou/zhuyuan-baoxiao/", {}),
    "county guide": ("/guides/dazhou/zhuyuan-baoxiao/xuanhan/", {}),
    "matter": ("/matters/zhuyuan-baoxiao/", {}),
    "materials": ("/materials/", {}),
    "life event": ("/life-events/sheng-haizi/", {}),
}

# --- In the process of one database


def actions() -> dict[str, list[Callable[[], object]]]:
    """What is measured, by name; several of one name are taken together."""
    from django.test import Client  # noqa: PLC0415 - Django is set up by then

    from guides.search.finding import find  # noqa: PLC0415

    client = Client(headers={"host": "localhost"}, raise_request_exception=False)

    def ask(path: str, query: dict[str, str]) -> Callable[[], object]:
        if query.get("page") == "last":
            text = client.get(path).content.decode()
            pages = re.search(r"共 (\d+) 页", text)
            query = {"page": pages[1] if pages else "1"}
        address = f"{path}?{urlencode(query)}" if query else path
        return lambda: client.get(address, follow=True).status_code

    def look_for(words: str) -> Callable[[], object]:
        return lambda: find(words)

    return {
        "find matters": [look_for(words) for words in MATTER_WORDS],
        "find offices": [look_for(words) for words in OFFICE_WORDS],
        **{name: [ask(path, query)] for name, (path, query) in PAGES.items()},
    }


def work(only: str) -> None:
    """Count the queries of each action; then for every line on standard input do one round and give its milliseconds."""
    import django  # noqa: PLC0415 - not needed by the process that compares

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    chosen = {name: several for name, several in actions().items() if re.search(only, name)}
    queries: dict[str, int] = {}
    for name, several in chosen.items():
        for action in several:
            with CaptureQueriesContext(connection) as captured:
                if action() == 500:
                    sys.exit(f"{name}: 500")
            queries[name] = max(queries.get(name, 0), len(captured))
    say(queries)
    for _ in sys.stdin:
        say({name: [milliseconds(action) for action in several] for name, several in chosen.items()})


def say(answer: object) -> None:
    """One line for the comparing process."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def milliseconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    start = perf_counter()
    action()
    return (perf_counter() - start) * 1000


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
        self.queries: dict[str, int] = self.answer()

    def answer(self) -> dict[str, int]:
        """The next line of the process."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name}, {self.guides}: the measuring process ended")
        answer: dict[str, int] = json.loads(line)
        return answer

    def round(self) -> None:
        """Measure everything once."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        for action, times in self.answer().items():
            self.times[action] += times  # type: ignore[arg-type]

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
    """Take turns: one round of every database, then the next."""
    workers = [Worker(engine, guides, url, only) for engine, guides, url in given]
    with ExitStack() as stack:
        for worker in workers:
            stack.callback(worker.end)
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds}")
            for worker in workers:
                worker.round()
    return workers


def show(workers: list[Worker]) -> None:
    """A table for each engine: median milliseconds, ratio to the smallest, queries."""
    for engine, title in ENGINES.items():
        own = [worker for worker in workers if worker.name == engine]
        if not own:
            continue
        sizes = "".join(f" {worker.guides:,} guides | ratio | queries |" for worker in own)
        sys.stdout.write(f"\n{title}, milliseconds\n\n| |{sizes}\n|---|{'---|---|---|' * len(own)}\n")
        for action in own[0].queries:
            first = median(own[0].times[action])
            cells = [
                f" {median(w.times[action]):.1f} | {median(w.times[action]) / first:.2f} | {w.queries[action]} |"
                for w in own
            ]
            sys.stdout.write(f"| {action} |{''.join(cells)}\n")


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
        show(
            measure(
                [(engine, int(guides), url) for engine, guides, url in parts], options.rounds, options.only
            )
        )
    else:
        with all_databases(GUIDES) as filled:
            show(measure(filled, options.rounds, options.only))


if __name__ == "__main__":
    main()
