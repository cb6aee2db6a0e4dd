"""How much one address may ask for and send."""

from __future__ import annotations

from time import monotonic

import pytest

from tests.operations.web_server import GUIDE, Said, WebServer, ask

MOST = 4000
"""Requests after which whoever was never told to wait has no limit."""


def refused(site: WebServer, target: str, method: str) -> tuple[int, Said]:
    """How many requests of one address are answered before one is not, and what that one is told."""
    for answered in range(MOST):
        answer = ask(site.port, target, method, source="127.0.0.2", body="a=b" * (method == "POST"))
        if answer.status != 200:
            return answered, answer
    raise AssertionError(f"{target} has no limit")


@pytest.mark.parametrize(
    ("target", "method", "at_once", "beside"),
    [
        ("/guides/?q=zhuyuan", "GET", 200, "/guides/"),
        ("/search/suggest/?q=zy", "GET", 300, "/guides/?q=zhuyuan"),
        ("/admin/", "GET", 300, "/guides/"),
        (GUIDE, "POST", 60, GUIDE),
        ("/report/", "POST", 60, "/report/"),
    ],
    ids=["questions", "suggestions", "desk", "forms", "reports"],
)
def test_who_asks_too_much_waits_and_neither_what_stands_beside_it_nor_others_do(
    site: WebServer, target: str, method: str, at_once: int, beside: str
) -> None:
    site.app.answer = lambda _: Said(headers={"X-Accel-Expires": "60"})  # what nginx has is counted as well
    answered, answer = refused(site, target, method)
    assert answered > at_once
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (429, "static standard 429", "10")
    assert ask(site.port, beside, source="127.0.0.2").status == 200
    assert ask(site.port, target, method, source="127.0.0.3").status == 200


def test_reports_and_other_forms_of_one_address_are_counted_together(site: WebServer) -> None:
    refused(site, "/report/", "POST")
    assert ask(site.port, GUIDE, "POST", source="127.0.0.2").status == 429


def test_too_many_papers_for_one_address_are_told_to_wait_and_pages_go_on(site: WebServer) -> None:
    answers = [ask(site.port, "/poster.pdf", source="127.0.0.2") for _ in range(110)]
    assert 61 <= sum(answer.status == 200 for answer in answers) < 110
    assert (answers[-1].status, answers[-1].body) == (429, "static standard 429")
    assert answers[-1].headers["retry-after"] == "10"
    assert ask(site.port, "/guides/", source="127.0.0.2").status == 200
    assert ask(site.port, "/poster.pdf", source="127.0.0.3").status == 200


def test_guessing_passwords_is_slowed_down(site: WebServer) -> None:
    began = monotonic()
    answered, answer = refused(site, "/admin/login/", "POST")
    assert 60 <= answered <= 62 + (monotonic() - began) / 2  # thirty a minute beyond those at once
    assert answer.status == 429
    assert ask(site.port, "/admin/login/", source="127.0.0.2").status == 200


def test_what_is_sent_may_be_so_large_and_no_larger(site: WebServer) -> None:
    for target, length, status in [
        (GUIDE, 65_000, 200),
        (GUIDE, 70_000, 413),
        ("/admin/import/", 5_500_000, 200),
        ("/admin/import/", 6_500_000, 413),
    ]:
        answer = site.get(target, "POST", body="x" * length)
        assert answer.status == status, (target, length)
        assert status == 200 or answer.body == "static standard 413"


def test_other_methods_are_refused(site: WebServer) -> None:
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE"):
        assert site.get(GUIDE, method).status == 405
    assert not site.app.asked
