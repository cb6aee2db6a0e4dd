"""Draft → published → withdrawn: what each step asks for, and that nothing typed is lost when it is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guides.editing import (
    ELEMENTS,
    Change,
    DocumentError,
    NotReadyError,
    apply_guide,
    missing_elements,
    restore,
)
from guides.models import Guide, Matter, Revision
from tests.admin.conftest import typed

ADD = "admin:guides_guide_add"


def guide() -> Guide:
    return Guide.objects.with_details().get(matter__slug="zhuyuan-baoxiao")


def page(row: Guide) -> str:
    return reverse("admin:guides_guide_change", args=[row.pk])


def begun(editor: Client, **fields: Any) -> dict[str, Any]:
    """A new guide with nothing but what it is."""
    matter = Matter.objects.get(slug="menzhen-baoxiao")
    data = typed(editor.get(reverse(ADD))) | {
        "city": guide().city_id,
        "matter": matter.pk,
        "name": "门诊费用报销",
    }
    return data | fields


def without(elements: str) -> dict[str, Any]:
    """A document that lacks what the words name."""
    empty: dict[str, Any] = {"服务对象": {"audience": ""}, "流程": {"steps": []}, "地点": {"offices": []}}
    return {**guide().document(), **empty[elements]}


def test_a_new_guide_begins_as_a_draft_and_may_be_saved_with_hardly_anything(editor: Client) -> None:
    assert editor.post(reverse(ADD), begun(editor)).status_code == 302
    made = Guide.objects.with_details().get(matter__slug="menzhen-baoxiao")
    assert made.status == "draft"
    assert editor.get(made.get_absolute_url()).status_code == 404
    assert editor.post(page(made), typed(editor.get(page(made))) | {"audience": "所有人"}).status_code == 302


def test_publishing_names_each_missing_element_and_keeps_what_was_typed(editor: Client) -> None:
    answer = editor.post(
        reverse(ADD), begun(editor, status="published", progress="打电话问。", materials_state="listed")
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "没有列出材料" in text
    answer = editor.post(
        reverse(ADD), begun(editor, status="published", progress="打电话问。", materials_state="none")
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    for name in ("依据", "服务对象", "地点", "时间", "电话", "流程"):
        assert f"还不能发布，缺少“{name}”" in text
        assert f"“{name}：手册未载明”" in text
    assert "请在“办理地点”那一行填写“咨询电话”" in text
    assert "打电话问。" in text
    assert not Guide.objects.filter(matter__slug="menzhen-baoxiao").exists()


def test_stating_what_the_handbook_does_not_give_opens_the_gate(editor: Client) -> None:
    notes = [f"{name}：手册未载明" for name in ELEMENTS if name not in ("事项名称", "材料")]
    rows = {f"notes-{number}-text": text for number, text in enumerate(notes)}
    data = (
        begun(editor, status="published", materials_state="none") | rows | {"notes-TOTAL_FORMS": len(notes)}
    )
    assert editor.post(reverse(ADD), data).status_code == 302
    assert Guide.objects.get(matter__slug="menzhen-baoxiao").status == "published"


@pytest.mark.parametrize("element", ["服务对象", "流程", "地点"])
@pytest.mark.parametrize("source", ["admin", "bulk", "restore", "proposal"])
def test_no_door_for_people_publishes_a_guide_that_lacks_something(
    editor: Client, element: str, source: str
) -> None:
    with pytest.raises(NotReadyError) as refused:
        apply_guide(without(element), Change(source=source))
    assert element in refused.value.missing


def test_an_import_publishes_what_the_handbook_says(editor: Client) -> None:
    apply_guide(without("流程"), Change(source="import"))
    assert missing_elements(guide().document()) == ["流程"]


def test_restoring_an_incomplete_version_of_a_published_guide_is_refused(editor: Client) -> None:
    full = guide().document()
    apply_guide(without("流程"), Change(source="import"))
    apply_guide(full, Change(source="admin"))
    number = Revision.objects.of(guide()).filter(source="import").order_by("-number")[0].number
    with pytest.raises(NotReadyError):
        restore(guide(), number, Change())
    answer = editor.post(
        reverse("admin:guides_guide_restore", args=[guide().pk, number]), {"seen_version": guide().version}
    )
    assert "还不能发布，缺少“流程”" in answer.content.decode()
    assert guide().document() == full


def test_a_published_guide_never_becomes_a_draft_again(editor: Client) -> None:
    opened: Any = editor.get(page(guide()))
    form = opened.context_data["adminform"].form
    assert [value for value, _ in form.fields["status"].choices] == ["published", "withdrawn"]
    answer = editor.post(page(guide()), typed(editor.get(page(guide()))) | {"status": "draft"})
    assert answer.status_code == 200
    with pytest.raises(DocumentError, match="不能改回草稿"):
        apply_guide(guide().document(), status="draft")
    apply_guide(guide().document(), status="withdrawn")
    with pytest.raises(DocumentError, match="不能改回草稿"):
        apply_guide(guide().document(), status="draft")
    assert guide().status == "withdrawn"


def test_a_draft_is_deleted_not_withdrawn(editor: Client) -> None:
    Guide.objects.update(status="draft")
    with pytest.raises(DocumentError, match="没有发布过，不用撤下"):
        apply_guide(guide().document(), status="withdrawn")


def test_withdrawing_takes_a_successor_along(editor: Client) -> None:
    editor.post(reverse(ADD), begun(editor))
    Guide.objects.filter(matter__slug="menzhen-baoxiao").update(status="published")
    other = Guide.objects.get(matter__slug="menzhen-baoxiao")
    data = typed(editor.get(page(guide()))) | {"status": "withdrawn", "successor": other.pk}
    assert editor.post(page(guide()), data).status_code == 302
    assert guide().status == "withdrawn"
    gone = editor.get(guide().get_absolute_url())
    assert gone.status_code == 410
    assert f'href="{other.get_absolute_url()}"' in gone.content.decode()


def test_a_guide_is_not_its_own_successor(editor: Client) -> None:
    data = typed(editor.get(page(guide()))) | {"successor": guide().pk}
    assert editor.post(page(guide()), data).status_code == 200
    assert guide().successor is None


def test_the_successor_survives_the_choice_between_two_versions(editor: Client) -> None:
    editor.post(reverse(ADD), begun(editor))
    Guide.objects.filter(matter__slug="menzhen-baoxiao").update(status="published")
    other = Guide.objects.get(matter__slug="menzhen-baoxiao")
    data = typed(editor.get(page(guide()))) | {"audience": "我填的", "successor": other.pk}
    apply_guide({**guide().document(), "progress": "别人填的"}, Change(source="admin"))
    asked: Any = editor.post(page(guide()), data)
    assert asked.status_code == 409
    context = asked.context_data
    chosen = {f"choice-{number}": pick for number, _, pick in context["fields"]}
    chosen |= {"_choosing": context["typed"], "theirs_version": context["theirs_version"]}
    assert editor.post(page(guide()), chosen).status_code == 302
    assert (guide().audience, guide().progress, guide().successor) == ("我填的", "别人填的", other)


def test_an_office_of_another_city_is_refused(editor: Client) -> None:
    from offices.models import City, Office  # noqa: PLC0415

    elsewhere = City.objects.create(slug="haibin", name="海滨市", area_code="0600")
    office = Office.objects.create(city=elsewhere, key="x", name="海滨窗口", kind="counter")
    data = begun(editor) | {"guide_offices-TOTAL_FORMS": 1, "guide_offices-0-office": office.pk}
    assert "“海滨窗口”不在这份指南的城市" in editor.post(reverse(ADD), data).content.decode()
