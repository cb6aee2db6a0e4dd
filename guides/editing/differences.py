"""What changes between two documents, in words an editor reads: 「咨询电话：A → B」, 「材料 3：新增 …」."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from guides import word_marks
from guides.vocabulary import CHANNEL_KINDS, MATERIALS_STATES, TIME_LIMIT_KINDS
from offices.vocabulary import DAY_KINDS, OFFICE_KINDS, PHONE_PURPOSES

LABELS = {
    "name": "名称",
    "audience": "服务对象",
    "channels": "渠道",
    "channels_text": "办理渠道原文",
    "materials_state": "材料情况",
    "materials": "材料",
    "materials_note": "材料说明",
    "time_limits": "时限",
    "steps": "步骤",
    "progress": "办理进度和结果查询",
    "evaluation": "服务评价渠道",
    "notes": "备注",
    "offices": "办理点",
    "county": "县（市、区）",
    "kind": "类别",
    "address": "地址",
    "scope": "办理范围",
    "hours": "办理时间",
    "hours_text": "办理时间原文",
    "consult_phones": "咨询电话",
    "complaint_phones": "投诉电话",
    "phones": "电话",
    "source": "手册出处",
}

IN_PUBLIC = {key: label for key, label in LABELS.items() if key not in ("source", "key")} | {
    "channels": "办理渠道",
    "channels_text": "办理渠道",
    "materials": "办理材料",
    "materials_state": "办理材料",
    "materials_note": "办理材料",
    "time_limits": "办理时限",
    "steps": "办理步骤",
    "offices": "办理地点",
    "county": "办理地点",
    "kind": "办理地点",
    "hours_text": "办理时间",
}
"""Fields in the words of the public pages; where a guide stands in the book is not news."""

WORDS = CHANNEL_KINDS | TIME_LIMIT_KINDS | MATERIALS_STATES | DAY_KINDS | OFFICE_KINDS | PHONE_PURPOSES
"""Values of a document in the words an editor knows."""


@dataclass(frozen=True)
class Difference:
    """One field that changes: where, the words before and after ("" for added or removed)."""

    where: str
    before: str
    after: str

    @property
    def was(self) -> tuple[word_marks.Run, ...]:
        """The words before, with those marked that are gone."""
        return self._marked(self.before, self.after)

    @property
    def now(self) -> tuple[word_marks.Run, ...]:
        """The words after, with those marked that are new."""
        return self._marked(self.after, self.before)

    @staticmethod
    def _marked(text: str, other: str) -> tuple[word_marks.Run, ...]:
        """What one side lacks, stops included: an editor who mends a stop wants to see it."""
        if not text:
            return ()
        if not other:
            return (word_marks.Run(text, differs=True),)
        return word_marks.runs(word_marks.tokens(text), word_marks.not_said(text, [other]))

    def __str__(self) -> str:
        if not self.before:
            return f"{self.where}：新增 {self.after}"
        if not self.after:
            return f"{self.where}：删除 {self.before}"
        return f"{self.where}：{self.before} → {self.after}"


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Every field that differs between two documents of one kind, in document order; {} stands for nothing yet."""
    return [
        difference
        for key in after or before
        if key in LABELS and before.get(key) != after.get(key)
        for difference in _field(key, before.get(key), after.get(key))
    ]


def changed_in_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Which fields differ, for residents: 「材料、咨询电话」; "" for something new or gone, and for the place in the book."""
    if not before or not after:
        return ""
    return "、".join(dict.fromkeys(_labels(before, after)))


def _labels(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in after:
        if before.get(key) == after[key] or key not in IN_PUBLIC:
            continue
        if key != "offices":
            yield IN_PUBLIC[key]
            continue
        was, now = ({place["key"]: place for place in side[key]} for side in (before, after))
        if list(was) != list(now):
            yield IN_PUBLIC[key]
        for place in (place for place in now if place in was):
            yield from _labels(was[place], now[place])


def _field(key: str, before: Any, after: Any) -> Iterator[Difference]:
    if key == "offices":
        yield from _offices(before or [], after or [])
    elif key in ("consult_phones", "complaint_phones", "phones"):
        yield from _phones(LABELS[key], before or [], after or [])
    elif key in ("hours", "source"):
        yield Difference(LABELS[key], in_words(before or []), in_words(after or []))
    elif isinstance(after or before, list):
        yield from _entries(LABELS[key], before or [], after or [])
    else:
        yield Difference(LABELS[key], in_words(before or ""), in_words(after or ""))


def _phones(label: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    """Each number by itself: what went is set against what came, in their order."""
    gone = [in_words(phone) for phone in before if phone not in after]
    came = [in_words(phone) for phone in after if phone not in before]
    for old, new in zip_longest(gone, came, fillvalue=""):
        yield Difference(label, old, new)
    if not gone and not came:
        yield Difference(f"{label}的次序", in_words(before), in_words(after))


def _entries(label: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    """Entries matched by what they say, so that one put in between is one that is new, and no other changes."""
    was, now = [in_words(entry) for entry in before], [in_words(entry) for entry in after]
    if sorted(was) == sorted(now):
        order = was != now
        yield Difference(f"{label}的次序" if order else label, "、".join(was), "、".join(now))
        return
    for step, first, last, start, end in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if step == "equal":
            continue
        for old, new in paired(range(first, last), range(start, end), was, now):
            number = old if new is None else new
            yield Difference(
                f"{label} {(number or 0) + 1}",
                "" if old is None else was[old],
                "" if new is None else now[new],
            )


def paired(
    old: Sequence[int], new: Sequence[int], was: Sequence[str], now: Sequence[str]
) -> Iterator[tuple[int | None, int | None]]:
    """Numbers of entries that stand for each other: the only one for the only one, otherwise those alike, each pair in order."""
    if len(old) == len(new) == 1:
        yield old[0], new[0]
        return
    rest = list(old)
    for entry in new:
        likest = max(rest, key=lambda one: word_marks.likeness(was[one], now[entry]), default=None)
        if likest is None or word_marks.likeness(was[likest], now[entry]) < word_marks.ALIKE:
            yield None, entry
            continue
        for gone in rest[: rest.index(likest)]:
            yield gone, None
        rest = rest[rest.index(likest) + 1 :]
        yield likest, entry
    for gone in rest:
        yield gone, None


def _offices(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    old = {place["key"]: place for place in before}
    new = {place["key"]: place for place in after}
    for key in [*new, *(key for key in old if key not in new)]:
        if key not in new:
            yield Difference("办理点", old[key]["name"], "")
        elif key not in old:
            yield Difference("办理点", "", new[key]["name"])
        else:
            for difference in differences(old[key], new[key]):
                yield Difference(
                    f"{new[key]['name']}·{difference.where}", difference.before, difference.after
                )
    if old.keys() == new.keys() and list(old) != list(new):
        names = ["、".join(place["name"] for place in places) for places in (before, after)]
        yield Difference("办理点的次序", *names)


def in_words(value: Any) -> str:
    """A value of a document as short words: texts joined by blanks, entries by 、."""
    if isinstance(value, Mapping):
        words = [in_words(part) for part in value.values() if part not in ("", None, False, True)]
        return " ".join([*words, *(["（需盖章）"] if value.get("needs_stamp") else [])])
    if isinstance(value, list):
        return "、".join(map(in_words, value))
    return WORDS.get(value, str(value))
