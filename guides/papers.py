"""Papers and forms under one name, however a handbook prints them: which matters need one, what several need together.

Plain functions over texts and rows that are already fetched; none of them asks the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from .models import Guide, Material, Matter

STAMP_AT_END = re.compile(r"(?<!\s)\s*[（(](?>[^（）()]*?加盖)(?>[^（）()]*?章)[^（）()]*[）)]\s*$")
END = "；;。.，,、"
SHORT_NAMES = {"社保卡": "社会保障卡", "身份证件": "有效身份证件"}
IDENTITY = ("有效身份证件", "医保电子凭证", "社会保障卡")
"""Ways to show who one is, in the order in which the handbooks print them."""


@lru_cache(maxsize=20_000)  # cities print the same papers: each wording is read once
def paper_name(text: str) -> str:
    """The name a paper goes by: without blanks, the stamp note and the stop at its end, identity papers in one order.

    Nothing else is changed, so that two papers share a name only when the handbooks mean the same one:
    有效身份证件 and 有效身份证件复印件 stay two papers.
    """
    name = "".join(text.split())
    while (shorter := STAMP_AT_END.sub("", name).rstrip(END)) != name:
        name = shorter
    return identity_in_order(name) or "".join(text.split())


def identity_in_order(name: str) -> str:
    """``社保卡或身份证件`` as ``有效身份证件或社会保障卡``; any other name as it is."""
    choices = {SHORT_NAMES.get(choice, choice) for choice in re.split("或者|或", name)}
    if choices <= set(IDENTITY):
        return "或".join(paper for paper in IDENTITY if paper in choices)
    return name


def form_name(form: str) -> str:
    """A form's name as the pages write it, ``《…》``; empty when there is none."""
    return f"《{form}》" if form else ""


def is_form(name: str) -> bool:
    """Whether a name is that of a form to fill in and nothing else."""
    return bool(re.fullmatch("《[^》]+》", name))


def names_of(text: str, form: str) -> list[str]:
    """Every name a line of the handbook is found under: the paper's, and the form's that it offers as a choice."""
    return list(dict.fromkeys(filter(None, [paper_name(text), form_name(form)])))


@dataclass(frozen=True)
class Entry:
    """One paper or form of the index and the matters that need it, in reading order."""

    name: str
    matters: tuple[Matter, ...]

    @property
    def is_form(self) -> bool:
        """Whether it is a form to fill in."""
        return is_form(self.name)


def index(rows: Iterable[tuple[str, str, Matter]]) -> list[Entry]:
    """The index over rows of text, form and matter: what most matters need comes first, then by name."""
    found: dict[str, dict[int, Matter]] = {}
    for text, form, matter in rows:
        for name in names_of(text, form):
            found.setdefault(name, {})[matter.pk] = matter
    entries = [Entry(name, tuple(matters.values())) for name, matters in found.items()]
    return sorted(entries, key=lambda entry: (-len(entry.matters), entry.name))


@dataclass(frozen=True)
class Need:
    """That one guide asks for a paper: in which cases (none named: always), stamped, and in which words."""

    guide: Guide
    cases: tuple[str, ...] = ()
    stamped: bool = False
    wordings: tuple[str, ...] = ()
    """The handbook's words, where they say more than the name."""

    @property
    def conditions(self) -> str:
        """When and how: ``在职职工，加盖单位公章``; empty when there is nothing to add."""
        return "，".join(filter(None, ["、".join(self.cases), "加盖单位公章" if self.stamped else ""]))


def needs(materials: Iterable[tuple[Guide, Material]], name: str) -> list[Need]:
    """Who asks for the paper of this name, one need a guide; stamped cases stand apart from the others."""
    together: dict[tuple[int, bool], list[tuple[Guide, Material]]] = {}
    for guide, material in materials:
        together.setdefault((guide.pk, material.needs_stamp), []).append((guide, material))
    return [
        Need(
            guide=group[0][0],
            cases=cases_of(material for _, material in group),
            stamped=stamped,
            wordings=tuple(
                dict.fromkeys(m.text for _, m in group if paper_name(m.text) != name and m.text != name)
            ),
        )
        for (_, stamped), group in together.items()
    ]


def cases_of(materials: Iterable[Material]) -> tuple[str, ...]:
    """The cases that need a paper; none when everybody does."""
    cases = tuple(dict.fromkeys(material.applies_to for material in materials))
    return () if "" in cases else cases


@dataclass(frozen=True)
class Paper:
    """One paper to bring and who needs it."""

    name: str
    needs: tuple[Need, ...]


def merged(guides: Iterable[Guide]) -> list[Paper]:
    """The papers of several guides, each once: those of the first guide first, in the order of the handbook."""
    by_name: dict[str, list[tuple[Guide, Material]]] = {}
    for guide in guides:
        for material in guide.materials.all():
            by_name.setdefault(paper_name(material.text), []).append((guide, material))
    return [Paper(name, tuple(needs(asked_for, name))) for name, asked_for in by_name.items()]
