"""What an editor takes out for Excel: only what he may see, and every cell is text."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from guides.access import CITY_ADMIN, WINDOW_STAFF
from guides.models import Guide, Material, Revision
from guides.tables import OFFICES, read_table, write_csv, write_xlsx
from offices.models import Office
from tests.admin.staff import at_keyboard, member
from tests.cast import Cast, assemble

WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "+86 0818",
    "-1",
    "@SUM(A1)",
    "\tx",
    "'引号",
    "'=1",
    "''x",
    "＝1",
    "_x000D_",
    'a"b,c\nd',
    "普通地址",
    "",
]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return at_keyboard(member("zhang", CITY_ADMIN, cast.dazhou))


def download(desk: Client, table: str, form: str = "xlsx", **query: str) -> Any:
    response = desk.get(reverse("admin_pages:export_file", args=[table, form]), query)
    assert response.status_code == 200
    return response


def rows(response: Any, sheet: str) -> list[list[str]]:
    book = load_workbook(BytesIO(response.content))
    return [[str(value or "") for value in row] for row in book[sheet].iter_rows(values_only=True)]


def office_row(address: str) -> dict[str, str]:
    return {column.key: "x" for column in OFFICES.columns} | {"address": address}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_words_come_back_exactly_as_they_went_out(form: str) -> None:
    filled = [office_row(address) for address in HOSTILE]
    data = write_csv(OFFICES, filled) if form == "csv" else write_xlsx([(OFFICES, filled)], WHEN)
    reading = read_table(f"x.{form}", data, [OFFICES])
    assert [line.cells["address"] for line in reading.lines] == HOSTILE
    assert reading.problems == []


def test_no_cell_is_a_formula() -> None:
    data = write_xlsx([(OFFICES, [office_row(address) for address in HOSTILE])], WHEN)
    book = load_workbook(BytesIO(data))
    cells = [cell for row in book["办理点"].iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"inlineStr", "s", "n"}  # n: empty
    assert {cell.number_format for cell in cells} == {"@"}
    (formula,) = (cell for cell in cells if cell.value == HOSTILE[0])
    assert formula.quotePrefix
    text = write_csv(OFFICES, [office_row(address) for address in HOSTILE]).decode("utf-8-sig")
    for row in csv.reader(StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in row)


def test_a_workbook_explains_its_columns_and_is_made_for_reading(desk: Client) -> None:
    response = download(desk, "offices")
    book = load_workbook(BytesIO(response.content))
    assert book.sheetnames == ["说明", "办理点", "电话"]
    sheet = book["电话"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:J{sheet.max_row}")
    assert sheet.column_dimensions["H"].width == 18
    explained = rows(response, "说明")
    assert next(row[:2] for row in explained if row[1] == "号码") == ["电话", "号码"]
    headings = [row[1] for row in explained if row[0] == "电话"]
    assert headings == rows(response, "电话")[0]


def test_only_the_own_city_comes_out(desk: Client, cast: Cast) -> None:
    assert {row[0] for row in rows(download(desk, "offices"), "办理点")[1:]} == {"dazhou"}
    assert {row[0] for row in rows(download(desk, "offices", city="suining"), "电话")[1:]} == {"dazhou"}
    guides = download(desk, "guides")
    assert {row[0] for row in rows(guides, "办事指南")[1:]} == {"dazhou"}
    assert {row[0] for row in rows(guides, "材料")[1:]} == {"dazhou"}
    assert "射洪" not in download(desk, "phones", "csv").content.decode()


def test_a_county_can_be_taken_out_alone(desk: Client) -> None:
    offices = rows(download(desk, "offices", city="dazhou", county="xuanhan"), "办理点")
    assert [row[5] for row in offices[1:]] == ["宣汉县医保窗口"]


def test_the_phones_say_how_many_guides_use_them(desk: Client) -> None:
    numbers = {row[7]: row[9] for row in rows(download(desk, "offices"), "电话")[1:]}
    assert numbers["0818-5872688"] == "2"


def test_csv_opens_in_excel(desk: Client) -> None:
    response = download(desk, "materials", "csv", city="dazhou")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert "filename*=utf-8''" in response.headers["Content-Disposition"]
    (heading, *materials) = csv.reader(StringIO(response.content.decode("utf-8-sig"), newline=""))
    assert heading[5] == "材料"
    assert len(materials) == Material.objects.filter(guide__city__slug="dazhou").count()


def test_who_only_reads_may_take_out_too_and_nobody_outside(cast: Cast) -> None:
    reader = at_keyboard(member("liu", WINDOW_STAFF, cast.dazhou))
    assert rows(download(reader, "offices"), "办理点")[1:]
    address = reverse("admin_pages:export_file", args=["offices", "xlsx"])
    assert Client().get(address).status_code == 302
    nobody = at_keyboard(member("qian", WINDOW_STAFF, cast.suining))
    assert {row[0] for row in rows(download(nobody, "offices"), "办理点")[1:]} == {"suining"}


@pytest.mark.parametrize(("table", "form"), [("offices", "pdf"), ("phones", "xlsx"), ("users", "csv")])
def test_there_are_no_other_files(desk: Client, table: str, form: str) -> None:
    assert desk.get(reverse("admin_pages:export_file", args=[table, form])).status_code == 404


def test_the_export_page_offers_every_file(admin_client: Client, cast: Cast) -> None:
    html = admin_client.get(reverse("admin_pages:export"), {"city": "dazhou"}).content.decode()
    for file in ("offices.xlsx", "offices.csv", "phones.csv", "guides.xlsx", "guides.csv", "materials.csv"):
        assert f"{file}?city=dazhou" in html


@pytest.mark.parametrize(("model", "sheet"), [(Office, "办理点"), (Guide, "办事指南")])
def test_the_ticked_rows_of_a_list_come_out_and_nothing_is_written(
    admin_client: Client, cast: Cast, model: Any, sheet: str
) -> None:
    row = model.objects.first()
    chosen = {"action": "export_chosen", "_selected_action": [str(row.pk)]}
    address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
    found = rows(admin_client.post(address, chosen), sheet)
    assert len(found) == 2
    assert row.name in found[1]
    assert not Revision.objects.exists()


def test_an_export_needs_few_queries(desk: Client, django_assert_max_num_queries: Any) -> None:
    """Five of them count the rows and write the entry of the audit trail."""
    with django_assert_max_num_queries(37):
        download(desk, "guides")
    with django_assert_max_num_queries(27):
        download(desk, "offices")
