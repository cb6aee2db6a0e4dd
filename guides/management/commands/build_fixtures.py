"""Rebuild the fixtures: ``manage.py build_fixtures [--check]``."""

from __future__ import annotations

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from guides.fixtures import fixture_texts

FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    """Load the catalogue and the handbooks into an empty in-memory database and write the fixtures from it."""

    help = "从目录和手册重建 fixtures/*.json（用 make fixtures 运行）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只比较，不写；不一致时失败")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` outside an in-memory database, and with ``--check`` when a file differs."""
        if ":memory:" not in str(connection.settings_dict["NAME"]) and "mode=memory" not in str(
            connection.settings_dict["NAME"]
        ):
            raise CommandError("只能在内存数据库里重建，请用 make fixtures。")
        call_command("migrate", verbosity=0)
        call_command("load_catalogue", stdout=self.stdout)
        for book in tomllib.loads((FIXTURES / "catalogue.toml").read_text(encoding="utf-8"))["handbooks"]:
            call_command(
                "import_handbook",
                FIXTURES / "handbooks" / book["file"],
                city=book["city"],
                handbook=book["slug"],
                stdout=self.stdout,
            )
        texts = fixture_texts()
        if options["check"]:
            _check(texts)
        for name, text in texts.items():
            (FIXTURES / name).write_text(text, encoding="utf-8")
        self.stdout.write("fixtures 与手册一致。" if options["check"] else f"已写 {len(texts)} 个文件。")


def _check(texts: dict[str, str]) -> None:
    wrong = [name for name, text in texts.items() if not _same(FIXTURES / name, text)]
    if wrong:
        raise CommandError(f"与手册不一致：{'、'.join(wrong)}。请运行 make fixtures 并提交。")


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
