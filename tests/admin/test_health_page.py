"""Data health: what a person should look at, city by city, settled with a note; and the eight elements of each guide."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from guides.access import AUDITOR, CITY_ADMIN, COUNTY_EDITOR
from guides.editing import apply_guide
from guides.models import Finding, Guide, SettledAdvice
from offices.models import Office
from tests.admin.staff import at_keyboard, hidden, member
from tests.admin.staff import words as text
from tests.cast import Cast, assemble

HEALTH = reverse("admin_pages:health")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def doubt(cast: Cast) -> Finding:
    return found(
        cast.inpatient, county=cast.xuanhan, kind="phone_of_other_county", message="印了大竹县的电话"
    )


@pytest.fixture
def desk(cast: Cast) -> Client:
    return at_keyboard(member("zhang", CITY_ADMIN, cast.dazhou))


def found(guide: Guide, **fields: Any) -> Finding:
    assert guide.handbook
    position = guide.handbook.findings.count()
    return Finding.objects.create(
        **{
            "handbook": guide.handbook,
            "position": position,
            "guide": guide,
            "line": 4,
            "kind": "missing_step",
        }
        | fields
    )


def settle(desk: Client, finding: Finding, note: str = "已打电话核对", query: str = "") -> Any:
    address = reverse("admin_pages:settle", args=[finding.pk])
    return desk.post(f"{address}{query}", {"note": note}, follow=True)


def test_a_finding_stands_with_its_line_and_the_way_to_it(desk: Client, doubt: Finding) -> None:
    response = desk.get(HEALTH)
    said = text(response)
    for words in (
        "印了别的县（市、区）的电话",
        "宣汉县",
        "印了大竹县的电话",
        "第4行：办结：将报销结果果划入",
    ):
        assert words in said, words
    html = response.content.decode()
    assert 'href="/guides/dazhou/zhuyuan-baoxiao/source/#line-4"' in html
    assert reverse("admin:guides_guide_change", args=[doubt.guide_id]) in html


def test_a_finding_is_settled_with_a_note_and_stays_listed(desk: Client, doubt: Finding) -> None:
    response = settle(desk, doubt, query="?state=open")
    assert "已处理：印了大竹县的电话" in text(response)
    assert "没有这样的疑点" in text(response)
    said = text(desk.get(HEALTH, {"state": "settled"}))
    for words in ("印了大竹县的电话", "已打电话核对", "zhang", "已处理（1）"):
        assert words in said, words
    desk.post(reverse("admin_pages:reopen", args=[doubt.pk]))
    assert "未处理（1）" in text(desk.get(HEALTH))


def test_without_a_note_nothing_is_settled(desk: Client, doubt: Finding) -> None:
    assert "请写明怎么处理的" in text(settle(desk, doubt, "  "))
    assert Finding.objects.open().exists()


def test_findings_are_chosen_by_county_kind_and_state(desk: Client, cast: Cast, doubt: Finding) -> None:
    found(cast.enrolment, county=cast.dazhu, message="流程没有写办结")
    assert "流程没有写办结" in text(desk.get(HEALTH))
    assert "流程没有写办结" not in text(desk.get(HEALTH, {"county": "xuanhan"}))
    assert "印了大竹县的电话" not in text(desk.get(HEALTH, {"kind": "missing_step"}))
    assert "没有这样的疑点" in text(desk.get(HEALTH, {"kind": "numbering"}))
    for nonsense in ({"kind": "x"}, {"state": "x"}, {"county": "x"}, {"city": "x"}):
        assert "流程没有写办结" in text(desk.get(HEALTH, nonsense))


def test_every_guide_has_its_score_and_what_is_missing(desk: Client, cast: Cast) -> None:
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    apply_guide({**guide.document(), "steps": [], "audience": ""})
    response: Any = desk.get(HEALTH)
    rows = {row.guide.name: row for row in response.context_data["scored"]}
    assert (rows["住院费用报销"].score, rows["住院费用报销"].missing) == (6, ["服务对象", "流程"])
    assert (rows["职工参保登记"].score, rows["职工参保登记"].missing) == (8, [])
    said = text(response)
    assert "全市平均7.0/8" in said
    assert "住院费用报销6/8服务对象、流程" in said
    assert "宣汉县：7.0" in said


def test_a_county_without_a_place_of_its_own_is_not_scored(admin_client: Client, cast: Cast) -> None:
    assert "射洪市：手册没有写本地办理点" in text(admin_client.get(HEALTH, {"city": "suining"}))


def test_who_sees_several_cities_chooses_one(admin_client: Client, doubt: Finding) -> None:
    said = text(admin_client.get(HEALTH))
    assert "达州市210" in said
    assert "印了大竹县的电话" not in said
    assert "印了大竹县的电话" in text(admin_client.get(HEALTH, {"city": "dazhou"}))


def test_vague_words_and_numbers_of_two_counties_are_listed(desk: Client, cast: Cast) -> None:
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    apply_guide({**guide.document(), "notes": ["提供相关材料"]})
    assert "备注1：“相关材料”" in text(desk.get(HEALTH))


def test_advice_that_needs_no_change_is_settled_until_its_words_change(desk: Client, cast: Cast) -> None:
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    apply_guide({**guide.document(), "notes": ["提供相关材料"]})
    words = hidden(desk.get(HEALTH), "text")
    assert words.startswith("备注 1：“相关材料”")
    address = reverse("admin_pages:settle_advice", args=["guide", guide.pk])
    assert "请写明怎么处理的" in text(desk.post(address, {"text": words}, follow=True))
    assert "没有这样的提醒" in text(desk.post(address, {"text": words, "note": "手册原话"}, follow=True))
    settled = desk.get(HEALTH, {"state": "settled"})
    assert "手册原话zhang" in text(settled)
    apply_guide({**guide.document(), "notes": ["提供有关材料"]})
    assert "备注1：“有关材料”" in text(desk.get(HEALTH))
    apply_guide({**guide.document(), "notes": ["提供相关材料"]})
    desk.post(reverse("admin_pages:reopen_advice", args=[SettledAdvice.objects.get().pk]))
    assert "备注1：“相关材料”" in text(desk.get(HEALTH))


def test_advice_on_what_is_not_his_is_settled_by_nobody_else(cast: Cast) -> None:
    of_dazhu = at_keyboard(member("wang", COUNTY_EDITOR, cast.dazhu))
    theirs = Office.objects.get(county=cast.xuanhan).pk
    for kind, pk in (("office", theirs), ("guide", cast.inpatient.pk), ("user", 1)):
        address = reverse("admin_pages:settle_advice", args=[kind, pk])
        assert of_dazhu.post(address, {"text": "x", "note": "y"}).status_code == 404
    assert not SettledAdvice.objects.exists()


def test_everybody_sees_his_city_and_settles_what_is_his(cast: Cast, doubt: Finding) -> None:
    theirs = at_keyboard(member("zhao", CITY_ADMIN, cast.suining))
    assert "印了大竹县的电话" not in text(theirs.get(HEALTH, {"city": "dazhou"}))
    of_dazhu = at_keyboard(member("wang", COUNTY_EDITOR, cast.dazhu))
    reader = at_keyboard(member("sun", AUDITOR, cast.dazhou))
    for client in (of_dazhu, reader):
        assert "不归您管" in text(client.get(HEALTH))
    for client in (theirs, of_dazhu, reader):
        assert settle(client, doubt).status_code == 404
    of_xuanhan = at_keyboard(member("chen", COUNTY_EDITOR, cast.xuanhan))
    settle(of_xuanhan, doubt)
    assert Finding.objects.settled().get().settled_by == "chen"


def test_somebody_without_a_place_sees_no_city(cast: Cast) -> None:
    nobody = at_keyboard(User.objects.create_user("wu", is_staff=True))
    assert "没有您可以看的城市" in text(nobody.get(HEALTH))


def test_the_page_needs_no_more_queries_for_more_guides(
    desk: Client, cast: Cast, doubt: Finding, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        found(cast.enrolment, line=1, message=f"疑点 {number}")
    with django_assert_max_num_queries(40):
        desk.get(HEALTH)
