"""Where papers that have been set are kept, so that none is set twice: files named by what they were made of.

A name is a hash of everything that went into the paper, so what lies here can be old but never out of date, and
deleting all of it at any time is safe. A folder that cannot be used is no shelf, and no error.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from threading import Lock
from time import monotonic, sleep

from django.conf import settings

log = logging.getLogger(__name__)

IN_THIS_PROCESS = Lock()
"""What stands in for the lock file where there is no folder."""
KEPT = 256 << 20
"""Bytes on the shelf."""
BLOCK = 4096
"""Bytes that a file takes at least."""
MAKES_ROOM = "00"
"""The end of the names of notes that make room: one hash in 256."""
LOOK_AGAIN = 0.03
"""Seconds between two tries for the lock: a wait on ``flock`` itself could not be given up."""


@dataclass(frozen=True)
class Shelf:
    """A folder of finished papers that holds at most so many bytes, the longest unused going first."""

    folder: Path
    most: int

    def get(self, key: str) -> bytes | None:
        """The paper of this name, marked as just used; nothing when it is not there or was cut off."""
        path = self.folder / f"{key}.pdf"
        try:
            pdf = path.read_bytes()
        except OSError:
            return None
        if not is_whole(pdf):
            return None
        with suppress(OSError):
            os.utime(path)
        return pdf

    def put(self, key: str, pdf: bytes) -> None:
        """Keep a paper; readers see all of it or nothing."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with whole_or_nothing(self.folder) as file:
                Path(file).write_bytes(pdf)
                Path(file).replace(self.folder / f"{key}.pdf")
            self.make_room()
        except OSError as error:
            log.warning("papers are not kept: %s", error)

    def note(self, name: str) -> str | None:
        """What was noted under this name, marked as just used."""
        path = self.folder / f"{name}.page"
        try:
            words = path.read_text("utf-8")
            os.utime(path)
        except (OSError, UnicodeDecodeError):
            return None
        return words

    def write_note(self, name: str, words: str) -> None:
        """Note something about a paper, under a hash; one note in so many makes room, for they can be more than the papers."""
        with suppress(OSError), whole_or_nothing(self.folder) as file:
            Path(file).write_text(words, "utf-8")
            Path(file).replace(self.folder / f"{name}.page")
            if name.endswith(MAKES_ROOM):
                self.make_room()

    def make_room(self) -> None:
        """Take away the longest unused papers and notes, and pieces left by a process that was killed, down to nine tenths."""
        files = sorted(self.folder.glob("*.p*"), key=last_used)
        too_much = sum(size(file) for file in files) - self.most
        if too_much <= 0:
            return
        too_much += self.most // 10
        for file in files:
            if too_much <= 0:
                break
            too_much -= size(file)
            file.unlink(missing_ok=True)

    @contextmanager
    def alone(self, seconds: float) -> Iterator[None]:
        """Be the only one on this machine who sets papers; raises ``TimeoutError`` when it takes longer.

        The system takes the lock from a process that dies, so nothing has to be tidied up after one.
        """
        until = monotonic() + seconds
        if not IN_THIS_PROCESS.acquire(timeout=seconds):
            raise TimeoutError
        try:
            with self.lock_file() as file:
                while file is not None and not is_ours(file):
                    if monotonic() > until:
                        raise TimeoutError
                    sleep(LOOK_AGAIN)
                yield
        finally:
            IN_THIS_PROCESS.release()

    @contextmanager
    def lock_file(self) -> Iterator[int | None]:
        """The open file that processes lock; none where nothing can be written."""
        file = None
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            file = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield file
        finally:
            if file is not None:
                os.close(file)


def site_shelf() -> Shelf:
    """The one shelf of this site, for all its processes on this machine."""
    return Shelf(Path(settings.PAPER_CACHE), KEPT)


@contextmanager
def whole_or_nothing(folder: Path) -> Iterator[str]:
    """A new file to write; taken away when that fails, so that a full disk does not fill up with pieces."""
    number, name = mkstemp(dir=folder, suffix=".part")
    os.close(number)
    try:
        yield name
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def is_ours(file: int) -> bool:
    """Whether the lock was free and is now held."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_whole(pdf: bytes) -> bool:
    """Whether a file is a PDF from its first to its last line: a full disk or a power cut leaves less."""
    return pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")


def last_used(file: Path) -> float:
    """When a paper was last asked for; files that vanish meanwhile are the oldest."""
    try:
        return file.stat().st_mtime
    except OSError:
        return 0


def size(file: Path) -> int:
    """Bytes on the disk, none for a file that has vanished."""
    try:
        return max(file.stat().st_size, BLOCK)
    except OSError:
        return 0
