"""What a page costs a reader on a weak network: the heaviest guide of the real books, and every kind of page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client, override_settings

from guides.models import Guide
from guides.ready.shelf import compress

KILOBYTE = 1024
HTML, STYLES, SCRIPTS, IMAGE = 15 * KILOBYTE, 10 * KILOBYTE, 10 * KILOBYTE, 5 * KILOBYTE
"""Bytes that may come over the wire, compressed as they are served: each page, its style sheets, its scripts, an image."""
HEAVY = 4
"""Guides with the longest documents that are looked at."""
OTHERS = (
    "/",
    "/guides/?city=dazhou&county=xuanhan",
    "/offices/dazhou/xuanhan/",
    "/offices/dazhou/xuanhan/counter/",
    "/matters/zhigong-canbao/",
    "/guides/dazhou/zhigong-canbao/notice/",
    "/guides/dazhou/zhigong-canbao/print/",
    "/plan/dazhou/xuanhan/?matters=zhigong-canbao&matters=zhuyuan-baoxiao",
)

pytestmark = pytest.mark.usefixtures("handbooks")


@cache
def weight(name: str) -> int:
    """Bytes of a static file as whitenoise has compressed it."""
    return len(brotli.compress((settings.BASE_DIR / "static" / name).read_bytes(), quality=11))


def files_of(html: bytes, kind: str) -> list[str]:
    return re.findall(rf'(?:href|src)="/static/([^"]+\.{kind})"', html.decode())


def heaviest_guides() -> Iterator[str]:
    """The pages of the guides that say most: the whole city's, and a county's."""
    guides = list(Guide.objects.published().with_details())
    for guide in sorted(guides, key=lambda guide: len(str(guide.document())), reverse=True)[:HEAVY]:
        yield guide.get_absolute_url()
        for county in guide.city.counties.all()[:2]:
            yield f"{guide.get_absolute_url()}{county.slug}/"


def test_the_heaviest_guides_come_in_fifteen_kilobytes(client: Client) -> None:
    weights = {path: len(compress(client.get(path).content, "br")) for path in heaviest_guides()}
    assert len(weights) == 3 * HEAVY
    assert min(weights.values()) > KILOBYTE
    assert {path: size for path, size in weights.items() if size > HTML} == {}


def test_no_page_has_more_than_ten_kilobytes_of_styles_or_of_scripts(client: Client) -> None:
    for path in (*OTHERS, next(heaviest_guides())):
        html = client.get(path).content
        styles, scripts = files_of(html, "css"), files_of(html, "js")
        assert styles, path
        assert sum(map(weight, styles)) <= STYLES, path
        assert sum(map(weight, scripts)) <= SCRIPTS, path


def test_no_page_loads_a_font_or_a_heavy_image(client: Client) -> None:
    for sheet in (settings.BASE_DIR / "static" / "css").glob("*.css"):
        assert not re.search(r"@font-face|@import|url\(", sheet.read_text("utf-8")), sheet.name
    for path in (*OTHERS, next(heaviest_guides())):
        html = client.get(path).content.decode()
        assert not re.search(r"\.(?:woff2?|ttf|otf)\b|as=\"font\"", html), path
        shown = re.findall(r'<(?:img|source|image)\b[^>]*(?:src|href)="/static/([^"]+)"', html)
        marks = re.findall(r'<link rel="icon" href="/static/([^"]+)"', html)
        assert marks, path
        for name in (*shown, *marks):
            assert (settings.BASE_DIR / "static" / name).stat().st_size <= IMAGE, name


def test_files_with_a_hash_in_their_name_are_kept_for_a_year(tmp_path: Path) -> None:
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": settings.HASHED_STATIC_FILES}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path, WHITENOISE_AUTOREFRESH=False):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin"])
        response = Client().get(staticfiles_storage.url("css/base.css"))
        kept = re.search(r"max-age=(\d+)", response.headers["Cache-Control"])
        assert kept
        assert int(kept[1]) >= 365 * 24 * 60 * 60
        assert "immutable" in response.headers["Cache-Control"]
        response.close()
        plain = Client().get("/static/css/base.css")
        assert "immutable" not in plain.headers["Cache-Control"]
        plain.close()
