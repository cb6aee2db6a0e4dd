"""Names of places: an address, what stands at its end, and what kind of place it is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from .records import GuideRecord, PlaceRecord

NETWORK = re.compile("^(?:各|市内|省内|市外|省外|定点)|机构$")
STREET = re.compile(r"[路街巷道镇乡]|\d号")
UP_TO_NUMBER = re.compile(r".*[\d一二三四五六七八九十](?:楼|层|号)")


def place_kind(words: str) -> str:
    """``network`` for a class of places (各乡镇便民服务中心, 市内定点医疗机构), ``counter`` for one place."""
    return "network" if NETWORK.search(words) else "counter"


def has_address(words: str) -> bool:
    """Whether the words say where the place is (a street or a house number)."""
    return bool(STREET.search(words))


def counter_name(county: str, address: str) -> str:
    """A short name for a counter: its county and what follows the last number of the address (通川区医保窗口)."""
    number = UP_TO_NUMBER.match(address)
    tail = address[number.end() :] if number else address
    return county + (tail.removeprefix(county) or "办理点")


def tell_apart(guides: Sequence[GuideRecord]) -> tuple[GuideRecord, ...]:
    """Two addresses under one name are two places: the rarer one gets its address into its name."""
    addresses: dict[str, Counter[str]] = defaultdict(Counter)
    for guide in guides:
        for place in guide.places:
            addresses[place.name][place.address] += 1
    if all(len(seen) == 1 for seen in addresses.values()):
        return tuple(guides)
    return tuple(
        replace(guide, places=tuple(_told_apart(place, addresses[place.name]) for place in guide.places))
        for guide in guides
    )


def _told_apart(place: PlaceRecord, addresses: Counter[str]) -> PlaceRecord:
    usual = max(addresses, key=lambda address: addresses[address])
    return place if place.address == usual else replace(place, name=f"{place.name}（{place.address}）")
