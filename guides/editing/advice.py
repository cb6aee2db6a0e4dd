"""What an editor should look at again: advice with its reason, at entry. It never refuses anything.

Plain functions over documents; :func:`surroundings_of` alone asks the database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from guides.subpoints import CIRCLED, MARK
from offices.models import City, Phone
from offices.vocabulary import PHONE_PURPOSES

VAGUE = {
    "材料": re.compile(r"(?:其他|其它|相关|有关|等)(?:证明)?(?:材料|资料|证件|手续)"),
    "部门": re.compile(r"(?:相关|有关|主管)(?:部门|单位|科室|机构)"),
    "规定": re.compile(r"(?:按照?|依照?|根据)(?:国家|相关|有关|现行|上级)*(?:政策|规定)"),
    "条件": re.compile(r"原则上|酌情|视情况|适当|必要时"),
}
WHY_VAGUE = {
    "材料": "看的人不知道要带哪一样，可能白跑一趟；请写出材料名称，或写明问谁",
    "部门": "看的人不知道找谁；请写出部门名称和电话",
    "规定": "看的人不知道是哪一条；请写出规定的名称，或直接写要怎么做",
    "条件": "看的人不知道自己算不算；请写出条件",
}
NUMBERED = re.compile(r"^[（(]?(\d{1,2})[）).、．]\s*\D")
LANDLINE = re.compile(r"(0\d{2,3})-(\d{7,8})(?:-\d{1,5})?")
NAMES = {"materials": "材料", "steps": "步骤", "notes": "备注", "channels": "渠道", "time_limits": "时限"}
TEXTS = {
    "audience": "服务对象",
    "materials_note": "材料说明",
    "progress": "办理进度和结果查询",
    "evaluation": "服务评价渠道",
}


@dataclass(frozen=True)
class Advice:
    """One thing to look at again: where (``材料 3``), what was found, and why it matters."""

    where: str
    found: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}：“{self.found}”——{self.reason}"


@dataclass(frozen=True)
class Surroundings:
    """What the rest of a city says about numbers.

    ``lengths`` counts the digits of the city's landline numbers without area code, ``counties`` names the counties that
    print a number, by number.
    """

    city: str = ""
    area_code: str = ""
    lengths: Mapping[int, int] = field(default_factory=dict)
    counties: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def usual_length(self) -> int:
        """How many digits nearly all (nine tenths) of the city's numbers have; 0 when they differ or are few."""
        total = sum(self.lengths.values())
        length, times = max(self.lengths.items(), key=lambda item: item[1], default=(0, 0))
        return length if total >= 10 and times >= 0.9 * total else 0


def surroundings_of(city: City) -> Surroundings:
    """What the city's offices say now, in one query."""
    counties: dict[str, set[str]] = {}
    lengths: Counter[int] = Counter()
    rows = Phone.objects.filter(office__city=city).values_list("number", "office__county__name")
    for number, county in rows:
        counties.setdefault(number, set()).add(county or "")
    for number in counties:
        if landline := LANDLINE.fullmatch(number):
            lengths[len(landline[2])] += 1
    named = {number: frozenset(filter(None, names)) for number, names in counties.items()}
    return Surroundings(city.name, city.area_code, lengths, named)


def advice_on_guide(document: Mapping[str, Any], around: Surroundings) -> list[Advice]:
    """What to look at again in a guide's document, in its order."""
    found = [
        *(advice for where, text in texts_of(document) for advice in vague_words(where, text)),
        *(
            advice
            for key in ("materials", "steps", "notes")
            for advice in gaps(NAMES[key], lines_of(document, key))
        ),
        *(advice for where, text in texts_of(document) for advice in gaps_inside(where, text)),
        *(
            advice
            for place in document["offices"]
            for advice in (*overlaps(place["name"], place["hours"]), *numbers_of_place(place, around))
        ),
    ]
    return list(dict.fromkeys(found))


def advice_on_office(document: Mapping[str, Any], around: Surroundings) -> list[Advice]:
    """What to look at again in an office's document."""
    found = [
        *overlaps(document["name"], document["hours"]),
        *(
            advice
            for phone in document["phones"]
            for advice in about_number(
                f"{PHONE_PURPOSES[phone['purpose']]}电话", phone["number"], document["county"], around
            )
        ),
    ]
    return list(dict.fromkeys(found))


def texts_of(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every sentence of a guide with where it stands."""
    for key, name in TEXTS.items():
        yield name, document[key]
    for key in ("materials", "steps", "notes"):
        for number, text in enumerate(lines_of(document, key), 1):
            yield f"{NAMES[key]} {number}", text


def lines_of(document: Mapping[str, Any], key: str) -> list[str]:
    """The words of a list, entry by entry."""
    return [entry if isinstance(entry, str) else entry["text"] for entry in document[key]]


def vague_words(where: str, text: str) -> Iterator[Advice]:
    """Words that leave open what to bring, whom to ask or which rule is meant."""
    for kind, words in VAGUE.items():
        for found in words.finditer(text):
            yield Advice(where, found[0], WHY_VAGUE[kind])


def gaps(name: str, lines: Sequence[str]) -> Iterator[Advice]:
    """Numbers at the beginning of entries: the page numbers them itself, and a gap may be a lost entry."""
    numbers = [int(found[1]) if (found := NUMBERED.match(line)) else None for line in lines]
    for place, (line, number) in enumerate(zip(lines, numbers, strict=True), 1):
        if number is not None:
            reason = "页面会自己编号，请删去这里的编号"
            if number != place:
                reason += f"；这是第 {place} 条却编为 {number}，请核对有没有漏掉一条"
            yield Advice(f"{name} {place}", line[:12], reason)


def gaps_inside(where: str, text: str) -> Iterator[Advice]:
    """①②④ inside a sentence."""
    marks = MARK.findall(text)
    for mark, expected in zip(marks, CIRCLED, strict=False):
        if mark != expected:
            yield Advice(where, mark, f"这里应该是{expected}，请核对有没有漏掉一条")
            return


def overlaps(where: str, hours: Sequence[Mapping[str, str]]) -> Iterator[Advice]:
    """Two sessions of one kind of day that share some time: one of them is probably mistyped."""
    for first, second in combinations(hours, 2):
        latest, earliest = max(first["opens"], second["opens"]), min(first["closes"], second["closes"])
        if first["days"] == second["days"] and latest < earliest:
            times = f"{first['opens']}-{first['closes']} 与 {second['opens']}-{second['closes']}"
            yield Advice(f"{where}·办理时间", times, "两段时间有重叠，请核对是不是填错了钟点")


def numbers_of_place(place: Mapping[str, Any], around: Surroundings) -> Iterator[Advice]:
    """The numbers of a guide at one office."""
    for purpose, label in PHONE_PURPOSES.items():
        for phone in place[f"{purpose}_phones"]:
            yield from about_number(f"{place['name']}·{label}电话", phone["number"], place["county"], around)


def about_number(where: str, number: str, county: str, around: Surroundings) -> Iterator[Advice]:
    """Its area code, its length, and who else has it; a network (no ``county``) may share its number with anybody."""
    landline = LANDLINE.fullmatch(number)
    if landline and around.area_code and landline[1] != around.area_code:
        yield Advice(where, number, f"区号不是{around.city}的 {around.area_code}，请核对")
    elif landline and around.usual_length not in {0, len(landline[2])}:
        yield Advice(
            where,
            number,
            f"{around.city}的号码通常是 {around.usual_length} 位，这个是 {len(landline[2])} 位，请核对",
        )
    elif not landline and number.isdecimal() and 7 <= len(number) <= 8:
        yield Advice(where, number, f"没有区号，外地打不通；请写成 {around.area_code or '区号'}-{number}")
    others = around.counties.get(number, frozenset())
    if county and len(others) > 1:
        yield Advice(
            where, number, f"{'、'.join(sorted(others))}都用这个号码，请核对是不是填错了县（市、区）"
        )
