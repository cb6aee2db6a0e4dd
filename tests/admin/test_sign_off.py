"""The sign-off queue, from a county editor's save to the published page."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from guides.access import CITY_ADMIN, COUNTY_EDITOR
from guides.editing import Change, apply_guide, propose
from guides.models import Guide, Proposal, Revision
from tests.admin.conftest import typed
from tests.admin.staff import at_keyboard, everyone, member, url, words
from tests.cast import Cast, assemble, text_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def people(cast: Cast) -> dict[str, User]:
    return everyone(cast.dazhou, cast.xuanhan)


@pytest.fixture
def boss(people: dict[str, User]) -> Client:
    return at_keyboard(people[CITY_ADMIN])


@pytest.fixture
def county(people: dict[str, User]) -> Client:
    return at_keyboard(people[COUNTY_EDITOR])


@pytest.fixture
def proposal(cast: Cast, people: dict[str, User]) -> Proposal:
    """Two lines: 服务对象 and 服务评价渠道."""
    wanted = said(cast.inpatient) | {"audience": "新的服务对象。", "evaluation": "网上评价。"}
    return propose(cast.inpatient, wanted, Change(author=people[COUNTY_EDITOR], reason="来电"), cast.xuanhan)


def said(guide: Guide) -> dict[str, Any]:
    return Guide.objects.with_details().get(pk=guide.pk).document()


def page_of(proposal: Proposal) -> str:
    return url(Proposal, "change", proposal.pk)


def sent(client: Client, proposal: Proposal, **fields: str) -> Any:
    """Open the page, choose, press save, see what comes."""
    page: Any = client.get(page_of(proposal))
    version = page.context_data["seen_version"]
    data = {name.replace("__", "-"): value for name, value in fields.items()}
    return client.post(page_of(proposal), {"seen_version": version} | data, follow=True)


def test_from_the_county_to_the_published_page(boss: Client, county: Client, cast: Cast) -> None:
    address = url(Guide, "change", cast.inpatient.pk)
    changes = {
        "audience": "新的服务对象。",
        "evaluation": "网上评价。",
        "guide_offices-0-consult_phones": "0818-5872699",
    }
    saved = county.post(address, typed(county.get(address)) | changes, follow=True)
    assert "本县的办理点已经更新；其余2处改动已送市级管理员审核" in words(saved)
    proposal = Proposal.objects.get()
    assert "住院费用报销" in words(boss.get(url(Proposal, "changelist")))
    done = sent(
        boss,
        proposal,
        **{"line-0-verdict": "accepted", "line-1-verdict": "declined", "line-1-reason": "只能现场评价"},
    )
    assert "已保存：采纳1处，不采纳1处" in words(done)
    public = text_of(Client().get(cast.inpatient.get_absolute_url()))
    assert "新的服务对象。" in public
    assert "网上评价" not in public
    assert "0818-5872699" in public
    answer = words(county.get(page_of(proposal)))
    assert "部分采纳" in answer
    assert "理由：只能现场评价" in answer
    mine = words(county.get(url(Proposal, "changelist"), {"whose": "me"}))
    assert "采纳1处，不采纳1处" in mine
    assert not waiting(boss)


def waiting(client: Client, **query: str) -> int:
    """How many proposals the list shows."""
    page: Any = client.get(url(Proposal, "changelist"), query)
    return int(page.context_data["cl"].result_count)


def test_the_page_shows_each_line_with_its_words(boss: Client, proposal: Proposal) -> None:
    page = words(boss.get(page_of(proposal)))
    for each in ("服务对象", "服务评价渠道", "新的服务对象。", "现场评价。", "来电", "周县区", "以后再定"):
        assert each in page, each


def test_a_line_is_mended_before_it_is_taken(boss: Client, proposal: Proposal, cast: Cast) -> None:
    sent(boss, proposal, **{"line-0-verdict": "changed", "line-0-text": "更好的话。"})
    assert said(cast.inpatient)["audience"] == "更好的话。"
    assert "改成“更好的话。”" in words(boss.get(page_of(proposal)))
    assert Proposal.objects.get().state == "waiting"
    revision = Revision.objects.of(cast.inpatient)[0]
    assert (revision.source, revision.author_name) == ("proposal", "陈市级")


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"line-0-verdict": "declined"}, "请写明不采纳的理由"),
        ({"line-0-verdict": "changed", "line-0-text": "新的服务对象。"}, "还没有修改"),
        ({"line-0-verdict": "whatever"}, "请看标红的地方"),
        ({}, "没有选"),
    ],
)
def test_what_is_not_clear_is_asked_again(
    boss: Client, proposal: Proposal, fields: dict[str, str], answer: str
) -> None:
    typed_too = fields | {"line-1-reason": "写了一半的理由"}
    page = sent(boss, proposal, **typed_too)
    assert answer in words(page)
    assert "写了一半的理由" in page.content.decode()
    assert not Proposal.objects.get().lines.exists()


def test_a_line_changed_meanwhile_shows_three_versions(boss: Client, proposal: Proposal, cast: Cast) -> None:
    apply_guide(said(cast.inpatient) | {"audience": "别人写的。"})
    page = words(boss.get(page_of(proposal)))
    assert "提出以后别人改过" in page
    for each in ("别人写的。", "新的服务对象。", "未联网结算"):
        assert each in page
    sent(boss, proposal, **{"line-1-verdict": "accepted"})
    assert said(cast.inpatient)["audience"] == "别人写的。"
    sent(boss, proposal, **{"line-0-verdict": "accepted"})
    assert said(cast.inpatient)["audience"] == "新的服务对象。"


@pytest.mark.parametrize("seen", ["", "x", "7", "9" * 30])
def test_a_page_that_is_not_the_newest_decides_nothing(
    boss: Client, proposal: Proposal, cast: Cast, seen: str
) -> None:
    apply_guide(said(cast.inpatient) | {"notes": ["别人"]})
    page = boss.post(page_of(proposal), {"seen_version": seen, "line-0-verdict": "accepted"})
    assert "别人改过这一条，没有保存" in words(page)
    assert said(cast.inpatient)["audience"] != "新的服务对象。"


def test_a_value_the_rules_refuse_is_not_taken(boss: Client, cast: Cast, people: dict[str, User]) -> None:
    limits = [{**said(cast.inpatient)["time_limits"][0], "text": "不超过20个工作日"}]
    wanted = said(cast.inpatient) | {"time_limits": limits}
    proposal = propose(cast.inpatient, wanted, Change(author=people[COUNTY_EDITOR]))
    page = words(sent(boss, proposal, **{"line-0-verdict": "accepted"}))
    assert "不合要求，没有保存" in page
    assert "与工作日数30不一致" in page


def test_phones_and_hours_are_mended_as_lines(boss: Client, cast: Cast, people: dict[str, User]) -> None:
    wanted = said(cast.inpatient)
    phones = [{"number": "0818-5870001", "for": ""}]
    wanted["offices"] = [
        {**place, "consult_phones": phones} if place["county"] == "dazhu" else place
        for place in wanted["offices"]
    ]
    proposal = propose(cast.inpatient, wanted, Change(author=people[COUNTY_EDITOR]))
    bad = sent(boss, proposal, **{"line-0-verdict": "changed", "line-0-text": "123"})
    assert "请按“区号-号码”填写" in words(bad)
    sent(boss, proposal, **{"line-0-verdict": "changed", "line-0-text": "0818-5870002（居民）"})
    assert said(cast.inpatient)["offices"][2]["consult_phones"] == [{"number": "0818-5870002", "for": "居民"}]


def test_only_who_may_edit_decides(people: dict[str, User], proposal: Proposal, cast: Cast) -> None:
    for name, status in ((COUNTY_EDITOR, 403), ("审计", 403), ("窗口人员", 403)):
        client = at_keyboard(people[name])
        assert client.post(page_of(proposal), {"line-0-verdict": "accepted"}).status_code == status
    other = at_keyboard(member("遂宁的", CITY_ADMIN, cast.suining))
    assert other.get(page_of(proposal)).status_code == 404
    assert other.post(page_of(proposal), {"line-0-verdict": "accepted"}).status_code == 404
    assert other.post(url(Proposal, "withdraw", proposal.pk)).status_code == 404
    assert "怎么办" not in words(at_keyboard(people[COUNTY_EDITOR]).get(page_of(proposal)))
    assert not Proposal.objects.get().lines.exists()


def test_the_author_takes_his_proposal_back(boss: Client, county: Client, proposal: Proposal) -> None:
    address = url(Proposal, "withdraw", proposal.pk)
    assert boss.post(address).status_code == 403
    assert county.get(address).status_code == 405
    assert "撤回我的建议" in words(county.get(page_of(proposal)))
    assert "已撤回" in words(county.post(address, follow=True))
    assert Proposal.objects.get().state == "withdrawn"
    assert boss.post(page_of(proposal), {"line-0-verdict": "accepted"}).status_code == 403
    assert "不能撤回了" in words(county.post(address, follow=True))


def test_the_list_opens_on_what_waits(boss: Client, county: Client, proposal: Proposal) -> None:
    assert waiting(boss) == 1
    county.post(url(Proposal, "withdraw", proposal.pk))
    assert [waiting(boss), waiting(boss, state="withdrawn"), waiting(boss, state="all")] == [0, 1, 1]
    assert [waiting(boss, whose="me"), waiting(county, whose="me")] == [0, 1]


def test_a_draft_goes_with_its_proposals(boss: Client, proposal: Proposal, cast: Cast) -> None:
    Guide.objects.filter(pk=cast.inpatient.pk).update(status="draft")
    gone = boss.post(url(Guide, "delete", cast.inpatient.pk), {"post": "yes"})
    assert gone.status_code == 302
    assert not Guide.objects.filter(pk=cast.inpatient.pk).exists()


def test_the_pages_need_a_constant_number_of_queries(
    boss: Client, cast: Cast, people: dict[str, User], proposal: Proposal, django_assert_max_num_queries: Any
) -> None:
    for guide in (cast.inpatient, cast.enrolment):
        for _ in range(4):
            propose(guide, said(guide) | {"audience": "新"}, Change(author=people[COUNTY_EDITOR]))
    with django_assert_max_num_queries(25):
        boss.get(url(Proposal, "changelist"))
    with django_assert_max_num_queries(35):
        boss.get(page_of(proposal))
