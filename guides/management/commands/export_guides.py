"""Write all published guides into a file: ``manage.py export_guides FILE``."""

from __future__ import annotations

import gzip
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guides.open_data import as_json, city_by_city
from keeping.trail import record


class Command(BaseCommand):
    """The canonical documents city by city, one a line: what ``load_guides`` reads."""

    help = (
        "把全部已发布的办事指南写成一个文件（每行一份，可再用 load_guides 载入）；文件名以 .gz 结尾时压缩。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="写到哪个文件，例如 guides.json.gz")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` when the file cannot be written. It appears under its name only when it is complete."""
        path: Path = options["file"]
        part = path.with_name(f"{path.name}.part")
        try:
            with _open(part, is_packed=path.suffix == ".gz") as file:
                count = 0
                for piece in as_json(city_by_city()):
                    count += file.write(piece) and piece.startswith(("[\n", ",\n"))
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise CommandError(f"写不了 {path}：{error.strerror}。") from error
        record("export", actor=None, object=path.name, detail={"guides": count})
        self.stdout.write(f"已写出 {count} 份办事指南：{path}")


def _open(path: Path, *, is_packed: bool) -> Any:
    if is_packed:
        return gzip.open(path, "wt", compresslevel=6, encoding="utf-8")
    return path.open("w", encoding="utf-8")
