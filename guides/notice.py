"""The one-time notice (一次性告知单): which papers are missing, what the handbook says about each.

Plain functions over rows that ``with_details()`` has fetched; none of them asks the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from .alternatives import OR, SHARED_TAIL, alternatives, cut
from .models import Guide, Material
from .models.lists import FROM_HERE_ON
from .papers import form_name, is_form, paper_name
from .reading import choices, choices_of
from .reading import limits as all_limits
from .subpoints import split_subpoints

KEY_LENGTH = 6
"""Hexadecimal digits: among the papers of one guide two never meet."""
PRESSED = "1234567890qwertyuiopasdfghjkl"
"""What a clerk presses for the first paper, the second…: the digits, then the rows of letters below them."""
SHORTEST_MENTION = 4
"""Characters by which a remark may name a paper without its beginning: 费用清单 for 门急诊费用清单."""
BRACKETS = re.compile("（[^（）]*）")
CONDITION = re.compile("若[^，。；]{0,200}的，")
DEFINITION = re.compile("^([^，。；]+?)包括")
ANY_PAPER = re.compile("(?:相关|有关|证明|申请|佐证|认定)(?:材料|资料|文件|证明|证书)")
"""The end of many papers' names: it names none of them."""


def key_of(material: Material) -> str:
    """A paper's name in an address: of its case and words, never of its place in the list."""
    words = f"{material.applies_to}|{material.text}"
    return sha256(words.encode()).hexdigest()[:KEY_LENGTH]


@dataclass(frozen=True)
class Line:
    """One paper that can be ticked as missing."""

    material: Material
    key: str
    choices: tuple[str, ...]
    """The cases that need it; none when everybody does."""
    remarks: tuple[str, ...]
    """What the handbook says about it elsewhere."""
    is_missing: bool
    press: str = ""
    """The key that ticks it; empty where the keyboard has no more."""

    @property
    def is_form(self) -> bool:
        """Whether the paper is a form to fill in and nothing else."""
        return is_form(paper_name(self.material.text))

    @property
    def stamp(self) -> bool:
        """Whether it has to be stamped and its own words do not say so."""
        return self.material.needs_stamp and "公章" not in self.material.text


@dataclass(frozen=True)
class TimeLimit:
    """How long it takes once the papers are complete, and the cases it is for (none: all)."""

    case: str
    words: str
    choices: tuple[str, ...]
    is_shown: bool


@dataclass(frozen=True)
class Notice:
    """What a clerk has chosen of a guide's papers, and what is wrong with the choice."""

    lines: tuple[Line, ...]
    """The papers that can be ticked: those of the case, or all while none is chosen."""
    limits: tuple[TimeLimit, ...]
    case: str
    """The case that was asked for; empty when none was."""
    unknown: tuple[str, ...] = ()
    """Keys that no paper of the guide has (any more)."""
    of_another_case: tuple[Line, ...] = ()
    """Papers that were named but that the chosen case does not need."""

    @property
    def missing(self) -> tuple[Line, ...]:
        """The papers that are ticked."""
        return tuple(line for line in self.lines if line.is_missing)

    @property
    def problem(self) -> str:
        """The sentence to show; empty when nothing is wrong."""
        if self.unknown:
            return "材料清单已经更新，请重新勾选。"
        if self.of_another_case:
            return f"勾选的材料里有“{self.case}”不需要的，请重新勾选。"
        return ""

    @property
    def is_ready(self) -> bool:
        """Whether there is a slip to print."""
        return bool(self.missing) and not self.problem

    @property
    def shown_case(self) -> str:
        """The case the slip is for: the one asked for, else the only one that needs what is missing."""
        return self.case or only_case(self.missing)

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The papers by case, in the order of the handbook."""
        by_case: dict[str, list[Line]] = {}
        for line in self.lines:
            by_case.setdefault(line.material.applies_to, []).append(line)
        return list(by_case.items())


def notice(guide: Guide, case: str, keys: Sequence[str], carried: Iterable[str] = ()) -> Notice:
    """The notice for a case of ``reading.choices`` (or none) and these keys.

    ``carried`` are remarks of earlier guides of the handbook that hold from there on.
    """
    everything = papers(guide, keys, carried)
    known = {line.key for line in everything}
    lines = numbered(line for line in everything if is_for(line.choices, case))
    others = tuple(line for line in everything if line.is_missing and not is_for(line.choices, case))
    shown_case = case or only_case([line for line in lines if line.is_missing])
    return Notice(
        lines=lines,
        limits=tuple(limits(guide, shown_case)),
        case=case,
        unknown=tuple(key for key in keys if key not in known),
        of_another_case=others,
    )


def papers(guide: Guide, keys: Sequence[str], carried: Iterable[str] = ()) -> list[Line]:
    """Every paper of the guide, ticked when its key is among ``keys``."""
    names = choices(guide)
    said = [*(note.text for note in guide.notes.all()), *carried]
    return [
        Line(
            material=material,
            key=(key := key_of(material)),
            choices=tuple(choices_of(material.applies_to, names)),
            remarks=tuple(about(material, said)),
            is_missing=key in keys,
        )
        for material in guide.materials.all()
    ]


def numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The papers with the keys that tick them, as far as the keyboard goes."""
    return tuple(replace(line, press=PRESSED[place : place + 1]) for place, line in enumerate(lines))


def limits(guide: Guide, case: str) -> list[TimeLimit]:
    """The time limits of the guide; those of other cases are there too, not shown."""
    names = choices(guide)
    found = []
    for limit in all_limits(guide):
        seen_by = tuple(choices_of(limit.case, names))
        found.append(TimeLimit(limit.case, limit.words, seen_by, is_for(seen_by, case)))
    return found


def is_for(names: Sequence[str], case: str) -> bool:
    """Whether something for these cases (none: for all) concerns this case; without a case everything does."""
    return not case or not names or case in names


def only_case(lines: Iterable[Line]) -> str:
    """The one case that the papers which not everybody needs are for; empty when there is none or several."""
    several = {line.choices for line in lines if line.choices}
    names = several.pop() if len(several) == 1 else ()
    return names[0] if len(names) == 1 else ""


def about(material: Material, remarks: Iterable[str]) -> list[str]:
    """The remarks that speak of this paper, each point by itself, without （下同）; nothing is made up."""
    said = [remark for remark in map(clean, points(remarks)) if speaks_of(remark, material)]
    return [remark for remark in dict.fromkeys(said) if not is_said_by_another(remark, said)]


def is_said_by_another(remark: str, said: Iterable[str]) -> bool:
    """Whether another remark says the same and more."""
    return any(other != remark and other.startswith(remark.rstrip("。")) for other in said)


def points(remarks: Iterable[str]) -> list[str]:
    """The remarks; one that lists points ①②③ gives each point with the words before them."""
    found = []
    for remark in remarks:
        parts = split_subpoints(remark)
        found += [f"{parts.lead}{point}" for point in parts.points] or [remark]
    return found


def clean(remark: str) -> str:
    """A remark by itself: nothing stands below it, and it ends with a full stop."""
    return remark.replace(FROM_HERE_ON, "").rstrip("；;。 ") + "。"


def speaks_of(remark: str, material: Material) -> bool:
    """Whether a remark names the paper; what it only says as a condition (若票据中已列有…的) does not count.

    A remark that says what something includes (有效身份证件包括…) is about that alone.
    """
    definition = DEFINITION.match(remark)
    said = definition[1] if definition else CONDITION.sub("", remark)
    names = own_names(material)
    copied = [SHARED_TAIL.sub("", name) for name in names]
    whole = [*names, *copied, form_name(material.form)]
    return any(name in said for name in whole if name) or any(ends_named(said, name) for name in names)


def own_names(material: Material) -> list[str]:
    """What a paper is called: each of its alternatives without brackets."""
    options = alternatives(material.text).options or cut(paper_name(material.text), OR)
    return [paper_name(BRACKETS.sub("", name)) for option in options for name in option.split("/")]


def ends_named(said: str, name: str) -> bool:
    """Whether the words name a paper without its beginning: 费用清单 for 门急诊费用清单; a form has its whole name."""
    starts = range(1, 0 if is_form(name) else len(name) - SHORTEST_MENTION + 1)
    return any(name[start:] in said and not ANY_PAPER.fullmatch(name[start:]) for start in starts)
