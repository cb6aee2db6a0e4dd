"""Fill the work-day calendar: ``manage.py seed_workdays [--replace]``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from guides.editing import seed_workdays
from guides.editing.workdays import FIRST_YEAR


class Command(BaseCommand):
    """Put the years the chinesecalendar package knows into the work-day calendar."""

    help = "录入工作日历：软件包 chinesecalendar 收录的各年放假和调休安排；已有的年份不动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--replace", action="store_true", help="已有的年份也重新录入，编辑改过的会丢失")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints which years were added, replaced and left alone."""
        seeded = seed_workdays(replace=options["replace"])
        words = [
            f"{verb}{'、'.join(map(str, years))}年"
            for verb, years in (("新增", seeded.added), ("重录", seeded.replaced), ("未动", seeded.kept))
            if years
        ]
        nothing = f"软件包里没有 {FIRST_YEAR} 年以后的安排"
        self.stdout.write(f"工作日历：{'，'.join(words) or nothing}。")
