"""Copy the database of ``DATABASE_URL`` into a folder: ``backup.py FOLDER --keep 30``.

PostgreSQL by pg_dump, SQLite by its own backup, which may run while the site writes. The copy is looked through before it
gets its name; older ones than the last ``--keep`` go only after that. Needs nothing but Python and PostgreSQL's programs.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit


def back_up_postgresql(url: str, copy: Path) -> None:
    """Raises ``CalledProcessError`` when pg_dump fails or its archive cannot be read again."""
    parts = urlsplit(url)
    # The password goes by the environment: everybody on the host may read a command line.
    secret = {"PGPASSWORD": unquote(parts.password)} if parts.password else {}
    without = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")))
    environment = {**os.environ, **secret}
    subprocess.run(["pg_dump", "--format=custom", f"--file={copy}", without], check=True, env=environment)
    subprocess.run(["pg_restore", f"--file={os.devnull}", copy], check=True)


def back_up_sqlite(database: Path, copy: Path) -> None:
    """Raises ``sqlite3.Error`` when the database cannot be copied or the copy is damaged."""
    with (
        closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        (verdict,) = target.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise sqlite3.DatabaseError(verdict)


def back_up(url: str, folder: Path, keep: int, now: datetime) -> Path:
    """The finished copy, named after the minute; all but the newest ``keep`` are taken away."""
    is_sqlite = url.startswith("sqlite:///")
    kind = "sqlite3" if is_sqlite else "dump"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy = folder / f"yibao-{now:%Y%m%dT%H%M%SZ}.{kind}"
    unfinished = copy.with_suffix(f".{kind}.unfinished")
    unfinished.unlink(missing_ok=True)
    if is_sqlite:
        back_up_sqlite(Path(url.removeprefix("sqlite:///")), unfinished)
    else:
        back_up_postgresql(url, unfinished)
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.replace(copy)
    for old in sorted(folder.glob(f"yibao-*.{kind}"))[:-keep]:
        old.unlink()
    return copy


def main() -> int:
    """Say in one sentence what was written, or what is to be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=int, default=30)
    given = parser.parse_args()
    try:
        copy = back_up(os.environ["DATABASE_URL"], given.folder, max(given.keep, 1), datetime.now(UTC))
    except KeyError:
        sys.stderr.write("没有 DATABASE_URL，不知道备份哪个数据库。\n")
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"备份没有成功：{error}。以前的备份都还在，请检查磁盘和数据库。\n")
    else:
        sys.stdout.write(f"已备份到 {copy}（{copy.stat().st_size // 1024} KB）。\n")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
