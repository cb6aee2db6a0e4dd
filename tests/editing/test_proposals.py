"""Proposals: a county editor's save is parted, and a city admin takes, mends or declines each line."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from guides.access import CITY_ADMIN, COUNTY_EDITOR
from guides.editing import (
    AlreadyDecidedError,
    Change,
    Conflict,
    DocumentError,
    Verdict,
    apply_guide,
    decide,
    lines_of,
    propose,
    submit,
    withdraw,
)
from guides.editing.proposal_lines import CHANGED, CLEAN, DONE, put
from guides.models import Guide, Proposal, Revision
from offices.models import Office
from tests.admin.staff import everyone
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def people(cast: Cast) -> dict[str, User]:
    return everyone(cast.dazhou, cast.xuanhan)


def said(guide: Guide) -> dict[str, Any]:
    return Guide.objects.with_details().get(pk=guide.pk).document()


def with_text(entries: list[Any], number: int, text: str) -> list[Any]:
    return [{**entry, "text": text} if at == number else entry for at, entry in enumerate(entries)]


def proposed(cast: Cast, people: dict[str, User], **fields: Any) -> Proposal:
    """What the county editor would have the guide say."""
    change = Change(source="admin", author=people[COUNTY_EDITOR], reason="来电核对", public_note="材料有更新")
    return propose(cast.inpatient, said(cast.inpatient) | fields, change, cast.xuanhan)


def by(people: dict[str, User], name: str = CITY_ADMIN, expected: int | None = None) -> Change:
    return Change(source="proposal", author=people[name], expected=expected)


MATERIALS = [{"applies_to": "", "text": each, "form": "", "needs_stamp": False} for each in "甲乙丙丁"]


def materials(*texts: str) -> dict[str, Any]:
    return {
        "offices": [],
        "materials": [{"applies_to": "", "text": each, "form": "", "needs_stamp": False} for each in texts],
    }


def all_put(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    document = before
    for line in lines_of(before, after):
        document = put(document, line, line.wanted)
    return document


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("甲乙丙", "甲乙丙丁"),
        ("甲乙丙", "丁甲乙丙"),
        ("甲乙丙", "甲丙"),
        ("甲乙丙", "甲戊己丙"),
        ("甲乙丙", "乙甲丙"),
        ("甲甲乙", "甲乙"),
        ("", "甲乙"),
        ("甲乙", ""),
        ("甲乙丙丁", "戊乙己丁庚"),
    ],
)
def test_all_lines_together_make_the_wanted_list(before: str, after: str) -> None:
    was, wanted = materials(*before), materials(*after)
    assert all_put(was, wanted) == wanted
    for line in reversed(lines_of(was, wanted)):
        was = put(was, line, line.wanted)
    assert was == wanted


def test_one_entry_is_taken_without_the_others() -> None:
    was, wanted = materials("甲", "乙", "丙"), materials("甲", "乙乙", "丙", "丁")
    mended, added = lines_of(was, wanted)
    assert put(was, added, added.wanted) == materials("甲", "乙", "丙", "丁")
    assert put(was, mended, mended.wanted) == materials("甲", "乙乙", "丙")
    assert (mended.label, added.label) == ("材料 2", "材料 4")


def test_an_entry_finds_its_place_when_the_list_has_changed_meanwhile() -> None:
    line = lines_of(materials("甲", "乙"), materials("甲", "戊", "乙"))[0]
    assert put(materials("前", "甲", "乙", "后"), line, line.wanted) == materials(
        "前", "甲", "戊", "乙", "后"
    )
    assert put(materials("乙"), line, line.wanted) == materials("乙", "戊")


def test_lists_that_cannot_be_told_apart_are_one_line() -> None:
    assert len(lines_of(materials("甲", "乙", "丙"), materials("丙", "乙", "甲"))) == 1
    assert len(lines_of(materials("甲", "甲"), materials("甲"))) == 1


def test_a_line_says_whether_somebody_changed_it_meanwhile() -> None:
    line = lines_of(materials("甲"), materials("乙"))[0]
    assert [line.state(materials(each)) for each in "甲乙丙"] == [CLEAN, DONE, CHANGED]
    field = lines_of({"audience": "甲"}, {"audience": "乙"})[0]
    assert [field.state({"audience": each}) for each in "甲乙丙"] == [CLEAN, DONE, CHANGED]


def test_a_save_is_parted(cast: Cast, people: dict[str, User]) -> None:
    wanted = said(cast.inpatient)
    wanted["audience"] = "改"
    wanted["offices"] = [{**place, "scope": "改"} for place in wanted["offices"]]
    submitted = submit(
        cast.inpatient, wanted, Change(source="admin", author=people[COUNTY_EDITOR], expected=0)
    )
    assert submitted.is_cut
    assert submitted.waiting == 1
    now = said(cast.inpatient)
    assert [place["scope"] for place in now["offices"]] == ["", "改", ""]
    assert submitted.proposal
    assert submitted.proposal.after == {**now, "audience": "改"}


def test_a_place_comes_or_goes_only_through_sign_off(cast: Cast, people: dict[str, User]) -> None:
    before = said(cast.inpatient)
    wanted = before | {"offices": [place for place in before["offices"] if place["county"] != "xuanhan"]}
    change = Change(source="admin", author=people[COUNTY_EDITOR])
    submitted = submit(cast.inpatient, wanted, change)
    assert said(cast.inpatient) == before
    assert submitted.proposal
    decide(submitted.proposal, {0: Verdict("accepted")}, by(people))
    assert said(cast.inpatient) == wanted
    back = propose(cast.inpatient, before, change)
    decide(back, {0: Verdict("accepted")}, by(people))
    assert said(cast.inpatient) == before


def test_a_late_or_strange_save_is_refused(cast: Cast, people: dict[str, User]) -> None:
    wanted = said(cast.inpatient) | {"audience": "我"}
    apply_guide(said(cast.inpatient) | {"audience": "别人"})
    with pytest.raises(Conflict):
        submit(cast.inpatient, wanted, Change(author=people[COUNTY_EDITOR], expected=0))
    for name in ("窗口人员", "审计"):
        with pytest.raises(PermissionDenied):
            submit(cast.inpatient, wanted, Change(author=people[name]))
    with pytest.raises(PermissionDenied):
        submit(
            cast.inpatient_in_suining, said(cast.inpatient_in_suining), Change(author=people[COUNTY_EDITOR])
        )
    assert not Proposal.objects.exists()


def test_lines_are_decided_one_by_one(cast: Cast, people: dict[str, User]) -> None:
    papers = with_text(said(cast.inpatient)["materials"], 1, "发票")
    proposal = proposed(cast, people, audience="新的服务对象", materials=papers, evaluation="网上评价。")
    decide(proposal, {0: Verdict("accepted")}, by(people))
    proposal.refresh_from_db()
    assert proposal.state == "waiting"
    assert said(cast.inpatient)["audience"] == "新的服务对象"
    assert said(cast.inpatient)["evaluation"] == "现场评价。"
    mended = {**papers[1], "text": "医院收费票据（发票）"}
    rest = {1: Verdict("changed", value=mended), 2: Verdict("declined", "只能现场评价")}
    decide(proposal, rest, by(people))
    proposal.refresh_from_db()
    assert proposal.state == "partly"
    assert said(cast.inpatient)["materials"][1]["text"] == "医院收费票据（发票）"
    assert said(cast.inpatient)["evaluation"] == "现场评价。"
    lines = list(proposal.lines.all())
    assert [line.verdict for line in lines] == ["accepted", "changed", "declined"]
    assert lines[1].made == "医院收费票据（发票）"
    assert lines[2].reason == "只能现场评价"
    revision = Revision.objects.of(cast.inpatient)[0]
    assert (revision.source, revision.author_name) == ("proposal", "陈市级")
    assert revision.reason == "采纳周县区的修改建议：来电核对"


@pytest.mark.parametrize(("key", "state"), [("accepted", "accepted"), ("declined", "declined")])
def test_a_proposal_ends_as_its_lines_do(cast: Cast, people: dict[str, User], key: str, state: str) -> None:
    proposal = proposed(cast, people, audience="新")
    decide(proposal, {0: Verdict(key, "因为")}, by(people))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_name) == (state, "陈市级")
    assert Revision.objects.exists() == (key == "accepted")


def test_nothing_is_decided_twice_or_after_it_was_taken_back(cast: Cast, people: dict[str, User]) -> None:
    proposal = proposed(cast, people, audience="新", evaluation="新")
    decide(proposal, {0: Verdict("declined", "不")}, by(people))
    with pytest.raises(AlreadyDecidedError):
        decide(proposal, {0: Verdict("accepted")}, by(people))
    with pytest.raises(AlreadyDecidedError):
        withdraw(proposal, people[CITY_ADMIN])
    withdraw(proposal, people[COUNTY_EDITOR])
    with pytest.raises(AlreadyDecidedError):
        decide(proposal, {1: Verdict("accepted")}, by(people))
    assert said(cast.inpatient)["evaluation"] == "现场评价。"


@pytest.mark.parametrize("name", [COUNTY_EDITOR, "窗口人员", "审计"])
@pytest.mark.parametrize("key", ["accepted", "declined"])
def test_only_who_may_edit_the_guide_decides(
    cast: Cast, people: dict[str, User], name: str, key: str
) -> None:
    proposal = proposed(cast, people, audience="新")
    with pytest.raises(PermissionDenied):
        decide(proposal, {0: Verdict(key, "因为")}, by(people, name))
    assert not proposal.lines.exists()


def test_a_decision_on_an_old_version_is_refused_as_a_whole(cast: Cast, people: dict[str, User]) -> None:
    proposal = proposed(cast, people, audience="新", evaluation="新")
    apply_guide(said(cast.inpatient) | {"notes": ["别人"]})
    with pytest.raises(Conflict):
        decide(proposal, {0: Verdict("accepted"), 1: Verdict("declined", "不")}, by(people, expected=0))
    assert not proposal.lines.exists()
    decide(proposal, {0: Verdict("accepted")}, by(people, expected=1))
    assert said(cast.inpatient)["notes"] == ["别人"]
    assert said(cast.inpatient)["audience"] == "新"


def test_a_wrong_value_is_refused_as_a_whole(cast: Cast, people: dict[str, User]) -> None:
    limits = with_text(said(cast.inpatient)["time_limits"], 0, "不超过20个工作日")
    proposal = proposed(cast, people, time_limits=limits)
    with pytest.raises(DocumentError):
        decide(proposal, {0: Verdict("accepted")}, by(people))
    assert not proposal.lines.exists()


def test_an_office_from_a_table_goes_the_same_way(cast: Cast, people: dict[str, User]) -> None:
    office = Office.objects.with_details().get(county=cast.xuanhan)
    document = office.document()
    phones = [{**phone, "number": "0818-5870000"} for phone in document["phones"][:1]] + document["phones"][
        1:
    ]
    wanted = document | {"address": "新址", "phones": phones}
    proposal = propose(office, wanted, Change(source="import", author=people["审计"]))
    assert [line.label for line in lines_of(proposal.before, proposal.after)] == ["地址", "电话 1"]
    with pytest.raises(PermissionDenied):
        decide(proposal, {0: Verdict("accepted")}, by(people, "审计"))
    decide(proposal, {0: Verdict("accepted"), 1: Verdict("accepted")}, by(people, COUNTY_EDITOR))
    assert Office.objects.with_details().get(pk=office.pk).document() == wanted
    assert said(cast.inpatient)["offices"][1]["consult_phones"] == [{"number": "0818-5870000", "for": ""}]
