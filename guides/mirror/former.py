"""The addresses that pages had under former slugs: files cannot redirect, so each of them holds the present page once more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from urllib.parse import parse_qsl

from django.urls import Resolver404, resolve, reverse

from guides.former_addresses import CITIES, MATTERS
from guides.models import Matter
from offices.addresses import address
from offices.models import City, County

Once = Mapping[tuple[str, ...], Sequence[str]]
"""Former slugs by what is called so now: ``("city", slug)``, ``("matter", slug)``, ``("county", city, slug)``."""


def former_addresses(addresses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each address that led to one of these before a place or a matter was renamed, with the present one."""
    once = slugs_once()
    for present in addresses if once else ():
        yield from ((former, present) for former in _ways_to(present, once) if former != present)


def slugs_once() -> Once:
    """All former slugs of the site."""
    found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for kind, rows, names in (
        ("matter", Matter.objects.order_by("slug"), ["slug"]),
        ("city", City.objects.order_by("slug"), ["slug"]),
        ("county", County.objects.order_by("slug"), ["city__slug", "slug"]),
    ):
        renamed = rows.filter(former_slugs__isnull=False)
        for *now, former in renamed.values_list(*names, "former_slugs__slug"):
            found[kind, *now].append(former)
    return found


def _ways_to(present: str, once: Once) -> Iterator[str]:
    """The address with every choice of present and former slugs; nothing for what is no page of the site."""
    path, _, query = present.partition("?")
    try:
        match = resolve(path)
    except Resolver404:
        return
    named, asked = list(match.kwargs.items()), parse_qsl(query)
    city = next((slug for name, slug in [*named, *asked] if name == "city"), "")
    choices = [[slug, *once.get(_called(name, slug, city), ())] for name, slug in [*named, *asked]]
    for slugs in product(*choices):
        kwargs = {name: slug for (name, _), slug in zip(named, slugs, strict=False)}
        pairs = [(name, slug) for (name, _), slug in zip(asked, slugs[len(named) :], strict=True)]
        yield address(reverse(match.view_name, kwargs=kwargs), pairs)


def _called(name: str, slug: str, city: str) -> tuple[str, ...]:
    """What a part of an address of this name calls so."""
    if name in CITIES:
        return ("city", slug)
    if name in MATTERS:
        return ("matter", slug)
    return (name, city, slug)
