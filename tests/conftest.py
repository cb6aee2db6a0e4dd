"""What every test stands on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import override_settings


@pytest.fixture(scope="session", autouse=True)
def static_files_under_their_own_names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests need no collectstatic; tests/test_static_files.py proves the hashed files of production."""
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": settings.PLAIN_STATIC_FILES}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield
