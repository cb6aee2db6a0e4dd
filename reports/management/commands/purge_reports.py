"""``manage.py purge_reports``: what was closed 180 days ago goes."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import get_default_timezone, now

from reports.handling import purge


class Command(BaseCommand):
    """Deletes readers' reports 180 days after they were closed, and forgets after 7 days who sent what."""

    help = "删除办结满 180 天的网友纠错；提交来源的标记满 7 天抹去。每天运行一次。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day to count from."""
        parser.add_argument("--on", metavar="2026-11-22", help="按哪一天（零点）计算，默认现在")

    def handle(self, *args: Any, **options: Any) -> None:
        """One sentence with the counts."""
        purged = purge(_moment(options["on"]) if options["on"] else now())
        self.stdout.write(
            f"网友纠错：删除办结满 180 天的 {purged.reports} 件，抹去来源标记 {purged.senders} 件。"
        )


def _moment(day: str) -> dt.datetime:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), tzinfo=get_default_timezone())
    except ValueError as error:
        raise CommandError(f"“{day}”不是日期，请写成 2026-11-22 这样。") from error
