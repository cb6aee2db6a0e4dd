"""Run a command against a throw-away PostgreSQL: ``python tests/with_postgres.py COMMAND…``.

The server listens on a socket in a temporary folder only, and nothing of it is left afterwards. The
command finds it through ``DATABASE_URL``; its exit code is passed on.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FASTER_BUT_UNSAFE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
# Tests roll their rows back; autovacuum would note those tables as empty, and the planner would then
# read them row by row in every later test (measured: seconds for one look-up by natural key).
WITHOUT_AUTOVACUUM = "-c autovacuum=off"


def find_programs() -> Path:
    """The folder with initdb and pg_ctl: in PATH, where pg_config says, or Debian's newest version."""
    in_path = shutil.which("initdb")
    folders = [Path(in_path).resolve().parent] if in_path else []
    if config := shutil.which("pg_config"):
        folders.append(Path(subprocess.check_output([config, "--bindir"], text=True).strip()))
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    sys.exit("PostgreSQL server not found: apt-get install postgresql")


def as_server_user() -> dict[str, Any]:
    """Arguments for subprocess: PostgreSQL refuses to run as root, so root becomes ``postgres``."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def server() -> Iterator[str]:
    """Start a new cluster, give its URL, and remove it whatever happens."""
    programs, user = find_programs(), as_server_user()
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    data, log = folder / "data", folder / "log"

    def run(program: str, *arguments: str | Path) -> None:
        command = [programs / program, "--pgdata", data, *arguments]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, **user)

    try:
        if user:
            shutil.chown(folder, user["user"], user["group"])
        run(
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--no-sync",
            "--locale=C.UTF-8",
            "--encoding=UTF8",
        )
        options = f"-k {folder} -c listen_addresses='' {FASTER_BUT_UNSAFE} {WITHOUT_AUTOVACUUM}"
        try:
            run("pg_ctl", "start", "--wait", "--log", log, "--options", options)
            yield f"postgres://postgres@/postgres?host={folder}"
        except subprocess.CalledProcessError:
            sys.stderr.write(log.read_text() if log.exists() else "")
            raise
        finally:
            if (data / "postmaster.pid").exists():
                run("pg_ctl", "stop", "--mode=immediate")
    finally:
        shutil.rmtree(folder)


def main(command: list[str]) -> int:
    """Run the command and return its exit code."""
    if not command:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with server() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
