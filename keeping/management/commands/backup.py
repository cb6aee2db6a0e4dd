"""Back the site up into a folder: ``manage.py backup FOLDER``."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from keeping.backups import BackupError, back_up
from keeping.backups.locking import keys_in, new_identity
from keeping.backups.making import Wanted
from keeping.backups.site import about, settings_list
from keeping.backups.store import Place, store_at
from keeping.files import whole_file


class Command(BaseCommand):
    """One sentence with the counts; the last line is the anchor of the audit trail, for the journal to keep."""

    help = "备份：数据库、上传的文件、设置清单，一个文件；写完先试恢复一遍，通过才算数。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="放在哪个文件夹")
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            metavar="age1…",
            help="加密用的 age 公钥，可以几个；另有 BACKUP_RECIPIENTS 里的",
        )
        parser.add_argument("--recipients-file", type=Path, help="公钥文件，一行一个")
        parser.add_argument("--keep", type=int, default=30, help="留最近几份，不写是 30")
        parser.add_argument("--no-verify", action="store_true", help="写完只通读，不试恢复")
        parser.add_argument("--new-key", action="store_true", help="不备份：在 FOLDER 这个文件里生成一对密钥")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError``; then older backups are all there and nothing is left of this one."""
        if options["new_key"]:
            self._make_key(options["folder"])
            return
        if options["keep"] < 1:
            raise CommandError("--keep 至少是 1。")
        try:
            file = options["recipients_file"]
            wanted = Wanted(
                settings=settings_list(),
                about=about(),
                media=Path(settings.MEDIA_ROOT) if settings.MEDIA_ROOT else None,
                recipients=[
                    *settings.BACKUP_RECIPIENTS,
                    *options["recipient"],
                    *(keys_in(file) if file else []),
                ],
                keep=options["keep"],
                verify=not options["no_verify"],
            )
            store = store_at(Place.of_django(connection.settings_dict))
            connection.close()  # the copy is made on a connection of its own, for as long as it takes
            made = back_up(store, options["folder"], wanted, datetime.now(UTC))
        except BackupError as error:
            raise CommandError(f"备份没有成功。{error}以前的备份都还在。") from error
        tried = "只通读过，没有试恢复" if options["no_verify"] else "已试恢复，逐表核对一致"
        locked = "已加密" if wanted.recipients else "没有加密"
        self.stdout.write(
            f"已备份到 {made.file}（{made.file.stat().st_size // 1024} KB，{len(made.manifest.tables)} 个表，"
            f"{made.rows} 行；{tried}；{locked}）。\n审计存证 {wanted.about['audit'] or '还没有记录'}"
        )

    def _make_key(self, file: Path) -> None:
        if file.exists():
            raise CommandError(f"{file} 已经有了，不覆盖。")
        pair = new_identity()
        try:
            with whole_file(file) as written:
                written.write(f"# public key: {pair.to_public()}\n{pair}\n".encode())
        except OSError as error:
            raise CommandError(f"写不了 {file}：{error.strerror}。") from error
        self.stdout.write(
            f"{pair.to_public()}\n上面是公钥。私钥在 {file}：请移到别的机器和保险柜里，本机不留；丢了它，加密的备份谁也打不开。"
        )
