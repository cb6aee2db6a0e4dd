"""The audit trail: written with the change, kept by the database, silent about secrets."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory

from keeping import asking, guard
from keeping.chain import Anchor
from keeping.looking import verify
from keeping.models import AppendOnlyError, AuditEntry
from keeping.trail import record

pytestmark = pytest.mark.django_db


def entry(**given: Any) -> AuditEntry:
    return record("login", **{"actor": "陈市级", **given})


def test_entries_are_numbered_without_gaps_and_make_a_whole_chain() -> None:
    numbers = [entry().number for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert verify().is_whole


def test_what_is_rolled_back_leaves_no_entry_and_no_gap() -> None:
    entry()
    with transaction.atomic():
        entry()
        transaction.set_rollback(True)
    assert entry().number == 2
    assert verify().is_whole


def test_nobody_changes_or_deletes_an_entry_through_its_model() -> None:
    row = AuditEntry.objects.get(pk=entry().pk)
    row.actor_name = "别人"
    for attempt in (
        row.save,
        row.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(actor_name="别人"),
        lambda: AuditEntry.objects.bulk_update([row], ["actor_name"]),
        lambda: AuditEntry.objects.update_or_create({"actor_name": "别人"}, number=1),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()


REFUSED = [
    "UPDATE keeping_auditentry SET actor_name = 'x'",
    "DELETE FROM keeping_auditentry",
    "DELETE FROM keeping_auditentry WHERE number = 1",
]
OF_ONE_ENGINE = {
    "sqlite": ["REPLACE INTO keeping_auditentry SELECT * FROM keeping_auditentry"],
    "postgresql": ["TRUNCATE keeping_auditentry"],
}


def test_the_database_itself_refuses_to_change_or_delete_an_entry() -> None:
    entry()
    for statement in [*REFUSED, *OF_ONE_ENGINE[connection.vendor]]:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert AuditEntry.objects.count() == 1


def test_verifying_finds_what_was_done_past_the_guard() -> None:
    for _ in range(5):
        entry()
    last = AuditEntry.objects.latest("number")
    for statement, problem in (
        ("UPDATE keeping_auditentry SET object = 'x' WHERE number = 2", "第 2 条的内容被改过。"),
        ("DELETE FROM keeping_auditentry WHERE number = 3", "缺第 3 条。"),
        ("DELETE FROM keeping_auditentry WHERE number < 3", "第 1 到第 2 条不见了，也没有归档的记录。"),
        (
            "DELETE FROM keeping_auditentry WHERE number > 4",
            "第 5 条存过证，现在不见了：最后面的记录被删掉了。",
        ),
    ):
        with transaction.atomic():
            with guard.lifted(connection), connection.cursor() as cursor:
                cursor.execute(statement)
            assert verify([Anchor(last.number, last.hash)]).problems == [problem]
            transaction.set_rollback(True)


def test_an_unknown_action_and_a_detail_named_like_a_secret_are_refused() -> None:
    with pytest.raises(ValueError, match="no such action"):
        record("dance", actor=None)
    for name in ("password", "session_key", "token", "contact_phone", "text"):
        with pytest.raises(ValueError, match="may not stand"):
            entry(detail={name: "x"})
    assert not AuditEntry.objects.exists()


def test_text_of_others_cannot_begin_a_line_of_its_own() -> None:
    row = entry(actor="甲\n2026 forged\x00\u2028\ud800", object="乙\r\n" * 200)
    assert row.actor_name == "甲 2026 forged"
    assert len(row.object) <= 200
    assert "\n" not in row.object
    assert verify().is_whole


@pytest.mark.parametrize(
    ("address", "forwarded", "masked"),
    [
        ("203.0.113.77", "", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "", "203.0.113.0/24"),
        ("203.0.113.77", "198.51.100.9", "203.0.113.0/24"),
        ("", "", ""),
        ("garbage", "", ""),
    ],
)
def test_only_the_network_of_a_client_is_kept(address: str, forwarded: str, masked: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=forwarded)
    assert asking.network(request) == masked


def test_behind_nginx_the_network_is_what_nginx_wrote(settings: Any) -> None:
    settings.BEHIND_NGINX = True
    request = RequestFactory().get("/", REMOTE_ADDR="", HTTP_X_FORWARDED_FOR="1.2.3.4, 203.0.113.77")
    assert asking.network(request) == "203.0.113.0/24"


def test_a_command_is_written_down_with_the_user_of_the_host() -> None:
    assert record("import", actor=None).actor_name.startswith("主机命令（")


def test_a_key_seals_what_is_written_from_then_on(settings: Any) -> None:
    entry()
    settings.AUDIT_KEYS = ["k" * 32]
    assert entry().is_keyed
    found = verify()
    assert found.is_whole
    assert found.unkeyed == 1
    settings.AUDIT_KEYS = ["x" * 32]
    assert verify().problems == ["第 2 条的内容被改过。"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite in memory has one connection")
def test_writers_at_the_same_time_make_one_chain() -> None:
    user = User.objects.create_user("chen")
    before = AuditEntry.objects.count()

    def write() -> None:
        for _ in range(5):
            record("login", actor=user)
        connection.close()

    writers = [Thread(target=write) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert AuditEntry.objects.count() == before + 30
    assert verify().is_whole
