"""Papers of which one is enough: 有效身份证件或医保电子凭证或社会保障卡 is one paper to bring, not three.

Only a text that plainly offers whole papers is taken apart; whatever could be read another way stays whole,
because a resident who leaves a paper at home has come for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

ONE_OF = "任选其一"
COLON = re.compile("：")
COMMA = re.compile("、")
OR = re.compile("或者|或")
OR_AFTER_A_STOP = re.compile("，(?:或者|或)")
ENCLOSED = re.compile("（[^（）]*）|《[^》]{0,200}》|“[^”]{0,200}”")
PAPER_ENDS = "证件卡照书信表单簿册据码票历同》”"
"""The last character of a paper's name: 凭证, 证件, 卡, 证照, 证书, 介绍信, 劳动合同… 法定代表人 is none."""
SHARED_TAIL = re.compile("(?:原件|复印件|扫描件)$")
JOINED = re.compile("[和及与、，；。]")


@dataclass(frozen=True)
class Choice:
    """A paper's words: what stands before the options, and the options, of which one is enough; none: no choice."""

    lead: str
    options: tuple[str, ...] = ()


@lru_cache(maxsize=10_000)
def alternatives(text: str) -> Choice:
    """The options a paper's words offer. Nothing is lost but 或, the stop before it, and 任选其一 with its 、."""
    rest = cut(text, COLON)[-1]
    options = one_of_a_list(rest) or whole_papers(rest)
    return Choice(text.removesuffix(rest), tuple(options)) if options else Choice(text)


def one_of_a_list(text: str) -> list[str]:
    """``A、B任选其一，或C`` and ``A和B，或C``: strong stops say where an option ends, so it may hold a 和."""
    first, *more = cut(text, OR_AFTER_A_STOP)
    listed = first.endswith(ONE_OF)
    options = [*(cut(first.removesuffix(ONE_OF), COMMA) if listed else [first]), *more]
    clear = all(is_paper(option) and not re.search("[、，；。或]", outside(option)) for option in options)
    return options if clear and (listed or more) and len(options) > 1 else []


def whole_papers(text: str) -> list[str]:
    """``A或B或C``, each a paper by itself."""
    options = cut(text, OR)
    clear = all(is_paper(option) and not JOINED.search(outside(option)) for option in options)
    return options if clear and len(options) > 1 and not shares_its_tail(options) else []


def shares_its_tail(options: list[str]) -> bool:
    """Whether what ends the last option belongs to all of them: ``A或B复印件``."""
    tails = [match[0] if (match := SHARED_TAIL.search(option)) else "" for option in options]
    return bool(tails[-1]) and len(set(tails)) > 1


def is_paper(option: str) -> bool:
    """Whether an option reads as the name of a paper."""
    return len(option) > 1 and option[-1] in PAPER_ENDS


def cut(text: str, separator: re.Pattern[str]) -> list[str]:
    """Cut at a separator wherever it is not inside brackets or quotation marks."""
    plain = ENCLOSED.sub(lambda found: "\0" * len(found[0]), text)
    parts, start = [], 0
    for found in separator.finditer(plain):
        parts.append(text[start : found.start()])
        start = found.end()
    return [*parts, text[start:]]


def outside(text: str) -> str:
    """A text without what stands in brackets or quotation marks."""
    return ENCLOSED.sub("", text)
