"""A visit to the site of docs/operations.md through nginx: what a reader and an editor must find."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

HOST = "yibao.example.gov.cn"
GUIDE = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"
NEVER_ASKED = "/guides/suining/dianzi-pingzheng/print/"
NEVER_ASKED_TEXT = "/guides/suining/dianzi-pingzheng/text/"
EDIT = """
from guides.editing import apply_office
from offices.models import Office
document = Office.objects.with_details().filter(county__slug="xuanhan", kind="counter").first().document()
document["name"] = document["name"].split("（演练")[0] + "{mark}"
apply_office(document)
"""

Inside = Callable[[str], str]


class OurSite(HTTPSConnection):
    """A connection to the site on this machine, whatever its name means elsewhere."""

    def __init__(self) -> None:
        self.trust = ssl.create_default_context()
        self.trust.check_hostname = False
        self.trust.verify_mode = ssl.CERT_NONE
        super().__init__(HOST, timeout=10, context=self.trust)

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", 443), timeout=10)
        self.sock = self.trust.wrap_socket(plain, server_hostname=HOST)


def get(target: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    """One request over TLS, on a connection of its own."""
    connection = OurSite()
    connection.request(
        method, target, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def visit(root: Path, inside: Inside) -> None:
    """Raises ``AssertionError`` at the first thing that is not as the document promises."""
    wait_until_ready()
    looks_like_a_site()
    says_safe_headers()
    knows_one_name()
    keeps_secrets(inside)
    shows_an_edit_soon(inside)
    goes_on_without_the_application(root, inside)


def wait_until_ready() -> None:
    for _ in range(100):
        if get("/admin/login/")[0].status == 200:
            return
        time.sleep(0.2)
    raise AssertionError("the desk does not answer")


def looks_like_a_site() -> None:
    response, home = get("/")
    assert response.status == 200
    styles = re.findall(r'href="(/static/[^"]+\.css)"', home.decode())
    assert len(styles) >= 2
    for style in styles:
        file, _ = get(style, Accept_Encoding="br")
        assert file.status == 200
        assert file.getheader("Cache-Control") == "public, max-age=31536000, immutable"
        assert file.getheader("Content-Encoding") == "br"
    guide, text = get(GUIDE)
    assert guide.status == 200
    assert "宣汉" in text.decode()
    assert get(GUIDE, If_None_Match=guide.getheader("ETag") or "")[0].status == 304
    login, form = get("/admin/login/")
    assert "csrfmiddlewaretoken" in form.decode()
    assert "no-store" in (login.getheader("Cache-Control") or "")
    sheet, paper = get(f"{GUIDE}sheet.pdf")
    assert (sheet.status, sheet.getheader("Content-Type")) == (200, "application/pdf")
    assert paper.startswith(b"%PDF-")


def says_safe_headers() -> None:
    of_page, of_file = get(GUIDE)[0].headers, get("/favicon.ico")[0].headers
    for name in (
        "Content-Security-Policy",
        "Strict-Transport-Security",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Cross-Origin-Opener-Policy",
    ):
        assert of_page[name], name
        assert policy(of_page[name]) == policy(of_file[name]), name
    assert of_page["Server"] == "nginx"


def policy(header: str) -> set[str]:
    return {part.strip() for part in header.split(";")}


def knows_one_name() -> None:
    plain = HTTPConnection("127.0.0.1", 80, timeout=5)
    plain.request("GET", "/guides/?city=dazhou", headers={"Host": HOST})
    answer = plain.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, f"https://{HOST}/guides/?city=dazhou")
    offered = ssl.create_default_context()
    offered.check_hostname, offered.verify_mode = False, ssl.CERT_NONE
    offered.set_alpn_protocols(["h2"])
    with (
        socket.create_connection(("127.0.0.1", 443)) as wire,
        offered.wrap_socket(wire, server_hostname=HOST) as tls,
    ):
        assert tls.selected_alpn_protocol() == "h2"
    try:
        with (
            socket.create_connection(("127.0.0.1", 443)) as wire,
            offered.wrap_socket(wire, server_hostname="evil.example"),
        ):
            pass
    except ssl.SSLError:
        return
    raise AssertionError("another name was answered")


def keeps_secrets(inside: Inside) -> None:
    users = inside("ps -eo user:20,args 2>/dev/null | grep '[g]ranian\\|[y]ibao' || true")
    assert "root" not in {line.split()[0] for line in users.splitlines() if "granian" in line}
    modes = inside(
        "stat --format='%a %U:%G' /etc/yibao/yibao.env /etc/yibao/tls /var/lib/yibao/backup /run/yibao/app.sock"
    )
    assert modes.split("\n")[:4] == [
        "640 root:yibao",
        "700 root:root",
        "700 yibao:yibao",
        "660 yibao:yibao",
    ], modes
    refused = inside("runuser -u nobody -- cat /etc/yibao/yibao.env 2>&1 || true")
    assert "Permission denied" in refused


def shows_an_edit_soon(inside: Inside) -> None:
    mark = f"（演练{time.time_ns()}）"
    get(GUIDE)
    inside(
        "cd /opt/yibao/current && runuser -u yibao -- .venv/bin/python manage.py shell --verbosity 0 --command "
        f"'{EDIT.format(mark=mark)}'"
    )
    saved = time.monotonic()
    while mark not in get(GUIDE)[1].decode():
        assert time.monotonic() - saved < 2, "the edit is not to be seen after two seconds"
        time.sleep(0.05)


def goes_on_without_the_application(root: Path, inside: Inside) -> None:
    inside("systemctl start yibao-mirror.service")
    mirrored = root / "var/lib/yibao/mirror/current"
    assert (root / "var/lib/yibao/mirror" / mirrored.readlink() / "index.html").exists()
    kept = get(GUIDE)[1]
    inside("systemctl stop yibao.service")
    for target, expected in ((GUIDE, kept), (NEVER_ASKED, b"<!DOCTYPE html>"), (NEVER_ASKED_TEXT, b"")):
        began = time.monotonic()
        response, body = get(target)
        assert response.status == 200, target
        assert expected in body
        assert time.monotonic() - began < 1
    for target, method in (("/admin/", "GET"), ("/admin/login/", "POST")):
        began = time.monotonic()
        response, body = get(target, method)
        assert (response.status, response.getheader("Retry-After")) == (503, "30")
        assert "12393" in body.decode()
        assert time.monotonic() - began < 1
    inside("systemctl start yibao.service")
    wait_until_ready()
