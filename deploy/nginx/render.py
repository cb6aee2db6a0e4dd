"""Write the nginx configuration of one host from the templates beside this file.

Needs Python alone, so that a machine with nothing but nginx can use it. Options may stand in a file, one a line, as
``--name=value``: ``render.py @/etc/yibao/nginx.options``. ``--standalone`` adds an ``nginx.conf`` of its own, for tests
and drills on loopback.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent
INCLUDED = ("site", "page", "desk", "proxy", "headers", "from_disk", "types", "error_pages", "unreadable")
STYLE_SHEETS = tuple(
    TEMPLATES.parents[1] / "static" / "css" / name for name in ("variables.css", "base.css", "message.css")
)
"""What stands inside the error pages, as ``guides/error_pages.py`` joins it; a test holds both equal."""

SEGMENT = "[A-Za-z0-9][A-Za-z0-9_.-]*"
KNOWN = (
    "q|city|county|channel|limit|audience|category|sort|literal|page|"
    "a|matters|paper|accepted|size|steps|notes|case|missing|copies|since"
)
"""The arguments that pages understand, as in ``offices/addresses.py``; a test holds both equal."""
PATTERNS = {
    "segment": SEGMENT,
    "path": rf"/(?:{SEGMENT}/)*(?:{SEGMENT})?",
    "of_a_county": rf"(?:guides/|materials/|sitemap/|(?:life-events|paths)/{SEGMENT}/)?",
    "of_a_city": rf"matters/{SEGMENT}/",
    "known": rf"(?:{KNOWN})(?:=[^&]*)?",
    "unknown": rf"(?!(?:{KNOWN})(?:[=&]|$))[A-Za-z0-9_.-]+(?:=[^&]*)?",
}
HSTS = "max-age=31536000; includeSubDomains; preload"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NO_FEATURES = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), "
    "fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), "
    "serial=(), usb=(), xr-spatial-tracking=()"
)
"""These too stand in ``config/settings.py``, and a test holds both equal."""


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What this host is like; everything but the names of folders has a default for one Debian machine."""
    parser = argparse.ArgumentParser(description=__doc__, fromfile_prefix_chars="@")
    add = parser.add_argument
    add("--host", required=True, help="the one host name of the site")
    add("--listen", default="80", help="port or address:port for HTTP (default 80)")
    add("--tls-listen", default="443", help="port or address:port for HTTPS (default 443)")
    add("--certificate", type=Path, help="PEM with the chain; without it the site itself answers on --listen")
    add("--key", type=Path, help="PEM with the key of the certificate")
    add(
        "--app",
        action="append",
        required=True,
        help="unix:/run/… or address:port of an application server; may be repeated",
    )
    add("--scheme", default="$scheme", help="https when a load balancer ends TLS before nginx")
    add("--static", type=Path, required=True, help="folder of the collected static files")
    add("--mirror", type=Path, required=True, help="folder that manage.py mirror writes to")
    add("--error-pages", type=Path, required=True, help="folder that manage.py error_pages writes to")
    add("--cache", type=Path, required=True, help="folder for kept pages")
    add("--cache-size", default="4g", help="most bytes of kept pages (default 4g)")
    add("--log", type=Path, default=Path("/var/log/nginx"), help="folder for logs (default /var/log/nginx)")
    add("--fresh", default="1s", help="how long a kept page is not asked for again (default 1s)")
    add(
        "--page-timeout",
        default="500ms",
        help="how long a page may take before what is kept is shown (500ms)",
    )
    add("--desk-timeout", default="60s", help="how long a form or a paper may take (60s)")
    add("--exempt", action="append", default=[], help="address or network without limits; may be repeated")
    add("--brotli", action="store_true", help="serve .br twins; needs libnginx-mod-http-brotli-static")
    add("--standalone", action="store_true", help="also write nginx.conf around it")
    add("--out", type=Path, required=True, help="folder to write to")
    return parser.parse_args(arguments)


def values(given: argparse.Namespace) -> dict[str, str]:
    """What stands in the templates as ``%{name}``."""
    lines = PATTERNS | {
        name: str(value) for name, value in vars(given).items() if isinstance(value, (str, Path))
    }
    servers = [f"    server {app} max_fails=3 fail_timeout=2s;" for app in given.app]
    lines["app_twice"] = "\n".join(servers if len(servers) > 1 else servers * 2)
    lines["app_desk"] = "\n".join(f"    server {app} max_fails=0;" for app in given.app)
    exempt = ["127.0.0.1", "::1", *given.exempt]
    lines["exempt"] = "\n".join(f"    {network}  0;" for network in exempt)
    lines["user"] = "user root;" if os.geteuid() == 0 else ""  # a standalone one reads its owner's folders
    lines["brotli"] = "brotli_static on;" if given.brotli else ""
    is_safe = given.certificate is not None or given.scheme == "https"
    lines |= {"hsts": HSTS, "policy": POLICY, "no_features": NO_FEATURES, "style_hash": style_hash()}
    lines["secure"] = "; Secure" if is_safe else ""
    lines["http_listens"] = lines["site_listen"] = listens(given.listen)
    lines["default_listen"] = listens(given.listen, "default_server")
    lines["redirect_server"] = ""
    if given.certificate:
        lines["tls_listens"] = listens(given.tls_listen, "ssl http2")
        lines["site_listen"] = filled("tls", lines).rstrip("\n")
        lines["redirect_server"] = filled("redirect", lines)
        tls_default = listens(given.tls_listen, "ssl http2 default_server")
        lines["default_listen"] += f"\n{tls_default}\n    ssl_reject_handshake on;"
    return lines


def style_hash() -> str:
    """By which the policy of the error pages allows their style."""
    style = b"".join(path.read_bytes() for path in STYLE_SHEETS)
    return f"sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}"


def listens(where: str, *words: str) -> str:
    """The lines for a port, which is opened for IPv4 and IPv6, or for one address with its port."""
    both = [where, f"[::]:{where}"] if where.isdecimal() else [where]
    return "\n".join(f"    listen {' '.join([each, *words])};" for each in both)


def filled(name: str, lines: dict[str, str]) -> str:
    """The template with its values. Raises ``KeyError`` for a value nobody gave."""
    template = (TEMPLATES / f"{name}.conf").read_text("utf-8")
    return re.sub(r"%\{(\w+)\}", lambda found: lines[found[1]], template)


def write(given: argparse.Namespace) -> None:
    """All files of the configuration; folders for the cache and temporary files of a standalone one."""
    lines = values(given)
    given.out.mkdir(parents=True, exist_ok=True)
    for name in INCLUDED:
        (given.out / f"{name}.conf").write_text(filled(name, lines), "utf-8")
    if given.standalone:
        (given.out / "nginx.conf").write_text(filled("standalone", lines), "utf-8")
        (given.out / "temporary").mkdir(exist_ok=True)
    for folder in (given.cache, given.log):
        folder.mkdir(parents=True, exist_ok=True)


if __name__ == "__main__":
    given = options()
    write(given)
    print(f"nginx 配置已写到 {given.out}。请接着运行：nginx -t")
