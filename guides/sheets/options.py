"""What a sheet can be asked for: large print, without steps or remarks, only what applies to one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from django.http import HttpRequest

from guides.models import Guide
from guides.reading import choices
from offices.addresses import Pairs, asked
from offices.lookup import NothingHere, WayOn

PARAMETERS = ("size", "steps", "notes", "case")
"""In the order of the one address."""
LARGE = "large"
LEFT_OUT = "no"
ONE_WORD = {"size": LARGE, "steps": LEFT_OUT, "notes": LEFT_OUT}
MEANINGS = {"size": "字号", "steps": "办理流程", "notes": "备注", "case": "适用情形"}


@dataclass(frozen=True)
class Options:
    """What was asked for, as the address writes it; empty: as usual."""

    size: str = ""
    steps: str = ""
    notes: str = ""
    case: str = ""

    @property
    def is_large(self) -> bool:
        """Whether the print is large (16 pt)."""
        return self.size == LARGE

    @property
    def pairs(self) -> Pairs:
        """The options as the address writes them, in their order."""
        return [(field.name, getattr(self, field.name)) for field in fields(self)]

    def without(self, name: str) -> Options:
        """The same without one of them."""
        changed: dict[str, Any] = {name: ""}
        return replace(self, **changed)


USUAL = Options()


def asked_options(request: HttpRequest, guide: Guide, address: Callable[[Options], str]) -> Options:
    """The options of an address.

    Raises ``NothingHere`` for a value nobody offers, with links to ``address`` without it and with those there are.
    """
    usual = [WayOn("按通常样式", address(USUAL))]
    said = Options(**{name: asked(request, name, usual) for name in PARAMETERS})
    for name, word in ONE_WORD.items():
        if getattr(said, name) not in {"", word}:
            raise not_offered(said, name, [word], address)
    if said.case and said.case not in choices(guide):
        raise not_offered(said, "case", choices(guide), address)
    return said


def not_offered(
    said: Options, name: str, offered: Iterable[str], address: Callable[[Options], str]
) -> NothingHere:
    """What to say about a value nobody offers."""
    right = "、".join(f"“{value}”" for value in offered)
    sentence = f"“{MEANINGS[name]}”没有“{getattr(said, name)}”这个选项" + (
        f"，可以是{right}。" if right else "。"
    )
    others = Options(
        **{
            other: value
            for other, value in said.without(name).pairs
            if other == "case" or value == ONE_WORD[other]
        }
    )
    return NothingHere(sentence, [WayOn("不带这个选项", address(others))])
