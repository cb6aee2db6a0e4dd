"""Making the files of one address after the other, in this process or in several."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from html import unescape
from itertools import chain
from multiprocessing.util import Finalize
from pathlib import Path
from typing import NamedTuple

from django.db import connections

from guides.display import MODES, STANDARD
from guides.sheets.many import StandingSetter
from guides.sheets.typesetting import papers_set_by

from .addresses import QUERY
from .files import TEXTUAL, file_of, put, put_with_twins
from .modes import Shown, in_every_mode
from .pages import Answer, MirrorStopped, Site
from .portable import portable
from .record import Made

NEXT_PAGE = re.compile(r'<a rel="next" href="([^"]+)"')
FEW = 30
"""Addresses for which no further process is worth starting."""
TOGETHER = 24
"""Neighbours that one process makes in a row: pages and paper of a county share what was read and drawn for them."""
GARBAGE = 50_000
"""New objects after which a process looks for garbage in circles: a page makes thousands and leaves hardly any."""
SLOW = re.compile(r".*(/booklet\.pdf|/poster\.pdf|/counter/|/compare/.*)")
"""What takes a second or nearly: begun first, so that no process is left with it at the end."""


@dataclass(frozen=True)
class Wish:
    """What kind of mirror is asked for."""

    portable: bool = False
    """For a folder without a server: links lead to files, no compressed twins."""
    quality: int = 5
    """Of brotli, 0 to 11; 11 saves a tenth and takes sixty times as long."""
    workers: int = 1
    """Processes."""


class Task(NamedTuple):
    """An address to make, the newest stamp it depends on, and the digest of what is there already."""

    address: str
    number: int
    before: str = ""


class Result(NamedTuple):
    """What became of a task: nothing but the status when there is no such page."""

    address: str
    status: int
    made: Made | None = None
    is_written: bool = False


class Press:
    """Makes files in one folder; ``addresses`` is all that the mirror will hold."""

    def __init__(self, wish: Wish, folder: Path, addresses: frozenset[str]) -> None:
        self.wish = wish
        self.folder = folder
        self.addresses = addresses
        self.site = Site()
        self.setter = StandingSetter()

    def knows(self, address: str) -> bool:
        """Whether the mirror holds the address; the further pages of a list are held with the first."""
        return address in self.addresses or re.sub(r"[?&]page=\d+$", "", address) in self.addresses

    def make(self, task: Task) -> Result:
        """Ask the site for a page and write it in every mode, unless it is the same as before."""
        with papers_set_by(self.setter.set):
            answer = self.site.ask(task.address)
        if answer.status != 200:
            return Result(task.address, answer.status)
        rendered, shown = [answer.body], dict[str, Shown]()
        digest = digest_of(rendered)
        if digest != task.before:
            shown = self._in_modes(answer, rendered)
            digest = digest_of(rendered)
        is_text = answer.kind.startswith(TEXTUAL)
        is_new = digest != task.before
        size = self._write(task.address, shown, is_text=is_text) if is_new else 0
        made = Made(task.number, digest, answer.is_page, is_text, leads_of(answer), size)
        return Result(task.address, answer.status, made, is_new)

    def _in_modes(self, answer: Answer, rendered: list[bytes]) -> dict[str, Shown]:
        """The answer as each mode shows it; what the site was asked for is added to ``rendered``."""

        def render(mode: str) -> bytes:
            rendered.append(self.site.ask(answer.address, mode).body)
            return rendered[-1]

        if not answer.is_page:
            return {STANDARD.mode: Shown(answer.body)}
        return in_every_mode(answer.body, answer.address, render)

    def _write(self, address: str, shown: dict[str, Shown], *, is_text: bool) -> int:
        """Write every mode with its twins; returns the bytes."""
        size = 0
        for mode, page in shown.items():
            file, body = self.folder / file_of(address, mode), page.body
            if self.wish.portable and len(shown) == len(MODES):
                body = portable(page, address, mode, self.knows)
            if is_text and not self.wish.portable:
                size += put_with_twins(file, body, self.wish.quality)
            else:
                put(file, body)
                size += len(body)
        return size


def digest_of(rendered: Sequence[bytes]) -> str:
    """Of all that the site was asked for at an address: one answer, or one more for each mode it had to make itself."""
    return hashlib.sha256(b"\0".join(rendered)).hexdigest()[:32]


def leads_of(answer: Answer) -> tuple[str, ...]:
    """The next page of a list, where there is one: nothing else tells how many there are."""
    found = [unescape(link) for link in NEXT_PAGE.findall(answer.body.decode())] if answer.is_page else []
    return tuple(link for link in found if QUERY.fullmatch(link.partition("?")[2]))


def make_all(press: Press, tasks: Sequence[Task]) -> Iterator[Result]:
    """The results, out of several processes when there is enough to do; raises ``MirrorStopped`` when one of them dies."""
    if press.wish.workers == 1 or len(tasks) <= FEW:
        try:
            yield from map(press.make, tasks)
        finally:
            press.setter.close()
        return
    leave_databases()
    forked = multiprocessing.get_context("fork")
    try:
        with ProcessPoolExecutor(press.wish.workers, forked, hand_over, (press,)) as pool:
            yield from chain.from_iterable(pool.map(make_here, in_rows(tasks)))
    except BrokenProcessPool as error:
        raise MirrorStopped(
            "一个写文件的进程意外结束（多半是内存不足），镜像没有更新，读者看到的仍是上一版。请减少 --workers 再运行。"
        ) from error


def in_rows(tasks: Sequence[Task]) -> list[Sequence[Task]]:
    """The tasks as processes take them: the slow ones first and each alone, then neighbours together."""
    slow = [task for task in tasks if SLOW.fullmatch(task.address)]
    quick = [task for task in tasks if not SLOW.fullmatch(task.address)]
    rows = [quick[first : first + TOGETHER] for first in range(0, len(quick), TOGETHER)]
    return [*([task] for task in slow), *rows]


def leave_databases() -> None:
    """Close every connection and pool: two processes must not speak through one."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


_press: list[Press] = []
"""The press of a child process."""


def hand_over(press: Press) -> None:
    """What a child process begins with. What there is by then stays, so nobody looks through it for garbage again."""
    _press[:] = [press]
    Finalize(press, press.setter.close, exitpriority=0)  # atexit is not for processes of a pool
    gc.freeze()
    gc.set_threshold(GARBAGE)


def make_here(tasks: Sequence[Task]) -> list[Result]:
    """Some tasks in a child process."""
    return [_press[0].make(task) for task in tasks]
