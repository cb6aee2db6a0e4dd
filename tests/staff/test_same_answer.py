"""An unknown user, a wrong password, an account that is switched off: one answer, and the same work for each."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.test import Client

from staff.models import Lockout
from tests.staff.people import PASSWORD, sign_in, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> None:
    superuser()
    User.objects.create_user("gone", password=PASSWORD, is_staff=True, is_active=False)
    User.objects.create_user("reader", password=PASSWORD)
    for _ in range(5):
        sign_in(Client(), "locked", "wrong")


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that is hashed; hashing is what takes the time."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        done.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


def plain(page: Any, name: str) -> str:
    """The page without what differs each time."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
    return text.replace(f'value="{name}"', "")


REFUSED = [
    ("nobody", "wrong"),
    ("chen", "wrong"),
    ("gone", PASSWORD),
    ("gone", "wrong"),
    ("reader", PASSWORD),
]


def test_every_refusal_is_the_same_page(people: None) -> None:
    pages = {plain(sign_in(Client(), name, password), name) for name, password in REFUSED}
    assert len(pages) == 1
    assert "用户名或密码不对" in pages.pop()


@pytest.mark.parametrize(("name", "password"), [*REFUSED, ("chen", PASSWORD)])
def test_one_password_is_hashed_whoever_is_named(
    people: None, hashed: list[str], name: str, password: str
) -> None:
    sign_in(Client(), name, password)
    assert hashed == [password]


def test_while_locked_nothing_is_hashed_for_a_known_or_an_unknown_name(
    people: None, hashed: list[str]
) -> None:
    for _ in range(5):
        sign_in(Client(), "gone", "wrong")
    hashed.clear()
    for name in ("locked", "gone"):
        sign_in(Client(), name, PASSWORD)
    assert hashed == []


@pytest.mark.parametrize(("name", "password"), REFUSED)
def test_every_refusal_counts_as_a_failure(people: None, name: str, password: str) -> None:
    sign_in(Client(), name, password)
    assert Lockout.objects.get(username=name).failures_since_start == 1
