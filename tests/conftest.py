"""What every test stands on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management.commands.flush import Command as FlushCommand
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from keeping import guard
from offices import memory
from tests import books

pytest_plugins = ["tests.figures"]


@pytest.fixture(scope="session", autouse=True)
def static_files_under_their_own_names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests need no collectstatic; tests/test_static_files.py proves the hashed files of production."""
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": settings.PLAIN_STATIC_FILES}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield


@pytest.fixture(scope="session", autouse=True)
def papers_of_these_tests_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every PDF is set once by the code as it stands, whatever lies in the folder of the site."""
    with override_settings(PAPER_CACHE=tmp_path_factory.mktemp("paper")):
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_remembered() -> None:
    """Tests write rows without a stamp, which no editor can; tests/test_memory.py lets the site remember.

    For the whole session, because a live server may still be answering when its test is over.
    """
    memory.MOST = 0


@pytest.fixture(scope="session", autouse=True)
def audit_trail_emptied_with_the_rest() -> Iterator[None]:
    """Tests with real transactions empty every table when they are over; the trail lets nobody else do that."""
    flush = FlushCommand.handle

    def unguarded(self: FlushCommand, **options: Any) -> None:
        with guard.lifted(connections[options["database"]]):
            flush(self, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FlushCommand, "handle", unguarded)
        yield


@pytest.fixture(scope="module")
def one_connection() -> Iterator[None]:
    """For tests that ask the handler itself: its requests leave the test's connection open, as those of Django's client do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)
        yield


@pytest.fixture(scope="module")
def handbooks(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The catalogue and both real handbooks in the database, taken out again after the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        books.load_real_books()
        yield
        transaction.set_rollback(True)
