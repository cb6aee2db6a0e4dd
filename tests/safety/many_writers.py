"""Eight editors who save at once: ``python -m tests.safety.many_writers [--times N] [--port N] [--engine NAME]``.

A city with eight counties and one guide that all their offices share. Each editor is signed in, opens his office's page in
the admin, types another phone number and saves, again and again, through granian with two workers of eight threads. Every
saving has to be taken, none may meet "database is locked", and the versions have to say how many there were.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.drill.house import HOST, App
from tests.safety.scratch import ENGINES, Databases, databases, environment, run, run_python

WRITERS, TIMES, PORT = 8, 150, 22610


class Form(HTMLParser):
    """What a browser would send of the admin's form: every field as it stands."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.is_inside, self.select, self.text = False, "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("id", "").endswith("_form")
        if not self.is_inside:
            return
        name = given.get("name", "")
        if tag == "input" and name and given.get("type") not in ("submit", "checkbox", "file"):
            self.fields[name] = given.get("value", "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given:
            self.fields[self.select] = given.get("value", "")
        elif tag == "textarea":
            self.text = name
            self.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self.text:
            self.fields[self.text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = ""


class Writer(threading.Thread):
    """One editor at his desk."""

    def __init__(self, port: int, person: dict[str, str], times: int) -> None:
        super().__init__(daemon=True)
        self.port, self.person, self.times = port, person, times
        self.connection = HTTPConnection(HOST, port, timeout=60)
        self.cookies = {person["cookie"]: person["session"]}
        self.ends: Counter[str] = Counter()
        self.seconds: list[float] = []

    def run(self) -> None:
        """Save so often; what became of each time is in ``ends``."""
        for number in range(self.times):
            try:
                end = self.save(number)
            except OSError as error:
                end = repr(error)
                self.connection.close()
            self.ends[end] += 1

    def save(self, number: int) -> str:
        """Open the page, type another number, save: "saved", or what was said instead."""
        self.connection.close()  # the server may have closed it meanwhile
        status, page = self.ask("GET")
        if status != 200:
            return f"page: {status}"
        fields = Form(page).fields
        typed = next(name for name in fields if re.fullmatch(r"phones-0-number", name))
        fields[typed] = f"0818-{int(self.person['number']) * 1_000_000 + number:07d}"
        began = time.monotonic()
        status, page = self.ask("POST", urlencode(fields))
        self.seconds.append(time.monotonic() - began)
        return "saved" if status == 302 else f"saving: {status} {said(page)}"

    def ask(self, method: str, body: str = "") -> tuple[int, str]:
        """One request with the cookies so far."""
        headers = {
            "Host": f"{HOST}:{self.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.connection.request(method, self.person["address"], body or None, headers)
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode()


def said(page: str) -> str:
    """The words of a refusal."""
    found = re.findall(r'class="(?:errornote|errorlist[^"]*|message-sentence)"[^>]*>(.*?)</', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>|\s+", "", each) for each in found)[:200]


def counted(there: Databases) -> str:
    """Versions and revisions as the database has them."""
    rows = {
        name: there.rows("desk", query)[0][0]
        for name, query in {
            "offices": "SELECT sum(version) FROM offices_office",
            "guide": "SELECT sum(version) FROM guides_guide",
            "revisions of offices": "SELECT count(*) FROM guides_revision WHERE kind = 'office'",
            "revisions of the guide": "SELECT count(*) FROM guides_revision WHERE kind = 'guide'",
            "newest stamp": "SELECT max(number) FROM guides_stamp",
        }.items()
    }
    return ", ".join(f"{name} {count}" for name, count in rows.items())


def is_consistent(there: Databases, wanted: int) -> bool:
    """Every saving is one version of its office, one of the guide, and a revision of each."""
    queries = (
        "SELECT sum(version) FROM offices_office",
        "SELECT sum(version) FROM guides_guide",
        "SELECT count(*) FROM guides_revision WHERE kind = 'office'",
        "SELECT count(*) FROM guides_revision WHERE kind = 'guide'",
        "SELECT count(DISTINCT number) FROM guides_revision WHERE kind = 'guide'",
    )
    return all(there.rows("desk", query)[0][0] == wanted for query in queries)


def drill(engine: str, times: int, port: int) -> bool:
    """All writers on one engine; whether every saving was taken."""
    with tempfile.TemporaryDirectory(prefix="safety-") as name, databases(engine) as there:
        url = there.new("desk")
        run(url, "migrate", "--verbosity", "0")
        people = json.loads(run_python(url, "-m", "tests.safety.desks", str(WRITERS)))
        app = App(Path(name), port, **environment(url))
        app.start()
        try:
            app.wait()
            writers = [Writer(port, person, times) for person in people]
            began = time.monotonic()
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
            took = time.monotonic() - began
        finally:
            app.kill()
        ends = sum((writer.ends for writer in writers), Counter[str]())
        waits = sorted(second for writer in writers for second in writer.seconds)
        locked = app.log.read_text(errors="replace").count("database is locked")
        good = (
            ends == Counter({"saved": WRITERS * times})
            and not locked
            and is_consistent(there, WRITERS * times)
        )
        print(
            f"{engine}: {WRITERS} writers × {times} in {took:.0f} s: {dict(ends)}; "
            f'"database is locked" {locked} times; a saving took {statistics.median(waits):.2f} s, '
            f"the longest {waits[-1]:.2f} s; {counted(there)}",
            flush=True,
        )
        if not good:
            print(app.log.read_text(errors="replace")[-3000:], flush=True)
        return good


def main() -> int:
    """The exit code says whether nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--engine", choices=ENGINES, action="append")
    given = parser.parse_args()
    good = [drill(engine, given.times, given.port) for engine in given.engine or ENGINES]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
