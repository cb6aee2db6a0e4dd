"""The folder of the mirror: its versions, the link ``current`` to the one that readers get, and one maker at a time.

A version is made under another name and ``current`` is switched in one step, so readers see the whole of one version.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

from .pages import MirrorStopped

KEPT = 2
"""Versions: the current one, and the one before for readers who are just at it."""
NAME = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
UNFINISHED = ".making"


class Folder:
    """The folder that ``manage.py mirror`` was given."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.current = path / "current"
        self.making = path / UNFINISHED

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only maker; raises ``MirrorStopped`` when there is another. The system frees the lock of a maker that dies."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise MirrorStopped(
                    f"另一个 mirror 命令正在写 {self.path}，这一次不写。等它写完即可，不用再做什么。"
                ) from None
            yield

    @property
    def present(self) -> str:
        """The name of the version that readers get; "" when there is none."""
        try:
            name = self.current.readlink().name
        except OSError:
            return ""
        return name if (self.path / name).is_dir() else ""

    def record_of(self, version: str) -> Path:
        """The file that says what the version holds."""
        return self.path / f"{version}.json"

    @contextmanager
    def new(self) -> Iterator[Path]:
        """An empty folder to make a version in; what is left in it at the end is thrown away."""
        self.tidy()
        self.making.mkdir()
        try:
            yield self.making
        finally:
            shutil.rmtree(self.making, ignore_errors=True)

    def switch(self, now: datetime | None = None) -> str:
        """Give the finished version its name and lead readers to it; returns the name."""
        name = self._free_name(now or timezone.now())
        (self.making / "record.json").replace(self.record_of(name))
        self.making.replace(self.path / name)
        os.sync()  # after a power cut there is the old version or all of the new one
        link = self.path / ".current"
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        link.replace(self.current)
        self.tidy()
        return name

    def _free_name(self, now: datetime) -> str:
        name = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        taken = len(list(self.path.glob(f"{name}*.json")))
        return f"{name}-{taken + 1}" if taken else name

    def tidy(self) -> None:
        """Take away what a killed maker left, and versions nobody needs any more."""
        shutil.rmtree(self.making, ignore_errors=True)
        versions = sorted(
            path.name for path in self.path.iterdir() if path.is_dir() and NAME.fullmatch(path.name)
        )
        older = [version for version in versions if version < self.present]
        kept = {self.present, *older[-(KEPT - 1) :]}
        for version in versions:
            if version not in kept:
                shutil.rmtree(self.path / version, ignore_errors=True)
        for record in self.path.glob("*.json"):
            if record.stem not in kept and NAME.fullmatch(record.stem):
                record.unlink()


def share(old: str, new: str) -> None:
    """The same file in another version: a hard link, or a copy where the file system knows none.

    Raises ``FileNotFoundError`` when the old version lacks it.
    """
    try:
        os.link(old, new)
    except FileNotFoundError:
        folder = os.path.dirname(new)  # noqa: PTH120 (sixty thousand times: paths as objects cost more than the links)
        if os.path.isdir(folder):  # noqa: PTH112
            raise
        os.makedirs(folder)  # noqa: PTH103
        share(old, new)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EXDEV}:
            raise
        shutil.copy2(old, new)
