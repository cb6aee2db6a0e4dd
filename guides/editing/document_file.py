"""A file of canonical documents, one a line, read without holding it in memory; all that is wrong is said with its line.

``/data/guides.json`` is such a file, so is what ``export_guides`` writes: brackets around the list and a comma at the end of a
line are left aside. gzip is recognised by its first two bytes.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

from guides.models import Handbook, Matter
from offices.models import City, County

from .documents import Document, DocumentError, check_guide

GZIP = b"\x1f\x8b"
MOST_PROBLEMS = 40
"""Lines with something wrong after which reading on tells nobody anything new."""
WORDS = {str: "文字", int: "整数", list: "列表", dict: "一组内容", bool: "true 或 false"}
PHONES = [{"number": str, "for": str}]
LINE = (int, None)
SHAPE: dict[str, Any] = {
    "city": str,
    "matter": str,
    "name": str,
    "audience": str,
    "channels": [{"name": str, "kind": str, "applies_to": str}],
    "channels_text": str,
    "materials_state": str,
    "materials": [{"applies_to": str, "text": str, "form": str, "needs_stamp": bool}],
    "materials_note": str,
    "time_limits": [{"applies_to": str, "kind": str, "days": LINE, "text": str}],
    "steps": [{"title": str, "text": str}],
    "progress": str,
    "evaluation": str,
    "notes": [str],
    "offices": [
        {
            "county": str,
            "key": str,
            "kind": str,
            "name": str,
            "address": str,
            "scope": str,
            "hours": [{"days": str, "opens": str, "closes": str, "note": str}],
            "hours_text": str,
            "consult_phones": PHONES,
            "complaint_phones": PHONES,
        }
    ],
    "source": {"handbook": str, "first_line": LINE, "last_line": LINE},
}
"""What a guide's document is made of (design.md §4)."""


class DocumentFileError(ValueError):
    """A file that cannot be loaded; ``problems`` are sentences that name the line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class DocumentFile:
    """The file, and what the database knows of the places and matters it names."""

    path: Path

    def documents(self) -> Iterator[tuple[int, Document]]:
        """Line (from 1) and document. Raises :class:`DocumentFileError` for a line that is none."""
        try:
            with self._open() as file:
                for number, line in enumerate(file, 1):
                    words = line.strip().removesuffix(",")
                    if words not in ("", "[", "]"):
                        yield number, _parsed(number, words)
        except (OSError, UnicodeDecodeError, EOFError) as error:
            raise DocumentFileError([f"读不出来：{error}"]) from error

    def _open(self) -> TextIO:
        with self.path.open("rb") as file:
            is_packed = file.read(2) == GZIP
        if is_packed:
            return gzip.open(self.path, "rt", encoding="utf-8")
        return self.path.open(encoding="utf-8")

    def check(self) -> int:
        """How many documents there are. Raises :class:`DocumentFileError` listing what is wrong with them."""
        problems: list[str] = []
        seen: dict[tuple[str, str], int] = {}
        for number, document in self.documents():
            found = list(self._problems(document))
            if not found:
                name = document["city"], document["matter"]
                first = seen.setdefault(name, number)
                found = [f"与第 {first} 行是同一份（{'/'.join(name)}）"] if first != number else []
            problems += [f"第 {number} 行：{problem}。" for problem in found]
            if len(problems) >= MOST_PROBLEMS:
                raise DocumentFileError([*problems[:MOST_PROBLEMS], "……后面没有再查。"])
        if not seen and not problems:
            problems = ["文件是空的，里面没有办事指南。请核对文件名，或用 export_guides 重新导出。"]
        if problems:
            raise DocumentFileError(problems)
        return len(seen)

    def _problems(self, document: Document) -> Iterator[str]:
        if shape := next(misshapen(document, SHAPE, ""), None):
            yield shape
            return
        yield from self._unknown(document)
        try:
            check_guide(document)
        except DocumentError as error:
            yield from map(str, error.problems)

    def _unknown(self, document: Document) -> Iterator[str]:
        if document["city"] not in self._counties:
            yield f"没有城市“{document['city']}”，请先用 load_catalogue 载入城市和县区"
            return
        if document["matter"] not in self._matters:
            yield f"没有事项“{document['matter']}”，请先用 load_catalogue 载入目录"
        named = {place["county"] for place in document["offices"]} - self._counties[document["city"]]
        for slug in sorted(named - {""}):
            yield f"{document['city']} 没有县（市、区）“{slug}”"
        book = document["source"]["handbook"]
        if book and book not in self._handbooks:
            yield f"没有手册“{book}”：请先导入这本手册，或把 source.handbook 留空、行号写 null"

    @cached_property
    def _counties(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {slug: set() for slug in City.objects.values_list("slug", flat=True)}
        for city, county in County.objects.values_list("city__slug", "slug"):
            found[city].add(county)
        return found

    @cached_property
    def _matters(self) -> set[str]:
        return set(Matter.objects.values_list("slug", flat=True))

    @cached_property
    def _handbooks(self) -> set[str]:
        return set(Handbook.objects.values_list("slug", flat=True))


def _parsed(number: int, words: str) -> Document:
    try:
        document = json.loads(words)
    except ValueError as error:
        raise DocumentFileError([f"第 {number} 行：不是完整的 JSON（{error}）。"]) from error
    if not isinstance(document, dict):
        raise DocumentFileError([f"第 {number} 行：每行应是一份办事指南，即一个 JSON 对象。"])
    return document


def misshapen(value: Any, shape: Any, where: str) -> Iterator[str]:
    """What is missing or of another kind than a document has; ``where`` is the way there (``materials[0].text``)."""
    if isinstance(shape, dict):
        yield from _misshapen_entry(value, shape, where)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where} 应是列表"
            return
        for index, each in enumerate(value):
            yield from misshapen(each, shape[0], f"{where}[{index}]")
    elif isinstance(shape, tuple):
        if value is not None and type(value) is not shape[0]:
            yield f"{where} 应是{WORDS[shape[0]]}或 null"
    elif type(value) is not shape:
        yield f"{where} 应是{WORDS[shape]}"


def _misshapen_entry(value: Any, shape: Mapping[str, Any], where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} 应是{WORDS[dict]}"
        return
    for key, inner in shape.items():
        if type(value.get(key)) is inner:
            continue  # most are plain values as they should be
        way = f"{where}.{key}" if where else key
        if key in value:
            yield from misshapen(value[key], inner, way)
        else:
            yield f"缺少 {way}"
