"""An editor corrects a guide and an office; every model has its pages in Chinese."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from guides.models import Guide, Matter, Proposal, Revision, UnfoundQuery
from offices.models import Office
from tests.admin.conftest import typed

MODELS = [model for label in ("guides", "offices") for model in apps.get_app_config(label).get_models()]
OURS = [model for model in MODELS if admin.site.is_registered(model)]
IN_PAGES_OF_OTHERS_OR_DERIVED = {
    "Channel",
    "CitySpread",
    "FormerCitySlug",
    "FormerCountySlug",
    "FormerMatterSlug",
    "GuideOffice",
    "GuidePhone",
    "LifeEventStep",
    "OfficePosting",
    "Posting",
    "ProposalLine",
    "SettledAdvice",
    "SheetChange",
    "Snapshot",
    "Stamp",
    "MatterSpread",
    "Material",
    "Note",
    "OpeningHours",
    "Phone",
    "SpecialDay",
    "Step",
    "TimeLimit",
}


def change_url(row: Guide | Office | Matter) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def guide() -> Guide:
    return Guide.objects.with_details().get()


def save(editor: Client, row: Guide | Office | Matter, changes: dict[str, Any]) -> Any:
    """Open the page, change some fields, press save."""
    data = typed(editor.get(change_url(row)))
    assert set(changes) <= {*data, *changes}
    return editor.post(change_url(row), data | changes)


def test_every_model_can_be_edited_somewhere() -> None:
    assert {model.__name__ for model in MODELS} - {
        model.__name__ for model in OURS
    } == IN_PAGES_OF_OTHERS_OR_DERIVED


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_and_page_opens(editor: Client, model: Any) -> None:
    label = model._meta.label_lower.replace(".", "_")
    assert editor.get(reverse(f"admin:{label}_changelist"), {"q": "住院"}).status_code == 200
    never_added = model in (UnfoundQuery, Proposal, Revision)
    assert editor.get(reverse(f"admin:{label}_add")).status_code == (403 if never_added else 200)
    row = model._default_manager.first()
    if row:
        assert editor.get(reverse(f"admin:{label}_change", args=[row.pk])).status_code == 200


def test_saving_without_a_change_changes_nothing(editor: Client) -> None:
    before = guide().document()
    assert save(editor, guide(), {}).status_code == 302
    assert guide().document() == before
    assert LogEntry.objects.get().change_message == "没有改动"


def test_a_corrected_phone_is_on_the_page_and_in_the_log(editor: Client) -> None:
    place = "guide_offices-1-consult_phones"
    assert save(editor, guide(), {place: "0799-8100009（居民）\n0799-8100008"}).status_code == 302
    phones = guide().document()["offices"][1]["consult_phones"]
    assert phones == [{"number": "0799-8100009", "for": "居民"}, {"number": "0799-8100008", "for": ""}]
    message = LogEntry.objects.get().change_message
    assert "北河区医保窗口·咨询电话：0799-8100001 → 0799-8100009 居民" in message
    assert "北河区医保窗口·咨询电话：新增 0799-8100008" in message


def test_lists_grow_shrink_and_change_their_order(editor: Client) -> None:
    changes = {
        "materials-TOTAL_FORMS": "3",
        "materials-2-text": "银行卡",
        "materials-2-order": "1",
        "materials-0-order": "2",
        "materials-1-DELETE": "on",
    }
    assert save(editor, guide(), changes).status_code == 302
    assert [material.text for material in guide().materials.all()] == ["银行卡", "有效身份证件"]


def test_a_bad_phone_is_refused_beside_its_field_and_nothing_is_lost(editor: Client) -> None:
    before = guide().document()
    response = save(
        editor, guide(), {"guide_offices-1-consult_phones": "8100009-0799", "audience": "本市居民"}
    )
    assert response.status_code == 200
    page = response.content.decode()
    assert "请按“区号-号码”填写" in page
    assert "8100009-0799" in page
    assert "本市居民" in page
    assert guide().document() == before


def test_listed_materials_contradict_no_materials(editor: Client) -> None:
    response = save(editor, guide(), {"materials_state": "none"})
    assert "已经列出材料" in response.content.decode()
    assert guide().materials_state == "listed"


def test_a_limit_in_working_days_needs_its_days(editor: Client) -> None:
    response = save(editor, guide(), {"time_limits-0-days": ""})
    assert "要填大于 0 的天数" in response.content.decode()


def test_own_hours_are_typed_as_lines(editor: Client) -> None:
    assert (
        save(
            editor, guide(), {"guide_offices-0-hours": "工作日 9:00-11:30\n星期六 09:00-12:00（延时服务）"}
        ).status_code
        == 302
    )
    assert guide().document()["offices"][0]["hours"] == [
        {"days": "workdays", "opens": "09:00", "closes": "11:30", "note": ""},
        {"days": "saturday", "opens": "09:00", "closes": "12:00", "note": "延时服务"},
    ]


def test_a_withdrawn_guide_leaves_the_public_list(editor: Client) -> None:
    assert save(editor, guide(), {"status": "withdrawn"}).status_code == 302
    assert not Guide.objects.published().exists()


def test_a_number_changed_at_the_office_reaches_the_guide(editor: Client) -> None:
    office = Office.objects.get(county__slug="beihe")
    assert (
        save(editor, office, {"phones-0-number": "0799-8104444", "address": "北河区新址1号"}).status_code
        == 302
    )
    place = guide().document()["offices"][1]
    assert place["consult_phones"] == [{"number": "0799-8104444", "for": ""}]
    assert place["address"] == "北河区新址1号"


def test_hours_that_close_before_they_open_are_refused(editor: Client) -> None:
    office = Office.objects.get(county__slug="beihe")
    response = save(editor, office, {"opening_hours-0-closes": "07:00"})
    assert "开始时间要早于结束时间" in response.content.decode()


def test_a_new_guide_can_be_made_by_hand(editor: Client) -> None:
    url = reverse("admin:guides_guide_add")
    matter = Matter.objects.get(slug="menzhen-baoxiao")
    city = guide().city
    data = typed(editor.get(url)) | {
        "city": city.pk,
        "matter": matter.pk,
        "name": "门诊费用报销",
        "materials_state": "unstated",
    }
    assert editor.post(url, data).status_code == 302
    made = Guide.objects.get(matter=matter)
    assert made.document()["source"] == {"handbook": "", "first_line": None, "last_line": None}


def test_an_office_in_use_is_not_deleted(editor: Client) -> None:
    office = Office.objects.get(county__slug="beihe")
    url = reverse("admin:offices_office_delete", args=[office.pk])
    assert editor.post(url, {"post": "yes"}).status_code == 200
    assert Office.objects.filter(pk=office.pk).exists()


def test_an_alias_is_added_to_a_matter(editor: Client) -> None:
    matter = Matter.objects.get(slug="zhuyuan-baoxiao")
    data = typed(editor.get(change_url(matter)))
    last = int(data["aliases-TOTAL_FORMS"]) - 1
    assert editor.post(change_url(matter), data | {f"aliases-{last}-text": "住院垫的钱"}).status_code == 302
    assert matter.aliases.filter(text="住院垫的钱").exists()


def test_pages_are_in_chinese(editor: Client) -> None:
    page = editor.get(change_url(guide())).content.decode()
    for words in (
        "办事指南",
        "办理渠道",
        "办理材料",
        "办理时限",
        "办理流程",
        "备注",
        "办理地点",
        "服务对象",
        "在站点上查看",
    ):
        assert words in page, words


def test_the_guide_page_needs_a_bounded_number_of_queries(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(50):
        editor.get(change_url(guide()))


def test_a_number_of_days_that_contradicts_its_words_is_refused(editor: Client) -> None:
    response = save(editor, guide(), {"time_limits-0-days": "20"})
    assert "原文写的是 7 个工作日" in response.content.decode()


def test_no_materials_are_not_a_list_of_materials(editor: Client) -> None:
    response = save(editor, guide(), {"materials-0-DELETE": "on", "materials-1-DELETE": "on"})
    assert "没有列出材料" in response.content.decode()


def test_overlapping_hours_are_saved_and_questioned(editor: Client) -> None:
    office = Office.objects.get(county__slug="beihe")
    assert save(editor, office, {"opening_hours-1-opens": "09:00"}).status_code == 302
    assert "两段时间有重叠" in editor.get(change_url(office)).content.decode()


def test_removing_a_phone_says_how_many_guides_printed_it(editor: Client) -> None:
    office = Office.objects.get(county__slug="beihe")
    data = typed(editor.get(change_url(office))) | {"phones-1-DELETE": "on"}
    page = editor.post(change_url(office), data, follow=True).content.decode()
    assert "原来印在 1 份办事指南上" in page
