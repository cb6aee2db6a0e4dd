"""Which database pages are read from, and how a worker learns that it is away, behind or back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, transaction
from django.db.transaction import TransactionManagementError

from guides.models import Guide, Proposal, Stamp
from guides.ready import ReadyPages, watching
from guides.ready.databases import PRIMARY, Router, _one_row_of_each, ask_every_table, reading_from
from guides.ready.watching import Seen, Watch

REPLICA, OTHER, READERS = "replica_1", "replica_2", "readers"


class Databases:
    """Three made-up databases: the number of the last change each has, and which do not answer."""

    def __init__(self) -> None:
        self.numbers = {REPLICA: 7, OTHER: 7, READERS: 7}
        self.away: set[str] = set()
        self.now = 1000.0
        self.asked: list[str] = []

    def ask_every_table(self, database: str) -> None:
        self.asked.append(database)
        if database in self.away:
            raise OperationalError(database)

    def stamps_since(self, database: str, number: int) -> dict[str, Any]:
        newest = self.numbers[database]
        return {"site": (newest, None)} if newest > number else {}

    def newest_of(self, database: str) -> int:
        self.ask_every_table(database)
        return self.numbers[database]


@pytest.fixture
def databases(monkeypatch: pytest.MonkeyPatch) -> Databases:
    made = Databases()
    monkeypatch.setattr(watching, "ask_every_table", made.ask_every_table)
    monkeypatch.setattr(watching, "stamps_since", made.stamps_since)
    monkeypatch.setattr("guides.ready.watching.time.monotonic", lambda: made.now)
    monkeypatch.setattr(watching, "newest_of", made.newest_of)
    return made


@pytest.fixture
def watch(databases: Databases) -> Watch:
    made = Watch([REPLICA, OTHER, READERS])
    made.look()
    return made


def later(databases: Databases, watch: Watch, seconds: float = 1.0) -> str:
    """Where pages are read after another look."""
    databases.now += seconds
    watch.look()
    return watch.seen.database


def test_pages_are_read_from_the_first_replica(watch: Watch) -> None:
    assert watch.seen == Seen(7, {"site": (7, None)}, REPLICA)  # type: ignore[dict-item]


def test_the_next_one_is_read_when_it_is_away_and_the_primary_last(
    databases: Databases, watch: Watch
) -> None:
    databases.away = {REPLICA}
    assert later(databases, watch) == OTHER
    databases.away = {REPLICA, OTHER}
    assert later(databases, watch) == READERS
    databases.away = set()
    assert later(databases, watch, seconds=watching.RETRY) == REPLICA


def test_a_replica_that_did_not_answer_is_left_alone_for_a_moment(databases: Databases, watch: Watch) -> None:
    databases.away = {REPLICA}
    later(databases, watch)
    databases.asked.clear()
    later(databases, watch)
    assert REPLICA not in databases.asked


def test_readers_do_not_notice_that_the_primary_is_away_and_the_desk_does(
    databases: Databases, watch: Watch
) -> None:
    databases.away = {READERS}
    assert later(databases, watch) == REPLICA
    assert watch.answers(REPLICA)
    assert not watch.answers(PRIMARY)


def test_a_probe_is_told_which_databases_are_away_once_somebody_has_looked(
    databases: Databases, watch: Watch
) -> None:
    databases.away = {OTHER, READERS}
    later(databases, watch)
    assert watch.known_away == frozenset()
    watch.looked.set()
    assert watch.known_away == {READERS}
    databases.away.add(REPLICA)
    with suppress(DatabaseError):
        later(databases, watch)
    assert watch.known_away == {REPLICA, OTHER, READERS}


def test_a_replica_that_no_longer_follows_is_not_read(databases: Databases, watch: Watch) -> None:
    databases.numbers |= {READERS: 8, OTHER: 8}
    assert later(databases, watch) == REPLICA
    assert later(databases, watch) == REPLICA
    assert later(databases, watch) == OTHER
    databases.numbers[REPLICA] = 8
    assert later(databases, watch) == REPLICA


def test_a_replica_that_no_longer_follows_is_better_than_nothing(databases: Databases, watch: Watch) -> None:
    databases.numbers |= {READERS: 8}
    for _ in range(6):
        later(databases, watch)
    assert watch.seen.database == READERS
    databases.away = {READERS}
    later(databases, watch)
    assert later(databases, watch) == REPLICA
    assert watch.seen.last == 7


def test_stamps_of_another_database_are_read_anew(databases: Databases, watch: Watch) -> None:
    databases.numbers[OTHER] = 5
    databases.away = {REPLICA}
    later(databases, watch)
    assert (watch.seen.database, watch.seen.last, watch.seen.number("site")) == (OTHER, 5, 5)


def test_a_restored_backup_takes_the_stamps_back(databases: Databases) -> None:
    watch = Watch([READERS])
    watch.look()
    databases.numbers[READERS] = 3
    later(databases, watch)
    assert watch.seen.number("site") == 3


def test_a_database_that_is_away_is_noticed_and_its_return_too(databases: Databases) -> None:
    watch = Watch([READERS])
    watch.look()
    databases.away = {READERS}
    with pytest.raises(DatabaseError):
        watch.look()
    assert not watch.answers(PRIMARY)
    assert watch.seen.number("site") == 7
    databases.away = set()
    watch.look()
    assert watch.answers(PRIMARY)


def test_what_a_request_found_out_holds_until_the_next_look(databases: Databases) -> None:
    watch = Watch([READERS])
    watch.failed(PRIMARY)
    assert not watch.answers(READERS)
    watch.look()
    assert watch.answers(READERS)


def test_a_database_that_lets_the_watch_wait_is_away(databases: Databases) -> None:
    watch = Watch([READERS])

    def wait(database: str) -> int:
        databases.now += watching.LONGEST + 0.1
        return int(watch.answers(PRIMARY))

    assert watch._ask(READERS, wait) == 0  # noqa: SLF001 - what happens within a look
    assert watch.answers(PRIMARY)


def test_a_table_that_a_migration_has_yet_to_make_stops_nobody(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _one_row_of_each.cache_clear()
    monkeypatch.setattr(Proposal._meta, "db_table", "no_such_table")
    with transaction.atomic(), suppress(TransactionManagementError):
        ask_every_table(PRIMARY)
        transaction.set_rollback(True)
    _one_row_of_each.cache_clear()


class Django:
    """Notes where each request would read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])
        yield self.place().encode()

    def place(self) -> str:
        self.read.append(Router().db_for_read(Guide))
        return self.read[-1]


def ask(path: str, method: str, database: str) -> str:
    """Where Django reads for this request, while pages are read from ``database``."""
    ready = ReadyPages(Django())
    ready.watch.begin = lambda: Seen(1, {}, database)  # type: ignore[method-assign]
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "localhost"}
    return b"".join(ready(environ, lambda *_: None)).decode()


@pytest.mark.parametrize("path", ["/", "/guides/dazhou/zhuyuan-baoxiao/", "/search/suggest/"])
def test_a_public_page_is_read_from_the_replica_to_its_last_byte(path: str) -> None:
    assert ask(path, "GET", REPLICA) == REPLICA
    assert Router().db_for_read(Guide) == PRIMARY


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/admin/guides/guide/"), ("POST", "/admin/"), ("POST", "/search/unfound/")]
)
def test_the_desk_and_every_form_read_from_the_primary(method: str, path: str) -> None:
    assert ask(path, method, REPLICA) == PRIMARY


def test_writing_is_for_the_primary_whoever_reads() -> None:
    with reading_from(REPLICA):
        assert Router().db_for_read(Stamp) == REPLICA
        assert Router().db_for_write(Stamp) == PRIMARY
    assert Router().db_for_read(Stamp) == PRIMARY
