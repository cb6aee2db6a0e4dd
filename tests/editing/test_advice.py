"""Advice at entry: what is vague, what looks mistyped; with a reason, and never a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from guides.editing.advice import Surroundings, advice_on_guide, advice_on_office, surroundings_of
from guides.models import Guide
from offices.models import City, Office
from tests.cast import Cast, assemble

AROUND = Surroundings(
    "达州市",
    "0818",
    {7: 30, 8: 1},
    {"0818-7226801": frozenset({"渠县", "开江县"}), "0818-5201826": frozenset({"宣汉县"})},
)


def guide(**changes: Any) -> dict[str, Any]:
    blank = {"audience": "", "materials_note": "", "progress": "", "evaluation": ""}
    lists: dict[str, Any] = {"materials": [], "steps": [], "notes": [], "offices": []}
    return blank | lists | changes


def said(document: dict[str, Any], around: Surroundings = AROUND) -> list[str]:
    return [str(advice) for advice in advice_on_guide(document, around)]


def number(words: str, county: str = "xuanhan") -> list[str]:
    place = {
        "name": "窗口",
        "county": county,
        "hours": [],
        "consult_phones": [{"number": words, "for": ""}],
        "complaint_phones": [],
    }
    return said(guide(offices=[place]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("其他材料", "其他材料"),
        ("需要的其它证明材料", "其它证明材料"),
        ("相关手续", "相关手续"),
        ("到有关部门办理", "有关部门"),
        ("按规定报销", "按规定"),
        ("按照国家有关规定执行", "按照国家有关规定"),
        ("原则上不超过三天", "原则上"),
    ],
)
def test_vague_words_are_named_with_the_reason(text: str, found: str) -> None:
    (advice,) = said(guide(materials=[{"text": "身份证"}, {"text": text}]))
    assert advice.startswith(f"材料 2：“{found}”——看的人不知道")


@pytest.mark.parametrize(
    "text", ["医院收费票据", "有效身份证件或医保电子凭证", "其他城市的参保人", "规定时间内", ""]
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert said(guide(materials=[{"text": text}], audience=text)) == []


def test_numbers_at_the_beginning_of_entries_are_the_pages_business() -> None:
    advice = said(guide(notes=["1.第一", "3、第三", "2024年起执行"]))
    assert advice == [
        "备注 1：“1.第一”——页面会自己编号，请删去这里的编号",
        "备注 2：“3、第三”——页面会自己编号，请删去这里的编号；这是第 2 条却编为 3，请核对有没有漏掉一条",
    ]


def test_a_gap_in_points_is_noticed() -> None:
    assert said(guide(notes=["需提供：①甲；②乙；④丁。"])) == [
        "备注 1：“④”——这里应该是③，请核对有没有漏掉一条"
    ]
    assert said(guide(notes=["需提供：①甲；②乙。"])) == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("0825-5182512", "区号不是达州市的 0818"),
        ("0818-52018266", "通常是 7 位，这个是 8 位"),
        ("5201826", "请写成 0818-5201826"),
        ("0818-7226801", "开江县、渠县都用这个号码"),
    ],
)
def test_a_number_that_looks_wrong_says_why(words: str, reason: str) -> None:
    (advice,) = number(words)
    assert reason in advice


@pytest.mark.parametrize("words", ["0818-5201826", "12345", "12393", "13800000000", "400-123-4567"])
def test_a_usual_number_is_left_alone(words: str) -> None:
    assert number(words) == []


def test_a_network_may_share_its_number() -> None:
    assert number("0818-7226801", county="") == []


def test_without_enough_numbers_no_length_is_usual() -> None:
    assert Surroundings(lengths={7: 9}).usual_length == 0
    assert Surroundings(lengths={7: 6, 8: 6}).usual_length == 0


@pytest.mark.django_db
def test_the_city_itself_says_what_is_usual(django_assert_num_queries: Any) -> None:
    cast: Cast = assemble()
    dazhu = Office.objects.get(county=cast.dazhu)
    dazhu.phones.create(purpose="consult", number="0818-5872688")  # 宣汉's
    with django_assert_num_queries(1):
        around = surroundings_of(cast.dazhou)
    document = Office.objects.with_details().get(pk=dazhu.pk).document()
    (advice,) = advice_on_office(document, around)
    assert advice.found == "0818-5872688"
    assert advice.reason.startswith("大竹县、宣汉县都用")


@pytest.mark.django_db
@pytest.mark.usefixtures("handbooks")
def test_the_real_books_are_read_without_a_flood() -> None:
    guides = Guide.objects.with_details()
    counts = [
        len(advice_on_guide(guide.document(), around))
        for city in City.objects.all()
        for around in [surroundings_of(city)]
        for guide in guides.filter(city=city)
    ]
    assert max(counts) <= 12
    assert sum(counts) / len(counts) <= 3


@pytest.mark.parametrize(
    ("second", "found"),
    [(("workdays", "11:00"), ["甲窗口·办理时间"]), (("workdays", "12:00"), []), (("saturday", "11:00"), [])],
)
def test_hours_that_overlap_are_questioned(second: tuple[str, str], found: list[str]) -> None:
    hours = [
        {"days": "workdays", "opens": "09:00", "closes": "12:00"},
        {"days": second[0], "opens": second[1], "closes": "17:00"},
    ]
    office = {"name": "甲窗口", "county": "xuanhan", "hours": hours, "phones": []}
    assert [advice.where for advice in advice_on_office(office, AROUND)] == found
