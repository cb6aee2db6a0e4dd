"""Write the pages that nginx shows when the application cannot: ``manage.py error_pages DIR``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guides.error_pages import write_error_pages


class Command(BaseCommand):
    """One file for each answer and display mode; files of an earlier version are replaced one by one."""

    help = "写出 nginx 在网站停止或太忙时显示的页面。更新网站后再运行一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="写到哪个文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            count = write_error_pages(folder)
        except OSError as error:
            raise CommandError(f"不能写到 {folder}：{error.strerror}。请检查文件夹的权限。") from error
        self.stdout.write(f"已写 {count} 个页面到 {folder}。")
