"""Import a handbook: ``manage.py import_handbook FILE --city SLUG [--dry-run] [--report FILE]``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from guides.editing import (
    CatalogueError,
    DocumentError,
    Loading,
    NotLoadableError,
    describe_city,
    load_catalogue,
    load_handbook,
)
from guides.ingest import HandbookReading, load_corrections, markdown, read_handbook, report
from guides.models import Matter
from offices.models import City

HANDBOOKS = settings.BASE_DIR / "fixtures" / "handbooks"
LABELS = {"added": "新增", "changed": "更改", "same": "未变", "missing": "手册中没有（保留）"}


class Command(BaseCommand):
    """Read a handbook and load it: all of it, or nothing."""

    requires_system_checks = ()  # they load every page of the site
    help = "读入一本手册：解析、核对每一个字、写入。有任何问题就一字不写。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="手册的文本文件（UTF-8 或 GB18030）")
        parser.add_argument("--city", required=True, help="城市的网址名，例如 dazhou")
        parser.add_argument("--handbook", help="手册的识别名，默认取文件名")
        parser.add_argument("--description", type=Path, help="先载入这个城市和县区的说明文件（TOML 或 JSON）")
        parser.add_argument("--corrections", type=Path, default=HANDBOOKS / "corrections.toml", help="更正表")
        parser.add_argument("--dry-run", action="store_true", help="只试算：报告会发生什么，不写入")
        parser.add_argument("--report", type=Path, help="把报告写到这个文件（.json 或 .md）")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` listing every problem with its line; the database is as before then."""
        data = _read(options["file"])
        try:
            with transaction.atomic():
                reading, loading = self._import(data, options)
                transaction.set_rollback(options["dry_run"])
        except NotLoadableError as error:
            raise CommandError(f"{error}未写入任何内容。") from error
        except DocumentError as error:
            raise CommandError(
                "内容不合要求，未写入任何内容：\n" + "\n".join(map(str, error.problems))
            ) from error
        self._write_report(reading, loading, options["report"])
        self._summarise(reading, loading, dry_run=options["dry_run"])

    def _import(self, data: bytes, options: dict[str, Any]) -> tuple[HandbookReading, Loading]:
        if options["description"]:
            _load_description(options["description"])
        city = City.objects.with_counties().filter(slug=options["city"]).first()
        if not city:
            known = (
                "、".join(City.objects.values_list("slug", flat=True))
                or "（还没有城市，先运行 load_catalogue）"
            )
            raise CommandError(
                f"没有城市“{options['city']}”。现有：{known}。新城市请用 --description 给出说明文件。"
            )
        self.stdout.write("1/3 读取和解析……")
        reading = read_handbook(
            data,
            handbook=options["handbook"] or options["file"].stem,
            city=describe_city(city),
            corrections=_corrections(options["corrections"]),
            known_matters=set(Matter.objects.values_list("name", flat=True)),
        )
        self.stdout.write(f"2/3 核对：{len(reading.findings)} 处疑点，{len(reading.unclassified)} 处未归类。")
        if not reading.is_loadable:
            self._write_report(reading, None, options["report"])
            raise CommandError(_why_not(reading))
        loading = load_handbook(reading, file_name=options["file"].name, data=data, progress=self._progress)
        return reading, loading

    def _progress(self, done: int, of: int) -> None:
        if done == of or (self.stdout.isatty() and done % 5 == 0):
            self.stdout.write(f"3/3 写入 {done}/{of} 个事项", ending="\n" if done == of else "\r")

    def _write_report(self, reading: HandbookReading, loading: Loading | None, path: Path | None) -> None:
        if not path:
            return
        results = _results(loading) if loading else {}
        data = report(reading, results)
        words = (
            json.dumps(data, ensure_ascii=False, indent=1) + "\n"
            if path.suffix == ".json"
            else markdown(data)
        )
        try:
            path.write_text(words, encoding="utf-8")
        except OSError as error:  # of the import the last line says whether it was done
            self.stderr.write(f"报告写不到 {path}：{error.strerror}。")
            return
        self.stdout.write(f"报告已写到 {path}")

    def _summarise(self, reading: HandbookReading, loading: Loading, *, dry_run: bool) -> None:
        counts = "，".join(f"{LABELS[verdict]} {count}" for verdict, count in loading.counts().items())
        for line in loading.changes:
            self.stdout.write(f"  {line}")
        for line in loading.kept:
            self.stdout.write(f"  保留编辑的改动：{line}")
        done = "试算完成，未写入" if dry_run else "导入完成"
        self.stdout.write(
            f"{done}：{reading.handbook}，{len(reading.guides)} 个事项：{counts}；"
            f"更正 {len(reading.corrections)} 处，疑点 {len(reading.findings)} 处。"
        )


def _results(loading: Loading) -> dict[str, Any]:
    """What loading did, in the words of the report."""
    offices = [f"{LABELS[verdict]} {count}" for verdict, count in loading.offices.items()]
    guides = {LABELS[verdict]: names for verdict, names in loading.guides.items()}
    return guides | {"办理点": offices, "保留编辑的改动": loading.kept}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"读不出手册文件 {path}：{error.strerror}。") from error


def _corrections(path: Path) -> Any:
    try:
        return load_corrections(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"更正表 {path}：{error}") from error


def _load_description(path: Path) -> None:
    try:
        words = path.read_text(encoding="utf-8")
        load_catalogue(words, json_format=path.suffix == ".json")
    except (OSError, UnicodeDecodeError, CatalogueError) as error:
        raise CommandError(f"城市说明文件 {path}：{error}") from error


def _why_not(reading: HandbookReading) -> str:
    lines = [str(problem) for problem in reading.problems]
    lines += [
        f"第 {line} 行：“{text}”不知道属于哪里。预期：某一栏的内容。" for line, text in reading.unclassified
    ]
    shown = lines[:40] + ([f"……另有 {len(lines) - 40} 处，见 --report"] if len(lines) > 40 else [])
    return f"手册 {reading.handbook} 有 {len(lines)} 处问题，未写入任何内容：\n" + "\n".join(shown)
