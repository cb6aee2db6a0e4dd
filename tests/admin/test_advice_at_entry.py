"""Advice on what was just entered, and on what stands: with field, words and reason, and never a wall."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from guides.editing import apply_guide
from guides.models import Guide
from offices.models import Office
from tests.admin.conftest import typed
from tests.cast import text_of


def guide() -> Guide:
    return Guide.objects.with_details().get()


def page(row: Guide | Office) -> str:
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def test_after_a_save_what_was_just_entered_is_advised_on_once(editor: Client) -> None:
    old = {**guide().document(), "progress": "按规定办理。"}
    apply_guide(old)
    data = typed(editor.get(page(guide()))) | {"audience": "原则上所有人"}
    answer = editor.post(page(guide()), data, follow=True)
    text = text_of(answer)
    assert guide().audience == "原则上所有人"
    assert "刚填的内容请再看一眼" in text
    assert "服务对象：“原则上”——看的人不知道自己算不算" in text
    assert "按规定" not in text
    again = editor.post(page(guide()), typed(editor.get(page(guide()))), follow=True)
    assert "请再看一眼" not in text_of(again)


def test_the_page_shows_all_advice_on_what_is_saved_and_the_score(editor: Client) -> None:
    apply_guide({**guide().document(), "audience": "原则上所有人"})
    text = text_of(editor.get(page(guide())))
    assert "八项要素 8/8" in text
    assert "请再看一眼（1 处）" in text
    assert "服务对象 ：" in text or "服务对象：" in text
    apply_guide({**guide().document(), "steps": [], "audience": ""})
    text = text_of(editor.get(page(guide())))
    assert "八项要素 6/8" in text
    assert "流程" in text
    assert "“流程：手册未载明”" in text


def test_an_office_has_advice_too(editor: Client) -> None:
    office = Office.objects.get(county__slug="beihe")
    data = typed(editor.get(page(office))) | {"phones-0-number": "0755-8100001"}
    text = text_of(editor.post(page(office), data, follow=True))
    assert "区号不是云山市的 0799" in text
    assert "区号不是云山市的 0799" in text_of(editor.get(page(office)))


def test_what_is_said_of_the_change_stands_last_on_the_page(editor: Client) -> None:
    html = editor.get(page(guide())).content.decode()
    assert html.index('name="change_reason"') > html.index('id="guide_offices-group"')
    assert html.count('name="change_reason"') == 1
