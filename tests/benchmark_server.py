"""How fast the production server answers beside nginx with the same bytes: ``make bench-server``.

Starts nginx with the pages as files, granian with the site, granian with the site without its ready pages and granian
with a bare Django view, all on this machine, and has ``wrk`` ask each in turn, round after round, so that a busy machine
slows them all alike. Prints requests per second, the median and the slowest hundredth in milliseconds, and the ratio to
nginx in the same round (medians of the rounds).
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory

FIRST_PORT = 21500
SECONDS = 2
EACH_WORKER = 20
"""Times that each address is asked for beforehand, so that every worker has it ready."""
GUIDE = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"
PAGES = {
    "guide": GUIDE,
    "list": "/guides/?city=dazhou&county=xuanhan&channel=website",
    "search": "/guides/?q=%E4%BD%8F%E9%99%A2%E6%8A%A5%E9%94%80",
    "home": "/",
    "data": "/data/guides.json",
    "PDF": f"{GUIDE}sheet.pdf",
}
NGINX = """
daemon off; worker_processes {workers}; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; default_type text/html; sendfile on; gzip_static on; keepalive_requests 100000000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port}; root {folder}/files;
    location /guides/ {{
      root {mirror}; try_files ${{uri}}index.html =404;
      open_file_cache max=200 inactive=10s; open_file_cache_valid 1s;  # as in deploy/nginx/site.conf
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Target:
    """Something to ask for: ``what`` is the table's line, the port says whom."""

    what: str
    port: int
    path: str
    headers: Mapping[str, str]
    beside: str = ""
    """The line it is compared with: "" is the first."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"


@dataclass(frozen=True)
class Figures:
    """What wrk measured: requests a second, and milliseconds."""

    rate: float
    p50: float
    p99: float


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mirror", type=Path, help="current/ of a mirror, to be measured as well")
    parser.add_argument(
        "--pages", nargs="+", choices=PAGES, default=list(PAGES), help="pages, the guide always among them"
    )
    parser.add_argument("--only", default="", help="targets whose name has this word, beside the first")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    if missing := [program for program in ("wrk", "nginx") if not found(program)]:
        raise SystemExit(f"需要 {'、'.join(missing)}：apt-get install wrk nginx-light")
    with ExitStack() as servers, TemporaryDirectory() as folder:
        pages = {name: path for name, path in PAGES.items() if name in ("guide", *options.pages)}
        first, *others = start_all(servers, Path(folder), pages, options.workers, options.mirror)
        wanted = [target for target in others if options.only in target.what]
        compared = {target.beside for target in wanted}
        targets = [first, *(target for target in others if target in wanted or target.what in compared)]
        for connections in options.connections:
            print(f"\n{connections} connections, {options.workers} workers each, {options.rounds} rounds\n")
            print_table(targets, measured(targets, connections, options.rounds))


def start_all(
    servers: ExitStack, folder: Path, pages: Mapping[str, str], workers: int, mirror: Path | None
) -> list[Target]:
    """Start the four servers; what to ask them for, nginx first. ``pages`` are paths by name."""
    nginx, site, plain, bare = range(FIRST_PORT, FIRST_PORT + 4)
    servers.enter_context(granian("config.wsgi:application", site, workers))
    servers.enter_context(granian("tests.made_each_time:application", plain, workers))
    coded = {"Accept-Encoding": "gzip"}
    bodies = {name: fetched(Target("", site, path, {}))[1] for name, path in pages.items()}
    write_files(folder, bodies, nginx, workers, mirror or folder)
    command = [found("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    servers.enter_context(running(command, nginx, {}))
    servers.enter_context(
        granian("tests.bare_django:application", bare, workers, {"BARE_BODY": str(folder / "files/guide.gz")})
    )
    mark = fetched(Target("", site, GUIDE, coded))[0]["ETag"]
    files = [Target(file_of(name), nginx, f"/{name}", coded) for name in pages]
    ready = [Target(f"{name}, ready", site, path, coded, file_of(name)) for name, path in pages.items()]
    made = [
        Target(f"{name}, made each time", plain, path, coded, file_of(name))
        for name, path in pages.items()
        if name != "PDF"
    ]
    return [
        *files,
        *([Target("nginx, the guide in the mirror", nginx, GUIDE, coded)] if mirror else []),
        *ready,
        Target("guide, 304", site, GUIDE, coded | {"If-None-Match": mark}),
        *made,
        Target("bare Django view, the guide's bytes", bare, "/", coded),
    ]


def file_of(name: str) -> str:
    """The line of a page's bytes as a file of nginx."""
    return f"nginx, {name} as a file"


def write_files(folder: Path, bodies: Mapping[str, bytes], port: int, workers: int, mirror: Path) -> None:
    """The pages with their compressed twins, and the configuration of an nginx that only serves them."""
    folder.chmod(0o755)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, workers=workers, mirror=mirror))
    (folder / "files").mkdir()
    for name, body in bodies.items():
        (folder / "files" / name).write_bytes(body)
        if name != "PDF":
            (folder / "files" / f"{name}.gz").write_bytes(gzip.compress(body, 6, mtime=0))


def found(program: str) -> str:
    """Where a program lies; "" when it is not installed."""
    return which(program, path=f"{os.environ['PATH']}:/usr/sbin") or ""


def granian(
    application: str,
    port: int,
    workers: int,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> AbstractContextManager[None]:
    """The production server as ``make run`` starts it, with so many workers; ``folder`` is another project's."""
    program = folder.parent / "venv/bin/granian" if folder else Path(sys.executable).with_name("granian")
    command = [
        *(str(program), "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--no-ws", "--workers", str(workers), "--blocking-threads", "4"),
        *("--workers-kill-timeout", "2", "--log-level", "warning", application),
    ]
    site = {"SITE_URL": f"http://127.0.0.1:{port}"}
    if folder:
        site["DJANGO_SETTINGS_MODULE"] = "peer.settings.production"
    return running(command, port, {**site, **(environment or {})}, folder)


@contextmanager
def running(
    command: list[str], port: int, environment: Mapping[str, str], folder: Path | None = None
) -> Iterator[None]:
    """The server, from its first answer to the end of the block."""
    server = subprocess.Popen(command, env={**os.environ, **environment}, cwd=folder)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                HTTPConnection("127.0.0.1", port, timeout=5).connect()
                break
            except OSError:
                if time.monotonic() > until or server.poll() is not None:
                    raise
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(30)


def fetched(target: Target) -> tuple[Message, bytes]:
    """Ask once; what is no answer stops the measurement. A paper that is being set is waited for."""
    status = 0
    for _ in range(50):
        connection = HTTPConnection("127.0.0.1", target.port, timeout=60)
        connection.request("GET", target.path, headers=dict(target.headers))
        response = connection.getresponse()
        status, headers, body = response.status, response.headers, response.read()
        connection.close()
        if status in (200, 304):
            return headers, body
        time.sleep(0.5)
    raise SystemExit(f"{target.url}：{status}")


def measured(targets: list[Target], connections: int, rounds: int) -> dict[str, list[Figures]]:
    """The figures of each target, round by round."""
    for target in targets * EACH_WORKER:
        fetched(target)
    found: dict[str, list[Figures]] = {target.what: [] for target in targets}
    for _ in range(rounds):
        for target in targets:
            found[target.what].append(wrk(target, connections))
    return found


def wrk(target: Target, connections: int) -> Figures:
    """Ask as fast as it goes for some seconds; any other answer than 200 or 304 stops the measurement."""
    headers = [part for name, value in target.headers.items() for part in ("-H", f"{name}: {value}")]
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{SECONDS}s",
        "--latency",
        "--timeout",
        "30s",
        *headers,
        target.url,
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"{target.what}：{said}")
    rate = re.search(r"Requests/sec: +([\d.]+)", said)
    assert rate, said
    return Figures(float(rate[1]), milliseconds(said, "50%"), milliseconds(said, "99%"))


def milliseconds(said: str, part: str) -> float:
    """One line of wrk's distribution of latencies."""
    line = re.search(rf"{part} +([\d.]+)(us|ms|s)\b", said)
    assert line, said
    return float(line[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[line[2]]


def print_table(targets: list[Target], found: Mapping[str, list[Figures]], beside: str = "nginx") -> None:
    """Medians; ratios to the line that a target is compared with are formed within each round."""
    print(f"| | requests/s | p50 ms | p99 ms | : {beside} |")
    print("|---|---|---|---|---|")
    for target in targets:
        rounds, others = found[target.what], found[target.beside or targets[0].what]
        ratio = median(one.rate / other.rate for one, other in zip(rounds, others, strict=True))
        rate, p50, p99 = (median(getattr(one, name) for one in rounds) for name in ("rate", "p50", "p99"))
        print(f"| {target.what} | {rate:,.0f} | {p50:.2f} | {p99:.2f} | {ratio:.3f} |")


if __name__ == "__main__":
    main()
