"""The eight elements a guide needs before it is published."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from guides.editing.elements import ELEMENTS, missing_elements, score
from guides.models import Guide
from tests.cast import assemble

WITHOUT: dict[str, dict[str, Any]] = {
    "事项名称": {"name": " "},
    "依据": {"source": {"handbook": "", "first_line": None, "last_line": None}},
    "服务对象": {"audience": ""},
    "材料": {"materials": []},
    "流程": {"steps": []},
}


@pytest.fixture
def document(db: None) -> dict[str, Any]:
    cast = assemble()
    return Guide.objects.with_details().get(pk=cast.inpatient.pk).document()


def without_at_places(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return document | {"offices": [place | changes for place in document["offices"]]}


def test_a_whole_guide_has_all_eight(document: dict[str, Any]) -> None:
    assert missing_elements(document) == []
    assert score(document) == len(ELEMENTS) == 8


@pytest.mark.parametrize("name", WITHOUT)
def test_what_is_not_given_is_named(document: dict[str, Any], name: str) -> None:
    document |= WITHOUT[name]
    assert missing_elements(document) == [name]
    assert score(document) == 7


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("地点", {"address": ""}),
        ("时间", {"hours": [], "hours_text": ""}),
        ("电话", {"consult_phones": []}),
    ],
)
def test_one_place_has_to_say_where_when_and_whom_to_call(
    document: dict[str, Any], name: str, changes: dict[str, Any]
) -> None:
    assert missing_elements(without_at_places(document, **changes)) == [name]
    one = deepcopy(document["offices"][0])
    assert missing_elements(without_at_places(document, **changes) | {"offices": [one]}) == []


def test_without_any_place_three_are_missing(document: dict[str, Any]) -> None:
    assert missing_elements(document | {"offices": []}) == ["地点", "时间", "电话"]


def test_a_network_of_places_needs_no_address(document: dict[str, Any]) -> None:
    assert missing_elements(without_at_places(document, address="", kind="network")) == []


def test_no_papers_is_an_answer(document: dict[str, Any]) -> None:
    for state in ("none", "unstated"):
        assert missing_elements(document | {"materials": [], "materials_state": state}) == []


@pytest.mark.parametrize("words", ["流程：手册未载明", "流程: 手册未载明。"])
def test_what_the_handbook_does_not_give_is_stated_in_a_remark(document: dict[str, Any], words: str) -> None:
    document |= {"steps": []}
    assert missing_elements(document) == ["流程"]
    document["notes"].append(words)
    assert missing_elements(document) == []
    assert score(document) == 7


@pytest.mark.usefixtures("handbooks")
@pytest.mark.django_db
def test_the_real_guides_have_all_eight() -> None:
    guides = Guide.objects.with_details()
    assert {
        guide.name: missing_elements(guide.document())
        for guide in guides
        if missing_elements(guide.document())
    } == {}
