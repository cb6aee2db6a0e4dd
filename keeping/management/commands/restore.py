"""Restore a backup: ``manage.py restore FILE --into DATABASE_URL``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from keeping.backups import BackupError, restore
from keeping.backups.locking import keys_in
from keeping.backups.site import take_over
from keeping.backups.store import Place, store_at


class Command(BaseCommand):
    """Into a database that is named, never into the one of the settings by accident."""

    help = "恢复备份到指定的数据库：全部成功才换上，不成功就原样不动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件")
        parser.add_argument("--into", required=True, metavar="DATABASE_URL", help="恢复到哪个数据库")
        parser.add_argument("--identity", type=Path, help="加密的备份：私钥文件")
        parser.add_argument("--media", type=Path, help="上传的文件放到哪个新文件夹")
        parser.add_argument("--yes", action="store_true", help="目标不是空的也换掉")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError``; unless it says otherwise the database is then as it was."""
        file: Path = options["file"]
        try:
            place = Place.at(options["into"])
            keys = keys_in(options["identity"]) if options["identity"] else []
            done = restore(
                file, store_at(place), keys=keys, may_replace=options["yes"], media=options["media"]
            )
        except BackupError as error:
            raise CommandError(f"没有恢复。{error}") from error
        try:
            take_over(place, file.name, str(done.manifest.about.get("audit", "")))
        except DatabaseError as error:
            raise CommandError(
                f"内容已经恢复，但没能注销旧的登录、写审计记录：{error}请先不要启动网站。"
            ) from error
        rows = sum(table.rows for table in done.manifest.tables.values())
        self.stdout.write(
            f"已恢复 {file.name}（{done.manifest.made_at[:16]} UTC 的内容，{len(done.manifest.tables)} 个表，{rows} 行，逐表核对一致）。"
        )
        if done.before:
            self.stdout.write(f"{done.before}，看过没有问题再删。")
        if done.media:
            self.stdout.write(f"备份里还有 {done.media} 个上传的文件，没有恢复：需要时加 --media 文件夹。")
        self.stdout.write(
            "接下来：manage.py migrate；manage.py audit_verify；重新启动全部网站程序；重写静态镜像。"
        )
