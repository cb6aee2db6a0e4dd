"""Which tokens lead to an office: its county, street, phone numbers. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .tokens import body_tokens, fold, pairs, spelled

NUMBER, COUNTY, STREET, CITY_ITSELF, CITY, NAME = 8.0, 6.0, 4.0, 3.5, 2.5, 0.5
STREET_PART = re.compile(r".*[\d一二三四五六七八九十](?:楼|层|号)|.*")
POINTING = {NUMBER, COUNTY, CITY_ITSELF, CITY}
"""Weights of tokens that name a place by themselves; of a street two are needed."""


@dataclass(frozen=True)
class OfficeWords:
    """The words of one office: its city, its county ("" if it belongs to none), name, address and numbers.

    ``city_slug`` and ``county_slug`` are pinyin: how the two sound.
    """

    city: str
    city_slug: str
    county: str
    county_slug: str
    is_city_level: bool
    name: str
    address: str
    numbers: tuple[str, ...]


def office_weights(words: OfficeWords) -> dict[str, float]:
    """Token → weight for one office; city and county also by their sound (xuanhan)."""
    street = STREET_PART.match(words.address)
    texts = [
        (NAME, words.name),
        (STREET, street[0] if street else ""),
        (CITY_ITSELF if words.is_city_level else CITY, words.city),
        (COUNTY, words.county),
        *((NUMBER, number) for number in words.numbers),
    ]
    found: dict[str, float] = {}
    for weight, text in texts:
        for token in body_tokens(text):
            found[token] = max(found.get(token, 0), weight)
    for weight, slug in ((CITY, words.city_slug), (COUNTY, words.county_slug)):
        for token in _sound_tokens(slug):
            found[token] = max(found.get(token, 0), weight)
    return found


def _sound_tokens(slug: str) -> list[str]:
    spelling = spelled(slug.replace("-", "")) if slug else None
    return pairs([fold(syllable) for syllable in spelling], "p", " ") if spelling else []


def points_there(weights: Iterable[float]) -> bool:
    """Whether the met tokens of an office name its county, its city or a number: 遂宁 in 遂宁医保服务大厅."""
    return bool(POINTING.intersection(weights))


def names_a_place(weights: Iterable[float]) -> bool:
    """Whether the met tokens of an office point to it: its county, its city, a number, or two of its street."""
    met = list(weights)
    return points_there(met) or met.count(STREET) > 1
