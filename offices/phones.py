"""Numbers by what they are for."""

from __future__ import annotations

from collections.abc import Iterable

from .models import Phone
from .vocabulary import PHONE_PURPOSES


def by_purpose(phones: Iterable[Phone]) -> list[tuple[str, list[Phone]]]:
    """The numbers under 咨询 and 投诉, those to ask first, each in the order of the handbook; no empty group."""
    phones = list(phones)
    groups = [
        (label, [p for p in phones if p.purpose == purpose]) for purpose, label in PHONE_PURPOSES.items()
    ]
    return [(label, group) for label, group in groups if group]


def spoken(number: str) -> str:
    """A number as it is read out: as it is seen, then digit by digit: ``0818-5201826，0 8 1 8，5 2 0 1 8 2 6``.

    What is seen must begin the name (WCAG 2.5.3), for those who speak to their device.
    """
    return "，".join([number, *(" ".join(part) for part in number.split("-"))])
