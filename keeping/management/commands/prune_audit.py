"""Archive old audit entries: ``manage.py prune_audit FOLDER``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from keeping.pruning import LEAST_DAYS, USUAL_DAYS, PruningError, prune


class Command(BaseCommand):
    """Run by the owner of the table: the role of the website may not."""

    help = f"把旧的审计记录归档成文件，再从库里删除（至少留 {LEAST_DAYS} 天）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="归档文件放在哪里")
        parser.add_argument(
            "--keep-days", type=int, default=USUAL_DAYS, help=f"库里留多少天，不写是 {USUAL_DAYS}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError``; then nothing was deleted."""
        try:
            pruned = prune(options["folder"], options["keep_days"], timezone.now())
        except PruningError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"归档文件写不了：{error}。没有删除任何记录。") from error
        except DatabaseError as error:
            raise CommandError(
                f"数据库不许删：{error}没有删除任何记录。请由审计表的所有者执行，见 docs/operations.md 的“审计记录”。"
            ) from error
        if pruned is None:
            self.stdout.write(f"没有超过 {options['keep_days']} 天的审计记录，没有归档。")
            return
        self.stdout.write(f"第 {pruned.first} 到第 {pruned.through} 条已归档到 {pruned.file}，并从库里删除。")
