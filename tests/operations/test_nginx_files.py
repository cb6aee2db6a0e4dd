"""Files that nginx sends itself, and what it says with them."""

from __future__ import annotations

from pathlib import Path

from tests.observatory import points
from tests.operations.web_server import Said, WebServer, mirrored, web_server


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


def test_every_answer_of_nginx_has_120_points_of_the_observatory(tmp_path: Path) -> None:
    with web_server(tmp_path, "--scheme=https") as site:
        (site.static / "base.css").write_text("body{}", "utf-8")
        mirrored(site, "guides/index.html", "mirrored")
        site.app.stop()
        for target, status in (
            ("/guides/", 200),
            ("/static/base.css", 200),
            ("/static/nothing.css", 404),
            ("/nothing/", 503),
            ("/admin/", 503),
            ("/display/?mode=large&next=%2F", 302),
        ):
            answer = site.get(target)
            cookies = [answer.headers["set-cookie"]] if "set-cookie" in answer.headers else []
            assert answer.status == status, target
            assert points(answer.headers, cookies) >= 120, target


def test_a_fault_of_the_application_at_the_desk_is_told_as_such_with_nginxs_own_page(site: WebServer) -> None:
    site.app.answer = lambda _: Said(500, "Traceback")
    for target, method in (("/admin/", "GET"), ("/admin/login/", "POST"), ("/guides/dazhou/", "POST")):
        answer = site.get(target, method, body="a=b" if method == "POST" else "", Cookie="display=large")
        assert (answer.status, answer.body) == (500, "static large 500"), target
        assert answer.headers["cache-control"] == "no-store"
