"""What a document must be before it may become rows: checked as a whole, all errors at once, in Chinese."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError

from guides.vocabulary import CHANNEL_KINDS, MATERIALS_STATES, TIME_LIMIT_KINDS
from offices.models import number_validator
from offices.vocabulary import DAY_KINDS, OFFICE_KINDS, PHONE_PURPOSES

Document = dict[str, Any]
PRINTED_DAYS = re.compile(r"(?<!\d)(\d+)\s*个?工作日")
MOST_DAYS = 365
CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class DocumentProblem:
    """One thing wrong: where in the document (``材料 3``), and what is expected."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}：{self.message}"


class DocumentError(ValueError):
    """A document that may not be applied; ``problems`` lists everything wrong with it."""

    def __init__(self, problems: list[DocumentProblem]) -> None:
        self.problems = problems
        super().__init__("；".join(map(str, problems)))


def check_guide(document: Mapping[str, Any]) -> None:
    """Raise :class:`DocumentError` unless this is a guide's document that the database will accept."""
    _raise_if(list(_guide_problems(document)))


def check_office(document: Mapping[str, Any]) -> None:
    """Raise :class:`DocumentError` unless this is an office's document that the database will accept."""
    _raise_if(list(_office_problems(document)))


def _raise_if(problems: list[DocumentProblem]) -> None:
    if problems:
        raise DocumentError(problems)


def _guide_problems(document: Mapping[str, Any]) -> Iterator[DocumentProblem]:
    if not document["name"].strip():
        yield DocumentProblem("事项名称", "不能为空")
    if document["materials_state"] not in MATERIALS_STATES:
        yield DocumentProblem("材料情况", f"只能是 {'、'.join(MATERIALS_STATES)}")
    if document["materials_state"] != "listed" and document["materials"]:
        yield DocumentProblem("材料情况", "已列出材料时要选“按清单”")
    for number, channel in enumerate(document["channels"], 1):
        yield from _entry_problems(f"渠道 {number}", channel, "name", CHANNEL_KINDS)
    for number, material in enumerate(document["materials"], 1):
        yield from _entry_problems(f"材料 {number}", material, "text")
    for number, limit in enumerate(document["time_limits"], 1):
        yield from _limit_problems(f"时限 {number}", limit)
    keys = Counter(place["key"] for place in document["offices"])
    for place in document["offices"]:
        if keys[place["key"]] > 1:
            yield DocumentProblem(f"办理点“{place['name']}”", "同一办理点只能列一次")
        yield from _place_problems(place)


def _limit_problems(where: str, limit: Mapping[str, Any]) -> Iterator[DocumentProblem]:
    yield from _entry_problems(where, limit, "text", TIME_LIMIT_KINDS)
    if (limit["kind"] == "workdays") != bool(limit["days"]):
        yield DocumentProblem(where, "类别为“工作日”时要填大于 0 的天数，其他类别不填")
    elif problem := limit_problem(limit["days"], limit["text"]):
        yield DocumentProblem(where, problem)


def limit_problem(days: int | None, text: str) -> str:
    """What is wrong between a number of working days and the printed words; "" when they agree."""
    if days and days > MOST_DAYS:
        return f"工作日数不能超过 {MOST_DAYS}"
    printed = PRINTED_DAYS.search(text)
    if days and printed and int(printed[1]) != days:
        return f"原文写的是 {printed[1]} 个工作日，与工作日数 {days} 不一致，请一起改"
    return ""


def _entry_problems(
    where: str, entry: Mapping[str, Any], words: str, kinds: Mapping[str, str] | None = None
) -> Iterator[DocumentProblem]:
    if not entry[words].strip():
        yield DocumentProblem(where, "不能为空")
    if kinds is not None and entry["kind"] not in kinds:
        yield DocumentProblem(where, f"类别只能是 {'、'.join(kinds)}")


def _place_problems(place: Mapping[str, Any]) -> Iterator[DocumentProblem]:
    where = f"办理点“{place['name']}”"
    yield from _hours_problems(where, place["hours"])
    for purpose, label in PHONE_PURPOSES.items():
        numbers = place[f"{purpose}_phones"]
        yield from _phone_problems(f"{where}的{label}电话", numbers)


def _phone_problems(where: str, phones: list[Mapping[str, str]]) -> Iterator[DocumentProblem]:
    for phone in phones:
        if problem := number_problem(phone["number"]):
            yield DocumentProblem(f"{where} {phone['number']}", problem)
    if len(phones) < 2:
        return
    twice = [phone for phone, times in Counter((p["number"], p["for"]) for p in phones).items() if times > 1]
    for number, _ in twice:
        yield DocumentProblem(f"{where} {number}", "重复了")


@lru_cache(maxsize=10_000)  # a city's offices name the same few numbers in every guide
def number_problem(number: str) -> str:
    """What is wrong with a phone number; "" when nothing is."""
    try:
        number_validator(number)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def _hours_problems(where: str, hours: list[Mapping[str, str]]) -> Iterator[DocumentProblem]:
    for session in hours:
        if session["days"] not in DAY_KINDS:
            yield DocumentProblem(f"{where}的办理时间", f"日子只能是 {'、'.join(DAY_KINDS)}")
        if not (CLOCK.fullmatch(session["opens"]) and CLOCK.fullmatch(session["closes"])):
            yield DocumentProblem(f"{where}的办理时间", "钟点要写成 09:00 这样")
        elif session["opens"] >= session["closes"]:
            yield DocumentProblem(f"{where}的办理时间", f"{session['opens']} 要早于 {session['closes']}")


def _office_problems(document: Mapping[str, Any]) -> Iterator[DocumentProblem]:
    where = f"办理点“{document['name']}”"
    if not document["name"].strip() or not document["key"].strip():
        yield DocumentProblem("名称", "不能为空")
    if document["kind"] not in OFFICE_KINDS:
        yield DocumentProblem(where, f"类别只能是 {'、'.join(OFFICE_KINDS)}")
    yield from _hours_problems(where, document["hours"])
    for purpose, label in PHONE_PURPOSES.items():
        phones = [phone for phone in document["phones"] if phone["purpose"] == purpose]
        yield from _phone_problems(f"{where}的{label}电话", phones)
