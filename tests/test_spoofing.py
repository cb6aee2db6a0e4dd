"""What a visitor says of host, scheme, address or himself is never shown, never kept and never believed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, override_settings

from guides.ready import ReadyPages
from tests.cast import Cast, assemble, html_of
from tests.in_production import SITE, THROUGH_NGINX, in_production

pytestmark = pytest.mark.usefixtures("one_connection")
GUIDE = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"
LIES = {
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_SERVER": "evil.example",
    "HTTP_X_FORWARDED_PORT": "666",
    "HTTP_X_FORWARDED_PREFIX": "/evil.example",
    "HTTP_X_FORWARDED_FOR": "evil.example",
    "HTTP_X_ORIGINAL_URL": "/evil.example/",
    "HTTP_X_REWRITE_URL": "/evil.example/",
    "HTTP_FORWARDED": "for=evil.example;host=evil.example;proto=http",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
    "HTTP_X_REQUEST_ID": "evil.example",
    "HTTP_REFERER": "https://evil.example/",
    "HTTP_ORIGIN": "https://evil.example",
    "HTTP_USER_AGENT": "evil.example",
    "HTTP_ACCEPT_LANGUAGE": "evil.example",
    "HTTP_COOKIE": "display=evil.example; sessionid=evil.example",
    "CONTENT_TYPE": "text/html; charset=latin-1",
}
PAGES = (
    GUIDE,
    f"{GUIDE}print/",
    f"{GUIDE}text/",
    "/guides/?q=住院",
    "/sitemap.xml",
    "/robots.txt",
    "/data/guides.json",
    "/offices/dazhou/xuanhan/",
    "/nothing/",
    "/guides",
)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def production(cast: Cast) -> Iterator[Client]:
    with in_production():
        yield Client(headers=THROUGH_NGINX)


class Site:
    """The site behind its ready pages, in production."""

    def __init__(self) -> None:
        self.ready = ReadyPages(WSGIHandler())
        self.ready.watch.begin = lambda: self.ready.watch.seen  # type: ignore[method-assign]
        self.ready.watch.look()

    def get(self, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        path, _, query = url.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "app",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": SITE,
            "HTTP_X_FORWARDED_PROTO": "https",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            **headers,
        }
        began: list[Any] = []
        body = b"".join(self.ready(environ, lambda *said: began.extend(said)))
        return int(began[0].split()[0]), dict(began[1]), body

    @property
    def kept(self) -> int:
        return len(self.ready.pages) + len(self.ready.questions)


@pytest.fixture
def site(cast: Cast) -> Iterator[Site]:
    with in_production():
        yield Site()


def test_no_header_of_a_visitor_is_in_any_answer(production: Client) -> None:
    for url in PAGES:
        honest = production.get(url)
        lied = production.get(url, **LIES)  # type: ignore[arg-type]
        assert lied.status_code == honest.status_code, url
        assert "evil" not in html_of(lied), url
        assert "evil" not in str(lied.headers), url


def test_another_host_is_refused_and_not_repeated(production: Client) -> None:
    for host in (
        "evil.example",
        f"evil.{SITE}",
        f"{SITE}.evil.example",
        f"{SITE},evil.example",
        f"{SITE}@evil.example",
        f"evil.example/{SITE}",
        "127.0.0.1",
        "",
    ):
        answer = production.get("/guides/", headers={"host": host})
        assert answer.status_code == 400, host
        assert "evil" not in html_of(answer) + str(answer.headers), host


def test_a_port_that_a_visitor_made_up_is_in_no_link(production: Client) -> None:
    answer = production.get(GUIDE, headers={"host": f"{SITE}:666"})
    assert answer.status_code == 200
    assert "666" not in str(answer.headers)
    assert f'rel="canonical" href="{settings.SITE_URL}{GUIDE}"' in html_of(answer)
    assert f"{SITE}:666" not in html_of(answer)


def test_canonical_links_sitemap_data_about_the_page_and_qr_are_of_site_url(production: Client) -> None:
    page = html_of(production.get(GUIDE))
    assert f'rel="canonical" href="https://{SITE}{GUIDE}"' in page
    assert f'"https://{SITE}' in page[page.index("application/ld+json") :]
    for address in ("/sitemap.xml", "/robots.txt", f"{GUIDE}text/", f"{GUIDE}print/"):
        assert f"https://{SITE}/" in html_of(production.get(address)), address


def test_what_a_visitor_says_of_himself_fills_nothing_for_others(site: Site) -> None:
    for url in (GUIDE, "/guides/?q=%E4%BD%8F%E9%99%A2"):
        lied = site.get(url, **LIES)
        honest = site.get(url)
        assert b"evil" not in lied[2] + str(lied[1]).encode()
        assert lied == honest
        fresh = Site().get(url)
        assert honest[2] == fresh[2], url
    assert site.kept == 2


def test_a_made_up_charset_cannot_change_a_page_that_is_kept(site: Site) -> None:
    status, _, page = site.get("/guides/?q=%E4%BD%8F%E9%99%A2", CONTENT_TYPE="x/y; charset=latin-1")
    assert status == 200
    assert "住院" in page.decode()
    assert "ä½" not in page.decode()


def test_hosts_ports_and_schemes_make_no_entries_of_their_own(site: Site) -> None:
    site.get(GUIDE)
    for number in range(1, 20):
        assert site.get(GUIDE, HTTP_HOST=f"{SITE.upper()}:{number}")[0] == 200
    assert site.get(GUIDE, HTTP_HOST="evil.example")[0] == 400
    assert site.get(GUIDE, HTTP_HOST="")[0] == 400
    for scheme in ("http", "HTTPS", "x", "http,https", ""):
        status, headers, _ = site.get(GUIDE, HTTP_X_FORWARDED_PROTO=scheme)
        assert (status, headers.get("Location")) == (301, f"https://{SITE}{GUIDE}"), scheme
    assert site.kept == 1


def test_where_nobody_stands_in_front_the_scheme_is_not_believed(cast: Cast) -> None:
    with override_settings(ALLOWED_HOSTS=[SITE]):
        site = Site()
        for number in range(5):
            assert site.get(GUIDE, HTTP_X_FORWARDED_PROTO=f"lie{number}")[0] == 200
        assert site.kept == 1
