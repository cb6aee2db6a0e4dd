"""The history of an entry, and what happens when two people save it: nothing typed is lost, nobody is overwritten."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from guides.editing import Change, apply_guide, apply_office
from guides.models import Guide, Revision
from offices.models import Office
from tests.admin.conftest import typed

THEIRS = "北河区医保窗口"


@pytest.fixture
def other(editor: Client) -> User:
    return User.objects.create_superuser("li", first_name="李编辑")


def guide() -> Guide:
    return Guide.objects.with_details().get()


def url(row: Guide | Office, page: str, *args: Any) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_{page}", args=[row.pk, *args])


def text(response: Any) -> str:
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", response.content.decode())))


def hidden(response: Any) -> dict[str, str]:
    """What a conflict page sends back besides the choices, and the choices already made."""
    page = response.content.decode()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    fields |= dict(re.findall(r'<input\s+type="radio"\s+name="(choice-\d+)"\s+value="(\w+)"\s+checked', page))
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def choices_to_make(response: Any) -> list[str]:
    return [f"choice-{number}" for number, field, _ in response.context_data["fields"] if not field.default]


def they_save(other: User, **fields: Any) -> None:
    apply_guide({**guide().document(), **fields}, Change(source="admin", author=other))


def test_the_history_says_when_who_why_and_what(editor: Client, other: User) -> None:
    document = {**guide().document(), "notes": ["带伞"]}
    apply_guide(document, Change(source="admin", author=other, reason="电话核对", public_note="请带伞"))
    page = text(editor.get(url(guide(), "history")))
    for words in ("李编辑·后台编辑", "原因：电话核对", "对外：请带伞", "备注", "新建", "导入手册"):
        assert words in page, words


def test_any_two_versions_are_compared_word_by_word(editor: Client, other: User) -> None:
    was = guide().document()["audience"]
    they_save(other, audience="甲乙丙丁")
    they_save(other, audience="甲乙戊丁")
    compare = url(guide(), "compare")
    page = editor.get(compare, {"old": "2", "new": "3"}).content.decode()
    assert "甲乙<mark>丙</mark>丁" in page
    assert "甲乙<mark>戊</mark>丁" in page
    assert was in text(editor.get(compare, {"old": "1", "new": "now"}))
    assert "两版没有不同" in text(editor.get(compare, {"old": "3", "new": "now"}))
    assert editor.get(compare, {"old": "99", "new": "now"}).status_code == 404


def test_the_first_version_of_what_the_fixtures_loaded_is_in_the_history(editor: Client, other: User) -> None:
    Revision.objects.all().delete()
    Guide.objects.update(version=0)
    assert "现在的内容就是初版" in text(editor.get(url(guide(), "history")))
    first = guide().document()
    they_save(other, audience="改了")
    assert "初版" in text(editor.get(url(guide(), "history")))
    assert "改了" in text(editor.get(url(guide(), "compare"), {"old": "0"}))
    page = editor.get(url(guide(), "restore", 0))
    assert "改了" in text(page)
    assert guide().document() != first
    assert editor.post(url(guide(), "restore", 0), {"seen_version": "1"}).status_code == 302
    assert guide().document() == first
    assert Revision.objects.of(guide())[0].source == "restore"


def test_restoring_is_refused_when_somebody_saved_meanwhile(editor: Client, other: User) -> None:
    they_save(other, audience="改了")
    seen = re.search(
        r'name="seen_version" value="(\d+)"', editor.get(url(guide(), "restore", 1)).content.decode()
    )
    assert seen
    they_save(other, audience="又改了")
    page = editor.post(url(guide(), "restore", 1), {"seen_version": seen[1]})
    assert "没有恢复" in text(page)
    assert guide().audience == "又改了"


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
def test_restoring_needs_the_version_that_was_seen(editor: Client, other: User, seen: str) -> None:
    they_save(other, audience="改了")
    assert editor.post(url(guide(), "restore", 1), {"seen_version": seen}).status_code == 200
    assert guide().audience == "改了"


def test_a_late_save_is_refused_and_nothing_typed_is_lost(editor: Client, other: User) -> None:
    data = typed(editor.get(url(guide(), "change")))
    they_save(other, audience="他们写的", notes=["他们的备注"])
    mine = {"audience": "我写的", "evaluation": "我的评价", "change_reason": "我的原因"}
    page = editor.post(url(guide(), "change"), data | mine)
    assert page.status_code == 409
    assert guide().document()["audience"] == "他们写的"
    words = text(page)
    for each in (
        "我写的",
        "他们写的",
        "我的评价",
        "他们的备注",
        "李编辑",
        "您填的",
        "别人刚保存的",
        "您打开时的",
    ):
        assert each in words, each
    assert len(choices_to_make(page)) == 1


def test_the_choice_is_saved_field_by_field(editor: Client, other: User) -> None:
    data = typed(editor.get(url(guide(), "change")))
    they_save(other, audience="他们写的", notes=["他们的备注"])
    mine = {
        "audience": "我写的",
        "evaluation": "我的评价",
        "change_reason": "我的原因",
        "guide_offices-1-consult_phones": "0799-8100009",
    }
    page = editor.post(url(guide(), "change"), data | mine)
    again = editor.post(url(guide(), "change"), hidden(page))
    assert again.status_code == 409
    assert "没有选" in text(again)
    (both,) = choices_to_make(again)
    assert editor.post(url(guide(), "change"), hidden(again) | {both: "yours"}).status_code == 302
    document = guide().document()
    assert (document["audience"], document["notes"]) == ("我写的", ["他们的备注"])
    assert document["evaluation"] == "我的评价"
    assert document["offices"][1]["consult_phones"] == [{"number": "0799-8100009", "for": ""}]
    newest = Revision.objects.of(guide())[0]
    assert (newest.author_name, newest.reason) == ("admin", "我的原因")


def test_a_choice_made_too_late_is_asked_again(editor: Client, other: User) -> None:
    data = typed(editor.get(url(guide(), "change")))
    they_save(other, audience="他们写的")
    page = editor.post(url(guide(), "change"), data | {"audience": "我写的"})
    (both,) = choices_to_make(page)
    they_save(other, audience="第三次")
    again = editor.post(url(guide(), "change"), hidden(page) | {both: "yours"})
    assert again.status_code == 409
    assert "我写的" in text(again)
    assert "第三次" in text(again)
    assert guide().audience == "第三次"


def test_a_choice_that_was_tampered_with_is_refused(editor: Client, other: User) -> None:
    data = typed(editor.get(url(guide(), "change")))
    they_save(other, audience="他们写的")
    page = editor.post(url(guide(), "change"), data | {"audience": "我写的"})
    (both,) = choices_to_make(page)
    sent = hidden(page) | {both: "yours"}
    sent["_choosing"] = sent["_choosing"][:-2]
    assert editor.post(url(guide(), "change"), sent).status_code == 302
    assert guide().audience == "他们写的"


def test_lists_whose_rows_are_gone_are_taken_as_typed(editor: Client, other: User) -> None:
    data = typed(editor.get(url(guide(), "change")))
    materials = [{**entry, "text": f"{entry['text']}原件"} for entry in guide().document()["materials"]]
    they_save(other, materials=materials)
    page = editor.post(url(guide(), "change"), data | {"materials-0-text": "银行卡", "audience": "我写的"})
    assert page.status_code == 409
    assert "银行卡" in text(page)
    assert "原件" in text(page)


def test_a_late_save_with_a_mistake_shows_the_mistake_and_keeps_the_rest(editor: Client, other: User) -> None:
    data = typed(editor.get(url(guide(), "change")))
    they_save(other, notes=["他们的备注"])
    wrong = {"guide_offices-1-consult_phones": "12", "audience": "我写的"}
    page = editor.post(url(guide(), "change"), data | wrong)
    assert page.status_code == 200
    assert "请按“区号-号码”填写" in text(page)
    assert "我写的" in page.content.decode()
    again = editor.post(
        url(guide(), "change"), typed(page) | {"guide_offices-1-consult_phones": "0799-8100009"}
    )
    assert again.status_code == 409


def test_a_page_without_its_version_is_not_saved(editor: Client, other: User) -> None:
    data = typed(editor.get(url(guide(), "change")))
    del data["seen_version"]
    page = editor.post(url(guide(), "change"), data | {"audience": "我写的"})
    assert "请重新打开再改" in text(page)
    assert guide().audience != "我写的"


def test_two_people_at_one_office_choose_too(editor: Client, other: User) -> None:
    office = Office.objects.get(county__slug="beihe")
    data = typed(editor.get(url(office, "change")))
    document = Office.objects.with_details().get(pk=office.pk).document()
    apply_office({**document, "address": "他们的地址"}, Change(source="admin", author=other))
    page = editor.post(
        url(office, "change"), data | {"address": "我的地址", "phones-0-number": "0799-8100009"}
    )
    assert page.status_code == 409
    (both,) = choices_to_make(page)
    assert editor.post(url(office, "change"), hidden(page) | {both: "theirs"}).status_code == 302
    saved = Office.objects.with_details().get(pk=office.pk).document()
    assert saved["address"] == "他们的地址"
    assert saved["phones"][0]["number"] == "0799-8100009"


def test_a_guide_opened_before_its_offices_number_changed_does_not_bring_the_old_one_back(
    editor: Client, other: User
) -> None:
    data = typed(editor.get(url(guide(), "change")))
    office = Office.objects.with_details().get(county__slug="beihe")
    document = office.document()
    document["phones"][0]["number"] = "0799-8104444"
    apply_office(document, Change(source="admin", author=other))
    page = editor.post(url(guide(), "change"), data | {"audience": "我写的"})
    assert page.status_code == 409
    assert editor.post(url(guide(), "change"), hidden(page)).status_code == 302
    place = next(place for place in guide().document()["offices"] if place["key"] == office.key)
    assert place["consult_phones"] == [{"number": "0799-8104444", "for": ""}]
    assert guide().audience == "我写的"
