"""How the site writes its log: one line an event, as JSON in production and as words for a person elsewhere.

What a visitor sent cannot begin a line of its own, and what must not be kept is taken out of every line, whoever
wrote it. The code that logs is the first to leave it out; this is the second line of defence.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any, Final

from .request_id import current_request_id

TAKEN_OUT: Final = "〔略〕"
NAMES: Final = "password|passwd|密码|口令|secret|token|otp|session_?id|session_?key|csrf|api_?key"
SECRETS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # name=value, name: value and 'name': 'value', whatever the name begins and ends with
        rf"""(?P<before>(?:{NAMES})[\w-]{{0,30}}["']?\s?[=:：]\s?["']?)[^\s"'&;,}}]+""",
        r"(?P<before>\b(?:authorization|cookie|set-cookie)[\"']?\s*[:=]\s*)[^\n]+",
        r"(?P<before>://[^\s:/@]+:)[^\s/@]+(?=@)",  # the password in an address of a database
        r"(?P<before>\bDETAIL:\s)[^\n]*",  # PostgreSQL quotes the row, and SQLite nothing
        r"(?P<before>[?&](?:q|a|contact|text)=)[^\s&\"']+",
        r"(?P<before>)(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)",  # a mobile number
        r"(?P<before>)(?<!\d)[1-9]\d{16}[\dXx](?!\d)",  # an identity card
    )
)
FIELDS: Final = "fields"
"""``log.info("…", extra={FIELDS: {…}})``: what a line has beyond its words; only JSON shows it."""
LONGEST: Final = 20_000
"""Characters of one text in a line; the rest of a longer one says nothing new."""

CONTROLS: Final = {
    code: f"\\u{code:04x}"
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        *(0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
} | {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}
"""Line ends, terminal commands and marks that turn the direction of writing, as they are shown."""


def redacted(text: str) -> str:
    """The text without passwords, session keys, tokens, search words, mobile numbers and identity cards."""
    for secret in SECRETS:
        text = secret.sub(rf"\g<before>{TAKEN_OUT}", text)
    return text


def one_line(text: str) -> str:
    """The text as part of one line: nothing in it ends the line, moves the cursor or turns the writing."""
    return text.translate(CONTROLS)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, id of the request, words, what ``FIELDS`` adds, stack."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "id": current_request_id(),
            "message": clean(record.getMessage()),
            **{name: cleaned(value) for name, value in getattr(record, FIELDS, {}).items()},
        }
        if stack := self.stack_of(record):
            line["stack"] = clean(stack)
        # ASCII alone: what a terminal or another program takes for a line end cannot be in it.
        return json.dumps(line, default=str)

    def stack_of(self, record: logging.LogRecord) -> str:
        """What went wrong and where; "" when nothing did."""
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        parts += [self.formatStack(record.stack_info)] if record.stack_info else []
        return "\n".join(parts)


class PlainLines(JsonLines):
    """For a terminal: time, level, logger, words; the lines of a stack are indented, so that none looks like an event."""

    def format(self, record: logging.LogRecord) -> str:
        words = one_line(clean(record.getMessage()))
        when = datetime.fromtimestamp(record.created).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        stack = [f"    {one_line(line)}" for line in clean(self.stack_of(record)).splitlines()]
        return "\n".join([f"{when} {record.levelname} {record.name}: {words}", *stack])


def clean(text: str) -> str:
    """As long as a line wants it, and without secrets."""
    return redacted(text[:LONGEST])


def cleaned(value: object) -> object:
    """The same for a value that may be no text."""
    if isinstance(value, list):
        return [cleaned(each) for each in value]
    return clean(value) if isinstance(value, str) else value
