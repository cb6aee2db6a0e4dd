"""A backup: one file that was restored once before it got its name, or none; on the engine the tests run on."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pyrage
import pytest
from django.core.management import CommandError, call_command

from keeping.backups import BackupError, Made, back_up, making, restore
from keeping.backups.locking import new_identity
from keeping.backups.making import Wanted
from keeping.backups.postgresql import PostgreSQL
from keeping.backups.site import settings_list
from keeping.backups.sqlite import SQLite
from keeping.backups.store import Place, Store, Table
from tests.keeping.servers import ON_POSTGRESQL, ROWS, ask, new_database, run

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
KEPT = "SELECT * FROM phone ORDER BY number"
Make = Callable[[], Store]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    with new_database(tmp_path) as maker:
        yield maker


@pytest.fixture
def store(make: Make) -> Store:
    """A database with words in it that are easily spoilt."""
    filled = make()
    run(filled, *ROWS)
    return filled


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def made(store: Store, folder: Path, now: datetime = NOW, **wanted: Any) -> Made:
    return back_up(store, folder, Wanted(**wanted), now)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_backed_up_is_restored_row_by_row(store: Store, make: Make, folder: Path) -> None:
    done = made(store, folder)
    other = make()
    restored = restore(done.file, other)
    assert other.tables() == store.tables() == restored.manifest.tables
    assert ask(other, KEPT) == ask(store, KEPT)
    assert done.manifest.tables["phone"].rows == 3
    assert names(folder) == ["yibao-20261122T023000Z.tar.gz"]
    assert done.file.stat().st_mode & 0o777 == 0o600


def test_the_file_says_what_is_in_it(store: Store, folder: Path) -> None:
    about = {"migrations": ["guides.0001_initial"], "audit": "1:00"}
    done = made(store, folder, settings={"SITE_NAME": "某站"}, about=about)
    with tarfile.open(done.file) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
        settings = json.load(archive.extractfile("settings.json"))  # type: ignore[arg-type]
    assert manifest["about"] == about
    assert manifest["tables"]["empty"]["rows"] == 0
    assert set(manifest["files"]) == {store.member, "settings.json"}
    assert settings == {"SITE_NAME": "某站"}


def test_uploads_go_in_and_come_out_where_they_are_wanted(
    store: Store, make: Make, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "media" / "2026").mkdir(parents=True)
    (tmp_path / "media" / "2026" / "表.pdf").write_bytes(b"\x00form")
    done = made(store, folder, media=tmp_path / "media")
    assert restore(done.file, make()).media == 1
    restore(done.file, make(), media=tmp_path / "again")
    assert (tmp_path / "again" / "2026" / "表.pdf").read_bytes() == b"\x00form"


def test_a_locked_backup_opens_with_its_key_alone(store: Store, make: Make, folder: Path) -> None:
    ours, theirs = new_identity(), new_identity()
    done = made(store, folder, recipients=[str(ours.to_public())])
    assert names(folder) == ["yibao-20261122T023000Z.tar.gz.age"]
    assert b"manifest" not in done.file.read_bytes()
    other = make()
    for keys, said in (
        ([], "是加密的：请用 --identity"),
        ([str(theirs)], "密钥打不开"),
        (["AGE-X"], "不是 age 的私钥"),
    ):
        with pytest.raises(BackupError, match=said):
            restore(done.file, other, keys=keys)
    assert restore(done.file, other, keys=[str(theirs), str(ours)]).manifest.tables == store.tables()


def test_any_program_for_age_opens_a_locked_backup(store: Store, folder: Path) -> None:
    ours = new_identity()
    done = made(store, folder, recipients=[str(ours.to_public())])
    plain = pyrage.decrypt(done.file.read_bytes(), [ours])
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        assert "manifest.json" in archive.getnames()


def test_only_the_newest_are_kept_and_nothing_else_is_touched(store: Store, folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "yibao-20200101T000000Z.dump").write_text("of an older version")
    days = [made(store, folder, NOW + timedelta(days=day), keep=2, verify=False) for day in range(4)]
    assert [day.removed for day in days] == [0, 0, 1, 1]
    assert names(folder) == [
        "notes.txt",
        "yibao-20200101T000000Z.dump",
        "yibao-20261124T023000Z.tar.gz",
        "yibao-20261125T023000Z.tar.gz",
    ]


@pytest.mark.parametrize("step", ["pack", "unpack", "_make_last"])
def test_a_backup_that_fails_leaves_nothing_and_takes_nothing_away(
    store: Store, folder: Path, step: str
) -> None:
    made(store, folder, verify=False)
    full = OSError(28, "No space left on device")
    with mock.patch.object(making, step, side_effect=full), pytest.raises(BackupError, match="磁盘满了"):
        made(store, folder, NOW + timedelta(days=1), keep=1)
    assert names(folder) == ["yibao-20261122T023000Z.tar.gz"]


def test_what_a_killed_backup_left_is_taken_away_by_the_next(store: Store, folder: Path) -> None:
    (folder / ".unfinished-abc").mkdir(parents=True)
    (folder / ".unfinished-abc" / "database").write_text("half")
    made(store, folder, verify=False)
    assert names(folder) == ["yibao-20261122T023000Z.tar.gz"]


def test_two_backups_do_not_write_into_one_folder_at_once(store: Store, folder: Path) -> None:
    with (
        making._alone_in(folder),  # noqa: SLF001 - a backup that is under way
        pytest.raises(BackupError, match="另一个备份正在写"),
    ):
        made(store, folder)


def test_a_copy_that_restores_to_something_else_is_no_backup(store: Store, folder: Path) -> None:
    copy = type(store).copy

    def another(self: Any, target: Path) -> Any:
        return {**copy(self, target), "phone": Table(3, "0" * 64)}

    with (
        mock.patch.object(type(store), "copy", another),
        pytest.raises(BackupError, match="phone：行数相同，内容不同"),
    ):
        made(store, folder)
    assert names(folder) == []


def test_a_database_with_something_in_it_is_not_replaced_unasked(
    store: Store, make: Make, folder: Path
) -> None:
    done, other = made(store, folder, verify=False), make()
    run(other, "CREATE TABLE mine (a integer)", "INSERT INTO mine VALUES (7)")
    with pytest.raises(BackupError, match=r"不是空的"):
        restore(done.file, other)
    assert ask(other, "SELECT a FROM mine") == [(7,)]
    restore(done.file, other, may_replace=True)
    assert other.tables() == store.tables()


def test_a_restore_that_fails_leaves_what_was_there(store: Store, make: Make, folder: Path) -> None:
    done, other = made(store, folder, verify=False), make()
    run(other, "CREATE TABLE mine (a integer)", "INSERT INTO mine VALUES (7)")
    damaged = folder / "damaged.tar.gz"
    repack(done.file, damaged, {store.member: lambda data: data[: len(data) // 2]}, is_honest=True)
    with pytest.raises(BackupError):
        restore(damaged, other, may_replace=True)
    assert ask(other, "SELECT a FROM mine") == [(7,)]
    assert set(other.tables()) == {"mine"}


def repack(
    source: Path,
    target: Path,
    changes: dict[str, Callable[[bytes], bytes] | None],
    *,
    is_honest: bool = False,
) -> None:
    """The archive with some members changed or (None) left out; an honest one has their new hashes in its manifest."""
    with tarfile.open(source) as read:
        members = {member.name: read.extractfile(member).read() for member in read}  # type: ignore[union-attr]
    for name, change in changes.items():
        data = members.pop(name)
        if change:
            members[name] = change(data)
    if is_honest:
        manifest = json.loads(members["manifest.json"])
        sha256 = hashlib.sha256
        manifest["files"] = {name: sha256(members[name]).hexdigest() for name in manifest["files"]}
        members["manifest.json"] = json.dumps(manifest).encode()
    with tarfile.open(target, "w:gz") as written:
        for name in sorted(members, key=lambda name: name != "manifest.json"):
            head = tarfile.TarInfo(name)
            head.size = len(members[name])
            written.addfile(head, io.BytesIO(members[name]))


def test_a_damaged_archive_names_what_is_damaged(store: Store, make: Make, folder: Path) -> None:
    done, other = made(store, folder, verify=False), make()
    bad = folder / "bad.tar.gz"
    for changes, said in (
        ({store.member: lambda data: data[:-1] + b"?"}, f"{store.member} 和清单上的校验值不符"),
        ({"settings.json": None}, "缺 settings.json"),
        ({"manifest.json": lambda data: data[:-9]}, "清单 manifest.json 读不懂"),
        ({"manifest.json": lambda data: data.replace(b'"format": 1', b'"format": 9')}, "别的版本"),
    ):
        repack(done.file, bad, changes)  # type: ignore[arg-type]
        with pytest.raises(BackupError, match=said):
            restore(bad, other)
    whole = done.file.read_bytes()
    for data in (
        whole[: len(whole) // 2],
        whole[:200] + b"xxxx" + whole[204:],
        gzip.compress(b"no tar"),
        b"",
        b"text",
    ):
        bad.write_bytes(data)
        with pytest.raises(BackupError, match=r"损坏|不是本站的备份"):
            restore(bad, other)
    assert other.is_empty()


def test_a_damaged_locked_backup_is_told_from_a_wrong_key(store: Store, make: Make, folder: Path) -> None:
    ours = new_identity()
    done = made(store, folder, recipients=[str(ours.to_public())], verify=False)
    whole = done.file.read_bytes()
    for data, said in ((whole[:-50], "损坏或不完整"), (whole[:100], "开头损坏")):
        done.file.write_bytes(data)
        with pytest.raises(BackupError, match=said):
            restore(done.file, make(), keys=[str(ours)])


def test_nothing_is_written_outside_the_folder(
    store: Store, make: Make, tmp_path: Path, folder: Path
) -> None:
    done = made(store, folder, verify=False)
    bad = folder / "bad.tar.gz"
    with tarfile.open(done.file) as read:
        manifest = read.extractfile("manifest.json").read()  # type: ignore[union-attr]
    with tarfile.open(bad, "w:gz") as written:
        for name, data in (("manifest.json", manifest), ("../../evil", b"x")):
            head = tarfile.TarInfo(name)
            head.size = len(data)
            written.addfile(head, io.BytesIO(data))
    with pytest.raises(BackupError, match="清单上没有的东西"):
        restore(bad, make())
    assert not list(tmp_path.rglob("evil"))


def test_what_is_not_there_or_of_another_engine_is_said(store: Store, make: Make, folder: Path) -> None:
    done = made(store, folder, verify=False)
    with pytest.raises(BackupError, match=r"没有 .*nothing 这个文件"):
        restore(folder / "nothing", make())
    with (
        mock.patch.object(type(store), "engine", "oracle"),
        mock.patch.dict("keeping.backups.restoring.ENGINES", {"oracle": "Oracle"}),
        pytest.raises(BackupError, match="不能恢复到 Oracle"),
    ):
        restore(done.file, make())


def test_a_public_key_that_is_none_stops_before_anything_is_written(store: Store, folder: Path) -> None:
    with pytest.raises(BackupError, match="不是 age 的公钥"):
        made(store, folder, recipients=["age1nonsense"])
    assert not folder.exists()


def test_a_database_that_is_not_there_says_so(tmp_path: Path, folder: Path) -> None:
    missing: list[tuple[Store, str]] = [
        (SQLite(tmp_path / "none.sqlite3"), "没有数据库文件"),
        (PostgreSQL(Place("postgresql", "none", "127.0.0.1", "1", "nobody")), "PostgreSQL 说"),
    ]
    for store, said in missing:
        with pytest.raises(BackupError, match=said):
            made(store, folder)
    assert names(folder) == []


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", ""])
def test_an_address_that_is_none_of_ours_is_refused(url: str) -> None:
    with pytest.raises(BackupError):
        Place.at(url)


def test_settings_are_listed_without_secrets(settings: Any) -> None:
    settings.AUDIT_KEYS = ["k" * 40]
    settings.DATABASE_URL = "postgres://yibao:hunter2@db/yibao"
    settings.DATABASE_REPLICAS = ["postgres://yibao:hunter2@db2/yibao"]
    settings.OTHERS = {"default": {"NAME": "yibao", "PASSWORD": "hunter2"}}
    listed = settings_list()
    words = json.dumps(listed, ensure_ascii=False)
    assert "hunter2" not in words
    assert settings.SECRET_KEY not in words
    assert "kkkk" not in words
    assert listed["SECRET_KEY"] == "（已设置）"
    assert listed["TIME_ZONE"] == "Asia/Shanghai"
    assert listed["DATABASE_URL"] == "postgres://（已设置）@db/yibao"


def test_a_key_pair_is_made_once_and_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    said = io.StringIO()
    call_command("backup", tmp_path / "key", "--new-key", stdout=said)
    assert said.getvalue().startswith("age1")
    assert "AGE-SECRET-KEY-" in (tmp_path / "key").read_text()
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="不覆盖"):
        call_command("backup", tmp_path / "key", "--new-key")
    with pytest.raises(CommandError, match="--keep 至少是 1"):
        call_command("backup", tmp_path, "--keep=0")
    with pytest.raises(CommandError, match="没有恢复。数据库地址读不懂"):
        call_command("restore", tmp_path / "x", "--into", "nonsense")


@pytest.mark.skipif(ON_POSTGRESQL, reason="of the file of SQLite")
def test_a_sqlite_database_in_use_is_not_replaced_and_the_old_one_stays_beside(
    store: Store, make: Make, folder: Path
) -> None:
    done, other = made(store, folder, verify=False), make()
    assert isinstance(other, SQLite)
    run(other, "CREATE TABLE mine (a integer)")
    with closing(sqlite3.connect(other.file)) as held:
        held.execute("SELECT * FROM mine").fetchall()
        with pytest.raises(BackupError, match="还有程序在用"):
            restore(done.file, other, may_replace=True)
    assert set(other.tables()) == {"mine"}
    before = restore(done.file, other, may_replace=True).before
    assert set(SQLite(Path(before.split(" ", 1)[1])).tables()) == {"mine"}
    assert not list(other.file.parent.glob(f"{other.file.name}-*"))


@pytest.mark.skipif(ON_POSTGRESQL, reason="of the file of SQLite")
def test_a_sqlite_database_is_copied_as_it_stood_while_others_write(
    store: Store, make: Make, folder: Path
) -> None:
    assert isinstance(store, SQLite)
    with closing(sqlite3.connect(store.file)) as writer:
        writer.execute("INSERT INTO phone VALUES ('not yet', '')")
        done = made(store, folder)
        writer.commit()
    other = make()
    restore(done.file, other)
    assert ("not yet", "") not in ask(other, KEPT)


@pytest.mark.skipif(ON_POSTGRESQL, reason="of the file of SQLite")
def test_a_damaged_sqlite_database_is_not_backed_up_but_can_be_replaced(store: Store, folder: Path) -> None:
    assert isinstance(store, SQLite)
    done = made(store, folder, verify=False)
    run(store, "PRAGMA journal_mode=DELETE")
    data = bytearray(store.file.read_bytes())
    data[4096:4300] = b"\xff" * 204
    store.file.write_bytes(data)
    with pytest.raises(BackupError, match=r"SQLite 说|已经损坏"):
        made(store, folder, NOW + timedelta(days=1))
    assert names(folder) == ["yibao-20261122T023000Z.tar.gz"]
    restore(done.file, store, may_replace=True)
    assert ("0818-2145266", None) in ask(store, KEPT)
