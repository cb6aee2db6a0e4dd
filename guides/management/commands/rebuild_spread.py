"""Count the list anew, or verify its counts: ``manage.py rebuild_spread [--check]``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guides.editing import rebuild_spread, spread_problems

SHOWN = 20


class Command(BaseCommand):
    """Make what the list counts by anew from all published guides."""

    help = "重新统计各事项在哪些城市有办事指南（列表的数目由此而来）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，不写；不一致时失败")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` naming what differs, with ``--check``."""
        if not options["check"]:
            self.stdout.write(f"已重新统计 {rebuild_spread()} 份办事指南。")
            return
        if problems := spread_problems():
            more = [f"……共 {len(problems)} 处。"] if len(problems) > SHOWN else []
            raise CommandError(
                "\n".join([*problems[:SHOWN], *more, "请运行 manage.py rebuild_spread 重新统计。"])
            )
        self.stdout.write("列表的数目与办事指南一致。")
