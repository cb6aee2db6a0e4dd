"""An unknown user, a wrong password, an account that is switched off: one answer, and the same work for each."""

from __future__ import annotations

import re
import time
from statistics import median
from typing import Any

import pytest
from django.conf.global_settings import PASSWORD_HASHERS
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.test import Client, override_settings

from staff.forms import LONGEST_NAME
from staff.models import Lockout
from tests.figures import Figures
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
    ("a" * 300, "wrong"),
    ("\ufdfa" * 150, "wrong"),
]
"""The last sign is one that becomes eighteen when names are made alike."""


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
    before = dict(Lockout.objects.values_list("pk", "failures_since_start"))
    sign_in(Client(), name, password)
    after = Lockout.objects.values_list("pk", "failures_since_start")
    assert sum(dict(after).values()) == sum(before.values()) + 1


def test_a_name_too_long_to_be_anybodys_signs_nobody_in(people: None) -> None:
    longest = User._meta.get_field("username").max_length or 0
    superuser("a" * longest)
    assert 0 < longest < LONGEST_NAME
    for more in (1, LONGEST_NAME - longest, LONGEST_NAME):
        assert "用户名或密码不对" in sign_in(Client(), "a" * (longest + more)).content.decode()
    assert sign_in(Client(), "a" * longest).status_code == 302


def test_however_a_long_name_ends_it_is_locked_as_one(people: None) -> None:
    pages = [sign_in(Client(), "a" * 300 + str(number), "wrong") for number in range(5)]
    assert [page.status_code for page in pages] == [200] * 4 + [403]


TRIES = 20
ALIKE = 0.2
"""By which part one may take longer than the other; a difference of that size drowns on its way through a network."""


@pytest.mark.drill
def test_an_unknown_name_takes_as_long_as_a_wrong_password(people: None, figures: Figures) -> None:
    seconds: dict[str, list[float]] = {"nobody": [], "chen": []}
    with override_settings(PASSWORD_HASHERS=PASSWORD_HASHERS):
        User.objects.get(username="chen").check_password(PASSWORD)  # hashed anew, as every sign-in does it
        for _ in range(TRIES):
            for name, taken in seconds.items():
                Lockout.objects.all().delete()
                taken.append(refused_in(name))
    unknown, known = median(seconds["nobody"]), median(seconds["chen"])
    figures.most("sign-in with an unknown name, of a processor", unknown, "s")
    figures.most("sign-in with a wrong password, of a processor", known, "s")
    assert known > 0.05, "this is not the hasher of production"
    assert abs(unknown - known) <= ALIKE * max(unknown, known)


def refused_in(name: str) -> float:
    """Seconds of a processor, which a busy machine leaves as they are."""
    began = time.process_time()
    refused = sign_in(Client(), name, "wrong")
    taken = time.process_time() - began
    assert "用户名或密码不对" in refused.content.decode()
    return taken
