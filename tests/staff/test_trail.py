"""What happens at the door stands in the audit trail."""

from __future__ import annotations

import pytest
from axes.signals import user_locked_out
from django.contrib.auth.models import User
from django.test import RequestFactory

from keeping.models import AuditEntry
from staff.signals import account_unlocked, second_factor_enrolled, second_factor_reset

pytestmark = pytest.mark.django_db


@pytest.fixture
def chen() -> User:
    return User.objects.create_user("chen")


def written(action: str) -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.filter(action=action).order_by("number")
    return [(entry.actor_name, entry.object, entry.detail) for entry in entries]


def test_a_lockout_is_written_once_however_often_it_is_tried(chen: User) -> None:
    request = RequestFactory().post("/admin/login/")
    for _ in range(3):
        user_locked_out.send("axes", request=request, username="chen", ip_address="192.0.2.1")
    assert written("locked_out") == [("未登录的人", "chen", "{}")]


def test_a_name_that_is_no_account_is_not_written_out_for_it_may_be_a_password() -> None:
    request = RequestFactory().post("/admin/login/")
    user_locked_out.send("axes", request=request, username="Geheim-2026", ip_address="192.0.2.1")
    ((_, name, _),) = written("locked_out")
    assert "没有这个账号" in name
    assert "Geheim" not in name


def test_who_ends_a_lockout_or_takes_a_second_factor_away_is_written(chen: User) -> None:
    request = RequestFactory().post("/admin/")
    boss = User.objects.create_superuser("boss")
    account_unlocked.send(User, username="chen", network="192.0.2.1", by=boss, request=request)
    second_factor_enrolled.send(User, user=chen, request=request)
    second_factor_reset.send(User, user=chen, by=boss, request=request)
    assert written("unlock") == [("boss", "chen", "{}")]
    assert written("second_factor") == [
        ("chen", "chen", '{"did":"enrolled"}'),
        ("boss", "chen", '{"did":"reset"}'),
    ]
