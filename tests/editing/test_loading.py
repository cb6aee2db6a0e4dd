"""Loading a handbook: all or nothing, twice is once, editors' work stays, absence deletes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from guides.editing import Loading, NotLoadableError, apply_guide, apply_office, describe_city, load_handbook
from guides.ingest import read_handbook
from guides.models import Finding, Guide, Handbook, Matter
from offices.models import City, Office, Phone
from tests.books import ROWS, MadeUp, table_book
from tests.editing.conftest import NAMES, load


def document(matter: str) -> dict[str, Any]:
    return Guide.objects.with_details().get(city__slug="yunshan", matter__slug=matter).document()


def everything() -> list[Any]:
    guides = [guide.document() for guide in Guide.objects.with_details()]
    return [*guides, *(office.document() for office in Office.objects.with_details())]


def test_a_loaded_guide_says_what_the_book_says(loaded: Loading) -> None:
    assert loaded.counts() == {"added": 2, "changed": 0, "same": 0, "missing": 0}
    guide = Guide.objects.with_details().get(city__slug="yunshan", matter__slug="zhuyuan-baoxiao")
    assert guide.document() == guide.imported_document
    assert guide.handbook is not None
    assert guide.handbook.printed_title == "《云山市医保办事手册》（2027年版）"


def test_loading_the_same_book_again_changes_nothing(loaded: Loading) -> None:
    before = everything()
    phones = set(Phone.objects.values_list("pk", flat=True))
    again = load(table_book(NAMES))
    assert again.counts() == {"added": 0, "changed": 0, "same": 2, "missing": 0}
    assert (again.kept, again.changes) == ([], [])
    assert everything() == before
    assert set(Phone.objects.values_list("pk", flat=True)) == phones


def test_the_next_edition_changes_what_it_changes_and_says_so(loaded: Loading) -> None:
    again = load(table_book(NAMES).replace("不超过7个工作日", "不超过5个工作日", 1))
    assert again.counts() == {"added": 0, "changed": 1, "same": 1, "missing": 0}
    assert again.changes == ["住院费用报销：时限 1：工作日 7 不超过7个工作日 → 工作日 5 不超过5个工作日"]
    assert document("zhuyuan-baoxiao")["time_limits"][0]["days"] == 5


def test_what_an_editor_changed_stays(loaded: Loading) -> None:
    edited = document("zhuyuan-baoxiao")
    edited["notes"] = ["代办的应提供委托书和身份证。"]
    edited["offices"][1]["consult_phones"] = [{"number": "0799-8109999", "for": ""}]
    apply_guide(edited)
    book = table_book(NAMES).replace("代办的应提供委托书。", "代办的应提供公证书。")
    again = load(book.replace("0799-8100001", "0799-8105555"))
    assert document("zhuyuan-baoxiao")["notes"] == ["代办的应提供委托书和身份证。"]
    assert document("zhuyuan-baoxiao")["offices"][1]["consult_phones"][0]["number"] == "0799-8109999"
    assert document("menzhen-baoxiao")["notes"] == ["代办的应提供公证书。"]
    assert again.kept == ["住院费用报销：备注", "住院费用报销：北河区医保窗口·咨询电话"]


def test_an_edited_field_the_next_edition_leaves_alone_is_not_reported(loaded: Loading) -> None:
    edited = document("zhuyuan-baoxiao")
    edited["audience"] = "本市参保人员。"
    apply_guide(edited)
    again = load(table_book(NAMES))
    assert again.kept == []
    assert document("zhuyuan-baoxiao")["audience"] == "本市参保人员。"


def test_an_edited_address_stays_for_every_guide(loaded: Loading) -> None:
    office = Office.objects.with_details().get(city__slug="yunshan", county__slug="beihe")
    apply_office({**office.document(), "address": "北河区新政务中心1楼"})
    moved = (ROWS[0], MadeUp("北河区", "北河区滨河路 8 号 2 楼医保窗口", *_rest(ROWS[1])), ROWS[2])
    again = load(table_book(NAMES, moved))
    places = [document(slug)["offices"][1]["address"] for slug in ("zhuyuan-baoxiao", "menzhen-baoxiao")]
    assert places == ["北河区新政务中心1楼", "北河区新政务中心1楼"]
    assert "北河区医保窗口：地址" in again.kept


def _rest(row: MadeUp) -> tuple[str, str, str]:
    return row.hours, row.consult, row.complaint


def test_absence_never_deletes(loaded: Loading) -> None:
    again = load(table_book(NAMES[:1], ROWS[:2]))
    assert again.guides["missing"] == ["门诊费用报销"]
    assert Guide.objects.filter(city__slug="yunshan").count() == 2
    assert [place["county"] for place in document("zhuyuan-baoxiao")["offices"]] == [
        "shibenji",
        "beihe",
        "nanling",
    ]


def test_a_place_an_editor_removed_does_not_come_back(loaded: Loading) -> None:
    edited = document("zhuyuan-baoxiao")
    del edited["offices"][2]
    apply_guide(edited)
    again = load(table_book(NAMES))
    assert [place["county"] for place in document("zhuyuan-baoxiao")["offices"]] == ["shibenji", "beihe"]
    assert again.kept == ["住院费用报销：南岭县办理点（编辑已移除）"]


def test_an_unknown_matter_comes_in_under_a_pinyin_address(catalogue: None) -> None:
    load(table_book(["医保证明打印"]))
    matter = Matter.objects.get(name="医保证明打印")
    assert (matter.slug, matter.category.name) == ("yi-bao-zheng-ming-da-yin", "未分类")
    assert Finding.objects.filter(kind="unknown_matter", guide__matter=matter).exists()


def test_findings_and_handbook_are_stored_once(loaded: Loading) -> None:
    load(table_book(NAMES))
    handbook = Handbook.objects.get(slug="yunshan")
    assert handbook.lines(1, 3) == [(1, "云山市医保办事手册"), (2, ""), (3, "（2027年版）")]
    assert Finding.objects.filter(handbook=handbook).count() == handbook.findings.count()


def test_a_reading_with_problems_is_refused(catalogue: None) -> None:
    city = City.objects.with_counties().get(slug="yunshan")
    reading = read_handbook(b"", handbook="yunshan", city=describe_city(city))
    with pytest.raises(NotLoadableError):
        load_handbook(reading, file_name="x", data=b"")
    assert not Handbook.objects.exists()


def test_inline_books_load_too(loaded_inline: Loading) -> None:
    places = document("zhuyuan-baoxiao")["offices"]
    assert [(place["county"], place["name"], place["scope"]) for place in places] == [
        ("shibenji", "市本级医保窗口", ""),
        ("", "各社区服务站", "资料初审"),
    ]
    assert document("zhuyuan-baoxiao")["offices"][1]["hours_text"] == "其他办理地点以相关机构工作时间为准。"
