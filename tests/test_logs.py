"""The log: one event a line, under the name of its request, with nothing in it that must not be kept."""

from __future__ import annotations

import io
import json
import logging
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from granian.log import DEFAULT_ACCESSLOG_FMT, log_request_builder

from keeping.logs import FIELDS, TAKEN_OUT, JsonLines, PlainLines, redacted
from keeping.request_id import current_request_id
from offices.access_log import known_names
from tests.cast import Cast, assemble

FORGED = "/x\r\n2026-01-01 00:00:00 INFO forged: ok\u2028forged\x1b[2K\x85forged\u202egnp"
LINE_ENDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What every logger of the site writes, in the form of production."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(name) for name in ("", "granian.access", "offices.access_log")]
    levels = [logger.level for logger in loggers]
    for logger in loggers[:2]:
        logger.addHandler(handler)
    for logger in loggers[1:]:
        logger.setLevel(logging.INFO)
    yield written
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def events(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def record(message: str, *args: object, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("site", logging.WARNING, __file__, 1, message, args, more.pop("exc_info", None))
    made.__dict__.update(more)
    return made


# --- One event, one line


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines()])
def test_nothing_that_was_sent_begins_a_line_of_its_own(formatter: logging.Formatter) -> None:
    line = formatter.format(
        record("Not Found: %s", FORGED, **{FIELDS: {"path": FORGED, "parameters": [FORGED]}})
    )
    assert not LINE_ENDS.search(line)
    assert "forged" in line


def test_a_stack_with_a_line_end_in_it_begins_no_line_either() -> None:
    with pytest.raises(ValueError, match="forged") as raised:
        int(FORGED)
    failed = record("it failed", exc_info=(raised.type, raised.value, raised.tb))
    assert "\n" not in JsonLines().format(failed)
    assert "ValueError" in json.loads(JsonLines().format(failed))["stack"]
    first, *rest = PlainLines().format(failed).split("\n")
    assert first.endswith("it failed")
    assert rest
    assert all(line.startswith("    ") and not LINE_ENDS.search(line) for line in rest)


def test_the_application_servers_own_access_log_cannot_be_forged(lines: io.StringIO) -> None:
    request = {"addr_remote": "127.0.0.1", "path": FORGED, "qs": "q=1", "method": "GET\n", "scheme": "http"}
    note = log_request_builder(DEFAULT_ACCESSLOG_FMT)  # type: ignore[no-untyped-call]
    note(0.0, 0.0, {**request, "protocol": "HTTP/1.1"}, 200)
    assert lines.getvalue().count("\n") == 1
    assert not LINE_ENDS.search(lines.getvalue().rstrip("\n"))
    assert [event["logger"] for event in events(lines)] == ["granian.access"]


def test_the_application_servers_loggers_write_through_ours() -> None:
    for name in ("_granian", "granian.access"):
        logger = logging.getLogger(name)
        assert not logger.propagate
        ours = [handler for handler in logger.handlers if type(handler) is logging.StreamHandler]
        assert [type(handler.formatter) for handler in ours] == [PlainLines], name


def test_a_person_reads_plain_words() -> None:
    line = PlainLines().format(record("网站已启动：%s", "好"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d WARNING site: 网站已启动：好", line)


# --- What is taken out


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password=hunter2&next=/", "hunter2"),
        ("{'new_password1': 'hunter2'}", "hunter2"),
        ("密码：hunter2", "hunter2"),
        ("sessionid=abc123xyz; display=large", "abc123xyz"),
        ("Cookie: __Host-sessionid=abc123xyz", "abc123xyz"),
        ("csrfmiddlewaretoken=abc123xyz", "abc123xyz"),
        ("Authorization: Bearer abc123xyz", "abc123xyz"),
        ("otp_token=123456", "123456"),
        ("postgres://yibao:hunter2@db/yibao is away", "hunter2"),
        ("GET /guides/?city=dazhou&q=糖尿病 200", "糖尿病"),
        ("请回电 13812345678，谢谢", "13812345678"),
        ("请回电 +86 138 1234 5678", "1234 5678"),
        ("身份证 51092119900307123X 的参保人", "51092119900307123X"),
        ("null value\nDETAIL:  Failing row contains (1, 窗口的人态度不好, 2026).", "态度不好"),
    ],
)
def test_what_must_not_be_kept_is_taken_out_whoever_wrote_it(text: str, secret: str) -> None:
    assert secret not in redacted(text)
    assert TAKEN_OUT in redacted(text)
    for formatter in (JsonLines(), PlainLines()):
        line = formatter.format(record("%s", text, **{FIELDS: {"path": text}}))
        assert secret not in line
        assert json.dumps(secret)[1:-1] not in line


def test_what_helps_is_left() -> None:
    for text in (
        "咨询电话 0818-2145266",
        "GET /guides/dazhou/zhuyuan-baoxiao/ 200 in 0.013 s, 1234567890123 bytes",
        f"id {GIVEN}",
        "connection to 127.0.0.1:5432 failed at 2026-11-22 12:34:56",
    ):
        assert redacted(text) == text


def test_a_text_made_to_keep_the_log_busy_does_not() -> None:
    for text in (
        "password" * 20_000,
        "a-" * 50_000,
        "1" * 100_000,
        "?q=" * 30_000,
        "://" * 30_000,
        "token: " * 15_000,
    ):
        began = time.process_time()
        JsonLines().format(record("%s", text))
        assert time.process_time() - began < 1


# --- The name of a request


def test_every_line_of_a_request_bears_its_name(client: Client, cast: Cast, lines: io.StringIO) -> None:
    client.get("/nothing/")
    client.get("/nothing/")
    names = [event["id"] for event in events(lines)]
    assert len(names) == 4, "a line of Django's and one of ours for each"
    assert len(set(names)) == 2
    assert names[0] == names[1]
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in names)
    assert current_request_id() == ""


@pytest.mark.parametrize(
    ("behind_nginx", "said", "is_taken"),
    [
        (True, GIVEN, True),
        (True, GIVEN + "\n", False),
        (True, GIVEN.upper(), False),
        (True, "mine", False),
        (True, "", False),
        (False, GIVEN, False),
    ],
)
def test_the_name_is_nginxs_where_nginx_stands_and_nobody_elses(
    client: Client,
    cast: Cast,
    lines: io.StringIO,
    settings: Any,
    *,
    behind_nginx: bool,
    said: str,
    is_taken: bool,
) -> None:
    settings.BEHIND_NGINX = behind_nginx
    client.get("/nothing/", HTTP_X_REQUEST_ID=said)
    assert (events(lines)[-1]["id"] == GIVEN) is is_taken


def test_an_access_line_has_path_and_names_and_nothing_that_was_typed(
    client: Client, cast: Cast, lines: io.StringIO
) -> None:
    client.cookies["sessionid"] = "secret-session"
    client.get("/guides/?q=secret-word&city=dazhou&secret-name=1", headers={"referer": "http://secret/"})
    client.post("/search/unfound/", {"q": "secret-word"})
    client.get("/healthz")
    noted = [event for event in events(lines) if event["logger"] == "offices.access_log"]
    assert [(each["method"], each["path"], each["parameters"]) for each in noted] == [
        ("GET", "/guides/", ["city", "q"]),
        ("POST", "/search/unfound/", []),
    ]
    assert noted[0]["status"] == 200
    assert noted[0]["seconds"] > 0
    assert "secret" not in lines.getvalue()


def test_only_names_that_pages_know_are_noted() -> None:
    assert known_names("q=1&city=&q=2&evil\n=1&token=x&%71=1") == ["city", "q"]
    assert known_names("") == []
