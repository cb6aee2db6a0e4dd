"""The parts of a running site, each of which can be stopped, paused and killed: databases, application servers, nginx."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psycopg

from tests.with_postgres import as_server_user, find_programs

PROJECT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"


class Postgres:
    """One PostgreSQL, on a socket in its own folder. Unlike that of the tests it keeps what it has promised to keep."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.url = f"postgres://postgres@/postgres?host={folder}"
        folder.mkdir(parents=True)
        if user := as_server_user():
            shutil.chown(folder, user["user"], user["group"])

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [find_programs() / program, "--pgdata", self.data, *arguments]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, **as_server_user())

    def create(self) -> None:
        self._run("initdb", "--username=postgres", "--auth=trust", "--locale=C.UTF-8", "--encoding=UTF8")

    def follow(self, primary: Postgres) -> None:
        """Become a streaming replica."""
        self._run("pg_basebackup", "--host", primary.folder, "--username=postgres", "--write-recovery-conf")

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c wal_level=replica -c max_connections=100"
        self._run("pg_ctl", "start", "--wait", "--log", self.folder / "log", "--options", options)

    def stop(self) -> None:
        """At once, as if the power went."""
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "stop", "--mode=immediate")

    @contextmanager
    def hung(self) -> Iterator[None]:
        """Every table locked by somebody who does not let go."""
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres") as holder:
            names = [
                row[0] for row in holder.execute("SELECT tablename FROM pg_tables WHERE schemaname='public'")
            ]
            tables = psycopg.sql.SQL(", ").join(psycopg.sql.Identifier(name) for name in names)
            holder.execute(psycopg.sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(tables))
            yield
            holder.rollback()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """It takes connections and answers nothing, as on a machine whose disk hangs."""
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        pids = [*children(main), main]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)


class Process:
    """A program that is started, awaited and killed; what it says goes to a file."""

    def __init__(self, command: list[str], log: Path, **environment: str) -> None:
        self.command, self.log = command, log
        self.environment = os.environ | environment
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as said:
            self.running = subprocess.Popen(
                self.command,
                cwd=PROJECT,
                env=self.environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def kill(self) -> None:
        """The program and what it started, at once."""
        if self.running:
            with suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.running = None


class App(Process):
    """An application server as the service unit starts it."""

    def __init__(self, folder: Path, port: int, **environment: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        options = (
            f"--interface wsgi --host {HOST} --port {port} --no-ws --workers 2 --blocking-threads 8 "
            "--respawn-failed-workers --respawn-interval 0.1 --workers-kill-timeout 2 --log-level warning"
        )
        granian = str(Path(sys.executable).parent / "granian")
        super().__init__(
            [granian, *options.split(), "config.wsgi:application"], folder / f"app-{port}.log", **environment
        )
        self.port = port

    def workers(self) -> list[int]:
        return workers_of(self.running.pid) if self.running else []

    def wait(self, seconds: float = 60) -> float:
        """Seconds until it says that it is ready."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if is_ready(self.port):
                return time.monotonic() - began
            time.sleep(0.05)
        sys.exit(f"{self.command}: not ready after {seconds:g} s, see {self.log}")


class Nginx(Process):
    """nginx with the configuration of ``deploy/nginx``."""

    def __init__(self, folder: Path, port: int, apps: list[App], mirror: Path, pages: Path) -> None:
        self.folder, self.cache, self.port = folder, folder / "cache", port
        options = {
            "host": HOST,
            "listen": f"{HOST}:{port}",
            "static": PROJECT / "var" / "static",
            "mirror": mirror,
            "error-pages": pages,
            "cache": self.cache,
            "log": folder / "log",
            "out": folder / "nginx",
        }
        command = [sys.executable, "deploy/nginx/render.py", "--standalone"]
        command += [f"--{name}={value}" for name, value in options.items()]
        command += [f"--app={HOST}:{app.port}" for app in apps]
        subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
        config = folder / "nginx" / "nginx.conf"
        super().__init__(
            ["nginx", "-p", str(folder), "-e", str(folder / "log" / "start.log"), "-c", str(config)],
            folder / "nginx.log",
        )

    def wipe(self) -> None:
        """Start anew with nothing kept."""
        self.kill()
        shutil.rmtree(self.cache)
        self.cache.mkdir()
        self.start()
        time.sleep(0.5)


def is_ready(port: int) -> bool:
    """What the application server says of itself."""
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return bool(json.loads(answer.read())["ready"])
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()


def children(pid: int) -> list[int]:
    """Processes started by a process."""
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def workers_of(pid: int) -> list[int]:
    """The workers of a granian: its children, but for the one that Python itself starts."""
    return [
        each
        for each in children(pid)
        if b"resource_tracker" not in Path(f"/proc/{each}/cmdline").read_bytes()
    ]


def manage(*arguments: str, **environment: str) -> None:
    """Run a command of the site; ends the drill when it fails."""
    given: dict[str, Any] = {"cwd": PROJECT, "env": os.environ | environment, "stdout": subprocess.DEVNULL}
    if subprocess.run([sys.executable, "manage.py", *arguments], check=False, **given).returncode:
        sys.exit(f"manage.py {' '.join(arguments)} failed")
