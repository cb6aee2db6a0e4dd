"""Who wants to write to SQLite stands in a queue: nobody is unlucky for twenty seconds while others save again and again."""

from __future__ import annotations

import fcntl
from pathlib import Path
from threading import Event, Thread

import pytest
from django.conf import settings
from django.db import OperationalError, connections

from keeping.sqlite3 import base


def test_the_site_uses_the_queue() -> None:
    assert isinstance(connections["default"], base.DatabaseWrapper) != settings.IS_POSTGRESQL
    assert connections["default"].vendor == ("postgresql" if settings.IS_POSTGRESQL else "sqlite")


def test_one_thread_at_a_time_has_the_turn(tmp_path: Path) -> None:
    database, first_has_it, second_has_it, go_on = str(tmp_path / "db"), Event(), Event(), Event()

    def first() -> None:
        with base.turn(database):
            first_has_it.set()
            go_on.wait(30)

    def second() -> None:
        with base.turn(database):
            second_has_it.set()

    threads = [Thread(target=first), Thread(target=second)]
    threads[0].start()
    assert first_has_it.wait(30)
    threads[1].start()
    assert not second_has_it.wait(0.2)
    go_on.set()
    assert second_has_it.wait(30)
    for thread in threads:
        thread.join()


def test_another_process_that_has_the_turn_is_waited_for_and_then_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "PATIENCE", 0.1)
    database = str(tmp_path / "db")
    with Path(f"{database}-turn").open("w") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        with pytest.raises(OperationalError, match="no turn"), base.turn(database):
            pass
    with base.turn(database):
        pass


def test_a_disk_on_which_no_file_can_be_made_is_left_to_sqlite(tmp_path: Path) -> None:
    with base.turn(str(tmp_path / "no folder" / "db")):
        pass
