"""Numbers the checks question carry a mark wherever they are shown, with what the handbook says and whom else to call."""

from __future__ import annotations

import pytest
from django.test import Client

from guides.doubts import doubts_about, doubts_at
from guides.models import Finding, Guide
from offices.models import County, Office
from tests.cast import Cast, assemble, html_of, text_of

INPATIENT = "/guides/dazhou/zhuyuan-baoxiao/"
SAID = "手册在宣汉县这一行印的是 0818-5872688，但在别处 12 次都是大竹县的电话"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def question(guide: Guide, county: County, number: str = "", message: str = SAID) -> None:
    assert guide.handbook
    Finding.objects.create(
        handbook=guide.handbook,
        position=guide.handbook.findings.count(),
        kind="phone_of_other_county" if number else "phone_columns_inferred",
        guide=guide,
        county=county,
        line=1,
        message=message,
        number=number,
    )


def usual_number(cast: Cast) -> None:
    """宣汉县 prints another number for the other matter."""
    place = cast.enrolment.guide_offices.get(office__county=cast.xuanhan)
    place.guide_phones.filter(phone__purpose="consult").delete()
    usual = place.office.phones.create(purpose="consult", number="0818-5201826")
    place.guide_phones.create(phone=usual, position=9)


@pytest.mark.parametrize("page", [f"{INPATIENT}xuanhan/", f"{INPATIENT}xuanhan/print/", INPATIENT])
def test_a_number_in_doubt_is_marked_and_another_is_named(client: Client, cast: Cast, page: str) -> None:
    question(cast.inpatient, cast.xuanhan, "0818-5872688")
    usual_number(cast)
    text = text_of(client.get(page))
    assert "0818-5872688 号码待核实" in text
    assert f"号码待核实。 {SAID}。" in text
    assert "可以改打宣汉县其他事项的咨询电话： 0818-5201826" in text
    assert "0818-5201826 号码待核实" not in text


def test_the_mark_leads_to_its_explanation_and_to_the_office(client: Client, cast: Cast) -> None:
    question(cast.inpatient, cast.xuanhan, "0818-5872688")
    html = html_of(client.get(f"{INPATIENT}xuanhan/"))
    office = cast.inpatient.guide_offices.get(office__county=cast.xuanhan).office
    assert f'<a class="doubt-mark" href="#doubt-xuanhan-{office.pk}">' in html
    assert html.count(f'id="doubt-xuanhan-{office.pk}"') == 1
    assert 'href="/offices/dazhou/xuanhan/">宣汉县的窗口和电话</a>' in html


def test_a_county_without_another_number_sends_callers_to_the_city(client: Client, cast: Cast) -> None:
    question(cast.inpatient, cast.xuanhan, "0818-5872688")
    text = text_of(client.get(f"{INPATIENT}xuanhan/"))
    assert "可以改打市本级的咨询电话： 0818-3091543" in text


def test_the_page_of_the_office_marks_the_number_too(client: Client, cast: Cast) -> None:
    question(cast.inpatient, cast.xuanhan, "0818-5872688")
    text = text_of(client.get("/offices/dazhou/xuanhan/"))
    assert "0818-5872688 号码待核实" in text
    assert SAID in text


def test_the_trip_marks_the_number_too(client: Client, cast: Cast) -> None:
    question(cast.inpatient, cast.xuanhan, "0818-5872688")
    matters = "matters=zhigong-canbao&matters=zhuyuan-baoxiao"
    assert "0818-5872688 号码待核实" in text_of(client.get(f"/plan/dazhou/xuanhan/?{matters}"))


def test_nothing_is_in_doubt_where_nothing_was_found(client: Client, cast: Cast) -> None:
    question(cast.inpatient, cast.xuanhan, "0818-5872688")
    for page in (
        f"{INPATIENT}dazhu/print/",
        "/guides/dazhou/zhigong-canbao/xuanhan/",
        "/offices/dazhou/dazhu/",
    ):
        assert "待核实" not in text_of(client.get(page)), page


def test_a_number_an_editor_has_mended_is_no_longer_in_doubt(client: Client, cast: Cast) -> None:
    question(cast.inpatient, cast.xuanhan, "0818-0000000")
    assert "待核实" not in text_of(client.get(f"{INPATIENT}xuanhan/"))


@pytest.mark.parametrize(
    "page", [f"{INPATIENT}xuanhan/", f"{INPATIENT}xuanhan/print/", "/offices/dazhou/xuanhan/"]
)
def test_columns_told_apart_by_the_layout_are_owned_up_to(client: Client, cast: Cast, page: str) -> None:
    question(cast.inpatient, cast.xuanhan, message="手册宣汉县一行有 3 个号码，是按版面推断的")
    text = text_of(client.get(page))
    assert "手册宣汉县一行有 3 个号码，是按版面推断的，拨通后请先问清。" in text
    assert "待核实" not in text


@pytest.mark.usefixtures("handbooks")
@pytest.mark.django_db
def test_the_real_handbooks_leave_one_county_in_doubt() -> None:
    guides = list(Guide.objects.with_details())
    doubts = doubts_about(guides)
    assert {
        (doubt.county and doubt.county.slug, number) for (_, number), doubt in doubts.numbers.items()
    } == {
        ("kaijiang", "0818-7226802"),
        ("kaijiang", "0818-7226803"),
    }
    assert {place.office.county.slug for guide in guides for place in guide.guide_offices.all()
            if place.office.county and place.office_id in doubts.columns} == {"dachuan"}  # fmt: skip
    assert doubts_at(Office.objects.with_details()).numbers.keys() == doubts.numbers.keys()
