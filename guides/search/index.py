"""Which tokens lead to which matter, and how strongly. Pure functions, no database.

Every text of a matter (its name, each other name, the papers its guides list…) is scored on its own with
BM25's length norm and the weight of its kind; the best of them is the posting. How rare a token is, is known
when somebody asks: it is the number of matters its postings lead to. So a posting never depends on the other
matters, and a change of one matter touches only its own rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import log
from operator import itemgetter

from .tokens import body_tokens, index_tokens, plain, runs

NAME, ALIAS, WHOLE = 10.0, 8.0, 25.0
"""Weights of a name, of another name, and of either when it is all that was typed."""
BODY = {"materials": 4.5, "audience": 2.0, "notes": 1.5}
USUAL_LENGTH = {NAME: 50, ALIAS: 22, WHOLE: 1, **dict.fromkeys(BODY.values(), 30)}
"""How many tokens such a text usually has (measured on the 34 matters)."""
RARITY = 1.6
"""How much more a rare token says than a common one: the power of its inverse frequency."""
SATURATION, LENGTH = 1.2, 0.35
"""BM25's k1 and b: names are short, so their length matters little."""

Row = tuple[int, str, float]
"""A posting: the matter's key, the token, the weight."""


def whole(words: str) -> str:
    """The token of everything that was typed: ``=住院费用报销``."""
    return "=" + "".join(runs(plain(words)))


def name_weights(name: str, aliases: Iterable[str]) -> dict[str, float]:
    """Token → weight for what a matter is called."""
    texts = [(NAME, index_tokens(name)), (WHOLE, [whole(name)])]
    for alias in aliases:
        texts += [(ALIAS, index_tokens(alias)), (WHOLE, [whole(alias)])]
    return _weights(texts)


def body_weights(texts: Mapping[str, Iterable[str]]) -> dict[str, float]:
    """Token → weight for the running texts of a guide, by kind (keys of ``BODY``)."""
    return _weights((BODY[kind], body_tokens(text)) for kind, several in texts.items() for text in several)


def _weights(texts: Iterable[tuple[float, list[str]]]) -> dict[str, float]:
    by_kind: dict[tuple[float, str], float] = {}
    for weight, tokens in texts:
        scale = SATURATION * (1 - LENGTH + LENGTH * len(tokens) / USUAL_LENGTH[weight])
        for token, times in Counter(tokens).items():
            value = weight * times * (SATURATION + 1) / (times + scale)
            by_kind[weight, token] = max(by_kind.get((weight, token), 0), value)
    found: dict[str, float] = defaultdict(float)
    for (_, token), value in sorted(by_kind.items()):
        found[token] += value
    return {token: round(value, 6) for token, value in sorted(found.items())}


def rank(
    asked: Mapping[str, float], rows: Iterable[Row], total: int, spread: Mapping[str, int] | None = None
) -> list[tuple[int, float]]:
    """Keys by score, best first; equal scores by key.

    ``rows`` are the postings of the tokens asked for, ``total`` how many matters (or offices) there are, ``spread``
    to how many of them each token leads, where ``rows`` are not all of its postings.
    """
    postings = sorted(rows)
    if spread is None:
        spread = Counter(map(itemgetter(1), set(map(itemgetter(0, 1), postings))))
    worth = {
        token: asked[token] * log(1 + (total - size + 0.5) / (size + 0.5)) ** RARITY
        for token, size in spread.items()
    }
    scores: dict[int, float] = defaultdict(float)
    for key, token, weight in postings:
        scores[key] += worth[token] * weight
    return sorted(
        ((key, round(score, 4)) for key, score in scores.items()), key=lambda item: (-item[1], item[0])
    )
