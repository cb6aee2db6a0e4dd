"""The disk is full: whoever writes is told so in Chinese, and nothing is left half done. (``make drill-safety`` fills a real one.)"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError

from guides.full_disk import is_full
from guides.models import Handbook
from guides.sheets.shelf import Shelf
from tests import books


def raised(cause: BaseException) -> OperationalError:
    error = OperationalError("as Django raises it")
    error.__cause__ = cause
    return error


def full_sqlite() -> sqlite3.Error:
    """What SQLite itself raises when it may not have another page."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.Error) as full:
            connection.execute("CREATE TABLE t AS SELECT zeroblob(100000)")
    return full.value


def test_a_full_disk_is_known_by_whoever_says_so() -> None:
    assert is_full(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert is_full(raised(full_sqlite()))
    assert is_full(raised(psycopg.errors.DiskFull("no space left on device")))
    assert not is_full(OSError(errno.EACCES, "permission"))
    assert not is_full(raised(psycopg.errors.LockNotAvailable("lock")))
    assert not is_full(raised(sqlite3.OperationalError("no such table")))


def test_a_paper_for_which_there_is_no_room_leaves_no_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def half(path: Path, pdf: bytes) -> None:
        with path.open("wb") as file:
            file.write(pdf[:3])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", half)
    Shelf(tmp_path, 1000).put("a", b"%PDF-1.7 %%EOF")
    assert list(tmp_path.iterdir()) == []
    assert "papers are not kept" in caplog.text


@pytest.mark.django_db
def test_an_import_whose_report_has_no_room_is_done_and_says_both(tmp_path: Path) -> None:
    description = tmp_path / "city.toml"
    description.write_text(books.NOWHERE_TOML, "utf-8")
    book = tmp_path / "yunshan.txt"
    book.write_text(books.table_book(["职工参保登记"]), "utf-8")
    said, wrong = StringIO(), StringIO()
    call_command(
        "import_handbook",
        book,
        city="yunshan",
        description=description,
        report=tmp_path / "no folder" / "report.md",
        stdout=said,
        stderr=wrong,
    )
    assert "报告写不到" in wrong.getvalue()
    assert "导入完成" in said.getvalue()
    assert Handbook.objects.filter(city__slug="yunshan").exists()
