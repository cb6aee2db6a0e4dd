"""Applying a document: rows say what it says, or nothing happens."""

from __future__ import annotations

from typing import Any

import pytest

from guides.editing import DocumentError, Loading, apply_guide, apply_office
from guides.models import Guide, GuideOffice
from offices.models import Office, Phone


@pytest.fixture
def document(loaded: Loading) -> dict[str, Any]:
    """A guide's document, free to be changed."""
    return current()


def current() -> dict[str, Any]:
    return Guide.objects.with_details().get(city__slug="yunshan", matter__slug="zhuyuan-baoxiao").document()


def office_document(county: str) -> dict[str, Any]:
    return Office.objects.with_details().get(city__slug="yunshan", county__slug=county).document()


def test_applying_what_stands_changes_nothing(document: dict[str, Any]) -> None:
    _, outcome = apply_guide(document)
    assert (outcome.verdict, outcome.differences) == ("same", ())


def test_every_part_of_a_document_comes_back(document: dict[str, Any]) -> None:
    document |= {
        "name": "住院报销",
        "audience": "参保人。",
        "materials_state": "none",
        "materials": [],
        "channels": [{"name": "云山医保网", "kind": "website", "applies_to": "职工"}],
        "time_limits": [{"applies_to": "", "kind": "instant", "days": None, "text": "即时办结"}],
        "steps": [{"title": "办结", "text": "完。"}],
        "notes": ["一", "二", "三"],
    }
    document["offices"][0]["scope"] = "资料初审"
    document["offices"][0]["consult_phones"] = [
        {"number": "0799-8000009", "for": "居民"},
        {"number": "0799-8000008", "for": "职工"},
    ]
    apply_guide(document)
    assert current() == document


def test_the_order_of_places_is_kept(document: dict[str, Any]) -> None:
    document["offices"].reverse()
    apply_guide(document)
    assert current() == document


def test_own_hours_are_stored_only_where_they_differ(document: dict[str, Any]) -> None:
    document["offices"][0]["hours"] = [{"days": "saturday", "opens": "09:00", "closes": "11:00", "note": ""}]
    apply_guide(document)
    assert current() == document
    assert GuideOffice.objects.exclude(own_hours=[]).count() == 1


def test_a_phone_no_guide_points_to_any_more_goes(document: dict[str, Any]) -> None:
    for slug in ("zhuyuan-baoxiao", "menzhen-baoxiao"):
        changed = Guide.objects.with_details().get(city__slug="yunshan", matter__slug=slug).document()
        changed["offices"][1]["consult_phones"] = [{"number": "0799-8107777", "for": ""}]
        apply_guide(changed)
    numbers = Phone.objects.filter(office__county__slug="beihe", purpose="consult").values_list(
        "number", flat=True
    )
    assert list(numbers) == ["0799-8107777"]


def test_a_number_changed_at_the_office_changes_in_every_guide(document: dict[str, Any]) -> None:
    office = office_document("beihe")
    office["phones"][0]["number"] = "0799-8101234"
    apply_office(office)
    for guide in Guide.objects.with_details().filter(city__slug="yunshan"):
        assert guide.document()["offices"][1]["consult_phones"] == [{"number": "0799-8101234", "for": ""}]


def test_removing_one_phone_of_an_office_leaves_the_others_to_their_guides(document: dict[str, Any]) -> None:
    office = office_document("nanling")
    assert [phone["number"] for phone in office["phones"]] == ["0799-8200001", "0799-8200003", "0799-8200002"]
    del office["phones"][0]
    apply_office(office)
    place = current()["offices"][2]
    assert place["consult_phones"] == [{"number": "0799-8200003", "for": ""}]
    assert place["complaint_phones"] == [{"number": "0799-8200002", "for": ""}]


def test_differences_are_said_in_chinese(document: dict[str, Any]) -> None:
    document["offices"][1]["consult_phones"] = [{"number": "0799-8107777", "for": ""}]
    document["materials"].append({"applies_to": "", "text": "银行卡", "form": "", "needs_stamp": False})
    document["notes"] = []
    _, outcome = apply_guide(document)
    assert [str(difference) for difference in outcome.differences] == [
        "材料 3：新增 银行卡",
        "备注 1：删除 代办的应提供委托书。",
        "北河区医保窗口·咨询电话：0799-8100001 → 0799-8107777",
    ]


def test_everything_wrong_is_said_at_once_and_nothing_is_written(document: dict[str, Any]) -> None:
    before = current()
    document["name"] = " "
    document["time_limits"] = [{"applies_to": "", "kind": "workdays", "days": 0, "text": "很快"}]
    document["channels"][0]["kind"] = "pigeon"
    document["offices"][0]["consult_phones"] = [{"number": "12", "for": ""}]
    document["offices"][0]["hours"] = [{"days": "workdays", "opens": "12:00", "closes": "09:00", "note": ""}]
    with pytest.raises(DocumentError) as refused:
        apply_guide(document)
    assert [problem.where for problem in refused.value.problems] == [
        "事项名称",
        "渠道 1",
        "时限 1",
        "办理点“市本级政务中心”的办理时间",
        "办理点“市本级政务中心”的咨询电话 12",
    ]
    assert current() == before


def test_an_office_without_a_name_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(DocumentError):
        apply_office({**office_document("beihe"), "name": ""})


def test_a_new_office_comes_with_the_guide_that_names_it(document: dict[str, Any]) -> None:
    document["offices"].append(
        {
            **document["offices"][0],
            "county": "",
            "key": "各银行网点",
            "kind": "network",
            "name": "各银行网点",
            "address": "",
            "hours": [],
            "consult_phones": [],
            "complaint_phones": [],
        }
    )
    apply_guide(document)
    assert current() == document
    assert Office.objects.get(key="各银行网点").county is None


def test_a_number_of_days_and_its_words_have_to_agree(document: dict[str, Any]) -> None:
    document["time_limits"][0]["days"] = 20
    with pytest.raises(DocumentError, match="原文写的是 7 个工作日，与工作日数 20 不一致"):
        apply_guide(document)


def test_changed_hours_take_the_books_words_with_them(document: dict[str, Any]) -> None:
    office = office_document("beihe")
    office["hours"] = [{"days": "workdays", "opens": "08:00", "closes": "11:00", "note": ""}]
    apply_office(office)
    place = current()["offices"][1]
    assert (place["hours"], place["hours_text"]) == (office["hours"], "")
