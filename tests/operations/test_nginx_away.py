"""What nginx shows when the application is away, slow or broken."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from threading import Event

from tests.operations.web_server import GUIDE, Said, WebServer, mirrored, rendered, web_server


@contextmanager
def hanging(folder: Path) -> Iterator[WebServer]:
    """nginx before an application that says nothing until the end, and is not waited for as long as that."""
    with web_server(folder, "--page-timeout=100ms") as site:
        the_end = Event()
        site.app.answer = lambda _: Said(body="late", after=the_end)
        yield site
        the_end.set()


def test_what_was_kept_is_shown_when_the_application_is_away_or_broken(site: WebServer) -> None:
    site.app.answer = lambda _: Said(body="kept")
    assert site.get(GUIDE).body == "kept"
    for failing in (500, 502, 503, 504):
        site.app.answer = lambda _, status=failing: Said(status)  # type: ignore[misc]
        assert (site.get(GUIDE).status, site.get(GUIDE).body) == (200, "kept"), failing
    site.app.stop()
    assert site.get(GUIDE).body == "kept"


def test_what_was_kept_is_shown_when_the_application_is_slow(tmp_path: Path) -> None:
    with web_server(tmp_path) as site:
        site.app.answer = lambda _: Said(body="kept")
        assert site.get(GUIDE).body == "kept"
    with hanging(tmp_path) as site:
        assert (site.get(GUIDE).status, site.get(GUIDE).body) == (200, "kept")


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
        (f"{GUIDE}sheet.pdf?size=large", large, f"{GUIDE}sheet.pdf", "application/pdf"),
        ("/data/guides.json", "", "data/guides.json", "application/json"),
    ):
        mirrored(site, file.lstrip("/"), file)
        answer = site.get(target, Cookie=cookie)
        assert (answer.status, answer.body) == (200, file), target
        assert answer.headers["content-type"] == kind
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["vary"] == "Accept-Encoding, Cookie"


def test_what_was_withdrawn_stays_so_in_every_mode_and_coding_and_may_come_back(site: WebServer) -> None:
    pages = [
        GUIDE,
        f"{GUIDE}xuanhan/",
        f"{GUIDE}deadline/?county=xuanhan",
        f"{GUIDE}sheet.pdf",
        "/plan/dazhou/xuanhan/?matters=zhuyuan-baoxiao",
        "/plan/dazhou/xuanhan/?matters=another&matters=zhuyuan-baoxiao",
        "/plan/dazhou/xuanhan/print/?matters=zhuyuan-baoxiao&matters=another",
        "/matters/zhuyuan-baoxiao/?city=dazhou",
        "/matters/zhuyuan-baoxiao/?city=suining&city=dazhou",
        "/matters/zhuyuan-baoxiao/?city=dazhou&city=suining",
    ]
    others = [
        "/guides/dazhou/another/",
        "/matters/zhuyuan-baoxiao/",
        "/matters/zhuyuan-baoxiao/?city=suining",
        "/plan/dazhou/xuanhan/?matters=another",
    ]
    modes = ["", *(f"display={mode}" for mode in ("large", "contrast", "large-contrast"))]
    variants = list(product(pages, modes, ("", "gzip", "br")))

    def answers() -> set[tuple[int, str]]:
        shown = [site.get(target, Cookie=mode, Accept_Encoding=coding) for target, mode, coding in variants]
        return {(answer.status, answer.body) for answer in shown}

    site.app.answer = lambda _: Said(body="kept")
    assert answers() == {(200, "kept")}
    assert {site.get(other).body for other in others} == {"kept"}
    mirrored(site, "guides/dazhou/zhuyuan-baoxiao/index.html", "mirrored")
    mirrored(site, "../withdrawn/dazhou/zhuyuan-baoxiao", "")
    site.app.answer = lambda _: Said(410, "withdrawn")
    assert site.get(GUIDE).body == "withdrawn"
    for failing in (500, 502, 504):
        site.app.answer = lambda _, status=failing: Said(status)  # type: ignore[misc]
        assert site.get(GUIDE, Cookie="display=large").status == 410
    time.sleep(2)
    site.app.answer = lambda _: Said(body="published again")
    assert answers() == {(200, "published again")}
    site.app.stop()
    assert answers() == {
        (410, f"static {mode} 410") for mode in ("standard", "large", "contrast", "large-contrast")
    }
    assert {site.get(other).body for other in others} == {"kept"}
    assert site.get(GUIDE, "POST", body="a=b").status == 503


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
    for paper in ("sheet", "booklet"):
        mirrored(site, f"{GUIDE[1:]}{paper}.pdf", "another paper")
    for target in (
        "/guides/?city=../../../secret",
        "/guides/?city=..%2F..%2F..%2Fsecret",
        "/guides/?city=dazhou%00",
        "/guides/?../../secret",
        "/guides/_q/city=dazhou.html",
        "/_mode/large/guides/",
        "/guides/?q=dazhou",
        "/guides/?city=dazhou&county=nobody",
        f"{GUIDE}sheet.pdf?size=huge",
        f"{GUIDE}sheet.pdf?size=large&steps=1",
        f"{GUIDE}booklet.pdf?size=large",
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


def test_nobody_waits_for_an_application_that_hangs(tmp_path: Path) -> None:
    with hanging(tmp_path) as site:
        mirrored(site, "guides/index.html", "mirrored")
        assert (site.get("/guides/").status, site.get("/guides/").body) == (200, "mirrored")
        assert site.get("/search/suggest/").status == 503


def test_half_a_second_is_what_an_application_has_for_a_page(tmp_path: Path) -> None:
    options = ("--host=yibao.example", "--listen=127.0.0.1:80", "--app=unix:/run/app.sock")
    conf = (rendered(tmp_path, *options).parent / "site.conf").read_text("utf-8")
    assert set(re.findall(r"proxy_read_timeout (\w+);", conf)) == {"500ms", "60s"}


def test_after_three_failures_readers_are_not_made_to_wait(tmp_path: Path) -> None:
    with hanging(tmp_path) as site:
        mirrored(site, "guides/index.html", "mirrored")

        def is_made_to_wait() -> bool:
            before = len(site.app.asked)
            assert site.get("/guides/").body == "mirrored"
            return len(site.app.asked) > before

        assert is_made_to_wait()
        assert not all(is_made_to_wait() for _ in range(12))


def test_a_busy_typesetter_says_so_itself_and_one_that_is_away_is_stood_in_for(site: WebServer) -> None:
    pdf = f"{GUIDE}sheet.pdf"
    site.app.answer = lambda _: Said(503, "busy", {"Retry-After": "3"})
    assert (site.get(pdf).status, site.get(pdf).body) == (503, "busy")
    site.app.answer = lambda _: Said(body="the paper", headers={"Content-Type": "application/pdf"})
    assert site.get(pdf).body == "the paper"
    site.app.stop()
    assert site.get(pdf).body == "the paper"
