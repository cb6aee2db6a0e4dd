"""Old entries are archived, not lost: archive and trail stay one chain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from keeping import guard, pruning
from keeping.looking import verify, verify_archive
from keeping.models import AuditEntry
from keeping.pruning import PruningError, prune
from keeping.trail import record

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(autouse=True)
def entries() -> None:
    """One each hundred days, the newest today."""
    for days in (1300, 1200, 1100, 1000, 200, 0):
        record("login", actor="陈市级", at=NOW - timedelta(days=days))


def test_what_is_older_than_the_retention_is_archived_and_taken_out(tmp_path: Path) -> None:
    pruned = prune(tmp_path, 1095, NOW)
    assert pruned
    assert (pruned.first, pruned.through) == (1, 3)
    assert list(AuditEntry.objects.order_by("number").values_list("number", flat=True)) == [4, 5, 6, 7]
    assert AuditEntry.objects.latest("number").action == "prune"
    assert verify().is_whole
    archive = verify_archive(pruned.file)
    assert archive.is_whole
    assert verify(archive=archive).is_whole


def test_a_second_archive_goes_on_where_the_first_ends(tmp_path: Path) -> None:
    first, second = prune(tmp_path, 1095, NOW), prune(tmp_path, 180, NOW)
    assert first
    assert second
    assert second.first == first.through + 1
    both = verify_archive(second.file, start=verify_archive(first.file).last)
    assert both.is_whole
    said = StringIO()
    call_command("audit_verify", "--archive", first.file, second.file, stdout=said)
    assert "审计记录完整" in said.getvalue()


def test_a_changed_archive_and_one_that_does_not_belong_are_found(tmp_path: Path) -> None:
    pruned = prune(tmp_path, 1095, NOW)
    assert pruned
    words = pruned.file.read_text("utf-8")
    pruned.file.write_text(words.replace("陈市级", "别人", 1), "utf-8")
    assert verify_archive(pruned.file).problems == ["第 1 条的内容被改过。"]
    pruned.file.write_text("".join(words.splitlines(keepends=True)[:2]) + "not json\n", "utf-8")
    archive = verify_archive(pruned.file)
    assert archive.problems == [f"{pruned.file.name} 第 3 行读不懂。"]
    assert not verify(archive=archive).is_whole


def test_nothing_younger_than_half_a_year_is_ever_taken_out(tmp_path: Path) -> None:
    with pytest.raises(PruningError, match="至少要在库里留 180 天"):
        prune(tmp_path, 179, NOW)
    with pytest.raises(CommandError, match="至少要在库里留 180 天"):
        call_command("prune_audit", tmp_path, "--keep-days=1")
    assert AuditEntry.objects.count() == 6


def test_without_old_entries_nothing_happens(tmp_path: Path) -> None:
    assert prune(tmp_path, 5000, NOW) is None
    assert list(tmp_path.iterdir()) == []


def test_a_trail_that_is_not_whole_is_not_archived(tmp_path: Path) -> None:
    with guard.lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE keeping_auditentry SET object = 'x' WHERE number = 2")
    with pytest.raises(PruningError, match="第 2 条的内容被改过"):
        prune(tmp_path, 1095, NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_takes_nothing_out(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有删除任何记录"):
        call_command("prune_audit", tmp_path / "nowhere", stdout=StringIO())
    assert AuditEntry.objects.count() == 6


def test_the_guard_is_on_again_after_pruning_and_after_a_failure(tmp_path: Path) -> None:
    prune(tmp_path, 1095, NOW)
    with mock.patch.object(pruning, "record", side_effect=RuntimeError), pytest.raises(RuntimeError):
        prune(tmp_path, 180, NOW)
    assert verify().is_whole
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM keeping_auditentry")
