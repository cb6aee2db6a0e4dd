"""The database is away, or does not answer in time: one sentence in Chinese, at once, and never a stack."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from time import monotonic
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from django.test import Client
from psycopg.abc import PQGen
from psycopg.waiting import Wait
from psycopg_pool import PoolTimeout

from guides.models import Guide, Stamp
from guides.patience import Patient
from guides.ready.away import AWAY, FAILED, KNOWN_AWAY, is_busy, is_gone
from tests.cast import Cast, assemble, html_of

SORRY = "网站正在恢复，请一分钟后再试"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def client() -> Client:
    """A browser: what the site raises is the site's to answer for."""
    return Client(raise_request_exception=False)


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """The error as Django raises it."""
    error.__cause__ = cause
    return error


def failing(error: Exception) -> Any:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


LOST = raised(OperationalError("server closed the connection"), psycopg.OperationalError("server closed"))
LOCKED = raised(OperationalError("lock timeout"), psycopg.errors.LockNotAvailable("lock timeout"))


@pytest.mark.parametrize(
    "url", ["/guides/dazhou/zhuyuan-baoxiao/", "/", "/data/guides.json", "/search/suggest/?q=a"]
)
def test_a_page_that_cannot_be_read_says_when_to_come_again(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", failing(LOST))
    response = client.get(url)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "no-store" in response.headers["Cache-Control"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert SORRY in html_of(response)
    assert "server closed" not in html_of(response)
    assert response.wsgi_request.META[FAILED] is True


def test_a_form_that_may_not_have_been_saved_says_so(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guides.views.search.count_unfound", failing(LOCKED))
    response = client.post("/search/unfound/", {"q": "没有这样的词"})
    assert response.status_code == 503
    assert "刚才提交的内容可能没有保存" in html_of(response)
    assert FAILED not in response.wsgi_request.META


def test_a_fault_of_ours_is_not_excused_by_the_database(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stamp.objects.__class__, "newest", failing(ValueError("ours")), raising=False)
    assert client.get("/").status_code == 500


def test_a_database_known_to_be_away_is_not_asked(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", failing(AssertionError("asked")))
    response = client.get("/admin/", **{AWAY: True})  # type: ignore[arg-type]
    assert response.status_code == 503
    assert SORRY in html_of(response)


def test_a_paper_is_told_from_a_press_that_is_busy(client: Client, cast: Cast) -> None:
    response = client.get("/guides/dazhou/zhuyuan-baoxiao/sheet.pdf", **{AWAY: True})  # type: ignore[arg-type]
    assert (response.status_code, response.headers["Retry-After"]) == (504, "30")
    assert SORRY in html_of(response)


@pytest.mark.parametrize(
    ("error", "gone", "busy"),
    [
        (LOST, True, True),
        (raised(OperationalError("pool"), PoolTimeout("pool")), True, True),
        (raised(OperationalError("down"), psycopg.errors.AdminShutdown("down")), True, True),
        (raised(OperationalError("full"), psycopg.errors.TooManyConnections("full")), True, True),
        (raised(OperationalError("disk"), psycopg.errors.DiskFull("disk")), False, True),
        (raised(DatabaseError("standby"), psycopg.errors.ReadOnlySqlTransaction("standby")), True, False),
        (InterfaceError("connection is closed"), True, False),
        (LOCKED, False, True),
        (raised(OperationalError("slow"), psycopg.errors.QueryCanceled("slow")), False, True),
        (raised(OperationalError("both"), psycopg.errors.DeadlockDetected("both")), False, True),
        (OperationalError("database is locked"), False, True),
        (raised(ProgrammingError("table"), psycopg.errors.UndefinedTable("table")), False, False),
        (ValueError("ours"), False, False),
        (None, False, False),
    ],
)
def test_only_a_connection_that_fails_means_that_the_next_one_would(
    error: Exception | None, gone: bool, busy: bool
) -> None:
    assert (is_gone(error), is_busy(error)) == (gone, busy)


def test_a_missing_table_is_a_fault_of_ours_on_every_engine(db: None) -> None:
    with pytest.raises(DatabaseError) as missing:
        Guide.objects.extra(tables=["no_such_table"]).count()
    assert not is_gone(missing.value)
    assert not is_busy(missing.value)


def question() -> PQGen[None]:
    """Asked of a server that has stopped."""
    while True:
        yield Wait.R


class ToNobody(Patient):
    """A connection at whose other end nobody says anything."""

    def __init__(self, socket: int) -> None:
        self.pgconn = SimpleNamespace(socket=socket)  # type: ignore[assignment]
        self.is_given_up = False

    def close(self) -> None:
        self.is_given_up = True

    def __del__(self, *_: object) -> None:
        """Nothing was opened."""


@pytest.fixture
def connection() -> Iterator[ToNobody]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ToNobody(ours.fileno())


def test_a_connection_gives_up_a_server_that_says_nothing(
    connection: ToNobody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Patient, "patience", 0.1)
    with pytest.raises(psycopg.OperationalError, match="no answer"):
        connection.wait(question())
    assert connection.is_given_up


@pytest.mark.parametrize("is_away", [True, False])
def test_it_gives_up_sooner_when_nobody_gets_an_answer(
    connection: ToNobody, monkeypatch: pytest.MonkeyPatch, is_away: bool
) -> None:
    monkeypatch.setattr(Patient, "patience", 3600 if is_away else 0.3)
    monkeypatch.setattr(Patient, "patience_when_away", 0)
    monkeypatch.setattr(Patient, "is_away", staticmethod(lambda: is_away))
    began = monotonic()
    with pytest.raises(psycopg.OperationalError, match="no answer"):
        connection.wait(question(), interval=0.01)
    assert is_away or monotonic() - began >= 0.3


def test_an_answer_that_comes_is_given_on(connection: ToNobody) -> None:
    def answered() -> PQGen[str]:
        yield Wait.W
        return "answer"

    assert connection.wait(answered()) == "answer"


def test_the_process_lives_whatever_the_database_does(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"alive": True})
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_site_is_ready_when_every_table_answers(client: Client, db: None) -> None:
    answer = client.get("/readyz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert set(answer.json()["databases"]) == set(settings.READING_DATABASES)
    assert "no-store" in answer.headers["Cache-Control"]


def test_it_is_not_ready_while_the_database_is_away(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guides.views.health.ask_every_table", failing(LOST))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert "数据库没有应答" in answer.json()["databases"]["default"]


def test_a_probe_does_not_wait_for_a_database_known_to_be_away(
    client: Client, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("guides.views.health.ask_every_table", asked.append)
    settings.READING_DATABASES = ["replica_1", "default"]
    answer = client.get("/readyz", **{KNOWN_AWAY: frozenset({"replica_1"})})  # type: ignore[arg-type]
    assert (answer.status_code, asked) == (200, ["default"])
    assert "数据库没有应答" in answer.json()["databases"]["replica_1"]
    assert answer.json()["databases"]["default"] == ""


def test_it_is_not_ready_before_the_migrations_have_run(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guides.views.health.migrations_on_disk", lambda: frozenset({("guides", "9999_new")}))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "1 个数据库迁移没有执行" in answer.json()["databases"]["default"]
