"""Load a file of canonical documents: ``manage.py load_guides FILE [--dry-run]``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guides.editing import Change, DocumentFile, DocumentFileError, load_documents

LABELS = {"added": "新增", "changed": "更改", "same": "未变"}
BAR = 30
"""Characters of the progress bar."""


class Command(BaseCommand):
    """Check the whole file, then load it batch by batch."""

    requires_system_checks = ()  # they load every page of the site
    help = (
        "载入一个文件里的全部办事指南（每行一份，格式同 /data/guides.json，可用 gzip 压缩）。"
        "先把整个文件查一遍，有一处不对就一份也不写；然后分批写入，中途停了再运行一次即可接着来。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="文件，例如 guides.json.gz")
        parser.add_argument("--dry-run", action="store_true", help="只试算：报告会发生什么，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` listing what is wrong with its lines; nothing is written then."""
        path: Path = options["file"]
        file = DocumentFile(path)
        self.stdout.write(f"1/2 检查 {path.name}……")
        try:
            self.total = file.check()
            self.stdout.write(f"2/2 {'试算' if options['dry_run'] else '写入'} {self.total} 份……")
            self.done, self.began = 0, monotonic()
            verdicts = load_documents(
                (document for _, document in file.documents()),
                Change(source="import", reason=f"载入{path.name}"[:200]),
                is_rehearsal=options["dry_run"],
                progress=self._progress,
            )
        except DocumentFileError as error:
            raise CommandError(f"{path}：\n{error}\n未写入任何内容。") from error
        counts = "，".join(f"{label} {verdicts[verdict]}" for verdict, label in LABELS.items())
        self.stdout.write(f"{'试算完成，未写入' if options['dry_run'] else '载入完成'}：{counts}。")

    def _progress(self, batch: int) -> None:
        """One line that grows: percent, rate, time left; on a terminal only."""
        self.done += batch
        if not self.stdout.isatty():
            return
        rate = self.done / max(monotonic() - self.began, 0.001)
        left = round((self.total - self.done) / rate)
        bar = ("█" * (BAR * self.done // self.total)).ljust(BAR, "░")
        words = f"{bar} {self.done * 100 // self.total}%  {self.done}/{self.total}，每秒 {rate:.0f} 份，还需 {left // 60} 分 {left % 60:02} 秒"
        self.stdout.write(f"\r{words}", ending="\n" if self.done == self.total else "")
        self.stdout.flush()
