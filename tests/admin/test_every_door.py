"""Every way to write that the site has, found by looking: each leaves a revision, or cannot change content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command, get_commands
from django.test import Client
from django.urls import reverse

from guides.admin.edited import DocumentAdmin
from guides.admin.exports import export_chosen
from guides.editing import Change, apply_guide, propose, restore
from guides.models import Guide, Proposal, Revision
from offices.models import City, County, Office
from tests.admin.conftest import typed
from tests.books import table_book

OURS = {
    model: model_admin
    for model, model_admin in admin.site._registry.items()  # noqa: SLF001 - Django offers no other list
    if model._meta.app_label in ("guides", "offices")
}
DOORS = pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)

Contents = dict[tuple[str, int], tuple[str, dict[str, Any]]]


def contents() -> Contents:
    """What all guides and offices say now."""
    guides = {("guide", row.pk): (row.status, row.document()) for row in Guide.objects.with_details()}
    return guides | {("office", row.pk): ("", row.document()) for row in Office.objects.with_details()}


@contextmanager
def explained() -> Iterator[None]:
    """Whatever the block changes has a new revision that says so, before and after."""
    before, seen = contents(), set(Revision.objects.values_list("pk", flat=True))
    yield
    now = contents()
    new = [
        ((row.kind, row.before, row.status_before), (row.after, row.status_after))
        for row in Revision.objects.exclude(pk__in=seen)
    ]
    for key in before.keys() | now.keys():
        was_status, was = before.get(key, ("", {}))
        is_status, is_now = now.get(key, ("", {}))
        if (was_status, was) != (is_status, is_now):
            assert ((key[0], was, was_status), (is_now, is_status)) in new, key


def url(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=args)


def another(value: Any) -> str:
    """Another value for a field: a number counts on, words get longer."""
    return str(int(value) + 1) if str(value).isdigit() else f"{value}1"


def test_no_list_is_edited_in_place_and_actions_delete_confirm_or_export() -> None:
    """What a confirmation and an export do not write is shown in test_review.py and test_excel_out.py."""
    assert all(model_admin.list_editable == () for model_admin in OURS.values())
    actions = {action for model_admin in OURS.values() for action in model_admin.actions or ()}
    assert actions == {"confirm_selected", export_chosen}
    assert {name for name, _ in admin.site.actions} == {"delete_selected"}


@DOORS
def test_changing_any_field_leaves_a_revision(editor: Client, model: Any) -> None:
    row = model._default_manager.first()
    if row is None or model is Revision:
        return  # nothing to change
    data = typed(editor.get(url(model, "change", row.pk)))
    names = [
        name
        for name in data
        if not name.endswith(("_FORMS", "-id", "seen_version", "change_reason", "public_note"))
    ]
    is_document = isinstance(OURS[model], DocumentAdmin)
    count = Revision.objects.count()
    for name in names[::4] if is_document else names:
        if not isinstance(data[name], str | int):
            continue
        with explained():
            data = typed(editor.get(url(model, "change", row.pk)))
            if name in data:
                editor.post(url(model, "change", row.pk), data | {name: another(data[name])}, follow=False)
    assert (Revision.objects.count() > count) == is_document


@DOORS
def test_deleting_leaves_a_revision(editor: Client, model: Any) -> None:
    for row in list(model._default_manager.all())[:3]:
        with explained():
            editor.post(url(model, "delete", row.pk), {"post": "yes"})
        if issubclass(model, Guide | Office):
            Guide.objects.filter(pk=row.pk).update(status="draft")


@DOORS
def test_deleting_many_in_the_list_leaves_revisions(editor: Client, model: Any) -> None:
    rows = [str(pk) for pk in model._default_manager.values_list("pk", flat=True)[:20]]
    chosen = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
    with explained():
        editor.post(url(model, "changelist"), chosen)


def test_deleting_a_draft_and_a_free_office_leaves_revisions(editor: Client) -> None:
    Guide.objects.update(status="draft")
    guide = Guide.objects.get()
    chosen = {"action": "delete_selected", "post": "yes"}
    with explained():
        editor.post(url(Guide, "changelist"), chosen | {"_selected_action": [str(guide.pk)]})
    assert not Guide.objects.exists()
    with explained():
        for office in Office.objects.all():
            editor.post(url(Office, "delete", office.pk), {"post": "yes"})
    assert not Office.objects.exists()


def test_a_published_guide_is_not_deleted_and_the_editor_is_told_what_to_do(editor: Client) -> None:
    guide = Guide.objects.get()
    page = editor.get(url(Guide, "delete", guide.pk), follow=True).content.decode()
    assert "请把状态改为“撤下”" in page
    assert 'class="deletelink"' not in page
    chosen = {"action": "delete_selected", "_selected_action": [str(guide.pk)], "post": "yes"}
    page = editor.post(url(Guide, "changelist"), chosen, follow=True).content.decode()
    assert "请把状态改为“撤下”" in page
    assert Guide.objects.exists()


def test_a_withdrawn_guide_is_not_deleted_either(editor: Client) -> None:
    guide = Guide.objects.with_details().get()
    apply_guide(guide.document(), status="withdrawn")
    page = editor.post(url(Guide, "delete", guide.pk), {"post": "yes"}, follow=True).content.decode()
    assert "发布过，不能删除" in page
    assert Guide.objects.exists()


def test_a_county_with_public_addresses_is_not_deleted(editor: Client) -> None:
    county = County.objects.filter(city__guides__status="published", offices=None).first()
    county = county or County.objects.create(
        city=City.objects.get(slug="yunshan"), slug="x", name="新县", kind="county"
    )
    page = editor.post(url(County, "delete", county.pk), {"post": "yes"}, follow=True).content.decode()
    assert "网址已经公开，不能删除" in page
    assert County.objects.filter(pk=county.pk).exists()


def test_adding_a_row_to_a_list_and_taking_one_off_leave_revisions(editor: Client) -> None:
    guide = Guide.objects.get()
    page = url(Guide, "change", guide.pk)
    added = {"materials-TOTAL_FORMS": "3", "materials-2-text": "银行卡"}
    for change in (added, {"materials-0-DELETE": "on"}, {"guide_offices-0-DELETE": "on"}):
        count = Revision.objects.count()
        with explained():
            assert editor.post(page, typed(editor.get(page)) | change).status_code == 302
        assert Revision.objects.count() > count


def test_adding_a_guide_and_an_office_leaves_revisions(editor: Client) -> None:
    guide = Guide.objects.select_related("city").get()
    data = typed(editor.get(url(Office, "add")))
    with explained():
        made = editor.post(
            url(Office, "add"), data | {"city": guide.city_id, "kind": "counter", "name": "新窗口"}
        )
    assert made.status_code == 302
    assert Revision.objects.get(title="新窗口").before == {}


@pytest.mark.parametrize(
    "command", [name for name, app in get_commands().items() if app in ("guides", "offices")]
)
def test_every_command_leaves_revisions(editor: Client, command: str, tmp_path: Path) -> None:
    book = tmp_path / "yunshan.txt"
    book.write_text(table_book(["住院费用报销"]).replace("不超过7个工作日", "不超过5个工作日"), "utf-8")
    documents = tmp_path / "documents.json"
    guide = Guide.objects.with_details().get()
    documents.write_text(json.dumps({**guide.document(), "notes": ["新的备注"]}), "utf-8")
    Guide.objects.update(imported_document=guide.document())  # nothing was edited since
    arguments: dict[str, tuple[str, ...]] = {
        "build_fixtures": (),  # refuses any database but an empty one in memory
        "error_pages": (str(tmp_path / "error-pages"),),
        "export_guides": (str(tmp_path / "guides.json"),),
        "import_handbook": (str(book), "--city", "yunshan"),
        "load_catalogue": (),
        "load_guides": (str(documents),),
        "mirror": (),  # needs the collected static files; tests/mirror runs it, and it may not write (test_architecture)
        "rebuild_search": (),
        "rebuild_spread": (),
        "rename_slug": ("matter", "zhuyuan-baoxiao", "zhuyuan"),
        "seed_workdays": ("--replace",),
        "setup_site": (),
    }
    if command in ("build_fixtures", "mirror"):
        return
    count = Revision.objects.count()
    with explained():
        call_command(command, *arguments[command], stdout=StringIO())
    assert (Revision.objects.count() > count) == (
        command in ("import_handbook", "load_guides", "rename_slug")
    )


def test_restoring_leaves_a_revision(editor: Client) -> None:
    guide = Guide.objects.with_details().get()
    apply_guide({**guide.document(), "notes": ["写错了"]})
    with explained():
        restore(guide, 1, Change())


@pytest.mark.parametrize("verdict", ["accepted", "changed", "declined"])
def test_deciding_a_proposal_leaves_a_revision(editor: Client, verdict: str) -> None:
    guide = Guide.objects.with_details().get()
    office = Office.objects.with_details().get(county__slug="beihe")
    for subject, field in ((guide, "audience"), (office, "address")):
        proposal = propose(subject, {**subject.document(), field: "建议的话"}, Change(source="admin"))
        decided = {"line-0-verdict": verdict, "line-0-text": "更好的话", "line-0-reason": "因为"}
        version = type(subject)._default_manager.get(pk=subject.pk).version
        count = Revision.objects.count()
        with explained():
            answer = editor.post(url(Proposal, "change", proposal.pk), decided | {"seen_version": version})
        assert answer.status_code == 302
        assert (Revision.objects.count() > count) == (verdict != "declined")


def test_nobody_adds_changes_or_deletes_a_revision(editor: Client) -> None:
    revision = Revision.objects.first()
    assert revision
    assert editor.get(url(Revision, "change", revision.pk)).status_code == 200
    assert editor.post(url(Revision, "change", revision.pk), {"reason": "别的"}).status_code == 403
    assert editor.post(url(Revision, "delete", revision.pk), {"post": "yes"}).status_code == 403
    assert editor.post(url(Revision, "add"), {}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [str(revision.pk)], "post": "yes"}
    editor.post(url(Revision, "changelist"), chosen)
    assert Revision.objects.filter(pk=revision.pk, reason=revision.reason).exists()


def test_a_slug_in_documents_and_addresses_is_chosen_once(editor: Client) -> None:
    county = Office.objects.exclude(county=None)[0].county
    assert county
    city = url(type(county.city), "change", county.city_id)
    data = typed(editor.get(city))
    data |= {name: "another" for name in data if name.endswith("-slug") and data[name]} | {"slug": "another"}
    with explained():
        assert editor.post(city, data).status_code == 302
    county.refresh_from_db()
    assert county.slug != "another"
