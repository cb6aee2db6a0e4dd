"""How much one address may ask for and send."""

from __future__ import annotations

from tests.operations.web_server import GUIDE, WebServer, ask


def test_too_many_papers_for_one_address_are_told_to_wait_and_pages_go_on(site: WebServer) -> None:
    answers = [ask(site.port, "/poster.pdf", source="127.0.0.2") for _ in range(110)]
    assert 61 <= sum(answer.status == 200 for answer in answers) < 110
    assert (answers[-1].status, answers[-1].body) == (429, "static standard 429")
    assert answers[-1].headers["retry-after"] == "10"
    assert ask(site.port, "/guides/", source="127.0.0.2").status == 200
    assert ask(site.port, "/poster.pdf", source="127.0.0.3").status == 200


def test_guessing_passwords_is_slowed_down(site: WebServer) -> None:
    answers = [ask(site.port, "/admin/login/", "POST", source="127.0.0.2", body="a=b") for _ in range(70)]
    assert 60 <= sum(answer.status == 200 for answer in answers) < 65
    assert answers[-1].status == 429
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
