"""更新记录: what changed on a page and when, of real changes only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from guides.editing import Change, apply_guide, apply_office
from guides.models import Guide
from offices.models import Office
from tests.cast import Cast, assemble, text_of

PAGE = "/guides/dazhou/zhuyuan-baoxiao/"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def change(cast: Cast, note: str = "", **fields: Any) -> None:
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    apply_guide({**guide.document(), **fields}, Change(source="admin", public_note=note))


def test_without_changes_nothing_is_shown(client: Client, cast: Cast) -> None:
    change(cast)
    assert "更新记录" not in text_of(client.get(PAGE))


def test_a_change_shows_its_note_or_what_changed(client: Client, cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 17, tzinfo=UTC), tick=False):
        change(cast, notes=["带伞"], progress="打电话问。")
    with time_machine.travel(datetime(2026, 4, 1, 2, tzinfo=UTC), tick=False):
        change(cast, "现在可以代办。", audience="所有人")
    for page in (PAGE, f"{PAGE}xuanhan/"):
        words = text_of(client.get(page))
        assert "2026年4月1日 现在可以代办。 2026年3月2日 更新了办理进度和结果查询、备注" in words


def test_the_dates_stay_when_nothing_changes(client: Client, cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        change(cast, notes=["带伞"])
    before = client.get(PAGE).content
    change(cast, "没有改动的说明")
    assert client.get(PAGE).content == before


def test_the_newest_five_stand_first_the_others_behind_a_button(client: Client, cast: Cast) -> None:
    for number in range(7):
        change(cast, f"第{number}次", notes=[str(number)])
    shown, more = text_of(client.get(PAGE)).split("更早的更新")
    assert all(f"第{number}次" in shown for number in range(2, 7))
    assert "第1次" in more


def test_reasons_are_for_editors_only(client: Client, cast: Cast) -> None:
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    apply_guide({**guide.document(), "notes": ["带伞"]}, Change(reason="内部来函"))
    assert "内部来函" not in text_of(client.get(PAGE))


def test_a_number_changed_at_the_office_is_on_its_page_and_its_guides(client: Client, cast: Cast) -> None:
    office = Office.objects.with_details().get(name="宣汉县医保窗口")
    document = office.document()
    document["phones"][0]["number"] = "0818-5872699"
    apply_office(document, Change(source="admin"))
    assert "更新了咨询电话" in text_of(client.get(PAGE))
    assert "宣汉县医保窗口：更新了电话" in text_of(client.get("/offices/dazhou/xuanhan/"))
    assert "更新记录" not in text_of(client.get("/offices/dazhou/dazhu/"))


def test_a_county_page_tells_its_own_changes_and_the_shared_ones(client: Client, cast: Cast) -> None:
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    places = guide.document()["offices"]
    moved = [{**place, "scope": "资料初审"} if place["county"] == "dazhu" else place for place in places]
    change(cast, "大竹县改了。", offices=moved)
    change(cast, "大家都改了。", audience="所有人")
    shown = {page: text_of(client.get(f"{PAGE}{page}")) for page in ("", "dazhu/", "xuanhan/")}
    assert ["大竹县改了。" in text for text in shown.values()] == [True, True, False]
    assert all("大家都改了。" in text for text in shown.values())
