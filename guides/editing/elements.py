"""The eight elements that inspectors look for in a guide before it is published (事项名称 … 流程).

An element the handbook does not give is stated as such in a remark: ``电话：手册未载明``. The public then reads it too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guides.reading import UNSTATED

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
