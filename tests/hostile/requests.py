"""Requests as only programs send them: every public address with every parameter, wrong in every way we could think of."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from offices.addresses import KNOWN
from tests.admin.addresses import PARAMETER, VALUES, patterns

VALUES_AS_SENT = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%ED%BF%BF%ED%A0%80",
    "%FF%FE",
    "%C0%AF",
    "%F0%28%8C%BC",
    "%u4f4f",
    "%",
    "%%%",
    "%2525",
    "\xff\xfe",
    "\x80abc",
    "NaN",
    "-Infinity",
    "1e999",
    "9" * 400,
    "-" + "9" * 40,
    "0",
    "-1",
    "1e9",
    "1000000000",
    "9223372036854775808",
    "0x10",
    "%D9%A1",
    "%EF%BC%92",
    "1_0",
    "+1",
    "1.0",
    "%20%20",
    "%09",
    "%0A",
    "%0D%0ASet-Cookie:x=1",
    "%E2%80%AE%E2%81%A6",
    "%EF%BB%BF",
    "%F3%A0%80%81",
    "a" * 10_000,
    quote("住") * 3_000,
    quote("①、（" * 500),
    "%25" * 3_000,
    "_" * 3_000,
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/",
    "%27%20OR%201=1--",
    "%22%3E%3Csvg/onload=h(1)%3E",
    "%7B%7B7*7%7D%7D",
    "None",
    "null",
    "true",
    "[]",
    "{}",
    "Dazhou",
    "DAZHOU",
    "dazhou%20",
    "dazhou/",
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "99999-01-01",
    "1e5-01-01",
    "%F0%9F%8F%A5" * 30,
    "%E1%84%80" * 60,
)
"""Values as they stand in a query, escaped or not."""
FORMS = (
    "{name}={value}",
    "{name}[]={value}",
    "{name}[0]={value}",
    "{upper}={value}",
    "{name}={value}&{name}={value}x",
)


@dataclass(frozen=True)
class Asked:
    """One request: where, with which query, by GET or by POST (the query is then its body too)."""

    path: str
    query: str = ""
    method: str = "GET"


def public_routes() -> list[str]:
    """Every route that is no page of the desk."""
    return [route for route in dict.fromkeys(patterns()) if not route.startswith("admin/")]


def plain_address(route: str, **other: str) -> str:
    """The route with values that are there; ``other`` in place of some."""
    return "/" + PARAMETER.sub(lambda found: (VALUES | other)[found[1] or found[2]], route)


def with_parameters(routes: list[str], chance: random.Random) -> Iterator[Asked]:
    """A page, a parameter, a value and how it is written, for ever."""
    names = sorted(KNOWN | {"page", "made", "kind", "mode", "back", "unknown"})
    while True:
        name, value = chance.choice(names), chance.choice(VALUES_AS_SENT)
        form = chance.choice([*FORMS, *["{name}={value}"] * 4])
        query = form.format(name=name, upper=name.upper(), value=value)
        if chance.random() < 0.3:
            query += f"&{chance.choice(names)}={chance.choice(VALUES_AS_SENT)}"
        path = chance.choice(routes)
        sends = path in {"report/", "search/unfound/", "display/"} and chance.random() < 0.5
        yield Asked(plain_address(path), query, "POST" if sends else "GET")


def with_parts(routes: list[str], chance: random.Random) -> Iterator[Asked]:
    """A page with something else in place of a part of its path, for ever."""
    partly = [route for route in routes if PARAMETER.search(route)]
    while True:
        route = chance.choice(partly)
        part = chance.choice(PARAMETER.findall(route))
        yield Asked(plain_address(route, **{part[0] or part[1]: chance.choice(VALUES_AS_SENT)}))


def requests(seed: int, count: int) -> list[Asked]:
    """So many requests, the same for the same seed: three of four with wrong parameters, one with a wrong path."""
    chance = random.Random(seed)  # noqa: S311 - the same for the same seed
    routes = public_routes()
    both = [with_parameters(routes, chance)] * 3 + [with_parts(routes, chance)]
    return [next(both[number % 4]) for number in range(count)]
