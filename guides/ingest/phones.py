"""Phone numbers as handbooks print them."""

from __future__ import annotations

import re

from .records import PhoneRecord
from .source import Ledger, Text

NUMBER = r"0\d{2,3}[-－—–]\d{7,8}|1\d{10}|[48]00[-－]?\d{3}[-－]?\d{4}|(?<!\d)\d{5,8}(?!\d)"
PHONE = re.compile(rf"({NUMBER})(?:\s*（([^（）]*)）)?")
DASH = re.compile("[－—–]")


def phone(found: re.Match[str], text: Text, ledger: Ledger) -> PhoneRecord:
    """The record of one match of ``PHONE`` in ``text``."""
    part = ledger.claim(text.cut(found), "record")
    return PhoneRecord(DASH.sub("-", found[1]), ledger.line_of(part), found[2] or "")


def phones(text: Text, ledger: Ledger) -> tuple[PhoneRecord, ...]:
    """All numbers of a field such as ``0825-5182516、0825-5182518``; separators are claimed, other words are not."""
    found = tuple(phone(match, text, ledger) for match in PHONE.finditer(text.chars))
    for match in re.finditer("[、，,；;。/ ]+", text.chars):
        ledger.claim(text.cut(match), "mark")
    return found
