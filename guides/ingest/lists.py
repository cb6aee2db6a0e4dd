"""Stage 3b: the words of a section → structured entries (materials, time limits, channels, steps, notes)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import NUMERALS, Section, numeral
from .records import ChannelRecord, Finding, MaterialRecord, StepRecord, TimeLimitRecord
from .source import Ledger, Line, Text, flowing

NUMBER_MARK = re.compile(r"(\d{1,2})\s*(?:[.．、](?!\d)|(?=[\u4e00-\u9fff]{2,4}：))")
CIRCLED = re.compile("[①-⑳]")
LAST_REMARK = re.compile(r"（以上[^（）]*）$")
FORM = re.compile(r"《([^》]{1,120})》")  # without an end, a text of many 《 would take minutes
STAMP = "加盖单位公章"
STEP_TITLE = re.compile(r"([\u4e00-\u9fff]{2,6})：")
WORKDAYS = re.compile(
    rf"(?P<who>.*?)(?:不超过|在)?(?P<days>(?<!\d)\d+|(?<![{NUMERALS}])[{NUMERALS}]+)个?工作日(?:以?内)?(?:办结)?"
)
INSTANT = re.compile(r"(?P<who>.*?)(?:即时办结|即办|当场办结)")
RESTRICTED = re.compile(r"(?=[\s\S]*办理\Z)(?P<who>[^、，]+?)还?可(?:以)?通过(?P<ways>.+?)(?:进行)?办理")
WAY_SEPARATOR = re.compile(r"、|[，,；;]?以及|或通过|[，,；;]")
SAME_NAME = re.compile(
    r"(?P<before>.*?)(?P<ways>(?:微信|支付宝|百度|抖音|云闪付)(?:/(?:微信|支付宝|百度|抖音|云闪付))+)(?P<after>.*)"
)
WAY_TAIL = re.compile(r"(?:等渠道|等方式|等|进行.*)$")
CHANNEL_RULES = (
    (re.compile("小程序"), "mini_program"),
    (re.compile("APP|App|客户端"), "app"),
    (re.compile("银行"), "bank"),
    (re.compile("终端|自助机"), "kiosk"),
    (re.compile("网上|政务服务网|官网|网站|网厅|信息平台"), "website"),
    (re.compile("医疗机构|医院|认定机构"), "medical_institution"),
    (re.compile("窗口|服务站|服务中心|大厅|网点"), "counter"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list: its printed number (None if it has none) and its words without the mark."""

    number: int | None
    text: Text


def items(lines: Sequence[Line], ledger: Ledger) -> list[Item]:
    """Numbered entries, each beginning at the start of a line; words before the first number are one entry."""
    groups: list[tuple[int | None, list[Line]]] = []
    for line in lines:
        mark = NUMBER_MARK.match(line.text.chars)
        if mark and (mark[0][-1] in ".．、" or _follows(groups, int(mark[1]))):
            ledger.claim(line.text.cut(mark), "mark")
            groups.append((int(mark[1]), [Line(line.number, line.text[mark.end() :])]))
        elif groups:
            groups[-1][1].append(line)
        elif line.text:
            groups.append((None, [line]))
    return [Item(number, flowing(group)) for number, group in groups]


def _follows(groups: Sequence[tuple[int | None, list[Line]]], number: int) -> bool:
    return bool(groups) and groups[-1][0] == number - 1


def numbering_findings(
    entries: Sequence[Item], section: Section, ledger: Ledger, matter: str
) -> list[Finding]:
    """A finding for each number that does not follow the one before (doubled, skipped)."""
    findings = []
    for before, item in zip([Item(0, Text("", ())), *entries], entries, strict=False):
        if item.number is not None and item.number != (before.number or 0) + 1:
            message = f"“{section.heading.text.chars}”中编号 {item.number} 跟在编号 {before.number or 0} 之后"
            findings.append(Finding("numbering", ledger.line_of(item.text), message, matter))
    return findings


def _bare(text: Text, ledger: Ledger) -> Text:
    """The words without the ``；`` or ``。`` that ends an entry of a list."""
    bare = text.strip("；;。")
    ledger.claim(text[len(bare.chars) :], "mark")
    return ledger.claim(bare, "record")


def words(section: Section | None, ledger: Ledger) -> str:
    """The whole section as one running text."""
    return ledger.claim(flowing(section.lines), "record").chars if section else ""


def materials(
    section: Section, entries: Sequence[Item], ledger: Ledger
) -> tuple[str, list[MaterialRecord], str]:
    """(state, materials, closing remark): state is a key of MATERIALS_STATES; 无 means no papers are needed."""
    entries, remark = _without_remark(entries, ledger)
    if [item.text.strip("。").chars for item in entries] == ["无"]:
        ledger.claim(entries[0].text, "record")
        return "none", [], remark
    found = []
    for item in entries:
        for case, text in _cases(item.text, ledger):
            form = FORM.search(text)
            stamped = STAMP in text or STAMP in remark
            found.append(MaterialRecord(text, case, form[1] if form else "", stamped))
    return "listed", found, remark


def _without_remark(entries: Sequence[Item], ledger: Ledger) -> tuple[list[Item], str]:
    if not entries or not (remark := LAST_REMARK.search(entries[-1].text.chars)) or not remark.start():
        return list(entries), ""
    last = entries[-1]
    ledger.claim(last.text.cut(remark), "record")
    return [*entries[:-1], Item(last.number, last.text[: remark.start()])], remark[0]


def _cases(text: Text, ledger: Ledger) -> list[tuple[str, str]]:
    """``在职职工：①甲；②乙。`` → [(在职职工, 甲), (在职职工, 乙)]; anything else is one entry without a case."""
    pieces, marks = text.split(CIRCLED)
    case = pieces[0]
    if not marks or not case.chars.endswith("："):
        return [("", _bare(text, ledger).chars)]
    for mark in [*marks, case[-1:]]:
        ledger.claim(mark, "mark")
    applies_to = ledger.claim(case[:-1], "record").chars
    return [(applies_to, _bare(piece, ledger).chars) for piece in pieces[1:]]


def time_limits(section: Section, ledger: Ledger) -> list[TimeLimitRecord]:
    """One record per limit: ``即时办结``, ``不超过3个工作日``, each with the case before it; other words stay words."""
    whole = flowing(section.lines)
    pieces, marks = whole.split("[，,；;]")
    bare = [_bare(piece, ledger).chars for piece in pieces]
    matches = [_time_limit(text) for text in bare]
    if None in matches:
        return [TimeLimitRecord("other", ledger.claim(whole, "record").chars)]
    for mark in marks:
        ledger.claim(mark, "mark")
    return [match for match in matches if match]


def _time_limit(text: str) -> TimeLimitRecord | None:
    if found := WORKDAYS.fullmatch(text):
        days = numeral(found["days"])
        return TimeLimitRecord("workdays", text, days, found["who"]) if days else None
    if found := INSTANT.fullmatch(text):
        return TimeLimitRecord("instant", text, None, found["who"])
    return None


def channels(section: Section) -> list[ChannelRecord]:
    """Each way to apply; ``某类人还可通过…办理`` restricts the ways it names; 微信/支付宝小程序 are two ways."""
    found = []
    for sentence in flowing(section.lines).chars.rstrip("。").split("。"):
        restricted = RESTRICTED.fullmatch(sentence)
        ways, who = (restricted["ways"], restricted["who"]) if restricted else (sentence, "")
        for way in WAY_SEPARATOR.split(ways):
            found += [ChannelRecord(name, channel_kind(name), who) for name in _way_names(way)]
    return found


def _way_names(way: str) -> list[str]:
    name = WAY_TAIL.sub("", way.strip())
    if several := SAME_NAME.fullmatch(name):
        return [several["before"] + one + several["after"] for one in several["ways"].split("/")]
    return [name] if name else []


def channel_kind(name: str) -> str:
    """The key of CHANNEL_KINDS for a way's printed name."""
    return next((kind for rule, kind in CHANNEL_RULES if rule.search(name)), "other")


def steps(entries: Sequence[Item], ledger: Ledger) -> list[StepRecord]:
    """Each step with its title before the colon (申请, 受理…)."""
    found = []
    for item in entries:
        title = STEP_TITLE.match(item.text.chars)
        ledger.claim(item.text, "record")
        found.append(
            StepRecord(
                title[1] if title else "",
                item.text.chars[title.end() if title else 0 :],
                ledger.line_of(item.text),
            )
        )
    return found


def notes(entries: Sequence[Item], ledger: Ledger) -> list[str]:
    """Each remark as its words, without the number."""
    return [ledger.claim(item.text, "record").chars for item in entries]
