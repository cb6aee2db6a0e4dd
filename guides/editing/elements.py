"""The eight elements that inspectors look for in a guide before it is published (事项名称 … 流程).

An element the handbook does not give is stated as such in a remark: ``电话：手册未载明``. The public then reads it too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from guides.reading import UNSTATED

from .documents import DocumentError, DocumentProblem

Has = Callable[[Mapping[str, Any]], bool]


def is_handled_somewhere(document: Mapping[str, Any]) -> bool:
    """A counter with an address, or a network of places, which needs none."""
    return any(place["address"] or place["kind"] == "network" for place in document["offices"])


def has_hours(document: Mapping[str, Any]) -> bool:
    """When to go, at one place at least."""
    return any(place["hours"] or place["hours_text"] for place in document["offices"])


def has_phone(document: Mapping[str, Any]) -> bool:
    """A number to ask, at one place at least."""
    return any(place["consult_phones"] for place in document["offices"])


ELEMENTS: dict[str, Has] = {
    "事项名称": lambda document: bool(document["name"].strip()),
    "依据": lambda document: bool(document["source"]["handbook"]),
    "服务对象": lambda document: bool(document["audience"].strip()),
    "材料": lambda document: bool(document["materials"]) or document["materials_state"] != "listed",
    "地点": is_handled_somewhere,
    "时间": has_hours,
    "电话": has_phone,
    "流程": lambda document: bool(document["steps"]),
}
"""Name and what makes it present. The handbook a guide follows is its basis: the books print no other."""


WHERE_TO_FILL = {
    "事项名称": "请填写最上面的“事项名称”",
    "依据": "指南不是从手册导入的，“出处”里没有手册",
    "服务对象": "请填写“服务对象”",
    "材料": "请在“办理材料”里逐样列出，或把“材料情况”改为“无需材料”",
    "地点": "请在“办理地点”里选一个写了地址的办理点，或一个网点",
    "时间": "请到“办理地点”所选的办理点填写办公时间，或在这里填“本事项另有时间”",
    "电话": "请在“办理地点”那一行填写“咨询电话”",
    "流程": "请在“办理流程”里至少写一步",
}
"""Where on the editing page each element is filled in."""


class NotReadyError(DocumentError):
    """A guide that may be kept as a draft but not published; ``missing`` names the elements it lacks."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = list(missing)
        super().__init__(
            [DocumentProblem(f"还不能发布，缺少“{name}”", how_to_mend(name)) for name in missing]
        )


def how_to_mend(name: str) -> str:
    """Where an element is filled in, and how to say that the handbook does not give it."""
    return f"{WHERE_TO_FILL[name]}；手册没有写的，在“备注”里加一条“{name}：{UNSTATED}”"


def check_ready(document: Mapping[str, Any]) -> None:
    """Raise :class:`NotReadyError` unless each of the eight elements is given or stated as unknown."""
    if missing := missing_elements(document):
        raise NotReadyError(missing)


def missing_elements(document: Mapping[str, Any]) -> list[str]:
    """The elements that are neither given nor stated as unknown, in their order."""
    return [
        name for name, has in ELEMENTS.items() if not has(document) and not is_stated_unknown(document, name)
    ]


def is_stated_unknown(document: Mapping[str, Any], name: str) -> bool:
    """Whether a remark says that the handbook does not give the element."""
    said = {note.replace(" ", "").replace(":", "：").rstrip("。；") for note in document["notes"]}
    return f"{name}：{UNSTATED}" in said


def score(document: Mapping[str, Any]) -> int:
    """How many of the eight elements the guide itself gives."""
    return sum(has(document) for has in ELEMENTS.values())
