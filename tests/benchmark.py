"""What the public pages cost when they are made anew: ``make bench``.

Follows the links from the home page and asks for some pages of every kind, in this process, with no
server in between. Prints for each kind the most queries, the calls of Python functions and the median and the most
milliseconds of CPU, and the size.
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time

import django
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

PAGES_OF_A_KIND = 20
ROUNDS = 5
LINK = re.compile(rb'href="(/[^"#]*)')
NOT_OURS_TO_MEASURE = ("/static/", "/admin/", "/display/")


@dataclass
class Cost:
    """What one page costs: database queries, calls of Python functions, milliseconds of CPU in each round, bytes."""

    queries: int
    calls: int
    milliseconds: list[float]
    size: int


def ask(client: Client, path: str) -> bytes:
    """The page, made anew; one that is not there stops the measurement."""
    response = client.get(path, headers={"host": "localhost"})
    if response.status_code >= 400:
        raise SystemExit(f"{path}：{response.status_code}")
    return response.content


def cost(client: Client, path: str) -> Cost:
    """Ask for the page once to count, then some times to measure."""
    reset_queries()  # the log holds 9,000 and then counts no further
    with CaptureQueriesContext(connection) as queries:
        size = len(ask(client, path))
    return Cost(
        len(queries),
        calls(lambda: ask(client, path)),
        [milliseconds(lambda: ask(client, path)) for _ in range(ROUNDS)],
        size,
    )


def calls(action: Callable[[], object]) -> int:
    """How many Python functions it calls: the same on every machine."""
    count = 0

    def note(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def milliseconds(action: Callable[[], object]) -> float:
    """The CPU it takes."""
    start = process_time()
    action()
    return (process_time() - start) * 1000


def find_pages(client: Client) -> dict[str, list[str]]:
    """The name of each kind of page → some of their paths, found by following links."""
    kinds: dict[str, list[str]] = defaultdict(list)
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        kind = resolve(path.split("?")[0]).view_name
        if len(kinds[kind]) == PAGES_OF_A_KIND:
            continue
        kinds[kind].append(path)
        content = ask(client, path)
        links = {link.decode().replace("&amp;", "&") for link in LINK.findall(content)}
        new = sorted(link for link in links - seen if not link.startswith(NOT_OURS_TO_MEASURE))
        waiting += new
        seen |= set(new)
    return kinds


def main() -> None:
    """Measure and print one line for each kind of page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    client = Client()
    print(
        "| | pages | queries | Python calls | CPU ms, median | CPU ms, most | KB |\n|---|---|---|---|---|---|---|"
    )
    for kind, paths in sorted(find_pages(client).items()):
        costs = [cost(client, path) for path in paths]
        times = [time for each in costs for time in each.milliseconds]
        print(
            f"| {kind} | {len(paths)} | {max(each.queries for each in costs)} | {median(each.calls for each in costs):,.0f} "
            f"| {median(times):.1f} | {max(times):.1f} | {median(each.size for each in costs) / 1024:.1f} |"
        )


if __name__ == "__main__":
    main()
