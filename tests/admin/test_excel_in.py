"""A table that comes back: tried first, everything wrong at once, and only what changed goes to the sign-off queue."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from guides.access import CITY_ADMIN, COUNTY_EDITOR, WINDOW_STAFF
from guides.editing import Change, apply_office
from guides.models import Proposal, Revision
from offices.models import Office
from tests.admin.staff import at_keyboard, hidden, member
from tests.admin.staff import words as text
from tests.cast import Cast, assemble

CHECK = reverse("admin_pages:import_check")
PROPOSE = reverse("admin_pages:import_propose")
ADDRESS, HOURS = 7, 8
NUMBER = 8


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return at_keyboard(member("zhang", CITY_ADMIN, cast.dazhou))


def exported(desk: Client) -> Any:
    response = desk.get(reverse("admin_pages:export_file", args=["offices", "xlsx"]))
    return load_workbook(BytesIO(response.content))


def row_of(sheet: Any, words: str) -> int:
    """The row in which these words stand."""
    return next(int(row[0].row) for row in sheet.iter_rows() if words in [cell.value for cell in row])


def upload(desk: Client, book: Any, name: str = "办理点.xlsx") -> Any:
    if not isinstance(book, bytes):
        file = BytesIO()
        book.save(file)
        book = file.getvalue()
    return desk.post(CHECK, {"table": SimpleUploadedFile(name, book)})


def problems(response: Any) -> list[str]:
    return [str(problem) for problem in response.context_data["problems"]]


def propose(desk: Client, response: Any, **fields: str) -> Any:
    return desk.post(PROPOSE, {"plan": hidden(response, "plan")} | fields, follow=True)


def test_an_unchanged_table_says_that_nothing_changes(desk: Client) -> None:
    assert "没有改动" in text(upload(desk, exported(desk)))


@pytest.mark.parametrize("table", ["offices", "phones"])
def test_an_unchanged_csv_says_that_nothing_changes(desk: Client, table: str) -> None:
    data = desk.get(reverse("admin_pages:export_file", args=[table, "csv"])).content
    assert "没有改动" in text(upload(desk, data, f"{table}.csv"))
    as_excel_saves_it = data.decode("utf-8-sig").encode("gb18030")
    assert "没有改动" in text(upload(desk, as_excel_saves_it, f"{table}.csv"))


def test_one_number_and_one_hours_cell_are_exactly_two_differences(desk: Client, cast: Cast) -> None:
    book = exported(desk)
    book["电话"].cell(row_of(book["电话"], "0818-5872688"), NUMBER).value = "0818-5201826"
    book["办理点"].cell(row_of(book["办理点"], "大竹县医保窗口"), HOURS).value = "工作日 09:00-17:00"
    response = upload(desk, book)
    said = text(response)
    assert "2个办理点、共2处改动" in said
    differences = [str(each) for _, found in response.context_data["changes"] for each in found]
    assert differences == [
        "电话：咨询 0818-5872688 → 咨询 0818-5201826",
        "办理时间：工作日 08:30 12:00、工作日 14:30 18:00 → 工作日 09:00 17:00",
    ]
    assert not Proposal.objects.exists()


def test_what_is_confirmed_waits_for_sign_off_and_changes_nothing_yet(desk: Client, cast: Cast) -> None:
    book = exported(desk)
    book["电话"].cell(row_of(book["电话"], "0818-5872688"), NUMBER).value = "0818-5201826"
    before = Office.objects.with_details().get(county=cast.xuanhan).document()
    assert "已提交1条修改建议" in text(propose(desk, upload(desk, book), change_reason="年底核对"))
    (proposal,) = Proposal.objects.all()
    assert (proposal.office, proposal.source, proposal.author_name) == (
        Office.objects.get(county=cast.xuanhan),
        "import",
        "zhang",
    )
    assert (proposal.county, proposal.reason, proposal.before) == (None, "年底核对", before)
    assert proposal.after["phones"][0]["number"] == "0818-5201826"
    assert Office.objects.with_details().get(county=cast.xuanhan).document() == before
    assert not Revision.objects.exists()


def test_a_new_number_is_a_row_without_its_place(desk: Client, cast: Cast) -> None:
    book = exported(desk)
    sheet = book["电话"]
    row = [cell.value for cell in sheet[row_of(sheet, "0818-5872688")]]
    sheet.append([*row[:3], None, *row[4:7], "0818-5201826", "居民", None])
    propose(desk, upload(desk, book))
    after = Proposal.objects.get().after
    assert after["phones"][-1] == {"purpose": "consult", "number": "0818-5201826", "for": "居民"}


def test_everything_wrong_is_said_at_once_with_sheet_row_and_column(desk: Client) -> None:
    book = exported(desk)
    offices, phones = book["办理点"], book["电话"]
    phones["H2"], phones["H3"], phones["G4"] = 8187226801, "8187226801", "热线"
    phones["D5"] = "99"
    offices["F2"], offices["H3"], offices["B4"] = "", "九点到五点", "没有这个点"
    offices["G5"] = "长" * 1_000_000
    found = problems(upload(desk, book))
    expected = [
        "“办理点”第 5 行“地址”：最多 200 个字，这里有",
        "“电话”第 2 行“号码”：这一格是数字 8187226801，开头的 0 和短横线可能丢了",
        "“办理点”第 2 行“名称”：不能为空",
        "“办理点”第 3 行“办理时间”：“九点到五点”：请写成 工作日 09:00-12:00",
        "“办理点”第 4 行“识别名”：没有找到办理点“没有这个点”",
        "“电话”第 3 行“号码”：“8187226801”不对。请按“区号-号码”填写",
        "“电话”第 4 行“用途”：只能填咨询或投诉",
        "“电话”第 5 行“序号”：这个办理点没有第 99 个电话",
    ]
    assert len(found) == len(expected), found
    for words, problem in zip(expected, found, strict=True):
        assert problem.startswith(words), problem
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("=1+1", "这一格是公式"),
        (datetime(2026, 3, 2), "当成了日期或时间"),  # noqa: DTZ001 - a cell has no zone
        (True, "不是文字"),
        (3.5, "这一格是数字 3.5"),
        ("宣汉_x0000_县", "看不见的控制字符"),
    ],
)
def test_a_cell_that_is_no_text_is_named(desk: Client, value: Any, words: str) -> None:
    book = exported(desk)
    book["办理点"].cell(2, ADDRESS).value = value
    (problem,) = problems(upload(desk, book))
    assert problem.startswith("“办理点”第 2 行“地址”：")
    assert words in problem


def test_numbers_by_which_rows_are_known_may_be_numbers(desk: Client) -> None:
    book = exported(desk)
    for sheet, columns in ((book["电话"], "CDJ"), (book["办理点"], "C")):
        for column in columns:
            for cell in sheet[column][1:]:
                cell.value = int(cell.value)
                cell.number_format = "General"
    assert "没有改动" in text(upload(desk, book))


def test_merged_cells_strange_sheets_and_lost_columns_are_named(desk: Client) -> None:
    book = exported(desk)
    book["办理点"].merge_cells("F2:F3")
    book["电话"].delete_cols(8)
    book.create_sheet("Sheet3")
    book.create_sheet("材料")
    found = "\n".join(problems(upload(desk, book)))
    for words in (
        "“办理点”第 2 行：F2 起有合并的单元格",
        "“电话”第 1 行：少了列 号码",
        "“Sheet3”：不认识这个工作表",
        "“材料”：只能导出，不能导入",
    ):
        assert words in found, found


def test_a_row_given_twice_is_named(desk: Client) -> None:
    book = exported(desk)
    book["办理点"].append([cell.value for cell in book["办理点"][2]])
    (problem,) = problems(upload(desk, book))
    assert "与第 2 行是同一条" in problem


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    file = BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, content)
    return file.getvalue()


def plain_book() -> bytes:
    book, file = Workbook(), BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 100, "另存为“Excel工作簿（*.xlsx）”"),
        ("a.xlsm", with_part(plain_book(), "xl/vbaProject.bin", b"x"), "文件里有宏"),
        ("a.xlsx", with_part(plain_book(), "xl/x.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]>"), "不该有的声明"),
        ("a.xlsx", with_part(plain_book(), "xl/big.xml", b" " * 40_000_000), "解开以后太大"),
        ("a.xlsx", b"PK\x03\x04 broken", "文件损坏"),
        ("a.xlsx", plain_book()[:-200], "文件损坏"),
        ("a.pdf", b"%PDF-1.7", "不是Excel表格"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "第一行不是办理点、电话的列名"),
        ("a.csv", b"\xff\xff\xff", "文字编码认不出来"),
        ("a.csv", b"", "文件是空的"),
        ("a.csv", b"x" * (5 * 1024 * 1024 + 1), "文件超过5MB"),
    ],
    ids=[
        "old",
        "macros",
        "entities",
        "bomb",
        "broken",
        "cut",
        "other",
        "columns",
        "encoding",
        "empty",
        "big",
    ],
)
def test_a_file_nobody_can_take_is_refused_with_what_to_do(
    desk: Client, name: str, data: bytes, words: str
) -> None:
    response = upload(desk, data, name)
    assert (response.status_code, words in text(response)) == (422, True), text(response)[-600:]


def test_a_number_changed_since_the_export_is_not_overwritten(desk: Client, cast: Cast) -> None:
    book = exported(desk)
    office = Office.objects.with_details().get(county=cast.xuanhan)
    document = office.document()
    apply_office({**document, "phones": document["phones"][::-1]}, Change(source="admin"))
    assert "没有改动" in text(upload(desk, book)), "old rows nobody touched say nothing"
    book["电话"].cell(row_of(book["电话"], "0818-5872688"), NUMBER).value = "0818-5201826"
    (problem,) = problems(upload(desk, book))
    assert "导出以后别人改过“宣汉县医保窗口”" in problem


def test_an_office_changed_between_trial_and_confirmation_stops_all(desk: Client, cast: Cast) -> None:
    book = exported(desk)
    for name in ("宣汉县医保窗口", "大竹县医保窗口"):
        book["办理点"].cell(row_of(book["办理点"], name), ADDRESS).value = "新地址"
    response = upload(desk, book)
    office = Office.objects.with_details().get(county=cast.dazhu)
    apply_office({**office.document(), "address": "别处"}, Change(source="admin"))
    assert "请重新导出、再改一次" in text(propose(desk, response))
    assert not Proposal.objects.exists()


def test_a_county_editor_brings_back_only_his_county(cast: Cast) -> None:
    desk = at_keyboard(member("wang", COUNTY_EDITOR, cast.dazhu))
    book = exported(desk)
    assert "没有改动" in text(upload(desk, book))
    book["办理点"].cell(row_of(book["办理点"], "大竹县医保窗口"), ADDRESS).value = "新地址"
    propose(desk, upload(desk, book))
    assert Proposal.objects.get().county == cast.dazhu
    book["办理点"].cell(row_of(book["办理点"], "宣汉县医保窗口"), ADDRESS).value = "新地址"
    (problem,) = problems(upload(desk, book))
    assert "“宣汉县医保窗口”（宣汉县）不归您管" in problem
    assert Proposal.objects.count() == 1


def test_another_citys_office_is_not_found(desk: Client, cast: Cast) -> None:
    of_suining = at_keyboard(member("zhao", CITY_ADMIN, cast.suining))
    found = problems(upload(desk, exported(of_suining)))
    assert found
    assert all("没有找到办理点" in problem for problem in found)


def test_somebody_elses_trial_is_not_confirmed(desk: Client, cast: Cast) -> None:
    book = exported(desk)
    book["办理点"].cell(row_of(book["办理点"], "宣汉县医保窗口"), ADDRESS).value = "新地址"
    response = upload(desk, book)
    other = at_keyboard(member("wang", COUNTY_EDITOR, cast.dazhu))
    assert "没有提交" in text(propose(other, response))
    assert "没有提交" in text(desk.post(PROPOSE, {"plan": "x"}, follow=True))
    assert not Proposal.objects.exists()


def test_who_may_change_nothing_cannot_import(cast: Cast) -> None:
    reader = at_keyboard(member("liu", WINDOW_STAFF, cast.dazhou))
    assert reader.get(reverse("admin_pages:import")).status_code == 403
    assert upload(reader, plain_book()).status_code == 403
