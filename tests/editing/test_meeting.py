"""Three versions of one document: what is asked, what is taken by itself, and what comes out."""

from __future__ import annotations

from typing import Any

from guides.editing import chosen, meetings, status_in, with_status


def place(key: str, **facts: Any) -> dict[str, Any]:
    own = {"scope": "", "hours": [], "hours_text": "", "consult_phones": [], "complaint_phones": []}
    return {"county": "", "key": key, "kind": "counter", "name": key, "address": "旧址", **own, **facts}


def guide(*places: dict[str, Any], **facts: Any) -> dict[str, Any]:
    head = {"city": "dazhou", "matter": "m", "name": "名", "audience": "", "notes": []}
    return {**head, **facts, "offices": list(places), "source": {"handbook": ""}}


def asked(base: Any, yours: Any, theirs: Any) -> dict[str, str]:
    return {meeting.label: meeting.default for meeting in meetings(base, yours, theirs)}


def by_default(base: Any, yours: Any, theirs: Any) -> dict[str, Any]:
    picks = {meeting.path: meeting.default for meeting in meetings(base, yours, theirs)}
    return chosen(yours, theirs, base, picks)


def test_only_a_field_both_changed_has_no_default() -> None:
    base, yours = guide(audience="甲"), guide(audience="乙", notes=["我"])
    theirs = guide(audience="丙", name="他")
    assert asked(base, yours, theirs) == {"名称": "theirs", "服务对象": "", "备注": "yours"}
    assert asked(base, yours, yours) == {"服务对象": "theirs", "备注": "theirs"}
    assert asked(base, base, base) == {}


def test_fields_of_one_place_are_chosen_by_themselves() -> None:
    base = guide(place("甲"), place("乙"))
    yours = guide(place("甲", scope="初审"), place("乙"))
    theirs = guide(place("甲", hours_text="上午", address="新址"), place("乙"))
    assert asked(base, yours, theirs) == {"甲·办理范围": "yours", "甲·办理时间原文": "theirs"}
    made = by_default(base, yours, theirs)["offices"]
    assert made == [place("甲", scope="初审", hours_text="上午", address="新址"), place("乙")]


def test_places_come_and_go_as_each_side_wanted() -> None:
    base = guide(place("甲"), place("乙"), place("丙"))
    yours = guide(place("甲"), place("丙"), place("我的"))
    theirs = guide(place("甲"), place("乙"), place("他们的"))
    keys = [each["key"] for each in by_default(base, yours, theirs)["offices"]]
    assert sorted(keys) == sorted(["甲", "我的", "他们的"])


def test_a_place_one_removed_and_the_other_changed_is_asked_for() -> None:
    base, theirs = guide(place("甲")), guide(place("甲", scope="初审"))
    (meeting,) = meetings(base, guide(), theirs)
    assert (meeting.label, meeting.default) == ("甲", "")
    for side, left in (("yours", []), ("theirs", [place("甲", scope="初审")]), ("base", [place("甲")])):
        assert chosen(guide(), theirs, base, {meeting.path: side})["offices"] == left


def test_an_order_you_changed_is_kept() -> None:
    base = guide(place("甲"), place("乙"))
    yours, theirs = guide(place("乙"), place("甲")), guide(place("甲"), place("乙"), name="他")
    assert [each["key"] for each in by_default(base, yours, theirs)["offices"]] == ["乙", "甲"]


def test_the_status_meets_with_the_document() -> None:
    base = with_status(guide(), "published")
    made = by_default(base, with_status(guide(), "withdrawn"), base)
    assert status_in(made) == "withdrawn"
    assert status_in(guide()) == ""
    assert list(guide(name="他")) == list(by_default(guide(), guide(), guide(name="他")))
