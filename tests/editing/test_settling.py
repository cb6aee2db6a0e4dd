"""What a person decided about a finding: kept through the next import, and pages no longer mark the number."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client

from guides.editing import Loading, settle_finding, unsettle_finding
from guides.models import Finding, Guide, SheetChange
from tests.books import table_book
from tests.cast import Cast, assemble, text_of
from tests.editing.conftest import NAMES, load

WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OTHER = table_book(NAMES).replace("0799-8200002", "0818-8200002")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def doubt(cast: Cast) -> Finding:
    assert cast.inpatient.handbook
    return Finding.objects.create(
        handbook=cast.inpatient.handbook,
        position=0,
        kind="phone_of_other_county",
        guide=cast.inpatient,
        county=cast.xuanhan,
        line=1,
        message="印了大竹县的电话",
        number="0818-5872688",
    )


def test_it_is_kept_who_settled_a_finding_when_and_why(doubt: Finding) -> None:
    settle_finding(doubt, User.objects.create_user("li", first_name="李编辑"), "已打电话核对", WHEN)
    (settled,) = Finding.objects.settled()
    assert (settled.settled_on, settled.settled_by, settled.settled_note) == (WHEN, "李编辑", "已打电话核对")
    assert not Finding.objects.open().exists()
    unsettle_finding(settled)
    assert Finding.objects.open().get().settled_note == ""


def test_a_settled_doubt_no_longer_marks_its_number(client: Client, doubt: Finding) -> None:
    page = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"
    assert "0818-5872688 号码待核实" in text_of(client.get(page))
    settle_finding(doubt, None, "是共用的号码", WHEN)
    assert "号码待核实" not in text_of(client.get(page))
    unsettle_finding(doubt)
    assert "0818-5872688 号码待核实" in text_of(client.get(page))


def test_settling_a_doubt_changes_the_version_of_that_countys_sheet_alone(doubt: Finding) -> None:
    settle_finding(doubt, None, "核对过", WHEN)
    (change,) = SheetChange.objects.all()
    assert (change.guide, change.county) == (doubt.guide, doubt.county)


def test_settling_what_no_page_shows_changes_no_sheet(doubt: Finding) -> None:
    doubt.kind = "missing_step"
    settle_finding(doubt, None, "核对过", WHEN)
    assert not SheetChange.objects.exists()


def test_a_settled_finding_stays_settled_when_the_book_is_loaded_again(catalogue: None) -> None:
    load(OTHER)
    findings = list(Finding.objects.filter(kind="area_code"))
    assert len(findings) == len(NAMES)
    settle_finding(findings[0], None, "核对过", WHEN)
    load("\n" + OTHER)
    (settled,) = Finding.objects.settled()
    assert (settled.guide, settled.number) == (findings[0].guide, findings[0].number)
    assert settled.line == findings[0].line + 1
    assert (settled.settled_on, settled.settled_note) == (WHEN, "核对过")


def test_a_finding_that_says_something_else_is_open(catalogue: None) -> None:
    load(OTHER)
    settle_finding(Finding.objects.filter(kind="area_code")[0], None, "核对过", WHEN)
    load(table_book(NAMES).replace("0799-8200002", "0819-8200002"))
    assert not Finding.objects.settled().exists()


def test_the_list_of_guides_counts_open_findings_only(doubt: Finding) -> None:
    def count() -> int:
        guide = Guide.objects.with_finding_count().get(findings=doubt)
        return int(guide.finding_count)  # type: ignore[attr-defined]

    assert count() == 1
    settle_finding(doubt, None, "核对过", WHEN)
    assert count() == 0


def test_loading_still_works_without_anything_settled(loaded: Loading) -> None:
    assert not Finding.objects.settled().exists()
