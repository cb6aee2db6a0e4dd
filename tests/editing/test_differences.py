"""What an editor reads of a change: one line for each thing that changed, words marked inside."""

from __future__ import annotations

from typing import Any

import pytest

from guides.editing import differences
from guides.editing.differences import changed_in_words


def material(text: str, **more: Any) -> dict[str, Any]:
    return {"applies_to": "", "text": text, "form": "", "needs_stamp": False, **more}


def phone(number: str) -> dict[str, str]:
    return {"number": number, "for": ""}


def said(key: str, before: list[Any], after: list[Any]) -> list[str]:
    return [str(difference) for difference in differences({key: before}, {key: after})]


PAPERS = [material(text) for text in ("身份证", "出院记录", "医院收费票据")]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([PAPERS[0], material("银行卡"), *PAPERS[1:]], ["材料 2：新增 银行卡"]),
        ([PAPERS[0], PAPERS[2]], ["材料 2：删除 出院记录"]),
        ([*PAPERS[:2], material("医院收费票据原件")], ["材料 3：医院收费票据 → 医院收费票据原件"]),
        (
            [material("银行卡"), PAPERS[0], material("出院记录原件"), PAPERS[2]],
            ["材料 1：新增 银行卡", "材料 3：出院记录 → 出院记录原件"],
        ),
        (
            [PAPERS[1], PAPERS[0], PAPERS[2]],
            ["材料的次序：身份证、出院记录、医院收费票据 → 出院记录、身份证、医院收费票据"],
        ),
        (
            [material("身份证", needs_stamp=True), *PAPERS[1:]],
            ["材料 1：身份证 → 身份证 （需盖章）"],
        ),
    ],
)
def test_entries_are_matched_by_what_they_say(after: list[Any], expected: list[str]) -> None:
    assert said("materials", PAPERS, after) == expected


def test_phones_are_named_one_by_one() -> None:
    before = [phone("0818-1000001"), phone("0818-1000002")]
    after = [phone("0818-1000001"), phone("0818-1000003"), phone("0818-1000004")]
    assert said("consult_phones", before, after) == [
        "咨询电话：0818-1000002 → 0818-1000003",
        "咨询电话：新增 0818-1000004",
    ]


def test_words_that_differ_are_marked_on_both_sides() -> None:
    (difference,) = differences({"audience": "城乡居民参保人员。"}, {"audience": "城镇职工参保人员。"})
    assert [run.text for run in difference.was if run.differs] == ["乡居民"]
    assert [run.text for run in difference.now if run.differs] == ["镇职工"]
    assert "".join(run.text for run in difference.was) == difference.before


def test_residents_read_which_fields_changed_not_where_the_book_says_so() -> None:
    before = {"materials": PAPERS, "notes": [], "source": {"first_line": 1}}
    assert changed_in_words(before, {**before, "source": {"first_line": 9}}) == ""
    assert changed_in_words(before, {"materials": [], "notes": ["新"], "source": {}}) == "办理材料、备注"
    assert changed_in_words({}, before) == ""
