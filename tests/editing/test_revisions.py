"""Every change leaves a revision: who, when, from where, why, and the document before and after."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from guides.editing import (
    Change,
    Conflict,
    DocumentError,
    Loading,
    StillPublishedError,
    apply_guide,
    apply_office,
    delete_entry,
    document_at,
    restore,
)
from guides.models import Guide, Revision
from offices.models import Office
from tests.books import table_book
from tests.editing.conftest import NAMES, load


def guide() -> Guide:
    return Guide.objects.with_details().get(matter__slug="zhuyuan-baoxiao")


def office(county: str = "beihe") -> Office:
    return Office.objects.with_details().get(county__slug=county)


def with_note(text: str) -> dict[str, Any]:
    return {**guide().document(), "notes": [text]}


def test_a_change_says_who_made_it_from_where_and_why(loaded: Loading) -> None:
    before, was = guide().document(), guide().version
    author = User.objects.create_superuser("li", first_name="李", last_name="")
    change = Change(source="admin", author=author, reason="电话核对", public_note="补充了备注", expected=was)
    apply_guide(with_note("请带伞。"), change)
    revision = Revision.objects.of(guide())[0]
    assert (revision.number, guide().version) == (was + 1, was + 1)
    assert (revision.author, revision.author_name, revision.source) == (author, "李", "admin")
    assert (revision.reason, revision.public_note, revision.changed) == ("电话核对", "补充了备注", "备注")
    assert (revision.before, revision.after) == (before, guide().document())
    author.delete()
    assert Revision.objects.of(guide())[0].by == "李"


def test_saving_the_same_leaves_no_revision(loaded: Loading) -> None:
    before = Revision.objects.count()
    version = guide().version
    apply_guide(guide().document())
    apply_office(office().document())
    load(table_book(NAMES))
    assert (Revision.objects.count(), guide().version) == (before, version)


def test_an_import_leaves_one_revision_for_each_guide_and_office(loaded: Loading) -> None:
    assert {revision.source for revision in Revision.objects.all()} == {"import"}
    assert Revision.objects.filter(kind="guide").count() == Guide.objects.count()
    assert Revision.objects.filter(kind="office").count() == Office.objects.count()
    assert all(revision.before == {} and revision.number == 1 for revision in Revision.objects.all())
    load(table_book(NAMES).replace("不超过7个工作日", "不超过5个工作日", 1))
    (second,) = Revision.objects.filter(number=2)
    assert second.changed == "办理时限"
    assert second.reason == "导入《云山市医保办事手册》（2027年版）"


def test_a_number_changed_at_the_office_is_in_the_history_of_its_guides(loaded: Loading) -> None:
    document = office().document()
    document["phones"][0]["number"] = "0799-8104444"
    versions = dict(Guide.objects.values_list("pk", "version"))
    apply_office(document, Change(source="admin", reason="换号"))
    newest = Revision.objects.filter(reason="换号")
    assert {revision.title for revision in newest} == {*NAMES, office().name}
    assert {revision.changed for revision in newest if revision.kind == "guide"} == {"咨询电话"}
    assert dict(Guide.objects.values_list("pk", "version")) == {pk: v + 1 for pk, v in versions.items()}


def test_a_number_added_in_a_guide_is_in_the_history_of_its_office(loaded: Loading) -> None:
    document = guide().document()
    place = next(place for place in document["offices"] if place["key"] == office().key)
    place["consult_phones"].append({"number": "0799-8104445", "for": ""})
    apply_guide(document, Change(reason="加号"))
    kinds = [revision.kind for revision in Revision.objects.filter(reason="加号")]
    assert sorted(kinds) == ["guide", "office"]


def test_a_status_alone_is_a_change_too(loaded: Loading) -> None:
    apply_guide(guide().document(), Change(reason="停办"), status="withdrawn")
    revision = Revision.objects.get(reason="停办")
    assert (revision.status_before, revision.status_after) == ("published", "withdrawn")


def test_histories_have_no_gap(loaded: Loading) -> None:
    for note in ("一", "二", "三"):
        apply_guide(with_note(note))
    history = list(Revision.objects.of(guide()))[::-1]
    assert [revision.number for revision in history] == [1, 2, 3, 4]
    pairs = itertools.pairwise(history)
    assert all(earlier.after == later.before for earlier, later in pairs)
    assert document_at(guide(), 2)["notes"] == ["一"]
    assert document_at(guide(), 0) == {}


def test_a_late_save_is_refused_and_writes_nothing(loaded: Loading) -> None:
    seen = guide().version
    apply_guide(with_note("先到"), Change(expected=seen))
    before = Revision.objects.count()
    with pytest.raises(Conflict) as refused:
        apply_guide({**with_note("后到"), "audience": "所有人"}, Change(expected=seen))
    assert refused.value.theirs["notes"] == ["先到"]
    assert refused.value.version == seen + 1
    assert guide().document()["notes"] == ["先到"]
    assert Revision.objects.count() == before


def test_a_page_opened_before_its_office_changed_is_late_too(loaded: Loading) -> None:
    seen = guide().version
    document = office().document()
    document["phones"][0]["number"] = "0799-8104444"
    apply_office(document)
    with pytest.raises(Conflict):
        apply_guide(with_note("旧页面"), Change(expected=seen))


def test_a_refused_document_leaves_no_revision(loaded: Loading) -> None:
    before = Revision.objects.count()
    with pytest.raises(DocumentError):
        apply_guide({**guide().document(), "name": ""})
    assert Revision.objects.count() == before


def test_an_earlier_version_can_be_restored_and_that_is_a_change(loaded: Loading) -> None:
    first = guide().document()
    apply_guide(with_note("写错了"))
    restore(guide(), 1, Change(reason="改回"))
    assert guide().document() == first
    newest = Revision.objects.of(guide())[0]
    assert (newest.source, newest.number) == ("restore", 3)
    assert newest.restored_from == Revision.objects.of(guide()).get(number=1)


def test_restoring_a_guide_leaves_its_offices_where_they_are(loaded: Loading) -> None:
    apply_guide(with_note("写错了"))
    apply_office({**office().document(), "address": "新址1号"})
    restore(guide(), 1, Change())
    assert office().address == "新址1号"


def test_a_published_guide_is_not_deleted(loaded: Loading) -> None:
    with pytest.raises(StillPublishedError, match="撤下"):
        delete_entry(guide())


def test_what_was_deleted_stays_in_the_history(loaded: Loading) -> None:
    Guide.objects.update(status="draft")  # a guide the public never saw
    row = guide()
    delete_entry(row, Change(source="admin", reason="重复"))
    last = Revision.objects.get(reason="重复")
    assert (last.after, last.title, last.guide, last.city) == ({}, "住院费用报销", None, row.city)
    assert last.before["name"] == "住院费用报销"


def test_a_revision_is_of_one_subject(loaded: Loading) -> None:
    revision = Revision.objects.of(guide())[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(office=office())


def test_documents_keep_the_order_of_their_keys(loaded: Loading) -> None:
    assert list(Revision.objects.of(guide())[0].after) == list(guide().document())
