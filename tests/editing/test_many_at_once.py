"""Fifty people save one version of an entry at the same moment: exactly one wins, on either database."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections

from guides.editing import Change, Conflict, apply_guide, apply_office
from guides.models import Guide, Revision
from offices.models import Office
from tests.cast import assemble

WRITERS = 50
AT_ONCE = 8
"""Connections at a time: what the pool of a PostgreSQL holds."""


@pytest.fixture
def database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """The test database itself on PostgreSQL; on SQLite a file with the project's options, for threads of their own."""
    if connection.vendor != "sqlite":
        assemble()
        yield
        return
    file: Any = connection  # SQLite's own attributes
    settings = connection.settings_dict
    name = settings["NAME"]
    connection.close()
    settings["NAME"] = str(tmp_path / "many.sqlite3")
    kept, connection.connection = connection.connection, None
    sharing = file.is_in_memory_db
    file.is_in_memory_db = lambda: False
    try:
        call_command("migrate", verbosity=0)
        assemble()
        connection.close()
        yield
    finally:
        connection.close()
        settings["NAME"], connection.connection = name, kept
        file.is_in_memory_db = sharing


def together(save: Callable[[int], Any]) -> Counter[str]:
    """Run the save in many threads, let go at one moment; how many were saved, refused, or failed otherwise."""
    results: list[str] = []
    turns, start = threading.Semaphore(AT_ONCE), threading.Event()

    def run(number: int) -> None:
        start.wait()
        with turns:
            try:
                save(number)
                results.append("saved")
            except Conflict:
                results.append("refused")
            except Exception as error:  # noqa: BLE001 - the test shows what it was
                results.append(repr(error))
            finally:
                connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    start.set()
    for thread in threads:
        thread.join()
    return Counter(results)


def test_of_fifty_saves_of_one_guide_one_wins(database: None) -> None:
    guide = Guide.objects.with_details().get(city__slug="dazhou", matter__slug="zhuyuan-baoxiao")
    document, seen = guide.document(), guide.version
    outcome = together(
        lambda number: apply_guide({**document, "notes": [f"第{number}人"]}, Change(expected=seen))
    )
    assert outcome == {"saved": 1, "refused": WRITERS - 1}
    (revision,) = Revision.objects.of(guide)
    guide = Guide.objects.with_details().get(pk=guide.pk)
    assert (guide.version, guide.document()) == (seen + 1, revision.after)


def test_of_fifty_saves_of_one_office_one_wins(database: None) -> None:
    office = Office.objects.with_details().get(name="宣汉县医保窗口")
    document, seen = office.document(), office.version
    outcome = together(
        lambda number: apply_office({**document, "address": f"{number}号"}, Change(expected=seen))
    )
    assert outcome == {"saved": 1, "refused": WRITERS - 1}
    (revision,) = Revision.objects.of(office)
    assert Office.objects.with_details().get(pk=office.pk).document() == revision.after


def test_without_a_version_nothing_is_lost_silently(database: None) -> None:
    """Commands name no version: each save is either in the history or refused."""
    guide = Guide.objects.with_details().get(city__slug="dazhou", matter__slug="zhuyuan-baoxiao")
    document = guide.document()
    outcome = together(lambda number: apply_guide({**document, "notes": [f"第{number}人"]}))
    assert set(outcome) <= {"saved", "refused"}
    assert Revision.objects.of(guide).count() == outcome["saved"]
