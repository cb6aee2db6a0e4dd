"""Look through the audit trail: ``manage.py audit_verify``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keeping.chain import Anchor, Findings
from keeping.looking import anchors_in, logged_anchors, verify, verify_archive


class Command(BaseCommand):
    """Prints what is wrong, one sentence a line, or number and hash of the last entry."""

    help = "核对审计记录：有没有被改、被删、被换、被截掉。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor", action="append", default=[], metavar="号码:校验值", help="当时存证的一条"
        )
        parser.add_argument("--anchor-file", type=Path, help="audit_anchor 写的文件")
        parser.add_argument(
            "--log",
            type=Path,
            help="网站的日志（JSON 行；“-”是从管道读）：每一条写下时都在那里留了号码和校验值",
        )
        parser.add_argument(
            "--archive", type=Path, nargs="+", default=[], help="归档文件，从旧到新；和库里的接起来核对"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` when anything is wrong."""
        try:
            anchors = [Anchor.read(text) for text in options["anchor"]]
            anchors += anchors_in(options["anchor_file"]) if options["anchor_file"] else []
            anchors += self._logged(options["log"]) if options["log"] else []
            archive = self._archives(options["archive"])
        except (OSError, ValueError) as error:
            raise CommandError(f"读不了：{error}") from error
        found = verify(anchors, archive)
        problems = [*(archive.problems if archive else []), *found.problems]
        if problems:
            lines = "\n".join(problems)
            raise CommandError(
                f"审计记录有 {len(problems)} 处问题：\n{lines}\n请保留现场，报告网络安全负责人。"
            )
        if found.last is None:
            self.stdout.write("还没有审计记录。")
            return
        unkeyed = f"其中 {found.unkeyed} 条没有用密钥。" if 0 < found.unkeyed < found.count else ""
        self.stdout.write(
            f"审计记录完整：第 {found.first.number if found.first else 1} 到第 {found.last.number} 条，共 {found.count} 条。"
            f"{unkeyed}\n最后一条 {found.last}"
        )

    def _logged(self, file: Path) -> list[Anchor]:
        with sys.stdin if str(file) == "-" else file.open(encoding="utf-8", errors="replace") as lines:
            anchors = logged_anchors(lines)
        self.stdout.write(f"日志里有 {len(anchors)} 条的号码和校验值")
        return anchors

    def _archives(self, files: list[Path]) -> Findings | None:
        found: Findings | None = None
        problems: list[str] = []
        for file in files:
            found = verify_archive(file, start=found.last if found else None)
            problems += found.problems
            self.stdout.write(f"{file.name}：{found.count} 条")
        if found:
            found.problems = problems
        return found
