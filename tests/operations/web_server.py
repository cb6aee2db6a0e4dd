"""nginx with the configuration of deploy/nginx on a port of its own, before an application that says what a test wants."""

from __future__ import annotations

import importlib.util
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import ModuleType
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
RENDER = PROJECT / "deploy" / "nginx" / "render.py"
HOST = "yibao.example"
GUIDE = "/guides/dazhou/zhuyuan-baoxiao/"
PATIENCE = 30
"""Seconds until something is given up that a machine at a loss for time may still do."""
LIKE_A_PAGE = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-cache",
    "X-Accel-Expires": "@1",
    "Vary": "Accept-Encoding, Cookie",
}
"""What guides/ready says with every page."""


@dataclass
class Said:
    """An answer of the application, or of nginx."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    after: Event | None = None
    """What the application waits for before it says this."""


@dataclass
class Asked:
    """A request as it reached the application."""

    method: str
    target: str
    headers: dict[str, str]


class Listening(ThreadingHTTPServer):
    """A server that can be started again at once, and where nobody is turned away at the door."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """nginx may hang up when it likes; anything else is a mistake."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class App:
    """An application server whose answers a test decides, until it is stopped."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], Said] = lambda asked: Said(body=f"page {asked.target}")
        self.port = free_port()
        self.is_stopped = False
        app = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                if app.is_stopped:
                    self.close_connection = True
                    return
                length = int(self.headers.get("Content-Length") or 0)
                self.rfile.read(length)
                asked = Asked(self.command, self.path, dict(self.headers.items()))
                if self.path == "/readyz":
                    said = Said(body="{}")
                else:
                    app.asked.append(asked)
                    said = app.answer(asked)
                if said.after:
                    said.after.wait(PATIENCE)
                with suppress(ConnectionError):  # nginx did not wait
                    self.send(said)

            def send(self, said: Said) -> None:
                body = said.body.encode()
                self.send_response(said.status)
                for name, value in {**(LIKE_A_PAGE if said.status == 200 else {}), **said.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body if self.command != "HEAD" else b"")

            do_GET = do_HEAD = do_POST = handle_any  # noqa: N815 - named by http.server

            def log_message(self, *_: Any) -> None:
                pass

        self.server = Listening(("127.0.0.1", self.port), Handler)
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Nobody listens any more, and who is still connected hears nothing."""
        self.is_stopped = True
        self.server.shutdown()
        self.server.socket.close()

    @property
    def targets(self) -> list[str]:
        """The addresses that were asked for, in their order."""
        return [asked.target for asked in self.asked]


@dataclass
class WebServer:
    """A running nginx and the folders it reads."""

    app: App
    port: int
    folder: Path

    @property
    def mirror(self) -> Path:
        return self.folder / "mirror" / "current"

    @property
    def static(self) -> Path:
        return self.folder / "static"

    def get(self, target: str, method: str = "GET", **headers: str) -> Said:
        """Ask for an address; ``host_header``, ``cookie``… are headers, ``body`` what is sent."""
        return ask(self.port, target, method, **headers)

    def raw(self, lines: str) -> str:
        """What comes back for these very lines and an empty one; "" when nothing does."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(f"{lines}Connection: close\r\n\r\n".encode())
            answer = b""
            with suppress(ConnectionResetError):
                while chunk := connection.recv(65536):
                    answer += chunk
        return answer.decode("utf-8", "replace")


def ask(
    port: int, target: str, method: str = "GET", *, source: str = "127.0.0.1", body: str = "", **headers: str
) -> Said:
    """One request on a connection of its own; the target goes out exactly as written."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE, source_address=(source, 0))
    connection.request(method, target, body or None, {"Host": HOST, **named})
    response = connection.getresponse()
    text = response.read().decode("utf-8", "replace")
    connection.close()
    return Said(response.status, text, {name.lower(): value for name, value in response.getheaders()})


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def render() -> ModuleType:
    """deploy/nginx/render.py, which lies in no package."""
    spec = importlib.util.spec_from_file_location("render", RENDER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rendered(folder: Path, *options: str) -> Path:
    """The configuration written to ``folder/conf`` as an operator writes it; returns its nginx.conf."""
    given = [f"--{name}={folder / name}" for name in ("static", "mirror", "error-pages", "cache", "log")]
    program = render()
    program.write(program.options([*given, f"--out={folder / 'conf'}", "--standalone", *options]))
    return folder / "conf" / "nginx.conf"


@contextmanager
def web_server(folder: Path, *options: str) -> Iterator[WebServer]:
    """nginx before an application, both ended whatever happens.

    The application has all the time it needs, however busy the machine is, unless an option says otherwise.
    """
    app, port = App(), free_port()
    for name in ("static", "mirror/current", "error-pages"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for mode in ("standard", "large", "contrast", "large-contrast"):
        for page in (
            *("400", "403", "404", "405", "410", "413", "429", "500", "502", "503", "503-writing"),
            "503-report",
        ):
            file = folder / "error-pages" / mode / f"{page}.html"
            file.parent.mkdir(exist_ok=True)
            file.write_text(f"static {mode} {page}", "utf-8")
    given = (f"--host={HOST}", f"--listen=127.0.0.1:{port}", f"--app=127.0.0.1:{app.port}")
    conf = rendered(folder, *given, f"--page-timeout={PATIENCE}s", *options)
    nginx = subprocess.Popen([find_nginx(), "-c", conf, "-e", folder / "error.log", "-p", folder])
    try:
        wait_for(port)
        yield WebServer(app, port, folder)
    finally:
        nginx.terminate()
        nginx.wait(PATIENCE)
        app.stop()


def find_nginx() -> str:
    """The program; Debian keeps it where only root looks."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if not found:
        raise FileNotFoundError("nginx is missing: apt-get install nginx-light")
    return found


def wait_for(port: int) -> None:
    """Until somebody listens."""
    for _ in range(PATIENCE * 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on {port}")


def mirrored(site: WebServer, name: str, body: str) -> None:
    """Put a file into the mirror."""
    file = site.mirror / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(body, "utf-8")


def kept_in(site: WebServer) -> int:
    """How many answers nginx has written down, when it has done writing."""
    names = ["unread"]
    for _ in range(PATIENCE * 50):
        names = [path.name for path in (site.folder / "cache").rglob("*") if path.is_file()]
        if all(re.fullmatch("[0-9a-f]{32}", name) for name in names):
            break
        time.sleep(0.02)
    return len(names)


def access_lines(site: WebServer, count: int) -> list[str]:
    """The lines of the access log, which are written when the answer is out already; waits for so many."""
    lines: list[str] = []
    for _ in range(PATIENCE * 50):
        lines = (site.folder / "log" / "yibao.access.log").read_text("utf-8").splitlines()
        if len(lines) >= count:
            break
        time.sleep(0.02)
    return lines
