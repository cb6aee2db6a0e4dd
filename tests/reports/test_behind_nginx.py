"""nginx passes a report and its answer through untouched; only where nobody answers it says that nothing was saved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.web_server import Said, WebServer, web_server

FORM = "/report/?page=%2Fguides%2Fdazhou%2Fzhuyuan-baoxiao%2F"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[WebServer]:
    with web_server(tmp_path) as running:
        yield running


def test_the_form_comes_with_its_cookie_and_is_never_kept(site: WebServer) -> None:
    site.app.answer = lambda _: Said(
        body="form", headers={"Set-Cookie": "csrftoken=x", "Cache-Control": "no-store"}
    )
    for _ in range(2):
        answer = site.get(FORM, Cookie="csrftoken=x; display=large")
        assert (answer.body, answer.headers["set-cookie"]) == ("form", "csrftoken=x")
    assert len(site.app.asked) == 2
    assert site.app.asked[0].headers["Cookie"] == "csrftoken=x; display=large"


@pytest.mark.parametrize("status", [422, 429, 503, 500, 403])
def test_what_the_application_answers_reaches_the_reader_with_his_words(site: WebServer, status: int) -> None:
    site.app.answer = lambda _: Said(status, "your words", {"Retry-After": "35"})
    answer = site.get(FORM, "POST", body="text=a")
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (status, "your words", "35")
    assert [asked.method for asked in site.app.asked] == ["POST"]


def test_where_nobody_answers_nothing_is_said_to_be_saved(site: WebServer) -> None:
    site.app.stop()
    answer = site.get(FORM, "POST", body="text=a", Cookie="display=large")
    assert (answer.status, answer.body) == (503, "static large 503-report")
    assert site.get(FORM).body == "static standard 503"


def test_what_cannot_be_a_report_is_refused(site: WebServer) -> None:
    assert site.get(FORM, "PUT", body="text=a").status == 405
    assert site.get(FORM, "POST", body="x" * 70_000).status == 413
    assert not site.app.asked
