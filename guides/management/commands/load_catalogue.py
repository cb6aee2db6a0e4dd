"""Load the catalogue: ``manage.py load_catalogue [FILE]``."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guides.editing import CatalogueError, load_catalogue


class Command(BaseCommand):
    """Load cities, counties, categories, matters and their other names from a catalogue file."""

    help = "载入目录文件：城市、县区、类别、事项、别名、人生事件。只增改，不删除。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "catalogue.toml"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` naming the entry that cannot be loaded; nothing is written then."""
        try:
            counts = load_catalogue(
                options["file"].read_text(encoding="utf-8"),
                json_format=options["file"].suffix == ".json",
            )
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"读不出目录文件 {options['file']}：{error}") from error
        except CatalogueError as error:
            raise CommandError(f"{options['file']}：{error}。未写入任何内容。") from error
        self.stdout.write(
            f"目录已载入：新增 {counts['added']}，更改 {counts['changed']}，未变 {counts['same']}。"
        )
