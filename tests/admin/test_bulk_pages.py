"""One number or one set of hours for many rows: chosen with ticks, shown before and after, saved all or nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from guides.access import CITY_ADMIN, COUNTY_EDITOR, WINDOW_STAFF
from guides.editing import Change, apply_guide
from guides.models import Guide, Revision
from offices.models import Office, Phone
from tests.admin.staff import at_keyboard, hidden, member
from tests.admin.staff import words as text
from tests.cast import Cast, assemble

OLD, NEW = "0818-5872688", "0818-7226801"
PHONE = reverse("admin_pages:bulk_phone")
PHONE_PREVIEW = reverse("admin_pages:bulk_phone_preview")
HOURS = reverse("admin_pages:bulk_hours")
HOURS_PREVIEW = reverse("admin_pages:bulk_hours_preview")
CONFIRM = reverse("admin_pages:bulk_confirm")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return at_keyboard(member("zhang", CITY_ADMIN, cast.dazhou))


def boxes(response: Any, name: str) -> list[str]:
    return re.findall(rf'name="{name}"\s+value="([\d-]+)"', response.content.decode())


def preview(desk: Client, **changes: Any) -> Any:
    data = {"number": OLD, "new": NEW, "use": boxes(desk.get(PHONE, {"number": OLD}), "use")}
    return desk.post(PHONE_PREVIEW, data | changes)


def confirm(desk: Client, response: Any) -> Any:
    data = {"plan": hidden(response, "plan"), "change_reason": "宣汉县来电", "public_note": "换了新号码"}
    return desk.post(CONFIRM, data, follow=True)


def test_every_row_a_number_stands_in_is_listed_and_ticked(desk: Client, cast: Cast) -> None:
    response = desk.get(PHONE, {"number": OLD})
    said = text(response)
    assert f"{OLD}用在2份办事指南、1个办理点" in said
    for words in ("宣汉县医保窗口", "咨询", "达州市·宣汉县", "住院费用报销", "职工参保登记"):
        assert words in said, words
    assert response.content.decode().count("checked") == len(boxes(response, "use")) == 2


def test_before_a_number_is_given_the_most_used_ones_are_offered(desk: Client) -> None:
    assert OLD in text(desk.get(PHONE))


def test_the_preview_shows_every_row_before_and_after_and_saves_nothing(desk: Client, cast: Cast) -> None:
    response = preview(desk)
    said = text(response)
    assert "会动2份办事指南、1个办理点，共3处" in said
    assert said.count(f"宣汉县医保窗口·咨询电话{OLD}{NEW}") == 2
    assert not Revision.objects.exists()
    assert Phone.objects.filter(number=OLD).exists()


def test_confirming_saves_all_of_it_with_reason_and_note_and_leads_to_the_batch(desk: Client) -> None:
    response = confirm(desk, preview(desk))
    assert "已保存" in text(response)
    assert "本次批量修改" in text(response)
    assert not Phone.objects.filter(number=OLD).exists()
    revisions = list(Revision.objects.all())
    assert len(revisions) == 3
    assert {(each.source, each.author_name, each.reason, each.public_note) for each in revisions} == {
        ("bulk", "zhang", "宣汉县来电", "换了新号码")
    }


def test_unticked_guides_keep_the_old_number(desk: Client, cast: Cast) -> None:
    ticked = [
        key for key in boxes(desk.get(PHONE, {"number": OLD}), "use") if key.endswith(f"-{cast.inpatient.pk}")
    ]
    confirm(desk, preview(desk, use=ticked))
    assert set(Phone.objects.filter(number__in=[OLD, NEW]).values_list("number", "guide_offices__guide")) == {
        (NEW, cast.inpatient.pk),
        (OLD, cast.enrolment.pk),
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"new": "8187226801x"}, "请按“区号-号码”填写"),
        ({"new": OLD}, "新号码与原来的一样"),
        ({"new": ""}, "请填写新号码"),
        ({"use": []}, "请至少勾选一行"),
        ({"use": ["x", "1-2-3", "99999999999999999999-1"]}, "请至少勾选一行"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    desk: Client, changes: dict[str, Any], words: str
) -> None:
    response = preview(desk, **changes)
    assert words in text(response)
    assert response.status_code == 422
    if typed := changes.get("new", NEW):
        assert f'value="{typed}"' in response.content.decode()


@pytest.mark.parametrize(
    ("new", "words"),
    [("0825-5182512", "区号不是达州市的0818"), ("0818-6221190", "大竹县、宣汉县都用这个号码")],
)
def test_a_doubtful_new_number_is_questioned_but_not_refused(desk: Client, new: str, words: str) -> None:
    assert words in text(preview(desk, new=new))


def test_a_row_changed_after_the_preview_stops_everything_and_is_shown(desk: Client, cast: Cast) -> None:
    response = preview(desk)
    other = User.objects.create_superuser("li", first_name="李编辑")
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    apply_guide({**guide.document(), "notes": ["带伞"]}, Change(source="admin", author=other))
    again = confirm(desk, response)
    assert again.status_code == 409
    said = text(again)
    for words in ("还没有保存", "李编辑", "带伞", "会动2份办事指南"):
        assert words in said, words
    assert 'value="宣汉县来电"' in again.content.decode()
    assert Phone.objects.filter(number=OLD).exists()
    assert "已保存" in text(confirm(desk, again))


def test_a_batch_is_undone_in_one_go_and_says_what_was_left_alone(desk: Client, cast: Cast) -> None:
    confirm(desk, preview(desk))
    batch = Revision.objects.exclude(batch=None)[0].batch
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    apply_guide({**guide.document(), "notes": ["带伞"]})
    page = desk.get(reverse("admin_pages:batch", args=[batch]))
    assert text(page).count("后来又改过") == 2  # one tag, and the sentence that explains
    said = text(desk.post(reverse("admin_pages:batch_restore", args=[batch]), {}, follow=True))
    assert "没有动：住院费用报销" in said
    assert "已撤销：1份办事指南、1个办理点" in said


def test_hours_are_chosen_office_by_office_and_own_hours_are_pointed_out(desk: Client, cast: Cast) -> None:
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    document = guide.document()
    own = [{"days": "saturday", "opens": "10:00", "closes": "12:00", "note": ""}]
    places = [
        {**place, "hours": own} if place["county"] == "xuanhan" else place for place in document["offices"]
    ]
    apply_guide({**document, "offices": places})
    page = desk.get(HOURS, {"city": "dazhou", "county": "xuanhan"})
    assert "“住院费用报销”在这里另有时间：星期六10:00-12:00。" in text(page)
    data = {"office": boxes(page, "office"), "hours": "工作日 09:00-12:00\n工作日 14:00-17:00"}
    assert "共2处" in text(desk.post(HOURS_PREVIEW, data))
    response = desk.post(HOURS_PREVIEW, data | {"own": boxes(page, "own")})
    assert "共3处" in text(response)
    assert "已保存" in text(confirm(desk, response))
    assert not Guide.objects.get(pk=guide.pk).guide_offices.exclude(own_hours=[]).exists()


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("", "请写新的办理时间"),
        ("九点到五点", "请写成工作日09:00-12:00"),
    ],
)
def test_hours_nobody_can_keep_are_refused(desk: Client, hours: str, words: str) -> None:
    page = desk.get(HOURS, {"city": "dazhou"})
    response = desk.post(HOURS_PREVIEW, {"office": boxes(page, "office"), "hours": hours})
    assert (response.status_code, words in text(response)) == (422, True)


def test_a_county_editor_sees_and_changes_only_his_county(cast: Cast) -> None:
    desk = at_keyboard(member("wang", COUNTY_EDITOR, cast.dazhu))
    assert f"没有{OLD}" in text(desk.get(PHONE, {"number": OLD}))
    page = desk.get(HOURS)
    assert "大竹县医保窗口" in text(page)
    assert "宣汉县医保窗口" not in text(page)
    assert "0825-5182512" not in text(desk.get(PHONE))
    theirs = str(Office.objects.get(county=cast.xuanhan).pk)
    refused = desk.post(HOURS_PREVIEW, {"office": [theirs], "hours": "工作日 09:00-12:00"})
    assert "请至少勾选一个办理点" in text(refused)
    phone = Phone.objects.get(number=OLD)
    uses = [f"{phone.pk}-{cast.inpatient.pk}"]
    assert desk.post(PHONE_PREVIEW, {"number": OLD, "new": NEW, "use": uses}).status_code == 422
    mine = desk.get(PHONE, {"number": "0818-6221190"})
    response = desk.post(PHONE_PREVIEW, {"number": "0818-6221190", "new": NEW, "use": boxes(mine, "use")})
    assert "已保存" in text(confirm(desk, response))
    assert {each.office.county for each in Revision.objects.filter(kind="office") if each.office} == {
        cast.dazhu
    }


def test_somebody_elses_preview_is_not_confirmed(desk: Client, cast: Cast) -> None:
    plan = hidden(preview(desk), "plan")
    other = at_keyboard(member("wang", COUNTY_EDITOR, cast.dazhu))
    for sent in (plan, "", "x:y"):
        assert "没有保存" in text(other.post(CONFIRM, {"plan": sent}, follow=True))
    assert Phone.objects.filter(number=OLD).exists()


def test_another_citys_batch_is_not_there(desk: Client, cast: Cast) -> None:
    confirm(desk, preview(desk))
    batch = Revision.objects.exclude(batch=None)[0].batch
    of_suining = at_keyboard(member("zhao", CITY_ADMIN, cast.suining))
    of_dazhu = at_keyboard(member("wang", COUNTY_EDITOR, cast.dazhu))
    page, restore = (reverse(f"admin_pages:{name}", args=[batch]) for name in ("batch", "batch_restore"))
    assert (of_suining.get(page).status_code, of_suining.post(restore).status_code) == (404, 404)
    assert (of_dazhu.get(page).status_code, of_dazhu.post(restore).status_code) == (200, 403)
    assert str(batch) not in of_suining.get(reverse("admin_pages:bulk")).content.decode()


def test_who_may_change_nothing_has_no_bulk_pages(cast: Cast) -> None:
    reader = at_keyboard(member("liu", WINDOW_STAFF, cast.dazhou))
    for page in (PHONE, HOURS, reverse("admin_pages:bulk")):
        assert reader.get(page).status_code == 403
        assert Client().get(page).status_code == 302


@pytest.mark.parametrize("address", [f"{PHONE}?number=%00", f"{HOURS}?city=dazhou&county=%00"])
def test_what_a_database_cannot_be_asked_is_not_asked(desk: Client, address: str) -> None:
    """PostgreSQL refuses NUL."""
    assert desk.get(address).status_code == 200
