"""Every static file a page names is there when the files are collected as in production."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

NAMED_IN_TEMPLATE = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")


def names_in_templates() -> set[str]:
    folders = [settings.BASE_DIR / name for name in ("templates", "guides", "offices")]
    templates = [path for folder in folders for path in folder.rglob("*.html")]
    return {name for path in templates for name in NAMED_IN_TEMPLATE.findall(path.read_text("utf-8"))}


def is_hashed(name: str) -> bool:
    try:
        return staticfiles_storage.url(name) != f"/static/{name}"
    except ValueError:
        return False


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("collected")
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": settings.HASHED_STATIC_FILES}}
    with override_settings(STORAGES=storages, STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield folder


@pytest.mark.usefixtures("collected")
def test_every_file_named_in_a_template_gets_its_hashed_address() -> None:
    missing = [name for name in sorted(names_in_templates()) if not is_hashed(name)]
    assert not missing


@pytest.mark.usefixtures("collected")
def test_a_file_that_does_not_exist_is_noticed() -> None:
    assert not is_hashed("no-such-file.css")


def test_collected_files_come_compressed(collected: Path) -> None:
    assert isinstance(staticfiles_storage, ManifestStaticFilesStorage)
    style_sheet = collected / staticfiles_storage.stored_name("admin/css/base.css")
    assert style_sheet.with_name(style_sheet.name + ".br").exists()
    assert style_sheet.with_name(style_sheet.name + ".gz").exists()
