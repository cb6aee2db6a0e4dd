"""Phones and hours as lines of text in a form: ``0818-2145266（居民）``, ``工作日 09:00-12:00``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from offices.models import number_validator
from offices.vocabulary import DAY_KINDS

PHONE_LINE = re.compile(r"(?P<number>[0-9-]+)\s*(?:[（(](?P<who>[^（）()]+)[）)])?")
HOURS_LINE = re.compile(
    r"(?P<days>\S+?)\s*(?P<opens>\d{1,2}:\d{2})\s*[-—~至]\s*(?P<closes>\d{1,2}:\d{2})\s*(?:[（(](?P<note>.+)[）)])?"
)


class LinesField(forms.CharField):
    """Text whose lines are entries; ``clean`` gives the entries as a document lists them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 2, "cols": 24})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """The entries; raises ``ValidationError`` naming each line that cannot be read."""
        lines = [line.strip() for line in re.split(r"[\n、；;]", super().clean(value) or "") if line.strip()]
        entries, errors = [], []
        for line in lines:
            try:
                entries.append(self.entry(line))
            except ValidationError as error:
                errors.append(f"“{line}”：{error.messages[0]}")
        errors += [f"“{line}”重复了。" for line in {line for line in lines if lines.count(line) > 1}]
        if errors:
            raise ValidationError(errors)
        return entries

    def entry(self, line: str) -> dict[str, str]:
        """One line as an entry of a document."""
        raise NotImplementedError


class PhoneLinesField(LinesField):
    """Numbers, one a line, with for whom in brackets."""

    def entry(self, line: str) -> dict[str, str]:
        """``0818-2145266（居民）`` → number and for whom."""
        found = PHONE_LINE.fullmatch(line)
        if not found:
            raise ValidationError("请写成 0818-2145266 或 0818-2145266（居民）。")
        number_validator(found["number"])
        return {"number": found["number"], "for": found["who"] or ""}


class HoursLinesField(LinesField):
    """Sessions, one a line."""

    def entry(self, line: str) -> dict[str, str]:
        """``工作日 09:00-12:00`` → days and times."""
        found = HOURS_LINE.fullmatch(line)
        days = {label: key for key, label in DAY_KINDS.items()}
        if not found or found["days"] not in days:
            raise ValidationError(f"请写成 工作日 09:00-12:00；日子可用 {'、'.join(days)}。")
        opens, closes = found["opens"].zfill(5), found["closes"].zfill(5)
        if not "00:00" <= opens < closes < "24:00":
            raise ValidationError("开始时间要早于结束时间。")
        return {"days": days[found["days"]], "opens": opens, "closes": closes, "note": found["note"] or ""}


def phone_lines(phones: Sequence[dict[str, str]]) -> str:
    """Phones of a document as lines."""
    return "\n".join(phone["number"] + (f"（{phone['for']}）" if phone["for"] else "") for phone in phones)


def hours_lines(hours: Sequence[dict[str, str]]) -> str:
    """Sessions of a document as lines."""
    return "\n".join(
        f"{DAY_KINDS[session['days']]} {session['opens']}-{session['closes']}"
        + (f"（{session['note']}）" if session["note"] else "")
        for session in hours
    )
