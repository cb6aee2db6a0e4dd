"""Half an hour without a step, eight hours at most, and no work lost without a word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from time_machine import travel

from guides.models import Term
from tests.admin.staff import at_keyboard, url
from tests.staff.people import PASSWORD, sign_in, superuser, words

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "Kettle-9-marble"
LIST = url(Term, "changelist")


@pytest.fixture
def desk(db: None) -> Client:
    return at_keyboard(superuser())


def at(minutes: float) -> Any:
    """So many minutes after now."""
    return travel(START + timedelta(minutes=minutes), tick=False)


START = timezone.now()


def test_half_an_hour_without_a_step_ends_it_and_the_page_says_so() -> None:
    with at(0):
        desk = at_keyboard(superuser())
    with at(29):
        assert desk.get(LIST).status_code == 200
    with at(58):
        assert desk.get(LIST).status_code == 200
    with at(88.5):
        answer = desk.get(f"{LIST}?q=a", follow=True)
        assert "您有半个小时没有操作，已自动退出" in words(answer)
        assert f'name="next" value="{LIST}?q=a"' in answer.content.decode()
        typed = {"username": "chen", "password": PASSWORD, "next": f"{LIST}?q=a"}
        back = desk.post(answer.redirect_chain[0][0], typed)
        assert back.headers["Location"] == f"{LIST}?q=a"
        assert desk.get(LIST).status_code == 200


def test_eight_hours_are_the_most_however_busy_somebody_is() -> None:
    with at(0):
        desk = at_keyboard(superuser())
    for minutes in range(20, 480, 20):
        with at(minutes):
            assert desk.get(LIST).status_code == 200, minutes
    with at(480):
        assert "已经8个小时" in words(desk.get(LIST, follow=True))


def test_a_session_without_clocks_is_over(desk: Client) -> None:
    session = desk.session
    del session["signed_in_at"]
    session.save()
    assert desk.get(LIST).status_code == 302


def test_steps_are_noted_at_most_once_a_minute() -> None:
    with at(0):
        desk = at_keyboard(superuser())
        desk.get(LIST)
    before = Session.objects.get().session_data
    with at(0.5):
        desk.get(LIST)
        assert Session.objects.get().session_data == before
    with at(1.5):
        desk.get(LIST)
        assert Session.objects.get().session_data != before


def test_what_was_typed_is_shown_when_the_session_was_over() -> None:
    with at(0):
        desk = at_keyboard(superuser())
    with at(31):
        page = desk.post(url(Term, "add"), {"word": "趸缴<b>", "meaning": "一次\n交清", "password": "geheim"})
    assert page.status_code == 403
    assert "没有保存" in words(page)
    assert "趸缴&lt;b&gt;" in page.content.decode()
    assert "一次\n交清" in page.content.decode()
    assert "<dt>词语</dt>" in page.content.decode()
    assert "geheim" not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert not Term.objects.exists()


def test_what_was_typed_is_shown_too_when_another_window_ended_the_session(client: Client) -> None:
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    page = client.post(url(Term, "add"), {"word": "趸缴", "meaning": "一次交清"})
    assert page.status_code == 403
    assert "趸缴" in words(page)


def test_who_was_never_here_is_led_to_the_sign_in_page(client: Client) -> None:
    answer = client.post(url(Term, "add"), {"word": "趸缴"})
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/admin/login/")


def test_signing_in_gives_the_session_a_new_key(client: Client) -> None:
    superuser()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == before
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert not Session.objects.filter(pk=before).exists()


def test_a_new_password_ends_the_other_sessions_and_not_this_one() -> None:
    user = superuser()
    here, there = at_keyboard(user), at_keyboard(user)
    changed = here.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
    )
    assert changed.status_code == 302
    assert here.get(LIST).status_code == 200
    assert there.get(LIST).status_code == 302


def test_a_password_set_by_a_superuser_ends_every_session_of_the_account(desk: Client) -> None:
    clerk = User.objects.create_user("clerk", password=PASSWORD, is_staff=True)
    theirs = at_keyboard(clerk)
    address = f"/admin/auth/user/{clerk.pk}/password/"
    assert desk.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}).status_code == 302
    assert theirs.get("/admin/").status_code == 302


def test_public_pages_know_nothing_of_a_session(desk: Client) -> None:
    answer = desk.get("/offices/")
    assert not answer.cookies
    assert not Session.objects.exclude(pk=desk.session.session_key).exists()
