"""Signing in and out, and whose rights change, is written down whatever way it happened."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from guides.models import Duty
from keeping.looking import verify
from keeping.models import AuditEntry
from offices.models import City
from tests.admin.staff import at_keyboard, url
from tests.admin.staff import role as role_called

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-Passw0rd"


@pytest.fixture
def zhou() -> User:
    return User.objects.create_user("zhou", password=PASSWORD, first_name="周县区", is_staff=True)


def written(action: str) -> list[tuple[str, str, dict[str, Any]]]:
    rows = AuditEntry.objects.filter(action=action).order_by("number")
    return [(row.actor_name, row.object, json.loads(row.detail)) for row in rows]


def test_signing_in_and_out_is_written_with_the_network_and_the_number_of_the_request(
    client: Client, zhou: User
) -> None:
    about = {"REMOTE_ADDR": "203.0.113.77"}
    sent = {"username": "zhou", "password": PASSWORD}
    assert client.post("/admin/login/?next=/admin/", sent, **about).status_code == 302  # type: ignore[arg-type]
    client.post("/admin/logout/", **about)  # type: ignore[arg-type]
    for action in ("login", "logout"):
        row = AuditEntry.objects.get(action=action)
        assert (row.actor_id, row.actor_name) == (str(zhou.pk), "zhou（周县区）")
        assert row.network == "203.0.113.0/24"
        assert re.fullmatch("[0-9a-f]{32}", row.request_id)


def test_behind_nginx_an_entry_has_the_number_that_nginx_gave_the_request(
    client: Client, zhou: User, settings: Settings
) -> None:
    settings.BEHIND_NGINX = True
    number = uuid4().hex
    about = {"x-request-id": number, "x-forwarded-for": "203.0.113.77"}
    client.post("/admin/login/", {"username": "zhou", "password": PASSWORD}, headers=about)
    assert AuditEntry.objects.get(action="login").request_id == number


def test_a_refused_sign_in_names_the_account_and_not_the_password(client: Client, zhou: User) -> None:
    client.post("/admin/login/", {"username": "zhou", "password": "Wrong-Pa55word"})
    row = AuditEntry.objects.get(action="login_failed")
    assert row.object == "zhou"
    assert "Wrong-Pa55word" not in json.dumps(row.link.as_json())


def test_a_name_that_no_account_has_is_kept_as_a_mark_for_it_may_be_a_password(client: Client) -> None:
    for name in ("My-Pa55word!", "My-Pa55word!", "other\x00"):
        client.post("/admin/login/", {"username": name, "password": "x"})
    marks = [row.object for row in AuditEntry.objects.filter(action="login_failed").order_by("number")]
    assert all("Pa55" not in mark for mark in marks)
    assert len(set(marks[:2])) == 1
    assert marks[0].startswith("没有这个账号（")


def test_making_an_account_and_changing_its_rights_is_written(zhou: User) -> None:
    zhou.is_superuser, zhou.is_staff = True, False
    zhou.save()
    User.objects.get(pk=zhou.pk).delete()
    made, changed, gone = written("permission")
    assert made[1:] == (
        "账号 zhou",
        {"made": {"username": "zhou", "is_active": True, "is_staff": True, "is_superuser": False}},
    )
    assert changed[2] == {"is_staff": [True, False], "is_superuser": [False, True]}
    assert gone[2] == {"how": "deleted"}


def test_the_name_of_a_person_and_the_time_of_his_visit_are_no_rights(zhou: User) -> None:
    count = AuditEntry.objects.count()
    zhou.first_name = "周"
    zhou.save()
    zhou.save(update_fields=["last_login"])
    assert AuditEntry.objects.count() == count


def test_a_new_password_is_written_and_the_password_is_not(zhou: User) -> None:
    zhou.set_password("Another-Pa55word")
    zhou.save()
    assert written("password") == [(written("password")[0][0], "账号 zhou", {"how": "changed"})]
    words = "".join(json.dumps(row.link.as_json()) for row in AuditEntry.objects.all())
    assert "Another" not in words
    assert zhou.password not in words


def test_roles_and_permissions_are_written_from_both_sides(zhou: User) -> None:
    role = role_called("审计")
    before = len(written("permission"))
    zhou.groups.add(role)
    role.user_set.remove(zhou)
    role.permissions.clear()
    zhou.groups.set([role])
    zhou.groups.clear()
    details = [(name, detail) for _, name, detail in written("permission")[before:]]
    assert details == [
        ("账号 zhou", {"added": ["审计"], "kind": "groups", "of": "groups"}),
        ("角色 审计", {"removed": ["zhou"], "kind": "groups", "of": "user"}),
        ("角色 审计", {"cleared": [], "kind": "permissions", "of": "permissions"}),
        ("账号 zhou", {"added": ["审计"], "kind": "groups", "of": "groups"}),
        ("账号 zhou", {"cleared": [], "kind": "groups", "of": "groups"}),
    ]


def test_duties_are_written(zhou: User) -> None:
    city = City.objects.create(slug="yunshan", name="云山市", area_code="0999")
    duty = Duty.objects.create(user=zhou, city=city)
    duty.delete()
    rows = AuditEntry.objects.filter(action="permission", place="yunshan").order_by("number")
    assert [json.loads(row.detail)["how"] for row in rows] == ["made", "deleted"]


def test_at_the_desk_it_is_the_superuser_who_did_it() -> None:
    boss = User.objects.create_superuser("boss")
    desk = at_keyboard(boss)
    sent = {
        "username": "wu",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "usable_password": "true",
        "is_staff": "on",
    }
    forms = {"duties-TOTAL_FORMS": "0", "duties-INITIAL_FORMS": "0"}
    assert desk.post(url(User, "add"), sent | forms).status_code == 302
    assert [who for who, name, _ in written("permission") if name == "账号 wu"] == ["boss"]


def test_a_command_that_makes_a_superuser_is_written() -> None:
    call_command("createsuperuser", "--no-input", "--username", "root2", "--email", "", verbosity=0)
    (row,) = written("permission")
    assert row[0].startswith("主机命令（")
    assert row[2]["made"]["is_superuser"] is True
    assert verify().is_whole
