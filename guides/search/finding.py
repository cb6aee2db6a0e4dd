"""What somebody typed → matters, best first, with the reason for each; and the offices it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guides.editing.search_index import rebuild_search
from guides.models import Matter, OfficePosting, Posting
from offices.models import County, Office

from .index import Row, rank, whole
from .places import names_a_place
from .reasons import heard_as
from .tokens import CHINESE, pairs, plain, query_tokens, runs, syllables

SHARE_OF_BEST = 0.35
"""A matter with less than this share of the best score is noise beside it."""
MOST_MATTERS, MOST_OFFICES = 12, 5
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
    tokens = {token: trust for token, trust in asked.items() if token[0] in "cp"}
    rows = list(OfficePosting.objects.filter(token__in=tokens).values_list("office", "token", "weight"))
    if not rows:
        return ()
    ranked = rank(tokens, rows, Office.objects.count())
    met: dict[int, list[float]] = defaultdict(list)
    for key, token, weight in rows:
        if token[0] == "c":
            met[key].append(weight)
    by_sound = all(token[0] != "c" for _, token, _ in rows)
    keys = [key for key, score in ranked[:MOST_OFFICES] if score >= ranked[0][1] * OFFICE_SHARE]
    keys = [key for key in keys if by_sound or names_a_place(met[key])]
    found = Office.objects.with_details().in_bulk(keys)
    return tuple(found[key] for key in keys)


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
