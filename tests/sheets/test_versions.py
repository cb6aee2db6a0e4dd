"""A sheet's version moves when what it says changes, for the counties that see the change and no others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from guides.editing import apply_guide, apply_office
from guides.models import Guide, SheetChange
from guides.sheets.versions import FIRST, SheetVersion, latest, read_since, replacements, versions
from offices.models import County, Office
from tests.cast import Cast, assemble

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def edit(guide: Guide, change: Edit, status: str = "") -> None:
    document = Guide.objects.with_details().get(pk=guide.pk).document()
    change(document)
    apply_guide(document, status=status)


def edit_office(county: County, change: Edit) -> None:
    document = Office.objects.with_details().get(county=county).document()
    change(document)
    apply_office(document)


def numbers(guide: Guide, *counties: County | None) -> list[int]:
    return [versions([guide], county)[guide.pk].number for county in counties]


def on(day: int) -> datetime:
    return datetime(2026, 3, day, 18, tzinfo=UTC)


def test_what_was_loaded_first_has_no_number(cast: Cast) -> None:
    assert versions([cast.inpatient], cast.xuanhan) == {cast.inpatient.pk: FIRST}
    assert FIRST.label == "初版"


def test_a_changed_text_moves_the_sheets_of_every_county(cast: Cast) -> None:
    edit(cast.inpatient, lambda document: document.update(audience="参保人。"))
    moved = numbers(cast.inpatient, cast.xuanhan, cast.dazhu, None)
    assert len(set(moved)) == 1
    assert moved[0] > 0
    assert numbers(cast.enrolment, cast.xuanhan) == [0]


def test_saving_without_a_change_moves_nothing(cast: Cast) -> None:
    edit(cast.inpatient, lambda document: None)
    edit_office(cast.xuanhan, lambda document: None)
    assert not SheetChange.objects.exists()


def test_a_phone_of_one_guide_moves_the_sheet_of_its_county_and_the_citys(cast: Cast) -> None:
    def change(document: dict[str, Any]) -> None:
        place = next(place for place in document["offices"] if place["county"] == "xuanhan")
        place["consult_phones"] = [{"number": "0818-5200000", "for": ""}]

    edit(cast.inpatient, change)
    xuanhan, dazhu, city = numbers(cast.inpatient, cast.xuanhan, cast.dazhu, None)
    assert xuanhan == city > 0 == dazhu


def test_an_offices_address_moves_every_sheet_it_stands_on(cast: Cast) -> None:
    edit_office(cast.xuanhan, lambda document: document.update(address="宣汉县新址1号"))
    there = Guide.objects.filter(guide_offices__office__county=cast.xuanhan)
    assert there
    for guide in there:
        xuanhan, dazhu = numbers(guide, cast.xuanhan, cast.dazhu)
        assert xuanhan > 0 == dazhu


def test_a_phone_no_sheet_prints_moves_nothing(cast: Cast) -> None:
    unused = {"purpose": "consult", "number": "0818-5299999", "for": ""}
    edit_office(cast.xuanhan, lambda document: document["phones"].append(unused))
    assert not SheetChange.objects.exists()


def test_the_citys_own_counter_moves_the_sheets_of_counties_without_a_window(cast: Cast) -> None:
    itself = County.objects.get(city=cast.suining, kind="city_level")
    edit_office(itself, lambda document: document.update(address="新址"))
    assert numbers(cast.inpatient_in_suining, cast.shehong)[0] > 0
    itself = County.objects.get(city=cast.dazhou, kind="city_level")
    edit_office(itself, lambda document: document.update(address="新址"))
    assert numbers(cast.inpatient, cast.xuanhan) == [0]


def test_withdrawing_and_publishing_again_are_changes(cast: Cast) -> None:
    edit(cast.inpatient, lambda document: None, status="withdrawn")
    first = numbers(cast.inpatient, cast.xuanhan)
    edit(cast.inpatient, lambda document: document.update(audience="参保人。"))
    assert numbers(cast.inpatient, cast.xuanhan) == first, "what nobody can see changes no paper"
    edit(cast.inpatient, lambda document: None, status="published")
    assert numbers(cast.inpatient, cast.xuanhan) > first


def test_a_binder_swaps_what_changed_and_takes_out_what_is_gone(cast: Cast) -> None:
    there = [cast.inpatient, cast.enrolment]
    assert replacements(there, cast.xuanhan, 0).changed == ()
    edit(cast.enrolment, lambda document: document.update(audience="单位。"))
    edit(cast.inpatient, lambda document: None, status="withdrawn")
    swap = replacements([cast.enrolment], cast.xuanhan, 0)
    assert (swap.changed, swap.gone) == ((cast.enrolment,), (cast.inpatient,))
    newest = latest(versions(there, cast.xuanhan).values())
    later = replacements([cast.enrolment], cast.xuanhan, newest.number)
    assert (later.changed, later.gone) == ((), ())


def test_a_day_counts_from_its_morning_in_china(cast: Cast) -> None:
    SheetChange.objects.create(
        guide=cast.inpatient, changed_at=on(9)
    )  # two in the morning of the 10th in China
    version = versions([cast.inpatient], None)[cast.inpatient.pk]
    assert version.changed_on == date(2026, 3, 10)
    assert version.label == f"版本 {version.number}（2026-03-10）"
    assert version.is_after(date(2026, 3, 10))
    assert not version.is_after(date(2026, 3, 11))


def test_the_newest_of_no_versions_is_the_first() -> None:
    assert latest([]) == FIRST
    assert latest([SheetVersion(3, date(2026, 1, 1)), SheetVersion(2, date(2026, 2, 1))]).number == 3


@pytest.mark.parametrize(("words", "since"), [("12", 12), ("0", 0), ("2026-11-22", date(2026, 11, 22))])
def test_since_is_a_version_or_a_day(words: str, since: object) -> None:
    assert read_since(words) == since


@pytest.mark.parametrize(
    "words",
    ["", "x", "-1", "1.5", "9" * 11, "2026-13-01", "2026-02-30", "１２", "1 2", "\0", "2026-11-22T00:00"],
)
def test_anything_else_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        read_since(words)
