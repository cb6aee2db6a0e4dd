"""What a person reads after an import: Markdown, or the same as JSON-able data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .records import HandbookReading

CHARACTER_LABELS = {
    "record": "成为记录",
    "heading": "标题和栏目名",
    "mark": "序号和分隔标点",
    "artefact": "版面痕迹",
    "correction": "更正去掉的字",
    "": "未归类",
}
ARTEFACT_LABELS = {
    "image": "图片占位",
    "bookmark": "书签占位",
    "page_mark": "页码",
    "running_title": "页眉标题",
}


def report(reading: HandbookReading, loading: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The whole report as JSON-able data; ``loading`` is what the load stage adds."""
    return {
        "handbook": reading.handbook,
        "city": reading.city,
        "title": reading.title,
        "edition": reading.edition,
        "lines": reading.line_count,
        "guides": len(reading.guides),
        "places": sum(len(guide.places) for guide in reading.guides),
        "characters": {CHARACTER_LABELS[label]: count for label, count in sorted(reading.characters.items())},
        "artefacts": {ARTEFACT_LABELS.get(kind, kind): n for kind, n in sorted(reading.artefacts.items())},
        "corrections": [
            {"line": c.line, "found": c.found, "replacement": c.replacement, "reason": c.reason}
            for c in reading.corrections
        ],
        "problems": [{"line": p.line, "found": p.found, "expected": p.expected} for p in reading.problems],
        "findings": [
            {"line": f.line, "kind": f.kind, "matter": f.matter, "county": f.county, "message": f.message}
            for f in reading.findings
        ],
        "unclassified": [{"line": line, "text": text} for line, text in reading.unclassified],
        "loading": dict(loading or {}),
    }


def markdown(data: Mapping[str, Any]) -> str:
    """The report of :func:`report` as Markdown."""
    title = data["title"] or f"{data['handbook']}（手册未印书名）"
    lines = [
        f"# 导入报告：{title}",
        "",
        f"- 手册：{data['handbook']}；城市：{data['city']}；版次：{data['edition'] or '未印'}",
        f"- {data['lines']} 行；{data['guides']} 个事项；{data['places']} 条办理地点",
        *_section("字符去向", [f"{label}：{count}" for label, count in data["characters"].items()]),
        *_section("版面痕迹", [f"{label}：{count}" for label, count in data["artefacts"].items()]),
        *_section(
            "更正",
            [
                f"第 {c['line']} 行：“{c['found']}” → “{c['replacement']}”。{c['reason']}"
                for c in data["corrections"]
            ],
        ),
        *_section(
            "问题", [f"第 {p['line']} 行：{p['found']}。预期：{p['expected']}。" for p in data["problems"]]
        ),
        *_section("疑点（请人判断，未改数据）", [_finding(finding) for finding in data["findings"]]),
        *_section("未归类", [f"第 {u['line']} 行：{u['text']}" for u in data["unclassified"]]),
    ]
    if data["loading"]:
        lines += _section("写入", [f"{label}：{value}" for label, value in _loading_lines(data["loading"])])
    return "\n".join(lines) + "\n"


def _section(title: str, entries: Sequence[str]) -> list[str]:
    return ["", f"## {title}", "", *([f"- {entry}" for entry in entries] or ["- 无"])]


def _finding(finding: Mapping[str, Any]) -> str:
    where = f"（{finding['matter']}）" if finding["matter"] else ""
    return f"第 {finding['line']} 行{where}：{finding['message']}"


def _loading_lines(loading: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        (key, "、".join(value) or "无" if isinstance(value, list) else value)
        for key, value in loading.items()
    ]
