"""What the checks find in the real handbooks, with the lines a person goes to."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.books import reading


def lines(city: str, kind: str) -> list[int]:
    return [finding.line for finding in reading(city).findings if finding.kind == kind]


def test_a_county_that_prints_another_countys_phones() -> None:
    found = [f for f in reading("dazhou").findings if f.kind == "phone_of_other_county"]
    assert [(f.line, f.matter, f.county) for f in found] == [
        (4900, "住院费用报销", "kaijiang"),
        (4901, "住院费用报销", "kaijiang"),
    ]
    assert [f.number for f in found] == ["0818-7226802", "0818-7226803"]
    assert found[0].message == "手册在开江县这一行印的是 0818-7226802，但在别处 12 次都是渠县的电话"


def test_a_complaint_number_that_is_the_consult_number() -> None:
    assert lines("dazhou", "same_consult_and_complaint") == [6531, 6780, 7015, 7240, 7479]


def test_a_procedure_without_its_end() -> None:
    assert lines("suining", "missing_step") == [333]
    assert lines("dazhou", "missing_step") == []


def test_damaged_and_doubled_numbers() -> None:
    assert lines("suining", "numbering") == [919, 921]
    assert lines("dazhou", "numbering") == [4489]


def test_online_enquiry_on_window_only_matters() -> None:
    assert lines("dazhou", "online_text_without_channel") == [
        34,
        1382,
        2290,
        3992,
        4233,
        4461,
        4714,
        7174,
        7399,
    ]
    assert lines("suining", "online_text_without_channel") == []


@pytest.mark.parametrize(("city", "line"), [("suining", 273), ("dazhou", 1588)])
def test_two_names_of_one_channel(city: str, line: int) -> None:
    assert lines(city, "channel_names") == [line]


def test_columns_that_were_inferred_are_owned_up_to() -> None:
    found = [finding for finding in reading("dazhou").findings if finding.kind == "phone_columns_inferred"]
    assert Counter(finding.county for finding in found) == {"dachuan": 33}


def test_hours_worded_unlike_elsewhere() -> None:
    assert lines("suining", "hours_differ") == [751, 751, 751]


def test_findings_come_in_the_order_of_the_book() -> None:
    for city in ("suining", "dazhou"):
        found = [finding.line for finding in reading(city).findings]
        assert found == sorted(found)
