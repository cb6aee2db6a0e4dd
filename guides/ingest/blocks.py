"""Stage 3a: lines → matters, each a list of sections and a tail (where, when, which number)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .records import Finding, Problem
from .source import Ledger, Line, Text, flowing

SECTIONS = {
    "事项名称": "name",
    "服务对象": "audience",
    "办理渠道": "channels",
    "办理材料": "materials",
    "办理时限": "time_limits",
    "承诺办理时限": "time_limits",
    "办理流程": "steps",
    "办理进度和结果查询": "progress",
    "服务评价渠道": "evaluation",
    "备注": "notes",
}
PRINTED = {key: title for title, key in reversed(SECTIONS.items())}
ORDER = list(PRINTED)[::-1]
REQUIRED = ("name", "audience", "channels", "materials", "time_limits", "steps", "evaluation")
NUMERALS = "一二三四五六七八九十"
HEADING = re.compile(
    rf"([{NUMERALS}]+|[0-9]{{1,2}})\s*[、.．]\s*({'|'.join(sorted(SECTIONS, key=len, reverse=True))})"
)
MATTER_TITLE = re.compile(rf"(?<![{NUMERALS}])[{NUMERALS}]+、(?=.)")
TAIL_START = re.compile(r"办理地点")


@dataclass(slots=True)
class Section:
    """One section of a matter: its key, the heading's number and line, and its lines."""

    key: str
    number: int
    arabic: bool
    heading: Line
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """One matter in the book: sections in printed order, and the lines from 办理地点 on."""

    sections: list[Section]
    tail: list[Line] = field(default_factory=list)

    @property
    def first_line(self) -> int:
        return self.sections[0].heading.number

    @property
    def last_line(self) -> int:
        """The last line with words of this matter."""
        lines = [line for section in self.sections for line in [section.heading, *section.lines]] + self.tail
        return max(line.number for line in lines if line.text)

    @property
    def name(self) -> str:
        return flowing(self.sections[0].lines).chars

    def section(self, key: str) -> Section | None:
        """The section with this key, if the matter has it."""
        return next((section for section in self.sections if section.key == key), None)


@dataclass(slots=True)
class Book:
    """A book taken apart: what stands before the first matter, and the matters."""

    preamble: list[Line]
    blocks: list[Block]
    problems: list[Problem]
    findings: list[Finding]


def numeral(words: str) -> int:
    """``三`` → 3, ``十二`` → 12, ``二十`` → 20, ``8`` → 8."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return NUMERALS.index(words[-1]) + 1
    return (NUMERALS.index(tens[-1]) + 1 if tens else 1) * 10 + (NUMERALS.index(ones[0]) + 1 if ones else 0)


def take_apart(lines: Sequence[Line], ledger: Ledger) -> Book:
    """Cut the book into matters at 一、事项名称, and each matter into its sections."""
    book = Book([], [], [], [])
    for line in lines:
        heading = HEADING.fullmatch(line.text.chars)
        if heading:
            _open_section(book, line, heading, ledger)
        elif not book.blocks:
            book.preamble.append(line)
        else:
            block = book.blocks[-1]
            if block.tail or _starts_tail(block, line):
                block.tail.append(line)
            else:
                block.sections[-1].lines.append(line)
    if not book.blocks:
        book.problems.append(Problem(1, "找不到任何事项", "以“一、事项名称”开头的事项"))
    _take_running_titles(book, ledger)
    for block in book.blocks:
        book.problems += _structure_problems(block, len(lines))
    book.problems += _twice(book.blocks)
    return book


def _open_section(book: Book, line: Line, heading: re.Match[str], ledger: Ledger) -> None:
    section = Section(SECTIONS[heading[2]], numeral(heading[1]), heading[1].isdigit(), line)
    ledger.claim(line.text, "heading")
    if section.key == "name":
        book.blocks.append(Block([section]))
    elif not book.blocks:
        book.problems.append(
            Problem(line.number, f"“{line.text.chars}”之前没有事项名称", "先有“一、事项名称”")
        )
    elif book.blocks[-1].tail:
        book.problems.append(
            Problem(line.number, f"“{line.text.chars}”出现在办理地点之后", "下一个事项的“一、事项名称”")
        )
    else:
        book.blocks[-1].sections.append(section)


def _starts_tail(block: Block, line: Line) -> bool:
    return bool(TAIL_START.match(line.text.chars)) and block.sections[-1].key in ("evaluation", "notes")


def _take_running_titles(book: Book, ledger: Ledger) -> None:
    """Matter titles that stand outside the sections are page headers: count them, check them, leave them out."""
    names = {block.name for block in book.blocks}
    _strip_titles(book.preamble, names, ledger)
    for index, block in enumerate(book.blocks):
        allowed = {other.name for other in book.blocks[index : index + 2]}
        for lines in [*(section.lines for section in block.sections[1:]), block.tail]:
            for line in _strip_titles(lines, names, ledger):
                if _bare_title(line.text) not in allowed:
                    message = f"页眉“{line.text.chars}”与所在事项“{block.name}”不符"
                    book.findings.append(Finding("running_title", line.number, message, block.name))


def _strip_titles(lines: list[Line], names: set[str], ledger: Ledger) -> list[Line]:
    titles = [line for line in lines if line.text and _bare_title(line.text) in names]
    for title in titles:
        ledger.artefact(title.text, "running_title")
    lines[:] = [Line(line.number, line.text[:0]) if line in titles else line for line in lines]
    return titles


def _bare_title(text: Text) -> str:
    return MATTER_TITLE.sub("", flowing([Line(0, text)]).chars, count=1)


def _structure_problems(block: Block, book_length: int) -> list[Problem]:
    """Sections missing, doubled or out of order, a gap in their numbers, no tail, an empty section."""
    problems = []
    for before, section in zip(block.sections, block.sections[1:], strict=False):
        printed = section.heading.text.chars
        if section.number != before.number + 1:
            expected = f"“{before.heading.text.chars}”之后编号为 {before.number + 1} 的栏目"
            problems.append(
                Problem(section.heading.number, f"“{printed}”的编号不连续，中间可能缺一栏", expected)
            )
        if ORDER.index(section.key) <= ORDER.index(before.key):
            expected = f"“{before.heading.text.chars}”之后的栏目"
            problems.append(Problem(section.heading.number, f"“{printed}”重复或次序颠倒", expected))
    problems += [_missing(block, key) for key in REQUIRED if not block.section(key)]
    problems += [
        Problem(section.heading.number, f"“{section.heading.text.chars}”下面没有内容", "这一栏的文字")
        for section in block.sections
        if not any(line.text for line in section.lines)
    ]
    if not block.tail:
        end = min(block.last_line, book_length)
        problems.append(Problem(end, f"“{block.name}”到这里结束，没有办理地点", "“办理地点”及其时间、电话"))
    return problems


def _missing(block: Block, key: str) -> Problem:
    later = next((s for s in block.sections if ORDER.index(s.key) > ORDER.index(key)), None)
    line = later.heading.number if later else block.last_line
    return Problem(line, f"“{block.name}”缺少“{PRINTED[key]}”一栏", f"在这一行之前有“{PRINTED[key]}”的标题")


def _twice(blocks: Sequence[Block]) -> list[Problem]:
    seen: dict[str, int] = {}
    problems = []
    for block in blocks:
        if block.name in seen:
            found = f"事项“{block.name}”重复，第一次在第 {seen[block.name]} 行"
            problems.append(Problem(block.first_line, found, "每个事项只出现一次"))
        seen.setdefault(block.name, block.first_line)
    return problems
