"""While the database is away a reader's words come back to him with the hotline; nothing is pretended to be saved."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client
from time_machine import Traveller

from guides.ready.away import AWAY
from reports.models import Report
from tests.cast import Cast, html_of, text_of
from tests.reports.conftest import opened, reported, send

WRITTEN = {"kind": "address", "text": "<i>搬到</i>\n新街", "contact": "李四 13812345678"}


@pytest.fixture
def client() -> Client:
    """A browser: what the site raises is the site's to answer for."""
    return Client(raise_request_exception=False)


def lost(*_: Any, **__: Any) -> None:
    error = OperationalError("server closed the connection")
    raise error from psycopg.OperationalError("server closed")


def is_given_back(response: Any) -> None:
    html, text = html_of(response), text_of(response)
    assert "没有保存，您写的字还在下面" in text
    assert "12393" in text
    assert "&lt;i&gt;搬到&lt;/i&gt; 新街</textarea>" in html
    assert "地址不对" in text
    assert "李四 13812345678" in text
    assert "no-store" in response.headers["Cache-Control"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert not response.cookies


def test_a_database_known_to_be_away_is_not_asked(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = opened(client)
    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", lost)
    response = send(client, form | WRITTEN, **{AWAY: True})  # type: ignore[arg-type]
    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    is_given_back(response)


@pytest.mark.parametrize("where", ["reports.views.page_at", "reports.views.receive"])
def test_a_database_that_goes_away_meanwhile(
    client: Client, cast: Cast, clock: Traveller, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    form = opened(client)
    clock.shift(10)
    monkeypatch.setattr(where, lost)
    response = send(client, form | WRITTEN | {"anyway": "1"})
    assert response.status_code == 503
    is_given_back(response)
    monkeypatch.undo()
    assert not Report.objects.exists()
    assert send(client, form | WRITTEN).status_code == 303


def test_a_fault_of_ours_loses_no_words_either(
    client: Client, cast: Cast, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("ours")

    monkeypatch.setattr("reports.views.receive", broken)
    response = reported(client, clock, **WRITTEN)
    assert response.status_code == 500
    is_given_back(response)


def test_the_form_itself_says_when_to_come_again(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.views.page_at", lost)
    response = client.get("/report/?page=/guides/dazhou/zhuyuan-baoxiao/")
    assert response.status_code == 503
    assert "网站正在恢复" in text_of(response)


def test_other_forms_are_answered_as_before(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = client.post("/search/unfound/", {"q": "秘密", "text": "秘密"}, **{AWAY: True})  # type: ignore[arg-type]
    assert response.status_code == 503
    assert "秘密" not in text_of(response)
