"""The start page of the admin: what waits for the person at the desk, and only for him."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from guides.access import AUDITOR, CITY_ADMIN, COUNTY_EDITOR, WINDOW_STAFF
from guides.editing import Change, count_unfound, propose
from guides.models import Finding, Guide, Handbook, Proposal
from guides.waiting import waiting_for
from tests.admin.staff import OF_SUINING, at_keyboard, everyone, words
from tests.cast import Cast, assemble

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def people(cast: Cast) -> dict[str, User]:
    return everyone(cast.dazhou, cast.xuanhan)


def piles(user: User) -> dict[str, int]:
    """How much waits for him, by the names of the piles."""
    return {pile.name: pile.count for pile in waiting_for(user, TODAY)}


def proposed(cast: Cast, people: dict[str, User]) -> Proposal:
    document: dict[str, Any] = Guide.objects.with_details().get(pk=cast.inpatient.pk).document()
    change = Change(author=people[COUNTY_EDITOR])
    return propose(cast.inpatient, document | {"audience": "新的。"}, change, cast.xuanhan)


def test_a_proposal_waits_for_the_city_admin_and_its_author_sees_it_too(
    cast: Cast, people: dict[str, User]
) -> None:
    proposed(cast, people)
    assert piles(people[CITY_ADMIN]) == {"等我审核的修改建议": 1}
    assert piles(people[COUNTY_EDITOR]) == {"我提的修改建议": 1}
    assert piles(people[WINDOW_STAFF]) == piles(people[AUDITOR]) == {}


def test_an_author_is_told_of_a_decision_for_two_weeks(cast: Cast, people: dict[str, User]) -> None:
    proposal = proposed(cast, people)
    decided_at = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    Proposal.objects.filter(pk=proposal.pk).update(state="declined", decided_at=decided_at)
    (pile,) = waiting_for(people[COUNTY_EDITOR], TODAY)
    assert pile.sheets[0].remark == "未采纳，2026-11-20"
    assert waiting_for(people[COUNTY_EDITOR], TODAY + dt.timedelta(days=15)) == []


def test_overdue_guides_and_drafts_wait_for_who_may_edit_them(cast: Cast, people: dict[str, User]) -> None:
    Guide.objects.filter(pk=cast.inpatient.pk).update(review_on=TODAY)
    Guide.objects.filter(pk=cast.enrolment.pk).update(status="draft", review_on=TODAY)
    Guide.objects.filter(pk=cast.inpatient_in_suining.pk).update(review_on=TODAY)
    Guide.objects.exclude(review_on=TODAY).update(review_on=TODAY + dt.timedelta(days=1))
    assert piles(people[CITY_ADMIN]) == {"到了核实日期的办事指南": 1, "还没有发布的草稿": 1}
    assert piles(people[COUNTY_EDITOR]) == {}


def test_a_finding_waits_in_its_county_until_somebody_settles_it(cast: Cast, people: dict[str, User]) -> None:
    handbook = Handbook.objects.get(slug="dazhou-2024")
    finding = Finding.objects.create(
        handbook=handbook, position=0, kind="numbering", county=cast.xuanhan, line=4, message="编号重复"
    )
    Finding.objects.create(
        handbook=handbook, position=1, kind="numbering", county=cast.dazhu, line=5, message="另一县"
    )
    assert piles(people[COUNTY_EDITOR]) == {"手册里待处理的疑点": 1}
    assert piles(people[CITY_ADMIN]) == {"手册里待处理的疑点": 2}
    Finding.objects.filter(pk=finding.pk).update(settled_on=timezone.now())
    assert piles(people[COUNTY_EDITOR]) == {}


def test_searches_without_result_wait_for_who_keeps_the_catalogue(
    cast: Cast, people: dict[str, User]
) -> None:
    count_unfound("住院怎么弄")
    assert piles(people["超级用户"]) == {"没有结果的搜索": 1}
    assert piles(people[CITY_ADMIN]) == {}


def test_the_page_names_what_waits_and_nothing_of_another_city(
    cast: Cast, people: dict[str, User], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    proposed(cast, people)
    Guide.objects.update(review_on=TODAY - dt.timedelta(days=400))
    with django_assert_max_num_queries(60):
        page = words(at_keyboard(people[CITY_ADMIN]).get("/admin/"))
    assert "等我审核的修改建议1" in page
    assert "应在2025-10-18核实" in page
    assert "改电话、地址、办理时间" in page
    assert not any(word in page for word in OF_SUINING)


def test_an_empty_desk_says_so(cast: Cast, people: dict[str, User]) -> None:
    assert "现在没有要您处理的事" in words(at_keyboard(people[AUDITOR]).get("/admin/"))
