"""What every answer says to the browser about what it may do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import Cast, assemble
from tests.figures import Figures
from tests.in_production import THROUGH_NGINX, in_production
from tests.observatory import points

ADDRESSES = {
    "/": 200,
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/": 200,
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/": 200,
    "/guides/dazhou/zhuyuan-baoxiao/xuanhan/sheet.pdf": 200,
    "/guides/dazhou/zhuyuan-baoxiao/text/": 200,
    "/data/guides.json": 200,
    "/sitemap.xml": 200,
    "/manifest.webmanifest": 200,
    "/nothing/": 404,
    "/guides": 301,
    "/display/?mode=large&next=/": 302,
    "/admin/": 302,
    "/admin/login/": 200,
    "/static/headers.css": 200,
    "/healthz": 200,
}
SAID = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def production(cast: Cast) -> Iterator[Client]:
    """A browser at a production site, through nginx."""
    (Path(settings.STATIC_ROOT) / "headers.css").write_text("body{}", "utf-8")
    with in_production():
        yield Client(headers=THROUGH_NGINX)


def test_every_answer_has_every_header_and_120_points_of_the_observatory(
    production: Client, figures: Figures
) -> None:
    for address, status in ADDRESSES.items():
        answer = production.get(address)
        assert answer.status_code == status, address
        assert {name: answer.headers.get(name) for name in SAID} == SAID, address
        directives = dict(
            part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
        )
        assert directives["default-src"] == directives["frame-ancestors"] == "'none'", address
        assert {*directives.values()} == {"'none'", "'self'"}, address
        features = answer.headers["Permissions-Policy"].split(", ")
        assert {"camera=()", "geolocation=()", "microphone=()"} < set(features), address
        assert all(feature.endswith("=()") for feature in features), address
        cookies = [cookie.OutputString() for cookie in answer.cookies.values()]
        given = points(answer.headers, cookies)
        figures.least("points of the Observatory", given)
        assert given >= 120, address
        answer.close()  # a file stays open otherwise


def test_other_methods_get_the_headers_too(production: Client) -> None:
    for method in ("post", "put", "delete", "options", "trace", "head"):
        assert points(getattr(production, method)("/guides/").headers) >= 120, method


def test_the_way_to_tls_has_them_and_names_the_host_of_site_url(production: Client) -> None:
    answer = production.get(
        "/guides/?q=1", headers={"x-forwarded-proto": "http", "host": "yibao.example.gov.cn:99"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        "https://yibao.example.gov.cn/guides/?q=1",
    )
    assert "Strict-Transport-Security" not in answer.headers
    for name in set(SAID) - {"Strict-Transport-Security"}:
        assert answer.headers[name] == SAID[name]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_fault_of_ours_has_them(production: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("ours")

    production.raise_request_exception = False
    monkeypatch.setattr("guides.views.listing.GuideFilterSet", fail)
    answer = production.get("/guides/")
    assert answer.status_code == 500
    assert points(answer.headers) >= 120


WITHOUT = {
    "Content-Security-Policy": 80,
    "X-Content-Type-Options": 95 + 30,
    "Strict-Transport-Security": 80,
    "Cross-Origin-Resource-Policy": 120,
    "Referrer-Policy": 125,
}
WHOLE = {**SAID, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}


def test_the_scorer_knows_what_is_missing() -> None:
    assert points(WHOLE) == 130
    for name, expected in WITHOUT.items():
        assert points({key: value for key, value in WHOLE.items() if key != name}) <= expected, name
    for policy in (
        "script-src 'self' 'unsafe-inline'",
        "default-src *",
        "default-src 'none'; script-src data:",
    ):
        assert points({**WHOLE, "Content-Security-Policy": policy}) < 90, policy
    assert points({**WHOLE, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}) < 120
    assert points(WHOLE, ["sessionid=1; Secure; HttpOnly; SameSite=Lax"]) == 135
    assert points(WHOLE, ["sessionid=1; Secure; SameSite=Lax"]) == 70
    assert points(WHOLE, ["sessionid=1; HttpOnly; SameSite=Lax"]) == 125
