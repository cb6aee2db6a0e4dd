"""What a reader fills in, and what tells a person from a program without asking him to prove it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.crypto import get_random_string

from offices.models import Phone

from . import vocabulary
from .models import LONGEST_CONTACT, LONGEST_TEXT
from .pages import Number, ReportedPage
from .private import Piece, mobiles, pieces

SALT = "reports.form"
QUICKEST = 3
"""Seconds: nobody reads and fills in the form faster."""
NONE_OF_THEM = "none"
KEY_LENGTH = 32


@dataclass(frozen=True)
class Made:
    """When a form was made, for which version of its page; it travels signed. ``key`` tells one form from another."""

    at: float
    version: int
    key: str

    @classmethod
    def now(cls, now: dt.datetime, version: int) -> Made:
        """A new form."""
        return cls(now.timestamp(), version, get_random_string(KEY_LENGTH))

    def signed(self) -> str:
        """As the form carries it."""
        return signing.dumps([self.at, self.version, self.key], salt=SALT)

    @classmethod
    def read(cls, given: str) -> Made | None:
        """What a form carried, however old; ``None`` when we have not written it."""
        try:
            at, version, key = signing.loads(given, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        return cls(at, version, key)


class Lines(forms.CharField):
    """Several lines of text: line ends count as one character, as the browser counts them."""

    def to_python(self, value: Any) -> str:
        """With plain line ends and without blanks around."""
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


class ReportForm(forms.Form):
    """What is wrong on a page."""

    kind = forms.ChoiceField(
        label="哪里不对？",
        choices=vocabulary.kinds,
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选一项，说说是哪里不对；说不准就选“其他”。",
            "invalid_choice": "请在列出的几项里选一项；说不准就选“其他”。",
        },
    )
    number = forms.ChoiceField(label="打不通的是哪一个号码？", required=False)
    text = Lines(
        label="请写下哪里不对",
        required=False,
        max_length=LONGEST_TEXT,
        error_messages={
            "max_length": f"写得太长了：现在有 %(show_value)d 个字，请删到 {LONGEST_TEXT} 个字以内。"
        },
    )
    contact = Lines(
        label="怎么联系您",
        required=False,
        max_length=LONGEST_CONTACT,
        error_messages={
            "max_length": f"写得太长了，请删到 {LONGEST_CONTACT} 个字以内，写一种联系方式就够了。"
        },
    )
    # Not seen by people (css/report.css); a program that fills in everything fills in this too.
    website = forms.CharField(required=False)
    made = forms.CharField(required=False)
    anyway = forms.CharField(required=False)

    def __init__(self, page: ReportedPage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        keys = [(number.key, number.phone.number) for number in page.numbers]
        field: Any = self.fields["number"]
        field.choices = [("", ""), *keys, (NONE_OF_THEM, "都不是，或者说不清")]
        field.error_messages["invalid_choice"] = "这个号码已经不在网页上了，请重新选一个。"

    def clean(self) -> dict[str, Any]:
        """A number for who could not get through; words for everybody else."""
        cleaned = self.cleaned_data
        if (
            cleaned.get("kind") == "phone"
            and self.page.numbers
            and "number" in cleaned
            and not cleaned["number"]
        ):
            self.add_error("number", "请选出打不通的号码；都不是就选最后一项。")
        if "text" in cleaned and not cleaned["text"] and not self._says_enough(cleaned):
            self.add_error("text", "请写一写哪里不对，一两句话就可以。")
        if cleaned.get("kind") != "phone":
            cleaned["number"] = ""
        return cleaned

    def _says_enough(self, cleaned: dict[str, Any]) -> bool:
        """Whether a number alone tells what is wrong, or what is missing is complained about elsewhere."""
        if cleaned.get("kind") != "phone":
            return False
        return bool(self.page.numbers) and cleaned.get("number") != NONE_OF_THEM

    @property
    def chosen(self) -> Number | None:
        """The number he could not get through to."""
        return self.page.number_of(self.cleaned_data["number"])

    def looks_automatic(self, now: dt.datetime) -> bool:
        """Whether a program seems to have sent it: the hidden field filled in, too fast, or on no form of ours."""
        made = Made.read(self.cleaned_data["made"])
        return bool(self.cleaned_data["website"]) or made is None or now.timestamp() - made.at < QUICKEST

    def warned_pieces(self) -> list[Piece]:
        """The text in pieces when it has private numbers of people; the offices' own are none."""
        text: str = self.cleaned_data["text"]
        known = set(Phone.objects.filter(number__in=mobiles(text)).values_list("number", flat=True))
        found = pieces(text, known)
        return found if any(piece.name for piece in found) else []
