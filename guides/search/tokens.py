"""Words → tokens: character bigrams, toneless pinyin-syllable bigrams, initials. Pure functions, no database.

A token carries its kind in its first letter, so that the three never meet: ``c住院`` (characters),
``pzu yuan`` (two syllables, folded as Sichuan ears hear them), ``izy`` (two initials).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby, pairwise

from opencc import OpenCC

from .syllables import SYLLABLES

LONGEST_HEARD = 200
"""Characters that are turned into sounds at once: longer than any name, because the time grows faster than the length."""
RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9]+")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FOLDS = (
    (re.compile("^zh"), "z"),
    (re.compile("^ch"), "c"),
    (re.compile("^sh"), "s"),
    (re.compile("^n(?!g$)"), "l"),
)
HEARD = 0.55
"""How much a sound is trusted when the character was typed."""
SINGLE = 0.1
"""How much one character is trusted by itself: it only decides between matters when its neighbour is wrong."""
COMMON = {"c医": 0.0, "c保": 0.0, "c医保": 0.25, "pyi bao": 0.1}
"""Words that say nothing on a site about 医保."""
EMPTY_WORDS = re.compile(
    "怎么办理|如何办理|怎么办|怎样办|怎么|怎样|如何|咋个|咋样|咋|啥子|啥|好久|多久|什么时候|在哪里|在哪儿|哪里|哪儿|什么|需要|可以|能不能|请问|我要|我想|我的|多少|吗|呢|啊|了|的"
)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def plain(words: str) -> str:
    """Half-width, lower case, simplified: ``ＡＰＰ醫保`` → ``app医保``."""
    return str(_converter().convert(unicodedata.normalize("NFKC", words).lower()))


def runs(words: str) -> list[str]:
    """The Chinese and the Latin runs of plain words, in order."""
    return RUN.findall(words)


def fold(syllable: str) -> str:
    """A syllable as Sichuan ears hear it: zh/z, ch/c, sh/s, n/l and -ng/-n are one."""
    for pattern, heard in FOLDS:
        syllable = pattern.sub(heard, syllable)
    return re.sub("(?<=[aeiou])ng$", "n", syllable)


def spelled(latin: str) -> list[str] | None:
    """``zhuyuan`` → [zhu, yuan]: the fewest syllables that spell the whole run, or None if it is no pinyin.

    Sichuan spellings (zuyuan) are syllables too.
    """
    fewest: list[int | None] = [0] + [None] * len(latin)
    begins = [0] * (len(latin) + 1)  # where the last syllable before each place begins
    for end in range(1, len(latin) + 1):
        for start in range(max(0, end - 6), end):
            before, found = fewest[start], fewest[end]
            if before is None or latin[start:end] not in SYLLABLES:
                continue
            if found is None or before + 1 < found:
                fewest[end], begins[end] = before + 1, start
    if fewest[-1] is None:
        return None
    spelling, end = [], len(latin)
    while end:
        spelling.append(latin[begins[end] : end])
        end = begins[end]
    return spelling[::-1]


@lru_cache(maxsize=10_000)  # the names of matters are spelled at every search
def sounds(run: str) -> tuple[str, ...]:
    """The toneless syllables of a Chinese run."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionaries take half a second to load

    return tuple(
        syllable
        for start in range(0, len(run), LONGEST_HEARD)
        for syllable in lazy_pinyin(run[start : start + LONGEST_HEARD])
    )


def syllables(run: str) -> list[str]:
    """The folded syllables of a Chinese run."""
    return [fold(syllable) for syllable in sounds(run)]


def pairs(parts: Sequence[str], mark: str, joint: str = "") -> list[str]:
    """``c`` + each two neighbours; a single part stands alone."""
    if len(parts) == 1:
        return [mark + parts[0]]
    return [mark + joint.join(two) for two in pairwise(parts)]


def index_tokens(words: str) -> list[str]:
    """Tokens under which words are found: every kind, for a name or an alias."""
    tokens = []
    for run in runs(plain(words)):
        if CHINESE.match(run):
            heard = sounds(run)
            tokens += pairs(run, "c") + list({f"c{char}" for char in run})
            tokens += pairs([fold(syllable) for syllable in heard], "p", " ")
            tokens += initials("".join(syllable[0] for syllable in heard))
        else:
            tokens += [f"c{run}"]
    return tokens


def body_tokens(words: str) -> list[str]:
    """Tokens of running text: characters only, since sounds and initials of long texts match anything."""
    return [
        token
        for run in runs(plain(words))
        for token in (pairs(run, "c") if CHINESE.match(run) else [f"c{run}"])
    ]


def initials(letters: str) -> list[str]:
    """``zybx`` → every run of two to four neighbours: the longer, the rarer."""
    return ["i" + letters[start : start + n] for n in (2, 3, 4) for start in range(len(letters) - n + 1)]


def query_tokens(words: str) -> dict[str, float]:
    """Tokens of what somebody typed, each with how much it is trusted (characters most, initials least)."""
    asked = plain(words)
    kept = EMPTY_WORDS.sub(" ", asked)
    found: dict[str, float] = {}
    for token, trust in _tokens_of(runs(kept) or runs(asked)):
        found[token] = max(found.get(token, 0), COMMON.get(token, trust))
    return found


def _tokens_of(parts: Sequence[str]) -> Iterator[tuple[str, float]]:
    for is_chinese, group in groupby(parts, key=lambda run: bool(CHINESE.match(run))):
        runs_here = list(group)
        if is_chinese:
            for run in runs_here:
                yield from ((token, 1.0) for token in pairs(run, "c"))
                yield from ((f"c{character}", SINGLE) for character in run if len(run) > 1)
                yield from ((token, HEARD) for token in pairs(syllables(run), "p", " "))
        else:
            yield from _latin_tokens(runs_here)


def _latin_tokens(parts: Sequence[str]) -> Iterator[tuple[str, float]]:
    yield from ((f"c{run}", 1.0) for run in parts)
    spellings = [spelled(run) for run in parts]
    spelling = [fold(syllable) for found in spellings for syllable in found or []]
    if len(spelling) > 1 and None not in spellings:
        yield from ((token, 0.9) for token in pairs(spelling, "p", " "))
    letters = "".join(parts)
    if len(letters) > 1 and letters.isalpha():
        trust = 0.2 if spelling and None not in spellings else 0.9
        yield from ((token, trust) for token in initials(letters))
