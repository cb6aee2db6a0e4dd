"""Preview: the real public page of what is typed or saved, of which nothing stays."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from guides.access import WINDOW_STAFF
from guides.models import Duty, Guide, Matter
from offices.models import Office
from tests.admin.conftest import typed
from tests.admin.staff import role
from tests.cast import text_of


def guide() -> Guide:
    return Guide.objects.with_details().get(matter__slug="zhuyuan-baoxiao")


def change(row: Guide | Office) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def preview(row: Guide | Office) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_preview", args=[row.pk])


def everything() -> dict[str, Any]:
    """Every row of the site."""
    models = [
        model for label in ("guides", "offices", "admin") for model in apps.get_app_config(label).get_models()
    ]
    return {model.__name__: sorted(model._default_manager.values_list(), key=str) for model in models}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "办理步骤"),
        ({"_preview_place": "beihe"}, "北河区"),
        ({"_preview_as": "print", "_preview_place": "beihe"}, "打印日期"),
    ],
)
def test_what_is_typed_is_shown_as_the_public_page_and_nothing_stays(
    editor: Client, asked: dict[str, str], words: str
) -> None:
    data = typed(editor.get(change(guide()))) | {"audience": "只有预览里有的话", "notes-TOTAL_FORMS": 1}
    data |= {"notes-0-text": "预览的备注", "materials-TOTAL_FORMS": 3, "materials-2-text": "只有预览要的材料"}
    data |= {"guide_offices-1-consult_phones": "0799-8100009"}
    before = everything()
    page = editor.post(preview(guide()), data | asked)
    assert page.status_code == 200
    text = text_of(page)
    assert "预览：您正在填写的内容，尚未保存，群众看不到。" in text
    assert "只有预览里有的话" in text
    assert "只有预览要的材料" in text
    assert words in text
    assert everything() == before
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex"' in page.content.decode()


def test_a_page_that_is_late_is_shown_too(editor: Client) -> None:
    data = typed(editor.get(change(guide()))) | {"audience": "晚来的话", "seen_version": 0}
    Guide.objects.update(version=7)
    assert "晚来的话" in text_of(editor.post(preview(guide()), data))


def test_a_guide_that_is_not_made_yet_is_shown_however_little_it_says(editor: Client) -> None:
    matter = Matter.objects.get(slug="menzhen-baoxiao")
    data = typed(editor.get(reverse("admin:guides_guide_add")))
    data |= {"city": guide().city_id, "matter": matter.pk, "name": "还没有的指南"}
    for form in ("page", "print"):
        page = editor.post(reverse("admin:guides_guide_preview_new"), data | {"_preview_as": form})
        assert page.status_code == 200
        assert "还没有的指南" in text_of(page)
    assert Guide.objects.count() == 1


def test_what_cannot_be_read_is_listed(editor: Client) -> None:
    data = typed(editor.get(change(guide()))) | {"name": "", "guide_offices-0-consult_phones": "不是号码"}
    page = editor.post(preview(guide()), data)
    assert page.status_code == 422
    assert "事项名称：" in text_of(page)
    assert "办理地点第 1 行，咨询电话：“不是号码”" in text_of(page)


@pytest.mark.parametrize(("status", "banner"), [("draft", "草稿，尚未发布"), ("withdrawn", "已保存的内容")])
def test_what_is_saved_is_shown_by_its_address(editor: Client, status: str, banner: str) -> None:
    Guide.objects.update(status=status)
    page = editor.get(preview(guide()), {"_preview_place": "beihe"})
    assert banner in text_of(page)
    assert "北河区" in text_of(page)
    assert guide().status == status


def test_somebody_who_may_only_look_sees_what_is_saved(editor: Client) -> None:
    user = User.objects.create_user("window", is_staff=True)
    client = Client()
    client.force_login(user)
    Guide.objects.update(status="draft")
    assert client.get(preview(guide())).status_code in (403, 404)
    user.user_permissions.add(Permission.objects.get(codename="view_guide"))
    user.groups.add(role(WINDOW_STAFF))
    Duty.objects.create(user=user, city=guide().city)
    for page in (client.get(preview(guide())), client.post(preview(guide()), {"audience": "别人填的"})):
        assert page.status_code == 200
        assert "草稿，尚未发布" in text_of(page)
        assert "别人填的" not in text_of(page)


def test_residents_see_no_preview(editor: Client) -> None:
    for address in (preview(guide()), reverse("admin:guides_guide_preview_new")):
        assert Client().get(address).status_code == 302
        assert "/login/" in Client().get(address).headers["Location"]


def test_an_office_is_shown_with_its_county(editor: Client) -> None:
    office = Office.objects.get(county__slug="beihe")
    data = typed(editor.get(change(office))) | {
        "address": "只在预览里的地址",
        "phones-0-number": "0799-8100009",
    }
    before = everything()
    text = text_of(editor.post(preview(office), data))
    assert "只在预览里的地址" in text
    assert "0799-8100009" in text
    assert everything() == before
    assert "预览：已保存的内容" in text_of(editor.get(preview(office)))


def test_the_public_page_knows_no_preview(editor: Client) -> None:
    assert "preview" not in editor.get(guide().get_absolute_url()).content.decode()
