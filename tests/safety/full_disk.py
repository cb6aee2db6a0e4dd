"""A disk without room: ``python -m tests.safety.full_disk [--port N]``. Needs root, or a kernel that lets users mount.

Database (SQLite), finished papers, mirror, exports and the server's log lie on a file system of some megabytes. It is filled to
the last byte; then everything that writes is tried. Readers must notice nothing, whoever writes is told in Chinese, nothing
may be half done, and with room again all goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.drill.house import App
from tests.drill.load import Page, Reader
from tests.safety.killed_imports import rows_of
from tests.safety.many_writers import Writer
from tests.safety.scratch import PROJECT, Sqlite, environment, python, run, run_python

SIZE, PORT = 48, 22640
"""Megabytes; the port of the application."""
PAGES = ("/", "/guides/", "/guides/dazhou/zhuyuan-baoxiao/", "/offices/dazhou/xuanhan/", "/data/dazhou.json")
PAPER = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/sheet.pdf"


@contextmanager
def small_disk() -> Iterator[Path]:
    """A file system of its own, in memory."""
    with tempfile.TemporaryDirectory(prefix="safety-") as name:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", name], check=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "--lazy", name], check=True)


class Disk:
    """The room that is left on it."""

    def __init__(self, folder: Path) -> None:
        self.filler = folder / "filler"

    def fill(self, leave: int = 0) -> None:
        """Leave so many bytes."""
        with self.filler.open("ab", buffering=0) as file:
            for piece in (1 << 20, 1 << 12):
                try:
                    while file.write(b"\0" * piece) == piece:
                        pass
                except OSError:
                    continue
            file.truncate(max(0, file.seek(0, os.SEEK_END) - leave))

    def free(self) -> None:
        """Make room again."""
        self.filler.unlink()


class Drill:
    """What was tried, and what was not as it should be."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.disk, self.there = Disk(folder), Sqlite(folder)
        self.environment = {"PAPER_CACHE": str(folder / "paper"), "SITE_URL": f"http://127.0.0.1:{port}"}
        self.problems: list[str] = []
        self.url = self.there.new("site")

    def expect(self, what: str, said: str, *, good: bool) -> None:
        """Say what came of a try."""
        print(f"{'ok   ' if good else 'WRONG'} {what}: {said[:300]}", flush=True)
        if not good:
            self.problems.append(what)

    def build(self) -> None:
        """A site with one of the two books."""
        book = PROJECT / "fixtures" / "handbooks" / "dazhou-2024.txt"
        run(self.url, "migrate", "--verbosity", "0")
        run(self.url, "load_catalogue")
        run(self.url, "import_handbook", book, "--city", "dazhou")
        run(self.url, "setup_site")
        self.person = run_python(self.url, "-m", "tests.safety.desks", "0")

    def command(self, name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """A command that may fail."""
        command = python("manage.py", name, *arguments)
        given: dict[str, Any] = {"cwd": PROJECT, "env": environment(self.url, **self.environment)}
        return subprocess.run(command, check=False, capture_output=True, text=True, **given)

    def refused(self, name: str, *arguments: str | Path) -> None:
        """A command that has to give up with a sentence, leaving all rows as they were."""
        before = rows_of(self.there, "site")
        done = self.command(name, *arguments)
        said = done.stderr.strip()
        in_chinese = "磁盘" in said or "没有更新" in said or "写不了" in said
        good = done.returncode != 0 and in_chinese and "Traceback" not in said
        self.expect(name, said.splitlines()[-1] if said else "nothing said", good=good)
        self.whole(before)

    def whole(self, before: str) -> None:
        """Nothing half done, nothing broken."""
        found = self.there.rows("site", "PRAGMA integrity_check")
        if found != [("ok",)] or rows_of(self.there, "site") != before:
            self.expect("the database afterwards", str(found), good=False)

    def readers(self) -> None:
        """Pages and papers as ever, the paper without a piece of it left behind."""
        for address in (*PAGES, PAPER):
            reply = Reader(self.port).ask(Page(address))
            good = reply.status == 200 and (address != PAPER or reply.text.startswith(b"%PDF"))
            self.expect(f"GET {address}", f"{reply.status}, {len(reply.text)} bytes", good=good)
        pieces = [file.name for file in (self.folder / "paper").glob("*.part")]
        self.expect("pieces of papers", f"{pieces}", good=not pieces)

    def edit(self, *, is_full: bool) -> None:
        """An office's phone, through the admin."""
        before = rows_of(self.there, "site")
        end = self.writer.save(1)
        good = end.startswith("saving: 503 刚才提交的内容可能没有保存") if is_full else end == "saved"
        self.expect("saving in the admin", end, good=good)
        if is_full:
            self.whole(before)

    def run(self) -> None:
        """Full, nearly full, and with room again."""

        self.writer = Writer(self.port, json.loads(self.person)[0], 0)
        book = PROJECT / "fixtures" / "handbooks" / "suining.txt"
        suining = ("import_handbook", book, "--city", "suining")
        for name, leave in (("full to the last byte", 0), ("400 KB left", 400_000)):
            print(f"\n{name}")
            self.disk.fill(leave)
            self.refused(*suining)
            if not leave:
                self.edit(is_full=True)
                self.refused("mirror", self.folder / "mirror")
                self.refused("export_guides", self.folder / "guides.json")
                left = [path.name for path in self.folder.glob("guides.json*")]
                self.expect("pieces of the export", f"{left}", good=not left)
            self.readers()
            self.disk.free()
        print("\nroom again")
        self.edit(is_full=False)
        done = self.command(*suining)
        self.expect("import_handbook", done.stdout.strip().splitlines()[-1], good=done.returncode == 0)


def main() -> int:
    """The exit code says whether a full disk did no harm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=PORT)
    port = parser.parse_args().port
    if os.geteuid():  # root of a user namespace may mount a file system of its own
        given = python("-m", "tests.safety.full_disk", "--port", str(port))
        return subprocess.run(["unshare", "--map-root-user", "--mount", *given], check=False).returncode
    with small_disk() as folder:
        drill = Drill(folder, port)
        drill.build()
        app = App(folder, port, **environment(drill.url, **drill.environment))
        app.start()
        try:
            app.wait()
            drill.run()
        finally:
            app.kill()
        return 1 if drill.problems else 0


if __name__ == "__main__":
    sys.exit(main())
