"""The files of deploy/ agree with the site they serve, and docs/operations.md with the files."""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
import subprocess
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from csp.utils import build_policy
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from guides.display import MODES
from guides.error_pages import HOTLINE, error_pages, write_error_pages
from guides.mirror.addresses import of_place
from offices.addresses import KNOWN
from offices.place import Place
from tests.cast import assemble
from tests.operations.document import PROJECT, commands, sections
from tests.operations.web_server import render

DEPLOY = PROJECT / "deploy"
FOR_OTHERS = {"502"}
"""For a load balancer in front, when nginx itself is away; nginx says 503 and when to come back."""
OUR_OWN_MARKS = {"SERVING"}
"""Set by config/wsgi.py itself, by no operator."""


# --- nginx


def test_nginx_knows_the_arguments_that_pages_know() -> None:
    assert set(render().KNOWN.split("|")) == KNOWN


@pytest.mark.django_db
def test_nginx_keeps_every_page_of_a_place_for_long_and_a_place_that_is_not_there_has_none(
    client: Client,
) -> None:
    cast, patterns = assemble(), render().PATTERNS
    matter = cast.inpatient.matter.get_absolute_url()
    places = [Place(cast.dazhou), Place(cast.dazhou, cast.xuanhan)]
    pages = {each.removesuffix(place.query) for place in places for each in of_place(place)}
    pages = {page for page in pages if "?" not in page}
    assert pages >= {"/", "/guides/", "/materials/", "/sitemap/"}
    assert [page for page in pages if not re.fullmatch("/" + patterns["of_a_county"], page)] == []
    assert re.fullmatch("/" + patterns["of_a_city"], matter)
    for page in pages:
        assert client.get(f"{page}?city=dazhou&county=nowhere").status_code == 404, page
    for page in pages | {matter}:
        assert client.get(f"{page}?city=nowhere").status_code == 404, page


def test_nginx_gives_files_the_policy_that_the_application_gives_pages() -> None:
    assert parts(render().POLICY) == parts(build_policy())


def test_nginx_gives_files_the_other_headers_of_the_application() -> None:
    text = (DEPLOY / "nginx/headers.conf").read_text("utf-8").replace("%{no_features}", render().NO_FEATURES)
    assert dict(re.findall(r'^add_header (\S+) "([^"]+)" always;', text, re.MULTILINE)) == {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        **settings.HEADERS_OF_EVERY_ANSWER,
    }
    source = (PROJECT / "config/settings.py").read_text("utf-8")
    assert render().HSTS == "max-age=31536000; includeSubDomains; preload"
    assert all(f"SECURE_HSTS_{name} = PRODUCTION" in source for name in ("INCLUDE_SUBDOMAINS", "PRELOAD"))
    assert "SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION" in source


def parts(policy: str) -> set[str]:
    return {part.strip() for part in policy.split(";")}


# --- Error pages


class Outside(HTMLParser):
    """What a page asks for besides itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"script", "img", "iframe"} or (tag == "link" and given.get("rel") != "icon"):
            self.found.append(tag)


def test_every_answer_that_nginx_names_has_a_page_in_every_mode(tmp_path: Path) -> None:
    conf = "".join(path.read_text("utf-8") for path in (DEPLOY / "nginx").glob("*.conf"))
    writing = {"503-writing", "503-report"}
    named = set(re.findall(r"/_errors/\$display_mode/(\d+)\.html", conf)) | {"503"} | writing | FOR_OTHERS
    assert named == {"400", "403", "404", "405", "410", "413", "429", "500", "502", "503", *writing}
    write_error_pages(tmp_path)
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {f"{mode}/{name}.html" for mode in MODES for name in named}


def test_error_pages_need_nothing_else_and_say_whom_to_call() -> None:
    for name, html in error_pages():
        assert not Outside(html).found, name
        assert HOTLINE in html
        style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
        assert style
        digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        assert render().style_hash() == f"sha256-{digest}", name
        assert not re.search(r"nginx|django|granian", html, re.IGNORECASE), name


def test_error_pages_are_in_the_readers_mode() -> None:
    pages = dict(error_pages())
    assert '<html lang="zh-CN" data-size="large">' in pages["large/503.html"]
    assert '<html lang="zh-CN" data-contrast="more">' in pages["contrast/429.html"]


def test_error_pages_that_cannot_be_written_say_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match="不能写到"):
        call_command("error_pages", tmp_path / "file")


# --- Settings, units, containers


def test_the_example_has_every_setting() -> None:
    source = (PROJECT / "config/settings.py").read_text("utf-8")
    read = set(re.findall(r'env(?:\.\w+)?(?:\.get)?\(\s*"([A-Z_]+)"', source)) - OUR_OWN_MARKS
    example = (DEPLOY / "yibao.env.example").read_text("utf-8")
    assert {"SECRET_KEY", "DATABASE_URL", "SITE_NAME"} <= read
    assert read <= set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))


def server_command() -> list[str]:
    """How the unit starts the application, without where it listens and what it is called."""
    unit = (DEPLOY / "systemd/yibao.service").read_text("utf-8")
    found = re.search(r"^ExecStart=(.+)$", unit, re.MULTILINE)
    assert found
    return without_place(shlex.split(found[1]))


def without_place(words: list[str]) -> list[str]:
    places = {"--uds", "--uds-permissions", "--host", "--port", "--process-name"}
    kept = [word for before, word in zip(["", *words], words, strict=False) if not {before, word} & places]
    return ["granian", *kept[1:]]


def test_containers_start_the_application_as_the_unit_does() -> None:
    text = (DEPLOY / "compose/Containerfile").read_text("utf-8").replace("\\\n", "")
    found = re.search(r"^CMD (\[.+\])$", text, re.MULTILINE)
    assert found
    assert without_place(yaml.safe_load(found[1])) == server_command()


def described() -> Any:
    """What stands in compose.yaml."""
    return yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text("utf-8"))


@pytest.mark.parametrize("name", ["mirror", "backup", "daily"])
def test_containers_do_what_the_units_do(name: str) -> None:
    service = described()["services"][name]
    unit = (DEPLOY / f"systemd/yibao-{name}.service").read_text("utf-8")
    wanted = re.findall(r"^ExecStart(?:Pre)?=\S+ \S*(manage\.py .+)$", unit, re.MULTILINE)
    assert wanted
    assert all(words in " ".join(service["command"]) for words in wanted), wanted
    assert service["restart"] == "always"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_reads_every_unit_without_a_word(tmp_path: Path) -> None:
    for unit in (DEPLOY / "systemd").iterdir():
        program = re.compile(r"/opt/yibao/current/\.venv/bin/\w+")  # only an installed host has it
        (tmp_path / unit.name).write_text(program.sub("/bin/true", unit.read_text("utf-8")), "utf-8")
    verify = ["systemd-analyze", "verify", *map(str, tmp_path.iterdir())]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_every_file_that_the_containers_name_is_there() -> None:
    services = described()["services"]
    build = services["prepare"]["build"]
    assert (DEPLOY / "compose" / build["context"] / build["dockerfile"]).is_file()
    used = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert {name for name in used if not name.startswith(".")} == set(described()["volumes"])
    assert all((DEPLOY / "compose" / name).exists() for name in used if name.startswith("../"))
    copied = re.findall(r"^COPY (\S+)", (DEPLOY / "compose/Containerfile").read_text("utf-8"), re.MULTILINE)
    assert all((PROJECT / name).exists() for name in copied)


# --- The document


def test_every_block_of_the_document_is_bash() -> None:
    for section in sections():
        for block in section.blocks:
            subprocess.run(["bash", "-n"], input=block, text=True, check=True)
    assert len(commands()) > 50


def test_every_file_that_the_document_names_is_there() -> None:
    named = {word for line in commands() for word in re.findall(r"(?<![\w/$])deploy/[\w./-]+", line)}
    named |= {
        f"deploy/{name}" for line in commands() for name in re.findall(r"current/deploy/([\w./-]+)", line)
    }
    assert {"deploy/nginx/render.py", "deploy/yibao.env.example"} <= named
    assert all(list(PROJECT.glob(f"{name}*")) for name in named), named
    text = (PROJECT / "docs/operations.md").read_text("utf-8")
    for name in re.findall(r"`(deploy/[\w./-]+|docs/[\w./-]+)`", text):
        assert (PROJECT / name).exists(), name


def test_the_document_installs_and_takes_back_everything_it_writes_about() -> None:
    said = "\n".join(commands())
    for unit in (DEPLOY / "systemd").iterdir():
        assert unit.name.removesuffix(".service").removesuffix(".timer") in said
    assert {section.heading for section in sections()} >= {
        "安装",
        "更新到新版本",
        "退回上一个版本",
        "备份和恢复",
    }
