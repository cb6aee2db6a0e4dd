"""Fill an empty database: ``manage.py setup_site``."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from guides.editing import complete_snapshots, count_if_unknown, rebuild_search, rebuild_spread
from guides.fixtures import fixture_names
from guides.models import Guide
from keeping.trail import record


class Command(BaseCommand):
    """Load the fixtures into an empty database, leave a filled one alone; add years the work-day calendar lacks."""

    help = "数据库里还没有办事指南时，载入 fixtures。"

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("seed_workdays", stdout=self.stdout)
        if Guide.objects.exists():
            complete_snapshots()
            count_if_unknown()  # or the first reader would, and a GET should not have to write
            self.stdout.write(f"数据库已有 {Guide.objects.count()} 份办事指南，不再载入。")
            return
        call_command("loaddata", *fixture_names(), verbosity=0)
        rebuild_search()
        complete_snapshots()
        rebuild_spread()
        record("import", actor=None, object="初始数据", detail={"guides": Guide.objects.count()})
        self.stdout.write(f"已载入 {Guide.objects.count()} 份办事指南。")
