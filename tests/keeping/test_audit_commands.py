"""The commands that look through the trail, vouch for it and write it out."""

from __future__ import annotations

import csv
import logging
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from keeping import guard, trail
from keeping.chain import Anchor
from keeping.logs import JsonLines, redacted
from keeping.looking import verify_archive
from keeping.models import AuditEntry
from keeping.trail import record

pytestmark = pytest.mark.django_db


def run(command: str, *arguments: object) -> str:
    said = StringIO()
    call_command(command, *arguments, stdout=said)
    return said.getvalue()


def cut(through: int) -> None:
    with guard.lifted(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM keeping_auditentry WHERE number > %s", [through])


@pytest.fixture
def five() -> str:
    """Five entries; number and hash of the last."""
    last = [record("login", actor="陈市级", object="=1+1") for _ in range(5)][-1]
    return f"{last.number}:{last.hash}"


def test_a_whole_trail_is_said_to_be_whole_with_its_last_entry(five: str) -> None:
    said = run("audit_verify")
    assert "审计记录完整：第 1 到第 5 条，共 5 条。" in said
    assert said.endswith(f"最后一条 {five}\n")


def test_an_empty_trail_is_no_fault() -> None:
    assert run("audit_verify") == "还没有审计记录。\n"
    assert "没有可存证的" in run("audit_anchor")


def test_entries_cut_off_at_the_end_are_found_against_an_anchor(five: str, tmp_path: Path) -> None:
    file = tmp_path / "anchors"
    assert five in run("audit_anchor", file)
    run("audit_anchor", file)
    cut(3)
    assert "完整" in run("audit_verify")
    for given in (("--anchor", five), ("--anchor-file", file)):
        with pytest.raises(CommandError, match="第 5 条存过证，现在不见了"):
            run("audit_verify", *given)


@pytest.mark.django_db(transaction=True)
def test_entries_cut_off_at_the_end_are_found_against_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "log"
    to_file = logging.FileHandler(file)
    to_file.setFormatter(JsonLines())
    monkeypatch.setattr(trail.log, "handlers", [to_file])
    caplog.set_level(logging.INFO, logger=trail.log.name)
    for _ in range(3):
        record("login", actor="陈市级")
    with suppress(ZeroDivisionError), transaction.atomic():
        record("login", actor="未成")
        raise ZeroDivisionError  # what is rolled back is in neither
    to_file.close()
    assert len(file.read_text().splitlines()) == 3
    file.write_text(f'一行别的\n{{"audit": 5}}\n{file.read_text()}{{"audit": "9:')
    assert "完整" in run("audit_verify", "--log", file)
    cut(1)
    with pytest.raises(CommandError, match="第 3 条存过证，现在不见了"):
        run("audit_verify", "--log", file)


def test_no_hash_looks_like_a_phone_in_the_log() -> None:
    anchor = Anchor(7, "13981234567" * 5 + "139812345")
    assert Anchor.read_logged(redacted(anchor.logged)) == anchor


def test_a_broken_trail_is_not_vouched_for(five: str, tmp_path: Path) -> None:
    with guard.lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE keeping_auditentry SET object = 'x' WHERE number = 2")
    with pytest.raises(CommandError, match="没有存证：第 2 条的内容被改过"):
        run("audit_anchor", tmp_path / "anchors")
    assert not (tmp_path / "anchors").exists()


def test_what_is_no_anchor_or_cannot_be_read_is_said(tmp_path: Path) -> None:
    for given in (
        ("--anchor", "five"),
        ("--anchor-file", tmp_path / "none"),
        ("--archive", tmp_path / "none"),
    ):
        with pytest.raises(CommandError, match="读不了"):
            run("audit_verify", *given)


def test_the_trail_is_written_for_people_with_formulas_as_text(five: str, tmp_path: Path) -> None:
    assert "已写出 5 条" in run("export_audit", tmp_path / "audit.csv")
    words = (tmp_path / "audit.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(StringIO(words)))
    assert [row["号码"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert {row["做了什么"] for row in rows} == {"登录"}
    assert {row["对象"] for row in rows} == {"'=1+1"}
    assert AuditEntry.objects.latest("number").action == "export"


def test_the_trail_is_written_for_machines_and_can_be_looked_through_again(five: str, tmp_path: Path) -> None:
    run("export_audit", tmp_path / "audit.jsonl")
    found = verify_archive(tmp_path / "audit.jsonl")
    assert found.is_whole
    assert str(found.last) == five


def test_an_export_of_some_days_and_into_an_unknown_form(five: str, tmp_path: Path) -> None:
    assert "已写出 0 条" in run("export_audit", tmp_path / "late.csv", "--since", "2999-01-01")
    with pytest.raises(CommandError, match="结尾"):
        run("export_audit", tmp_path / "audit.docx")
    with pytest.raises(CommandError, match="写不了"):
        run("export_audit", tmp_path / "nowhere" / "audit.csv")
