"""Every address below /admin/, found in the resolver: refused without the second factor, and with an expired password."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from staff.models import PasswordRecord
from tests.admin.addresses import Address, addresses, rows_of
from tests.admin.staff import at_keyboard, everyone
from tests.cast import assemble
from tests.staff.people import ENROL, ENTRANCE, PASSWORD, code_of, key_on

IN_AND_OUT = {"/admin/login/", "/admin/logout/"}
OF_THE_DOOR = {ENTRANCE, ENROL, f"{ENROL}qr.svg", f"{ENTRANCE}codes/"}


@pytest.fixture(scope="module")
def desk(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[User, set[str]]]:
    """A superuser, and every address of the desk with rows that exist."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = assemble()
        people = everyone(cast.dazhou, cast.xuanhan)
        asked: list[Address] = list(addresses(rows_of(cast, people)))
        yield people["超级用户"], {each.url for each in asked if each.url.startswith("/admin/")}
        transaction.set_rollback(True)


def answers(client: Client, urls: set[str], *methods: str) -> Iterator[tuple[str, str, Any]]:
    """What every address answers."""
    for url in sorted(urls):
        for method in methods:
            yield url, method, getattr(client, method)(url)


@pytest.mark.django_db
@override_settings(REQUIRE_SECOND_FACTOR=True)
@pytest.mark.parametrize(("has_app", "methods"), [(False, ["get"]), (True, ["post"])])
def test_no_page_of_the_desk_opens_without_the_second_factor(
    desk: tuple[User, set[str]], methods: list[str], *, has_app: bool
) -> None:
    user, urls = desk
    assert len(urls) > 150
    assert OF_THE_DOOR | IN_AND_OUT | {"/admin/password_change/"} < {url.split("?")[0] for url in urls}
    with transaction.atomic():
        client = at_keyboard(user)
        if has_app:
            client.post(ENROL, {"code": code_of(key_on(client.get(ENROL)))})
            assert client.get("/admin/").status_code == 200
            client = at_keyboard(user)
        for url, method, answer in answers(client, urls - IN_AND_OUT - OF_THE_DOOR, *methods):
            assert answer.status_code == 302, (method, url)
            assert answer.headers["Location"].split("?")[0] == ENTRANCE, (method, url)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_who_has_an_expired_password_changes_it_before_anything_else(desk: tuple[User, set[str]]) -> None:
    user, urls = desk
    with transaction.atomic():
        user.set_password(PASSWORD)
        user.save()
        PasswordRecord.objects.update(set_at=timezone.now() - timedelta(days=90))
        client = at_keyboard(User.objects.get(pk=user.pk))
        new = "/admin/password_change/"
        assert "您的密码已经到期" in client.get(new).content.decode()
        for url, method, answer in answers(client, urls - IN_AND_OUT - {new, "/admin/jsi18n/"}, "post"):
            assert answer.status_code == 302, (method, url)
            assert answer.headers["Location"].split("?")[0] == new, (method, url)
        transaction.set_rollback(True)
