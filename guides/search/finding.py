"""What somebody typed → matters, best first, with the reason for each; and the offices it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from guides.editing.search_index import rebuild_search
from guides.models import Matter, OfficePosting, Posting
from offices.models import County, Office

from .index import Row, rank, whole
from .places import names_a_place, points_there
from .reasons import heard_as
from .tokens import CHINESE, SINGLE, pairs, plain, query_tokens, runs, syllables

SHARE_OF_BEST = 0.35
"""A matter with less than this share of the best score is noise beside it."""
MOST_MATTERS, MOST_OFFICES = 12, 5
MOST_OFFICE_ROWS = 1_000
"""Postings of offices that one search reads to choose among them; both books together have fewer than 500."""
SURE_SHARE, SHORT = 0.3, 6
"""A short query (characters) of which less than this share was met found nothing anybody meant."""
OFFICE_SHARE = 0.6


@dataclass(frozen=True)
class Finding:
    """What was found for the words: matters by rank, offices, and whether it is what was meant.

    ``heard_as`` is the name the words were read as when they match by sound or with a slip ("" otherwise).
    """

    words: str
    matters: tuple[Matter, ...] = ()
    offices: tuple[Office, ...] = ()
    counties: tuple[County, ...] = ()
    sure: bool = False
    heard_as: str = ""


def find(words: str) -> Finding:
    """Rank matters and offices for the words; a constant number of queries, however many cities there are."""
    asked = query_tokens(words) | {whole(words): 1.0}
    counties = tuple(County.objects.named_in(plain(words)))
    offices = find_offices(asked) or offices_for(counties)
    rows = postings_of(asked)
    if not rows and not Posting.objects.exists():
        rebuild_search()  # fixtures carry no postings: the first search after a bare loaddata makes them
        return find(words) if Posting.objects.exists() else Finding(words)
    ranked = rank(asked, rows, Matter.objects.count())
    if not ranked:
        return Finding(words, offices=offices, counties=counties)
    best = ranked[0][1]
    keys = [key for key, score in ranked[:MOST_MATTERS] if score >= best * SHARE_OF_BEST]
    found = Matter.objects.prefetch_related("aliases").in_bulk(keys)
    met = {token for key, token, _ in rows if key == keys[0]}
    matters = tuple(found[key] for key in keys)
    names = [matters[0].name, *(alias.text for alias in matters[0].aliases.all())]
    sure = is_sure(words, met)
    return Finding(words, matters, offices, counties, sure, heard_as(words, names) if sure else "")


def postings_of(asked: Mapping[str, float]) -> list[Row]:
    """The postings of the tokens asked for."""
    return list(Posting.objects.filter(token__in=asked).values_list("matter", "token", "weight"))


def find_offices(asked: Mapping[str, float]) -> tuple[Office, ...]:
    """Offices that most of the words point to, best first."""
    tokens = {token: trust for token, trust in asked.items() if token[0] in "cp" and trust > SINGLE}
    postings = OfficePosting.objects.filter(token__in=tokens)
    spread = dict(postings.values_list("token").annotate(size=Count("*")))
    rows = office_rows(spread)
    if not rows:
        return ()
    ranked = rank(tokens, rows, Office.objects.count(), spread)
    met: dict[int, list[float]] = defaultdict(list)
    for key, token, weight in rows:
        if token[0] == "c":
            met[key].append(weight)
    by_sound = all(token[0] != "c" for _, token, _ in rows)
    ranked = [(key, score) for key, score in ranked if by_sound or names_a_place(met[key])]
    ranked = [(key, score) for key, score in ranked if points_there(met[key])] or ranked
    keys = [key for key, score in ranked[:MOST_OFFICES] if score >= ranked[0][1] * OFFICE_SHARE]
    found = Office.objects.with_details().in_bulk(keys)
    return tuple(found[key] for key in keys)


def office_rows(spread: Mapping[str, int]) -> list[Row]:
    """The postings of tokens that lead to so many offices each.

    In a country of offices 医保窗口 leads to all of them and so to none: when the postings are too many, the rarest
    tokens say which offices are looked at, and the common ones only add to those.
    """
    rows = OfficePosting.objects.values_list("office", "token", "weight")
    rarest, total = [], 0
    for token in sorted(spread, key=lambda token: (spread[token], token)):
        total += spread[token]
        if total > MOST_OFFICE_ROWS:
            break
        rarest.append(token)
    found: list[Row] = list(rows.filter(token__in=rarest)) if rarest else []
    if found and len(rarest) < len(spread):
        offices = {key for key, _, _ in found}
        found += rows.filter(token__in=spread.keys() - set(rarest), office__in=offices)
    return found


def offices_for(counties: Sequence[County]) -> tuple[Office, ...]:
    """The own office of the counties' cities: what is left where a handbook names no office of the county."""
    if not counties:
        return ()
    return tuple(Office.objects.at_city_level().filter(city__in={c.city_id for c in counties}).with_details())


def is_sure(words: str, met: set[str]) -> bool:
    """Whether enough of the words was met to call it found.

    Long questions are full of words that lead nowhere, so only short ones are held to a share; letters that
    are only initials have to be met as a whole.
    """
    if whole(words) in met:
        return True
    parts = runs(plain(words))
    if all(not CHINESE.match(part) for part in parts):
        letters = "".join(parts)
        return any(token[0] in "cp" for token in met) or "i" + letters[:4] in met
    hits, total = 0.0, 0
    for part in parts:
        if CHINESE.match(part):
            for seen, heard in zip(pairs(part, "c"), pairs(syllables(part), "p", " "), strict=True):
                total += 1
                hits += 1 if seen in met else 0.5 if heard in met else 0
    length = sum(map(len, parts))
    return bool(met) and (length > SHORT or hits / max(total, 1) >= SURE_SHARE)


def in_rank_order(matters: Sequence[Matter]) -> dict[int, int]:
    """Key → place, to sort guides by their matter's rank."""
    return {matter.pk: place for place, matter in enumerate(matters)}
