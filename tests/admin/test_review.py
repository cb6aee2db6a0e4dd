"""Review dates: last checked, next check, and "still right" without touching the text."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from guides.access import COUNTY_EDITOR
from guides.editing import confirm
from guides.models import Guide, Revision, SheetChange
from tests.admin.conftest import typed
from tests.admin.staff import at_keyboard, member
from tests.cast import text_of

LIST = "admin:guides_guide_changelist"
DAY = datetime(2026, 11, 21, 17, tzinfo=UTC)
"""Already the 22nd in China."""


def guide() -> Guide:
    return Guide.objects.with_details().get()


def page() -> str:
    return reverse("admin:guides_guide_change", args=[guide().pk])


def test_one_click_notes_that_it_is_still_right_and_changes_nothing_else(editor: Client) -> None:
    before, version = guide().document(), guide().version
    counts = Revision.objects.count(), SheetChange.objects.count()
    public = editor.get(guide().get_absolute_url())
    assert "最近核实" not in text_of(public)
    with time_machine.travel(DAY, tick=False):
        answer = editor.post(reverse("admin:guides_guide_confirm", args=[guide().pk]), follow=True)
    assert "今天核实过，仍然正确。下次核实 2027-05-24" in text_of(answer)
    assert (guide().verified_on, guide().verified_by) == (date(2026, 11, 22), "admin")
    assert guide().review_on == date(2027, 5, 24)
    assert (guide().document(), guide().version) == (before, version)
    assert (Revision.objects.count(), SheetChange.objects.count()) == counts
    assert LogEntry.objects.get().change_message == "核实：仍然正确，下次核实 2027-05-24"
    text = text_of(editor.get(guide().get_absolute_url()))
    assert "最近核实 2026-11-22" in text
    assert "admin" not in text
    assert "更新记录" not in text


def test_looking_confirms_nothing(editor: Client) -> None:
    assert editor.get(reverse("admin:guides_guide_confirm", args=[guide().pk])).status_code == 405
    assert guide().verified_on is None


def test_several_are_confirmed_in_the_list_after_a_question(editor: Client) -> None:
    chosen = {"action": "confirm_selected", "_selected_action": [str(guide().pk)]}
    asked = editor.post(reverse(LIST), chosen)
    assert "这些指南今天核实过，仍然正确？" in text_of(asked)
    assert guide().verified_on is None
    done = editor.post(reverse(LIST), chosen | {"confirm": "yes"}, follow=True)
    assert "已记下 1 份指南" in text_of(done)
    assert guide().verified_on is not None


def test_the_list_shows_what_is_to_be_checked_now(editor: Client) -> None:
    assert "该核实了" in text_of(editor.get(reverse(LIST)))
    confirm(guide(), User.objects.get(), date(2020, 1, 1))
    assert guide().review_on == date(2020, 7, 2)
    assert "住院费用报销" in text_of(editor.get(reverse(LIST), {"review": "due"}))
    assert "2020-01-01 admin" in text_of(editor.get(reverse(LIST)))
    for other in ("later", "none"):
        assert "0 个" in text_of(editor.get(reverse(LIST), {"review": other}))


@pytest.mark.parametrize(("today", "is_due"), [(date(2027, 5, 23), False), (date(2027, 5, 24), True)])
def test_a_guide_is_due_on_its_day(editor: Client, today: date, is_due: bool) -> None:
    confirm(guide(), None, date(2026, 11, 22))
    assert Guide.objects.due_for_review(today).exists() == is_due
    Guide.objects.update(status="withdrawn")
    assert not Guide.objects.due_for_review(today).exists()


def test_the_next_day_of_review_is_set_on_the_page_without_a_revision(editor: Client) -> None:
    count = Revision.objects.count()
    assert editor.post(page(), typed(editor.get(page())) | {"review_on": "2027-01-01"}).status_code == 302
    assert guide().review_on == date(2027, 1, 1)
    assert Revision.objects.count() == count
    assert "改了下次核实" in LogEntry.objects.get().change_message


def test_a_page_opened_before_does_not_undo_what_was_confirmed_meanwhile(editor: Client) -> None:
    data = typed(editor.get(page())) | {"initial-review_on": "", "audience": "所有人"}
    confirm(guide(), None, date(2026, 11, 22))
    assert editor.post(page(), data).status_code == 302
    assert guide().audience == "所有人"
    assert guide().review_on == date(2027, 5, 24)


def test_a_county_editor_cannot_say_it_of_a_whole_guide(editor: Client) -> None:
    county = guide().city.counties.first()
    assert county
    desk = at_keyboard(member("周县区", COUNTY_EDITOR, county))
    assert "仍然正确" not in text_of(desk.get(page()))
    assert "confirm_selected" not in desk.get(reverse(LIST)).content.decode()
    assert desk.post(reverse("admin:guides_guide_confirm", args=[guide().pk])).status_code == 403
    desk.post(reverse(LIST), {"action": "confirm_selected", "confirm": "yes", "_selected_action": guide().pk})
    assert guide().verified_on is None
