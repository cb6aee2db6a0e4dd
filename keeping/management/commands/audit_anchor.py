"""Say the last entry's number and hash, to be kept elsewhere: ``manage.py audit_anchor [FILE]``."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localtime

from keeping.looking import verify
from keeping.trail import last_anchor


class Command(BaseCommand):
    """What it prints goes to the journal when a timer runs it: outside the database."""

    help = "存证：把最后一条审计记录的号码和校验值写到数据库以外（屏幕、日志，给了文件就追加到文件）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="追加到哪个文件")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` when the trail is not whole: a broken one is not vouched for."""
        found = verify()
        if not found.is_whole:
            raise CommandError(
                f"审计记录核对不过，没有存证：{found.problems[0]}请运行 manage.py audit_verify。"
            )
        anchor = last_anchor()
        if anchor is None:
            self.stdout.write("还没有审计记录，没有可存证的。")
            return
        line = f"{localtime():%Y-%m-%dT%H:%M:%S%z} {anchor}"
        if options["file"]:
            self._append(options["file"], line)
        self.stdout.write(f"审计存证 {line}")

    @staticmethod
    def _append(file: Path, line: str) -> None:
        try:
            with file.open("a", encoding="utf-8") as written:
                written.write(f"{line}\n")
                written.flush()
                os.fsync(written.fileno())
        except OSError as error:
            raise CommandError(f"写不了 {file}：{error.strerror}。") from error
