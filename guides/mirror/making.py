"""Making a version of the mirror out of the one before and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol

from guides.program import program
from guides.ready.dependence import scopes_of
from guides.ready.watching import SECONDS, Seen, Watch

from .addresses import public_addresses
from .former import former_addresses
from .pages import MirrorStopped
from .press import Press, Result, Task, Wish, make_all
from .record import Made, Record
from .static import collected_files, copy_static
from .versions import Folder, share
from .withdrawn import FOLDER, note_withdrawn

EDITED_AWAY = {200, 404, 410}
"""What an address may answer while editors are at work; anything else no further round would mend."""
ROUNDS = 20
"""How often what was edited meanwhile is made again before giving up."""


class Report(Protocol):
    """Who is told how it goes."""

    def say(self, sentence: str) -> None:
        """A sentence for the log."""

    def count(self, done: int, total: int) -> None:
        """So many of the addresses are made."""


@dataclass(frozen=True)
class Outcome:
    """What a run has come to."""

    version: str
    addresses: int
    made: int
    """Addresses the site was asked for."""
    written: int
    """Addresses whose files are new."""
    gone: int
    """Addresses of the version before that are not in this one."""
    size: int
    """Bytes of all files, the static ones left out."""
    seen: int
    """Number of the newest stamp whose content it shows."""
    is_new: bool = True


def write(path: Path, wish: Wish, report: Report) -> Outcome:
    """Bring the mirror in this folder up to date; raises ``MirrorStopped`` and leaves readers the version they had."""
    collected_files()
    folder = Folder(path)
    with folder.alone(), folder.new() as making:
        return Run(folder, making, wish, report).run()


class Run:
    """One run: rounds until nothing was edited while the pages were made, so that all show one state of the content."""

    def __init__(self, folder: Folder, making: Path, wish: Wish, report: Report) -> None:
        self.folder = folder
        self.making = making
        self.wish = wish
        self.report = report
        self.present = folder.present
        self.before = Record.read(folder.record_of(self.present))
        self.record = Record()
        self.press: Press | None = None
        self.done: dict[str, Made] = {}
        self.written: set[str] = set()
        self.made = 0

    def run(self) -> Outcome:
        """Make the pages, put them together with the unchanged ones, and switch."""
        self.note_withdrawn()
        if self.is_up_to_date():
            self.record = self.before
            return self.outcome(self.present)
        self.settle()
        pages, before = self.record.pages, self.before
        gone = before.pages.keys() - pages.keys()
        is_new = bool(self.written or gone) or self.record.program != before.program or not self.present
        if is_new:
            self.put_together()
            self.record.write(self.making / "record.json")
            return self.outcome(self.folder.switch(), gone=len(gone), is_new=True)
        self.record.write(self.folder.record_of(self.present))
        return self.outcome(self.present)

    def note_withdrawn(self) -> None:
        """Tell nginx what was withdrawn before the pages are made, which takes longer."""
        if not self.wish.portable:
            note_withdrawn(self.folder.path / FOLDER)

    def is_up_to_date(self) -> bool:
        """Whether nothing at all has changed since, which the timer finds nearly always: known without naming every address."""
        if not self.present or self.wish.portable:
            return False
        return self.before.last == look().last and self.before.program == program(*self.wishes())

    def wishes(self, links: list[str] | None = None) -> tuple[object, ...]:
        """What is asked for, besides the content; ``links`` are all addresses, where every page has to know them."""
        return (self.wish.portable, self.wish.quality, links)

    def outcome(self, version: str, *, gone: int = 0, is_new: bool = False) -> Outcome:
        """What it has come to."""
        pages = self.record.pages
        size = sum(made.size for made in pages.values())
        return Outcome(
            version, len(pages), self.made, len(self.written), gone, size, self.record.last, is_new
        )

    def settle(self) -> None:
        """Make what is to be made until a round ends at the stamps it began with."""
        for _ in range(ROUNDS):
            seen = look()
            refused = self.round(seen)
            if look().last == seen.last:
                if refused:
                    raise MirrorStopped(refusal(refused))
                return
            self.report.say("写的时候内容又有改动，受影响的页重新写。")
            self.note_withdrawn()
        raise MirrorStopped(
            "内容一直在改动，镜像没有更新，读者看到的仍是上一版。请等导入或批量修改结束后再运行。"
        )

    def round(self, seen: Seen) -> list[Result]:
        """Make every address that is older than ``seen``; returns those at which there is no page."""
        wanted = list(dict.fromkeys(public_addresses()))
        self.begin(wanted, seen)
        ahead, refused = wanted, list[Result]()
        while ahead:
            tasks = self.tasks(ahead, seen)
            for result in self.make(tasks):
                if result.made is None:
                    refused.append(result)
                if result.status not in EDITED_AWAY:
                    raise MirrorStopped(refusal([result]))
            reached = [address for address in ahead if address in self.done]
            for address in reached:
                self.record.pages[address] = self.done[address]
            leads = dict.fromkeys(lead for address in reached for lead in self.done[address].leads)
            ahead = [address for address in leads if address not in self.record.pages]
        return refused

    def begin(self, wanted: list[str], seen: Seen) -> None:
        """Begin a round; when the program is another one, nothing made before is of use."""
        links = sorted(wanted) if self.wish.portable else None  # there every page knows which others exist
        made_by = program(*self.wishes(links))
        if self.record.program != made_by:
            self.done.clear()
        self.record = Record(made_by, seen.last, {})
        self.press = Press(self.wish, self.making, frozenset(wanted))

    def tasks(self, addresses: Iterable[str], seen: Seen) -> list[Task]:
        """What of these has to be made; what has not changed is taken over."""
        old = self.before.pages if self.before.program == self.record.program else {}
        tasks = []
        for address in addresses:
            number = newest(seen, address)
            if address in self.done and self.done[address].number == number:
                continue
            if address in old and old[address].number == number and address not in self.written:
                self.done[address] = old[address]
            else:
                self.done.pop(address, None)
                before = "" if address in self.written or address not in old else old[address].digest
                tasks.append(Task(address, number, before))
        return tasks

    def make(self, tasks: list[Task]) -> Iterable[Result]:
        """Make them and note what became of each."""
        if self.press is None or not tasks:
            return
        self.report.say(f"共 {len(tasks)} 个网址要写。")
        for done, result in enumerate(make_all(self.press, tasks), 1):
            self.report.count(done, len(tasks))
            if result.made:
                self.take(result, result.made)
            yield result
        self.made += len(tasks)

    def take(self, result: Result, made: Made) -> None:
        """Note an address as made; where nothing was written its files are those of the version before."""
        if result.is_written:
            self.written.add(result.address)
            self.done[result.address] = made
        else:
            self.done[result.address] = made._replace(size=self.before.pages[result.address].size)

    def put_together(self) -> None:
        """Share the unchanged files with the version before, take away what is no longer wanted, add the static files."""
        for address in self.written - self.record.pages.keys():
            self.remove(address)
        lost = [address for address in self.record.pages.keys() - self.written if not self.shared(address)]
        for result in self.make([Task(address, self.done[address].number) for address in lost]):
            if result.made is None:
                raise MirrorStopped(refusal([result]))
            self.record.pages[result.address] = result.made
        for former, present in former_addresses(self.record.pages):
            self.place_again(present, former)
        copy_static(self.making)

    def shared(self, address: str) -> bool:
        """Whether all files of an address could be shared with the version before."""
        old = self.folder.path / self.present
        try:
            for file in self.record.pages[address].files(address, twins=not self.wish.portable):
                share(f"{old}/{file}", f"{self.making}/{file}")
        except FileNotFoundError:
            return False
        return True

    def place_again(self, present: str, former: str) -> None:
        """Let the address that a page had before a renaming hold it too."""
        made, twins = self.record.pages[present], not self.wish.portable
        both = zip(made.files(present, twins=twins), made.files(former, twins=twins), strict=True)
        for file, name in both:
            share(f"{self.making}/{file}", f"{self.making}/{name}")

    def remove(self, address: str) -> None:
        """Take away what an earlier round wrote for an address that has gone since."""
        if made := self.done.get(address):
            for file in made.files(address, twins=not self.wish.portable):
                (self.making / file).unlink(missing_ok=True)


def has_changed(seen: int, seconds: float) -> bool:
    """Whether there is other content than that of stamp ``seen``, now or within so many seconds; looks once a second."""
    until = monotonic() + seconds
    while look().last == seen:
        if monotonic() >= until:
            return False
        sleep(SECONDS)
    return True


def look() -> Seen:
    """The stamps as they are now. Raises ``DatabaseError`` or ``InterfaceError`` when no database answers."""
    watch = Watch()
    watch.look()
    return watch.seen


def newest(seen: Seen, address: str) -> int:
    """The highest number of all that the page at this address depends on."""
    return max(seen.number(scope) for scope in scopes_of(*address.split("?", 1)))


def refusal(refused: list[Result]) -> str:
    """The sentence about addresses that ought to be pages and are none."""
    first, more = refused[0], len(refused) - 1
    others = f"（另有 {more} 个网址也是这样）" if more else ""
    hint = {
        400: "请检查 ALLOWED_HOSTS 里有没有 SITE_URL 的域名。",
        503: "排版正忙，请稍后再运行。",
    }.get(first.status, "请在浏览器里打开这个网址，按页面或日志的提示处理后再运行。")
    return f"{first.address} 的回答是 {first.status}，不是网页{others}。镜像没有更新，读者看到的仍是上一版。{hint}"
