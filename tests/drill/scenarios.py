"""What goes wrong, while readers go on reading."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.drill.house import App, Nginx, Postgres
from tests.drill.load import LONGEST, Before, Page, Reader, Tally, steady

AT_REST = 3.0
"""Seconds of the load before something happens, so that its first moments are under load too."""
NOTICED = 2.0
"""Seconds after which every dynamic page has to say that it cannot; before, an answer in time is enough."""
DYNAMIC = (
    ("GET", "/admin/", None),
    ("GET", "/admin/login/", None),
    ("POST", "/admin/login/", "username=a&password=b"),
    ("POST", "/search/unfound/", "q=没有这样的词"),
)


@dataclass
class Site:
    """Everything that runs, and what its pages said when all was well."""

    primary: Postgres
    replica: Postgres
    apps: list[App]
    nginx: Nginx
    pages: Sequence[Page]
    known: dict[Page, Before]

    def turn(self, asked: int) -> None:
        """Begin the next time with the pages that nobody has asked for yet, so that short scenarios have all of them together."""
        first = asked % len(self.pages)
        self.pages = [*self.pages[first:], *self.pages[:first]]


Trouble = Callable[[Site], "Iterator[None]"]


def under_load(site: Site, seconds: float, trouble: Trouble, *, desk: bool) -> Tally:
    """Readers at the rate while the trouble lasts; ``desk``: dynamic pages must say that they cannot."""
    tally, over = Tally(), threading.Event()
    readers = threading.Thread(target=steady, args=(site.nginx.port, site.known, site.pages, seconds, tally))
    readers.start()
    time.sleep(AT_REST)
    with contextmanager(trouble)(site):
        began = time.monotonic()
        while time.monotonic() - began < seconds - 2 * AT_REST and readers.is_alive():
            if desk:
                ask_the_desk(site, tally, is_noticed=time.monotonic() - began > NOTICED)
            over.wait(0.7)
        ended = time.monotonic()
    for app in site.apps:
        app.wait()
    tally.back = time.monotonic() - ended
    readers.join()
    return tally


def ask_the_desk(site: Site, tally: Tally, *, is_noticed: bool) -> None:
    """Each dynamic page answers in time; when the trouble is known, with 503, words in Chinese and Retry-After.

    Behind nginx from the first moment on; the application servers themselves when their watch has had a look.
    """
    running = [app.port for app in site.apps if app.running]
    for port in [site.nginx.port, *(running if is_noticed else ())]:
        for method, address, body in DYNAMIC:
            reply = Reader(port).ask(Page(address), method, body)
            refused = reply.status == 503 and "retry-after" in reply.headers and "请".encode() in reply.text
            if reply.seconds > LONGEST or (is_noticed and not refused) or reply.status in (0, 500, 502, 504):
                tally.desk.append(f"{method} :{port}{address}: {reply.status} after {reply.seconds:.2f} s")


def database_stopped(site: Site) -> Iterator[None]:
    """The database is away."""
    site.primary.stop()
    yield
    site.primary.start()


def database_hung(site: Site) -> Iterator[None]:
    """Every table is locked."""
    with site.primary.hung():
        yield


def database_paused(site: Site) -> Iterator[None]:
    """The database takes requests and answers none."""
    with site.primary.paused():
        yield


def app_killed(site: Site) -> Iterator[None]:
    """No application server."""
    site.apps[0].kill()
    yield
    site.apps[0].start()


def workers_killed(site: Site) -> Iterator[None]:
    """One worker a second, in turn."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(1):
            if workers := site.apps[0].workers():
                with suppress(ProcessLookupError):
                    os.kill(workers[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    yield
    over.set()
    killer.join()


def everything_dead(site: Site) -> Iterator[None]:
    """Neither database nor application; nginx has forgotten all before (``dead_before``): the mirror alone."""
    yield
    site.primary.start()
    site.apps[0].start()


def dead_before(site: Site) -> None:
    """Before the load of ``everything_dead``: nginx cannot be emptied while it is asked."""
    site.primary.stop()
    site.apps[0].kill()
    site.nginx.wipe()


def app_lost(number: int) -> Trouble:
    """One of several application servers is killed, and comes back half-way."""

    def trouble(site: Site) -> Iterator[None]:
        site.apps[number].kill()
        yield
        site.apps[number].start()

    return trouble


def replica_lost(site: Site) -> Iterator[None]:
    """The replica is away: the primary is read."""
    site.replica.stop()
    yield
    site.replica.start()
