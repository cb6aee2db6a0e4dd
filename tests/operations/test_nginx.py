"""deploy/nginx in front of an application that a test steers: what is kept, for whom, and what stands in for it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import RemoteDisconnected
from pathlib import Path

import pytest

from tests.operations.web_server import Asked, Said, WebServer, ask, web_server

GUIDE = "/guides/dazhou/zhuyuan-baoxiao/"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[WebServer]:
    with web_server(tmp_path) as running:
        yield running


def mirrored(site: WebServer, name: str, body: str) -> None:
    file = site.mirror / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(body, "utf-8")


# --- What is kept


def test_a_page_is_kept_and_the_application_only_asked_whether_it_changed(site: WebServer) -> None:
    def answer(asked: Asked) -> Said:
        is_known = asked.headers.get("If-None-Match") == '"one"'
        return Said(304 if is_known else 200, "" if is_known else "the page", {"ETag": '"one"'})

    site.app.answer = answer
    answers = [site.get(GUIDE) for _ in range(3)]
    assert [answer.body for answer in answers] == ["the page"] * 3
    assert "x-accel-expires" not in answers[0].headers
    assert [asked.headers.get("If-None-Match") for asked in site.app.asked] == [None, '"one"', '"one"']
    assert site.get(GUIDE, If_None_Match='"one"').status == 304


def test_an_edit_and_a_takedown_are_seen_at_once_and_stay_when_the_application_goes(site: WebServer) -> None:
    for said in (Said(body="old"), Said(body="new"), Said(410, "withdrawn")):
        site.app.answer = lambda _, said=said: said  # type: ignore[misc]
        answer = site.get(GUIDE)
        assert (answer.status, answer.body) == (said.status, said.body)
        assert kept_in(site) == 1
    site.app.stop()
    assert (site.get(GUIDE).status, site.get(GUIDE).body) == (410, "withdrawn")


def test_a_crowd_waits_for_one_question_to_the_application(site: WebServer) -> None:
    site.get(GUIDE)
    site.app.answer = lambda _: Said(body="page again", after=0.3)
    with ThreadPoolExecutor(20) as crowd:
        bodies = list(crowd.map(lambda _: site.get(GUIDE).body, range(20)))
    assert len(site.app.asked) == 2
    assert sorted(set(bodies)) == [f"page {GUIDE}", "page again"]


def kept_in(site: WebServer) -> int:
    """How many answers nginx has written down, when it has done writing."""
    names = ["unread"]
    for _ in range(100):
        names = [path.name for path in (site.folder / "cache").rglob("*") if path.is_file()]
        if all(re.fullmatch("[0-9a-f]{32}", name) for name in names):
            break
        time.sleep(0.02)
    return len(names)


def test_arguments_that_no_page_knows_make_no_entry(site: WebServer) -> None:
    for query in (
        "from=singlemessage&isappinstalled=0",
        "utm_source=wechat",
        "CITY=x",
        "x",
        "_=1&b.c=%2F..%2F",
    ):
        for target in ("/guides/", "/guides/?city=dazhou"):
            site.get(f"{target}{'&' if '?' in target else '?'}{query}")
    assert kept_in(site) == 2
    site.app.stop()
    assert site.get("/guides/").body.startswith("page /guides/")
    assert site.get("/guides/?city=dazhou").body.startswith("page /guides/?city=dazhou&")


def test_an_address_written_in_another_way_is_neither_kept_nor_answered_from_what_is_kept(
    site: WebServer,
) -> None:
    site.get("/guides/")
    for target in (
        "/guides/?%63ity=dazhou",
        "/guides/?utm=1&city=dazhou",
        "/guides/?&city=dazhou",
        "/guides/?a+b=1",
        "/guides/?x;city=dazhou",
        "/guides//",
        "/guides/%2e%2e/guides/",
        "/guides/%3Fcity=dazhou",
        "/guides/./",
        "/GUIDES/../guides/",
        "/guides/?q=" + "a" * 1100,
    ):
        assert site.get(target).body == f"page {target}"
    assert kept_in(site) == 1
    assert site.get("/guides/").body == "page /guides/"


def test_each_display_mode_has_its_own_page_and_other_cookies_change_nothing(site: WebServer) -> None:
    site.app.answer = lambda asked: Said(body=asked.headers.get("Cookie", "standard"))
    cookies = {
        "": "standard",
        "sessionid=secret": "standard",
        "display=huge": "standard",
        "display=large": "display=large",
        "a=b; display=large-contrast; sessionid=secret": "display=large-contrast",
        "display=contrast": "display=contrast",
    }
    assert {cookie: site.get(GUIDE, Cookie=cookie).body for cookie in cookies} == cookies
    assert kept_in(site) == 4


def test_each_coding_has_its_own_page_and_there_are_three(site: WebServer) -> None:
    site.app.answer = lambda asked: Said(body=asked.headers.get("Accept-Encoding", "none"))
    accepted = {
        "": "none",
        "identity": "none",
        "gzip, deflate, br": "br",
        "br;q=0, gzip": "gzip",
        "gzip;q=0.5": "gzip",
    }
    assert {coding: site.get(GUIDE, Accept_Encoding=coding).body for coding in accepted} == accepted
    assert kept_in(site) == 3


def test_what_is_for_one_reader_or_not_a_page_is_not_kept(site: WebServer) -> None:
    for said in (
        Said(headers={"Set-Cookie": "sessionid=1"}),
        Said(headers={"Cache-Control": "private"}),
        Said(headers={"Cache-Control": "max-age=0, no-store"}),
        Said(404),
        Said(500),
    ):
        site.app.answer = lambda _, said=said: said  # type: ignore[misc]
        assert "set-cookie" not in site.get(GUIDE).headers
        assert not kept_in(site), said


def test_forms_and_the_desk_are_passed_on_with_their_cookies_and_never_kept(site: WebServer) -> None:
    site.app.answer = lambda asked: Said(body=asked.headers.get("Cookie", ""), headers={"Set-Cookie": "a=b"})
    for target, method in [
        ("/admin/", "GET"),
        ("/admin/login/", "POST"),
        ("/display/?mode=large", "GET"),
        ("/search/suggest/?q=zy", "GET"),
        (GUIDE, "POST"),
    ]:
        for _ in range(2):
            answer = site.get(target, method, Cookie="sessionid=1")
            assert (answer.status, answer.body) == (200, "sessionid=1"), target
            assert answer.headers["set-cookie"] == "a=b"
    assert len(site.app.asked) == 10


# --- What the application is told


def test_what_a_client_says_of_itself_is_written_over(site: WebServer) -> None:
    lies = {
        "X_Forwarded_For": "1.2.3.4",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Port": "99",
        "Forwarded": "for=1.2.3.4",
        "X_Request_ID": "mine",
        "Proxy": "evil",
    }
    for target in (GUIDE, "/admin/"):
        site.get(target, **lies)
    for asked in site.app.asked:
        told = asked.headers
        assert (told["Host"], told["X-Forwarded-For"], told["X-Forwarded-Proto"]) == (
            "yibao.example",
            "127.0.0.1",
            "http",
        )
        assert len(told["X-Request-ID"]) == 32
        assert not {"X-Forwarded-Host", "X-Forwarded-Port", "Forwarded", "Proxy"} & set(told)


def test_another_host_gets_no_answer(site: WebServer) -> None:
    for host in ("evil.example", "127.0.0.1", "www.yibao.example"):
        with pytest.raises(RemoteDisconnected):
            site.get("/", Host=host)
    assert not site.app.asked


def test_the_log_says_nothing_of_what_people_look_for(site: WebServer) -> None:
    site.get("/guides/?q=secret", Cookie="sessionid=secret", Referer="http://secret/", Authorization="secret")
    site.get("/admin/login/", "POST", body="password=secret")
    log = ""
    for _ in range(100):  # written when the answer is out already
        log = (site.folder / "log" / "yibao.access.log").read_text("utf-8")
        if log.count("\n") == 2:
            break
        time.sleep(0.02)
    assert log.count("\n") == 2
    assert '"path":"/guides/"' in log
    assert "secret" not in log


# --- When the application is away


def test_what_was_kept_is_shown_when_the_application_is_away_slow_or_broken(site: WebServer) -> None:
    site.app.answer = lambda _: Said(body="kept")
    assert site.get(GUIDE).body == "kept"
    for failing in (Said(500), Said(502), Said(503), Said(504), Said(after=2)):
        site.app.answer = lambda _, said=failing: said  # type: ignore[misc]
        began = time.monotonic()
        assert (site.get(GUIDE).status, site.get(GUIDE).body) == (200, "kept"), failing
        assert time.monotonic() - began < 2, failing
    site.app.stop()
    assert site.get(GUIDE).body == "kept"


def test_the_mirror_stands_in_for_a_page_that_nobody_kept(site: WebServer) -> None:
    site.app.stop()
    html, large = "text/html; charset=utf-8", "display=large"
    for target, cookie, file, kind in (
        ("/", "", "index.html", html),
        (GUIDE, "", f"{GUIDE}index.html", html),
        (f"{GUIDE}?from=timeline", "", f"{GUIDE}index.html", html),
        (GUIDE, large, f"_mode/large{GUIDE}index.html", html),
        (GUIDE, "display=contrast", f"{GUIDE}index.html", html),
        ("/guides/?city=dazhou&county=xuanhan", "", "guides/_q/city=dazhou&county=xuanhan.html", html),
        ("/guides/?city=dazhou&utm_source=x", "", "guides/_q/city=dazhou.html", html),
        (f"{GUIDE}text/", large, f"{GUIDE}text/index.txt", "text/plain; charset=utf-8"),
        (f"{GUIDE}sheet.pdf", "", f"{GUIDE}sheet.pdf", "application/pdf"),
        ("/data/guides.json", "", "data/guides.json", "application/json"),
    ):
        mirrored(site, file.lstrip("/"), file)
        answer = site.get(target, Cookie=cookie)
        assert (answer.status, answer.body) == (200, file), target
        assert answer.headers["content-type"] == kind
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["vary"] == "Accept-Encoding, Cookie"


def test_the_mirror_gives_its_compressed_twin(site: WebServer) -> None:
    site.app.stop()
    mirrored(site, "guides/index.html", "plain")
    mirrored(site, "guides/index.html.gz", "zipped")
    answer = site.get("/guides/", Accept_Encoding="gzip")
    assert (answer.body, answer.headers["content-encoding"]) == ("zipped", "gzip")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_nothing_but_a_page_leaves_the_mirror_and_what_is_not_there_is_a_static_503(site: WebServer) -> None:
    site.app.stop()
    (site.folder / "secret.html").write_text("secret", "utf-8")
    (site.folder / "mirror" / "secret.html").write_text("secret", "utf-8")
    mirrored(site, "guides/_q/city=dazhou.html", "secret")
    mirrored(site, "_mode/large/guides/index.html", "secret")
    for target in (
        "/guides/?city=../../../secret",
        "/guides/?city=..%2F..%2F..%2Fsecret",
        "/guides/?city=dazhou%00",
        "/guides/?../../secret",
        "/guides/_q/city=dazhou.html",
        "/_mode/large/guides/",
        "/guides/?q=dazhou",
        "/guides/?city=dazhou&county=nobody",
        "/nothing/",
    ):
        answer = site.get(target)
        assert (answer.status, answer.body) == (503, "static standard 503"), target
        assert answer.headers["retry-after"] == "30"
    for target in ("/..%2f..%2fsecret.html", "/%2e%2e/%2e%2e/secret.html"):
        answer = site.get(target)
        assert answer.status == 400
        assert "secret" not in answer.body


def test_the_desk_and_forms_say_at_once_that_the_application_is_away(site: WebServer) -> None:
    mirrored(site, f"{GUIDE[1:]}index.html", "mirrored")
    site.app.stop()
    for target, method, page in (
        ("/admin/", "GET", "503"),
        ("/admin/guides/guide/1/change/", "POST", "503-writing"),
        ("/admin/login/", "POST", "503-writing"),
        ("/search/suggest/?q=zy", "GET", "503"),
        ("/search/unfound/", "POST", "503-writing"),
        (GUIDE, "POST", "503-writing"),
    ):
        answer = site.get(target, method, body="a=b" if method == "POST" else "", Cookie="display=large")
        assert (answer.status, answer.body) == (503, f"static large {page}"), target
        assert answer.headers["retry-after"] == "30"
        assert answer.headers["cache-control"] == "no-store"


def test_a_display_mode_can_be_chosen_without_the_application(site: WebServer) -> None:
    site.app.stop()
    for query, location, cookie in (
        ("mode=large&next=%2Fguides%2F", "/guides/", "display=large; Max-Age=31536000; Path=/"),
        ("mode=standard&next=%2F", "/", "display=; Max-Age=0; Path=/"),
        ("mode=large-contrast&next=/guides/", "/guides/", "display=large-contrast; Max-Age=31536000; Path=/"),
        (
            "mode=contrast&next=%2Fguides%2F%3Fcity%3Ddazhou%26county%3Dxuanhan",
            "/guides/?city=dazhou&county=xuanhan",
            "display=contrast; Max-Age=31536000; Path=/",
        ),
    ):
        answer = site.get(f"/display/?{query}")
        assert (answer.status, answer.headers["location"].rstrip("?")) == (302, location)
        assert answer.headers["set-cookie"].startswith(cookie)
        assert answer.headers["cache-control"] == "no-store"
    for query in (
        "mode=huge&next=%2F",
        "mode=large&next=%2F%2Fevil.example",
        "mode=large&next=https%3A%2F%2Fevil.example",
        "mode=large&next=%2F%5Cevil.example",
        "mode=large&next=%2F%0d%0aX",
        "mode=large",
    ):
        assert site.get(f"/display/?{query}").status == 503, query


def test_nobody_waits_long_for_an_application_that_hangs(site: WebServer) -> None:
    mirrored(site, "guides/index.html", "mirrored")
    site.app.answer = lambda _: Said(after=3)
    for target, status in (("/guides/", 200), ("/search/suggest/", 503)):
        began = time.monotonic()
        assert site.get(target).status == status
        assert time.monotonic() - began < 1


def test_after_three_failures_readers_are_not_made_to_wait(tmp_path: Path) -> None:
    with web_server(tmp_path, "--page-timeout=100ms") as site:
        mirrored(site, "guides/index.html", "mirrored")
        site.app.answer = lambda _: Said(after=0.5)
        for _ in range(6):
            site.get("/guides/")
        asked = len(site.app.asked)
        assert site.get("/guides/").body == "mirrored"
        assert len(site.app.asked) == asked


def test_a_busy_typesetter_says_so_itself_and_one_that_is_away_is_stood_in_for(site: WebServer) -> None:
    pdf = f"{GUIDE}sheet.pdf"
    site.app.answer = lambda _: Said(503, "busy", {"Retry-After": "3"})
    assert (site.get(pdf).status, site.get(pdf).body) == (503, "busy")
    site.app.answer = lambda _: Said(body="the paper", headers={"Content-Type": "application/pdf"})
    assert site.get(pdf).body == "the paper"
    site.app.stop()
    assert site.get(pdf).body == "the paper"


# --- Files


def test_hashed_files_are_kept_for_ever_and_others_are_not(site: WebServer) -> None:
    for name in ("base.0123456789ab.css", "base.css"):
        (site.static / name).write_text("body{}", "utf-8")
    hashed, plain = site.get("/static/base.0123456789ab.css"), site.get("/static/base.css")
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["cache-control"] == "public, max-age=60"
    assert hashed.headers["content-type"] == "text/css; charset=utf-8"


def test_a_file_of_an_older_version_comes_from_the_mirror(site: WebServer) -> None:
    mirrored(site, "static/old.0123456789ab.css", "old{}")
    assert site.get("/static/old.0123456789ab.css").body == "old{}"
    missing = site.get("/static/nothing.css")
    assert (missing.status, missing.body) == (404, "static standard 404")


def test_nothing_beside_the_static_files_is_served(site: WebServer) -> None:
    (site.folder / "secret.txt").write_text("the secret", "utf-8")
    for target in ("/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static../secret.txt"):
        assert "the secret" not in site.get(target).body


def test_every_answer_of_nginx_has_the_security_headers_and_no_version(site: WebServer) -> None:
    mirrored(site, "guides/index.html", "mirrored")
    (site.static / "base.css").write_text("body{}", "utf-8")
    site.app.stop()
    for target in ("/guides/", "/static/base.css", "/static/nothing.css", "/nothing/", "/admin/"):
        headers = site.get(target).headers
        assert headers["x-content-type-options"] == "nosniff", target
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["server"] == "nginx"


# --- Limits


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
