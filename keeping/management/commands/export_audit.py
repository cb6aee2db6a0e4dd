"""Write the audit trail into a file: ``manage.py export_audit FILE``."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import get_current_timezone

from keeping.exporting import FORMS
from keeping.files import whole_file
from keeping.looking import AT_A_TIME
from keeping.models import AuditEntry
from keeping.trail import record


class Command(BaseCommand):
    """In the order of the trail; the export itself is an entry."""

    help = "把审计记录写成文件（CSV，或每行一条的 JSON，后者可用 audit_verify --archive 核对）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="写到哪个文件，例如 audit.csv")
        parser.add_argument("--format", choices=list(FORMS), help="不写就看文件名的结尾")
        parser.add_argument("--since", type=date.fromisoformat, help="从哪一天起，例如 2026-01-01")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` when the file cannot be written; it appears only when it is complete."""
        path: Path = options["file"]
        form = options["format"] or path.suffix.removeprefix(".")
        if form not in FORMS:
            raise CommandError("文件名请以 .csv 或 .jsonl 结尾，或用 --format 说明格式。")
        rows = AuditEntry.objects.order_by("number")
        if since := options["since"]:
            rows = rows.filter(at__gte=datetime.combine(since, time.min, get_current_timezone()))
        count = 0
        try:
            with whole_file(path) as file:
                for line in FORMS[form](row.link for row in rows.iterator(chunk_size=AT_A_TIME)):
                    count += file.write(line.encode()) > 0
        except OSError as error:
            raise CommandError(f"写不了 {path}：{error.strerror}。") from error
        count -= form == "csv"
        record("export", actor=None, object="审计记录", detail={"format": form, "rows": count})
        self.stdout.write(f"已写出 {count} 条审计记录：{path}")
