"""How fast the public pages are: ``make bench``.

Follows the links from the home page and asks for some pages of every kind, in this process, with no
server in between. Prints for each kind the most queries, the median and the slowest time, and the size.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from time import perf_counter

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
class Visit:
    """One answer: milliseconds, database queries and bytes."""

    milliseconds: float
    queries: int
    size: int


def visit(client: Client, path: str) -> tuple[bytes, Visit]:
    """Ask for the page once; a page that is not there stops the measurement."""
    reset_queries()  # the log holds 9,000 and then counts no further
    with CaptureQueriesContext(connection) as queries:
        start = perf_counter()
        response = client.get(path, headers={"host": "localhost"})
        milliseconds = (perf_counter() - start) * 1000
    if response.status_code >= 400:
        raise SystemExit(f"{path}：{response.status_code}")
    return response.content, Visit(milliseconds, len(queries), len(response.content))


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
        content, _ = visit(client, path)
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
    print(f"{'':24}{'页数':>6}{'查询':>6}{'中位毫秒':>8}{'最慢毫秒':>8}{'KB':>9}")
    for kind, paths in sorted(find_pages(client).items()):
        visits = [visit(client, path)[1] for _ in range(ROUNDS) for path in paths]
        times = [one.milliseconds for one in visits]
        queries, size = max(one.queries for one in visits), median(one.size for one in visits) / 1024
        print(f"{kind:24}{len(paths):8}{queries:8}{median(times):12.1f}{max(times):12.1f}{size:9.1f}")


if __name__ == "__main__":
    main()
