"""What paper costs, and what it does to the pages meanwhile: ``make bench-paper``.

Starts the site as ``make run`` does, with an empty shelf, on the database of ``DATABASE_URL``. Fifty people ask for
papers at the same time, each coming back when told to, while one reader turns pages. Prints tables in Markdown.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count, cycle
from pathlib import Path
from statistics import quantiles
from threading import Event, Timer

import django

PEOPLE = 50
SECONDS = 20
"""How long each measurement goes on."""
PAUSE = 10
"""Seconds for which a person looks at a paper before asking for the next; the first all want at once."""
PATIENCE = 120
"""Seconds after which a person who waits for a paper gives up."""
PORT = 8399
CITY = "dazhou"
LOOP = 20_000_000
IN_BETWEEN = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-I", sys.argv[1]], stdin=sys.stdin, stdout=sys.stdout)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{used.ru_utime + used.ru_stime:.2f} | {used.ru_maxrss / 1024:.0f}", file=sys.stderr)
sys.exit(done.returncode)
"""
"""A small process between the benchmark and the child: the memory a child is said to have used is at least its parent's."""


@dataclass
class Answers:
    """What the people at the counter got: how long each waited for a paper, and how often one was sent away first."""

    waited: list[float] = field(default_factory=list)
    sent_away: int = 0
    failed: int = 0


@contextmanager
def site(shelf: str) -> Iterator[None]:
    """The site with an empty shelf; ends with it."""
    command = [
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(PORT), "--no-ws", "--blocking-threads", "4", "--workers-kill-timeout", "2"),
        *("--log-level", "warning", "config.wsgi:application"),
    ]
    environment = os.environ | {"PAPER_CACHE": shelf, "SITE_URL": f"http://127.0.0.1:{PORT}"}
    server = subprocess.Popen(command, env=environment)
    try:
        until = time.monotonic() + 30
        while True:
            try:
                get("/")
                break
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait(20)


def get(path: str) -> tuple[int, bytes, int]:
    """Ask once: the status, the body, and after how many seconds to come back."""
    connection = HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read(), int(response.headers.get("Retry-After", 3))
    finally:
        connection.close()


def fetch_paper(path: str, answers: Answers) -> None:
    """Ask for a paper like a browser that comes back by itself."""
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE:
        status, body, wait = get(path)
        if status == 200 and body.startswith(b"%PDF-"):
            answers.waited.append(time.monotonic() - started)
            return
        if status != 503:
            break
        answers.sent_away += 1
        time.sleep(wait)
    answers.failed += 1


def read_pages(paths: list[str], over: Event) -> list[float]:
    """Turn pages until it is over; milliseconds of each."""
    times = []
    for path in cycle(paths):
        started = time.monotonic()
        status, _, _ = get(path)
        times.append((time.monotonic() - started) * 1000)
        if status != 200:
            raise SystemExit(f"{path}：{status}")
        if over.is_set():
            return times
        time.sleep(0.02)
    return times


def measure(name: str, pages: list[str], paper_of: Callable[[int], str] | None) -> None:
    """One line of the table: pages while fifty people ask for papers, each for one after the other."""
    over, answers, turn = Event(), Answers(), count()

    def person(_: int) -> None:
        while paper_of and not over.is_set():
            fetch_paper(paper_of(next(turn)), answers)
            over.wait(PAUSE)

    with ThreadPoolExecutor(PEOPLE + 1) as everybody:
        reader = everybody.submit(read_pages, pages, over)
        people = [everybody.submit(person, number) for number in range(PEOPLE)]
        Timer(SECONDS, over.set).start()
        times = reader.result()
        for one in people:
            one.result()
    print(f"| {name} | {len(times)} | {at(times, 50):.0f} | {at(times, 99):.0f} | {papers_said(answers)} |")


def papers_said(answers: Answers) -> str:
    """What became of the papers, for the table."""
    if not answers.waited:
        return f"0 | – | – | {answers.failed}"
    waits = answers.waited
    return f"{len(waits)} | {at(waits, 50):.1f} | {max(waits):.1f} | {answers.failed}"


def at(values: list[float], percent: int) -> float:
    """The value that so many percent stay below."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def measure_setting() -> None:
    """Processor time and memory of one sheet, the poster and whole booklets, each in a child of its own."""
    from django.test import Client  # noqa: PLC0415 - Django has to be set up first

    from guides.sheets import typesetting  # noqa: PLC0415

    figures: list[str] = []

    def measured(paper: typesetting.Paper) -> bytes:
        child = [sys.executable, "-I", "-c", IN_BETWEEN, str(typesetting.SETTER)]
        done = subprocess.run(
            child,
            input=typesetting.job_of(paper),
            env=typesetting.ENVIRONMENT,
            capture_output=True,
            check=True,
        )
        figures.append(done.stderr.decode().splitlines()[-1])
        return done.stdout

    typesetting.run_setter = measured
    print("| 文件 | 页 | KB | 处理器秒 | 内存 MB |\n|---|---|---|---|---|")
    for name, path in (
        ("一张办事指南", f"/guides/{CITY}/zhuyuan-baoxiao/xuanhan/sheet.pdf"),
        ("海报", f"/offices/{CITY}/xuanhan/poster.pdf"),
        ("全册", f"/offices/{CITY}/xuanhan/booklet.pdf"),
        ("全册，大字", f"/offices/{CITY}/xuanhan/booklet.pdf?size=large"),
    ):
        pdf = Client(headers={"host": "localhost"}).get(path).content
        print(f"| {name} | {pages_of(pdf)} | {len(pdf) / 1024:.0f} | {figures[-1]} |")
    print(f"\n同时：Python 数到 {LOOP} 用 {counting():.2f} 处理器秒。")


def counting() -> float:
    """Processor seconds of an empty loop: what the machine is worth at this moment."""
    started = time.process_time()
    for _ in range(LOOP):
        pass
    return time.process_time() - started


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has."""
    from io import BytesIO  # noqa: PLC0415

    from pypdf import PdfReader  # noqa: PLC0415

    return len(PdfReader(BytesIO(pdf)).pages)


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as shelf:
        os.environ["PAPER_CACHE"] = shelf
        from django.conf import settings  # noqa: PLC0415

        settings.PAPER_CACHE = Path(shelf)
        measure_setting()
    from guides.models import Guide  # noqa: PLC0415

    guides = list(Guide.objects.published().filter(city__slug=CITY).select_related("city", "matter"))
    counties = list(guides[0].city.counties.all())
    pages = ["/", f"/guides/?city={CITY}", *(guide.get_absolute_url() for guide in guides[:10]), "/offices/"]
    sheets = [
        f"/guides/{CITY}/{guide.matter.slug}/{county.slug}/sheet.pdf"
        for county in counties
        for guide in guides
    ]
    booklets = [f"/offices/{CITY}/{county.slug}/booklet.pdf" for county in counties]
    print(f"\n{PEOPLE} 人同时要文件，另有一人翻看网页，各 {SECONDS} 秒\n")
    print("| 同时在要 | 翻了几页 | 网页中位毫秒 | 网页 p99 毫秒 | 文件 | 等待中位秒 | 最久秒 | 失败 |")
    print("|---|---|---|---|---|---|---|---|")
    for name, paper_of in (
        ("没有", None),
        ("同一张办事指南", lambda turn: sheets[0]),
        ("各不相同的办事指南", lambda turn: sheets[turn % len(sheets)]),
        ("各县的全册", lambda turn: booklets[turn % len(booklets)]),
    ):
        with tempfile.TemporaryDirectory() as shelf, site(shelf):
            for path in pages:
                get(path)
            measure(name, pages, paper_of)
            kept = len(list(Path(shelf).glob("*.pdf")))
            print(f"<!-- 排版 {kept} 份 -->")


if __name__ == "__main__":
    main()
