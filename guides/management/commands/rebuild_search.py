"""Rebuild the search postings: ``manage.py rebuild_search``."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from guides.editing import rebuild_search


class Command(BaseCommand):
    """Make all search postings anew from names, guides and offices."""

    help = "重建检索：从事项名称、别名、指南和办理点重新生成词元。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many postings lead to matters and to offices."""
        matters, offices = rebuild_search()
        self.stdout.write(f"检索已重建：事项词元 {matters} 条，办理点词元 {offices} 条。")
