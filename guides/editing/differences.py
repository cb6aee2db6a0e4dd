"""What changes between two documents, in words an editor reads: 「咨询电话：A → B」, 「材料 3：新增 …」."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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

WORDS = CHANNEL_KINDS | TIME_LIMIT_KINDS | MATERIALS_STATES | DAY_KINDS | OFFICE_KINDS | PHONE_PURPOSES
"""Values of a document in the words an editor knows."""


@dataclass(frozen=True)
class Difference:
    """One field that changes: where, the words before and after ("" for added or removed)."""

    where: str
    before: str
    after: str

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
        for key in after
        if key in LABELS and before.get(key) != after[key]
        for difference in _field(key, before.get(key), after[key])
    ]


def _field(key: str, before: Any, after: Any) -> Iterator[Difference]:
    if key == "offices":
        yield from _offices(before or [], after)
    elif key in ("hours", "consult_phones", "complaint_phones", "phones", "source"):
        yield Difference(LABELS[key], _words(before or []), _words(after))
    elif isinstance(after, list):
        yield from _entries(LABELS[key], before or [], after)
    else:
        yield Difference(LABELS[key], _words(before or ""), _words(after or ""))


def _entries(label: str, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    for index in range(max(len(before), len(after))):
        old = _words(before[index]) if index < len(before) else ""
        new = _words(after[index]) if index < len(after) else ""
        if old != new:
            yield Difference(f"{label} {index + 1}", old, new)


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


def _words(value: Any) -> str:
    """A value of a document as short words: texts joined by blanks, entries by 、."""
    if isinstance(value, Mapping):
        return " ".join(_words(part) for part in value.values() if part not in ("", None, False, True))
    if isinstance(value, list):
        return "、".join(map(_words, value))
    return WORDS.get(value, str(value))
