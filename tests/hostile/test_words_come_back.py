"""Hostile words come back as they were written: from the data, from Excel, from a page of the desk, from paper."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from guides.editing import Change, apply_guide, apply_office
from guides.models import Guide, Revision
from keeping.exporting import as_csv
from keeping.models import AuditEntry
from keeping.trail import record
from offices.models import Office
from tests.admin.conftest import typed
from tests.admin.staff import at_keyboard, url
from tests.admin.staff import words as read
from tests.admin.test_excel_in import upload

from .fields import Crowd, documents
from .payloads import FORMULAS, SCRIPTS, TYPESETTING

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.fixture
def crowd(db: None) -> Crowd:
    return Crowd(is_wild=False)


@pytest.fixture
def desk(crowd: Crowd) -> Client:
    return at_keyboard(crowd.people["超级用户"])


def test_the_data_says_every_character(crowd: Crowd, client: Client) -> None:
    given = json.loads(client.get(reverse("guides:data")).content)
    said = given if isinstance(given, list) else given["guides"]
    written = {
        (guide.city.slug, guide.matter.slug): guide.document() for guide in Guide.objects.with_details()
    }
    assert len(said) == len(written)
    for document in said:
        mine = written[document["city"], document["matter"]]
        assert {name: document[name] for name in mine} == mine


def test_a_page_of_the_desk_sent_back_changes_nothing(crowd: Crowd, desk: Client) -> None:
    before, revisions = documents(), Revision.objects.count()
    for model in (Guide, Office):
        for row in model.objects.all():
            page = url(model, "change", row.pk)
            assert desk.post(page, typed(desk.get(page))).status_code in {200, 302}
    assert documents() == before
    assert Revision.objects.count() == revisions


@pytest.mark.parametrize("file", ["offices.xlsx", "offices.csv"])
def test_a_table_sent_back_changes_nothing(crowd: Crowd, desk: Client, file: str) -> None:
    data = desk.get(reverse("admin_pages:export_file", args=file.split("."))).content
    assert "没有改动" in read(upload(desk, data, file))


def with_formulas(crowd: Crowd, formula: str) -> None:
    """A formula at the beginning of whatever stands in a table."""
    guide = Guide.objects.with_details().get(pk=crowd.cast.enrolment.pk)
    document = guide.document() | {"audience": formula, "progress": formula, "notes": [formula]}
    document["materials"] = [
        each | {"text": formula, "applies_to": formula} for each in document["materials"][:1]
    ]
    apply_guide(document, Change())
    office = Office.objects.with_details().get(county=crowd.cast.xuanhan)
    apply_office(office.document() | {"name": formula, "address": formula}, Change())
    record("apply", actor=formula, object=formula, detail={})


def test_no_cell_of_any_table_is_a_formula(crowd: Crowd, desk: Client) -> None:
    for formula in FORMULAS:
        with_formulas(crowd, formula)
        for table in ("offices", "phones", "guides", "materials"):
            text = desk.get(reverse("admin_pages:export_file", args=[table, "csv"])).content.decode(
                "utf-8-sig"
            )
            assert plain(csv.reader(StringIO(text, newline=""))), (formula, table)
        for table in ("offices", "guides"):
            book = load_workbook(
                BytesIO(desk.get(reverse("admin_pages:export_file", args=[table, "xlsx"])).content)
            )
            kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
            assert "f" not in kinds, (formula, table)
    trail = "".join(as_csv(entry.link for entry in AuditEntry.objects.order_by("number")))
    assert plain(csv.reader(StringIO(trail, newline="")))


def plain(rows: Any) -> bool:
    """Whether no cell begins as a formula does."""
    return not [cell for row in rows for cell in row if cell.removeprefix("\ufeff").startswith(STARTS)]


def test_paper_says_commands_of_the_typesetter_and_runs_none(crowd: Crowd, client: Client) -> None:
    guide = Guide.objects.with_details().get(pk=crowd.cast.enrolment.pk)
    apply_guide(
        guide.document() | {"audience": "".join(TYPESETTING), "notes": [*TYPESETTING, *SCRIPTS[:3]]}, Change()
    )
    pdf = b"".join(client.get(f"{guide.get_absolute_url()}sheet.pdf"))
    said = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    assert [each for each in TYPESETTING if "".join(each.split()) not in said] == []
    assert "root:" not in said


def test_every_kind_of_paper_is_set_of_hostile_words(crowd: Crowd, client: Client) -> None:
    papers = [address.url for address in crowd.addresses() if address.url.endswith(".pdf")]
    assert {path.rsplit("/", 1)[1] for path in papers} == {"sheet.pdf", "booklet.pdf", "poster.pdf"}
    for path in papers:
        response = client.get(path)
        assert response.status_code == 200, path
        assert PdfReader(BytesIO(b"".join(response))).pages, path
