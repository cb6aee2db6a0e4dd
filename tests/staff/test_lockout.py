"""Five failures: the account waits fifteen minutes in that network, whatever the client says about himself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.signals import user_locked_out
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY, authenticate
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone
from time_machine import travel

from guides.ready.application import OF_THE_DESK
from staff.client import client_address, client_network
from staff.door import DESK
from staff.models import Lockout
from staff.signals import account_unlocked
from tests.admin.staff import at_keyboard, url
from tests.staff.people import PASSWORD, SIGN_IN, sign_in, superuser, words

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).resolve().parents[2]
PAUSED = "暂停登录15分钟"


def fail(client: Client, times: int, name: str = "chen", **headers: Any) -> Any:
    response = None
    for _ in range(times):
        response = sign_in(client, name, "wrong", **headers)
    return response


def test_the_fifth_failure_locks_and_the_page_says_how_long_and_whom_to_ask(client: Client) -> None:
    superuser()
    assert PAUSED not in words(fail(client, 4))
    with override_settings(SITE_CONTACT="0818-0000000"):
        page = fail(client, 1)
    assert page.status_code == 403
    assert PAUSED in words(page)
    assert "大约还有15分钟" in words(page)
    assert "请找本单位的系统管理员" in words(page)
    assert "0818-0000000" in words(page)
    assert "no-store" in page.headers["Cache-Control"]


def test_the_right_password_stays_refused_while_locked(client: Client) -> None:
    superuser()
    fail(client, 5)
    assert PAUSED in words(sign_in(client))
    assert SESSION_KEY not in client.session


def test_it_ends_after_fifteen_minutes_however_often_somebody_tries_meanwhile(client: Client) -> None:
    superuser()
    now = timezone.now()
    with travel(now, tick=False):
        fail(client, 5)
    with travel(now + timedelta(minutes=14), tick=False):
        page = fail(client, 3)
        assert "大约还有1分钟" in words(page)
    with travel(now + timedelta(minutes=15, seconds=1), tick=False):
        assert sign_in(client).status_code == 302


def test_a_right_password_forgives_the_failures_before_it(client: Client) -> None:
    superuser()
    for _ in range(2):
        fail(client, 4)
        assert sign_in(client).status_code == 302


def test_another_account_and_another_network_are_not_locked(client: Client) -> None:
    superuser()
    superuser("wang")
    fail(client, 5)
    assert sign_in(client, "wang").status_code == 302
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.7").status_code == 302


def test_an_account_that_does_not_exist_is_locked_in_the_same_words(client: Client) -> None:
    superuser()
    known, unknown = fail(client, 5), fail(client, 5, "nobody")
    assert (known.status_code, words(known)) == (unknown.status_code, words(unknown))


@override_settings(BEHIND_NGINX=False)
def test_a_hundred_invented_addresses_do_not_help(client: Client) -> None:
    superuser()
    for number in range(100):
        headers = {"x-forwarded-for": f"203.0.113.{number}", "x-real-ip": f"203.0.113.{number}"}
        attempt = RequestFactory(headers=headers).post(SIGN_IN, {"username": "chen"})
        authenticate(attempt, username="chen", password="wrong")
        assert vars(attempt)["axes_locked_out"] == (number >= 4), number
    assert PAUSED in words(
        sign_in(client, headers={"x-forwarded-for": "198.51.100.1", "x-real-ip": "1.2.3.4"})
    )


@override_settings(BEHIND_NGINX=True)
def test_behind_nginx_the_header_it_writes_counts_and_no_other(client: Client) -> None:
    superuser()
    invented = [{"x-real-ip": f"10.0.0.{number}", "forwarded": f"for={number}"} for number in range(5)]
    pages = [from_nginx(client, "192.0.2.1", "wrong", **each) for each in invented]
    assert PAUSED in words(pages[-1])
    assert from_nginx(Client(), "192.0.2.2", PASSWORD).status_code == 302


@override_settings(BEHIND_NGINX=True)
def test_somebody_without_an_address_is_counted_too(client: Client) -> None:
    superuser()  # a list is nothing that nginx writes
    pages = [from_nginx(client, f"192.0.2.{number}, 192.0.2.9", "wrong") for number in range(5)]
    assert PAUSED in words(pages[-1])


def from_nginx(client: Client, address: str, password: str, **headers: str) -> Any:
    """As a request comes through the unix socket."""
    return sign_in(client, password=password, REMOTE_ADDR="", headers={"x-forwarded-for": address, **headers})


def test_nginx_writes_that_header_whatever_the_client_sent() -> None:
    lines = (PROJECT / "deploy" / "nginx" / "proxy.conf").read_text("utf-8").splitlines()
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in lines


@pytest.mark.parametrize(
    ("behind", "meta", "address", "network"),
    [
        (
            False,
            {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"},
            "192.0.2.1",
            "192.0.2.1",
        ),
        (True, {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, "203.0.113.9", "203.0.113.9"),
        (True, {"REMOTE_ADDR": "127.0.0.1"}, "", None),
        (True, {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 192.0.2.1"}, "", None),
        (True, {"HTTP_X_FORWARDED_FOR": "<script>"}, "", None),
        (True, {"HTTP_X_FORWARDED_FOR": "2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (False, {"REMOTE_ADDR": ""}, "", None),
    ],
)
def test_the_address_is_nginx_s_word_or_the_connection_s(
    *, behind: bool, meta: dict[str, str], address: str, network: str | None
) -> None:
    request = RequestFactory().get("/")
    request.META.pop("REMOTE_ADDR")
    request.META.update(meta)
    with override_settings(BEHIND_NGINX=behind):
        assert (client_address(request), client_network(request)) == (address, network)


def test_a_superuser_unlocks_and_the_log_says_so(client: Client) -> None:
    boss = superuser("boss")
    superuser()
    fail(client, 5)
    fail(client, 1, headers={"user-agent": "another browser"})
    desk, heard = at_keyboard(boss), []

    def hear(**said: Any) -> None:
        heard.append(said)

    account_unlocked.connect(hear)
    assert "锁定到" in words(desk.get(url(Lockout, "changelist")))
    chosen = {"action": "end_lockout", "_selected_action": [Lockout.objects.all()[0].pk]}
    page = desk.post(url(Lockout, "changelist"), chosen, follow=True)
    account_unlocked.disconnect(hear)
    assert "已解除1个锁定" in words(page)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr) == (boss, "账号“chen”（127.0.0.1）")
    assert entry.change_message == "解除登录锁定"
    assert [(said["username"], said["network"], said["by"]) for said in heard] == [
        ("chen", "127.0.0.1", boss)
    ]
    assert sign_in(client).status_code == 302


def test_nobody_but_a_superuser_sees_or_ends_a_lockout(client: Client) -> None:
    superuser()
    fail(client, 5)
    clerk = User.objects.create_user("clerk", is_staff=True)
    desk = at_keyboard(clerk)
    chosen = {"action": "end_lockout", "_selected_action": [Lockout.objects.all()[0].pk]}
    assert desk.get(url(Lockout, "changelist")).status_code == 403
    assert desk.post(url(Lockout, "changelist"), chosen).status_code == 403
    assert Lockout.objects.exists()


def test_a_lockout_is_told_to_who_listens(client: Client) -> None:
    heard = []

    def hear(**said: Any) -> None:
        heard.append((said["username"], said["ip_address"]))

    user_locked_out.connect(hear)
    fail(client, 5, "nobody")
    user_locked_out.disconnect(hear)
    assert heard == [("nobody", "127.0.0.1")]


def test_no_password_is_written_down_with_a_failure(client: Client) -> None:
    client.post(SIGN_IN, {"username": "chen", "password": PASSWORD, "csrfmiddlewaretoken": "t0ken"})
    row = Lockout.objects.get()
    written = " ".join(str(getattr(row, field.attname)) for field in row._meta.concrete_fields)
    assert PASSWORD not in written
    assert "t0ken" not in written


def test_failures_are_counted_where_all_workers_see_them_and_on_the_database_that_is_written() -> None:
    assert isinstance(AxesProxyHandler.get_implementation(), AxesDatabaseHandler)
    assert DESK in OF_THE_DESK


def test_signing_in_while_the_database_is_away_is_a_503_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    error = OperationalError("server closed the connection")
    error.__cause__ = psycopg.OperationalError("server closed")

    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("django.db.models.query.QuerySet.aggregate", fail)  # how axes asks
    page = sign_in(Client(raise_request_exception=False))
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    assert "网站正在恢复" in words(page)
