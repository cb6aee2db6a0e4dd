"""Requests as only programs send them: every public address with every parameter, wrong in every way we could think of."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import quote

from offices.addresses import KNOWN
from reports.forms import Made, ReportForm
from staff.forms import SignInForm
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
LISTS = {
    "/guides/": ("q", "city", "county", "channel", "limit", "audience", "category", "sort", "page"),
    "/materials/": ("q", "city", "county", "paper", "page"),
    "/offices/": ("q", "city", "county", "page"),
    "/sitemap/": ("city", "county"),
    "/": ("city", "county"),
    "/life-events/shengbing-zhuyuan/": ("city", "county"),
    "/paths/yidi/": ("a", "city", "county"),
    "/matters/zhuyuan-baoxiao/": ("city",),
    "/plan/dazhou/xuanhan/": ("matters",),
    "/guides/dazhou/zhigong-canbao/deadline/": ("county", "accepted"),
    "/guides/dazhou/zhigong-canbao/notice/": ("case", "missing", "copies"),
    "/guides/dazhou/zhigong-canbao/print/": ("size", "steps", "notes", "case"),
    "/offices/dazhou/xuanhan/booklet/": ("matters",),
}
"""Pages with the parameters that narrow what they show."""
OTHERS = {
    "/guides/": ("literal",),
    "/guides/dazhou/zhigong-canbao/source/": ("county",),
    "/offices/dazhou/xuanhan/booklet/": ("size", "category", "since"),
    "/search/suggest/": ("q",),
    "/display/": ("mode", "next"),
    "/display/?mode=large": ("next",),
    "/report/": ("page",),
    "/admin/login/": ("next", "why"),
}
"""Further parameters."""
REPORTED = "/report/?page=/guides/dazhou/zhigong-canbao/"
SENT = {
    REPORTED: tuple(ReportForm.base_fields),
    "/admin/login/": (*SignInForm.base_fields, "next"),
    "/search/unfound/": ("q",),
}
"""Forms with their fields."""
NESTED = (
    *("/guides/?q=", "/guides/?city=", "/guides/?city=dazhou&county=", "/offices/?q=", "/materials/?q="),
    *("/offices/dazhou/", "/guides/dazhou/"),
)
"""Addresses of pages to report on, where the value is their end."""


@dataclass(frozen=True)
class Asked:
    """One request: where, with which query; by POST when it has a body."""

    path: str
    query: str = ""
    body: str | None = None

    @classmethod
    def at(cls, address: str, query: str = "", body: str | None = None) -> Asked:
        """At an address that may have a query of its own."""
        path, _, own = address.partition("?")
        return cls(path, "&".join(filter(None, (own, query))), body)

    @property
    def method(self) -> str:
        """GET or POST."""
        return "GET" if self.body is None else "POST"


def public_routes() -> list[str]:
    """Every route that is no page of the desk."""
    return [route for route in dict.fromkeys(patterns()) if not route.startswith("admin/")]


def plain_address(route: str, **other: str) -> str:
    """The route with values that are there; ``other`` in place of some."""
    return "/" + PARAMETER.sub(lambda found: (VALUES | other)[found[1] or found[2]], route)


@cache
def filled_in(form: str) -> str:
    """A body that the form takes; what follows it counts instead."""
    made = Made(0, 0, "0" * 32).signed()
    report = f"kind=phone&number=none&text=x&anyway=1&made={made}"
    return {REPORTED: report, "/admin/login/": "username=chen&password=wrong&next=/admin/"}.get(form, "")


def each_once() -> Iterator[Asked]:
    """Every parameter where it is understood, every field of a form, every page to report on: with every value."""
    for number, value in enumerate(VALUES_AS_SENT):
        for pages in (LISTS, OTHERS):
            for page, names in pages.items():
                yield from (Asked.at(page, f"{name}={value}") for name in names)
        for form, fields in SENT.items():
            for field in fields:
                yield Asked.at(form, body=f"{filled_in(form)}&{field}={value}")
        for page in NESTED:
            nested = "page=" + quote(page + value)
            yield Asked("/report/", nested)
            # Words of its own: what one form sends twice is saved once.
            yield Asked("/report/", nested, f"{filled_in(REPORTED)}&text={quote(page)}{number}")


def with_parameters(routes: list[str], chance: random.Random) -> Iterator[Asked]:
    """A page, a parameter, a value and how it is written, for ever."""
    fields = {field for fields in SENT.values() for field in fields}
    names = sorted(KNOWN | fields | {"mode", "why", "back", "unknown"})
    while True:
        name, value = chance.choice(names), chance.choice(VALUES_AS_SENT)
        form = chance.choice([*FORMS, *["{name}={value}"] * 4])
        query = form.format(name=name, upper=name.upper(), value=value)
        if chance.random() < 0.3:
            query += f"&{chance.choice(names)}={chance.choice(VALUES_AS_SENT)}"
        yield Asked(plain_address(chance.choice(routes)), query)


def with_fields(chance: random.Random) -> Iterator[Asked]:
    """A form with something else in several of its fields, for ever."""
    while True:
        form = chance.choice([*SENT, "/display/"])
        names = chance.choices(SENT.get(form, ("mode", "next")), k=3)
        wrong = "&".join(f"{name}={chance.choice(VALUES_AS_SENT)}" for name in names)
        yield Asked.at(form, body=f"{filled_in(form)}&{wrong}")


def with_parts(routes: list[str], chance: random.Random) -> Iterator[Asked]:
    """A page with something else in place of a part of its path, for ever."""
    partly = [route for route in routes if PARAMETER.search(route)]
    while True:
        route = chance.choice(partly)
        part = chance.choice(PARAMETER.findall(route))
        yield Asked(plain_address(route, **{part[0] or part[1]: chance.choice(VALUES_AS_SENT)}))


def by_chance(chance: random.Random) -> Iterator[Asked]:
    """For ever: three of five with wrong parameters, one with wrong fields, one with a wrong path."""
    routes = public_routes()
    wrong = with_parameters(routes, chance)
    kinds = (wrong, wrong, wrong, with_fields(chance), with_parts(routes, chance))
    while True:
        for kind in kinds:
            yield next(kind)


def requests(seed: int, count: int) -> list[Asked]:
    """Each once, then so many by chance; the same for the same seed."""
    return [*each_once(), *islice(by_chance(random.Random(seed)), count)]  # noqa: S311 - the same for the same seed


def some_requests(seed: int, count: int) -> list[Asked]:
    """So many of those that are each sent once, and so many by chance; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same for the same seed
    return [*chance.sample(list(each_once()), count), *islice(by_chance(chance), count)]
