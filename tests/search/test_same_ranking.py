"""The ranking is the same on every database: equal to the one made without any, for all queries."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from guides.search.finding import find
from guides.search.index import Row, body_weights, name_weights, rank, whole
from guides.search.tokens import query_tokens
from tests import books

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handbooks")]
QUERIES = Path(__file__).parent / "queries.tsv"


def postings() -> dict[str, list[Row]]:
    """Token → postings, straight from the catalogue file and the two books."""
    body: dict[str, dict[str, float]] = defaultdict(dict)
    for city in books.FILES:
        for guide in books.reading(city).guides:
            texts = {
                "materials": [material.text for material in guide.materials],
                "audience": [guide.audience],
                "notes": list(guide.notes),
            }
            for token, weight in body_weights(texts).items():
                body[guide.name][token] = max(weight, body[guide.name].get(token, 0))
    rows: dict[str, list[Row]] = defaultdict(list)
    for key, matter in enumerate(books.catalogue()["matters"]):
        names = name_weights(matter["name"], matter.get("aliases", []))
        for weights in (names, body[matter["name"]]):
            for token, weight in weights.items():
                rows[token].append((key, token, weight))
    return rows


def test_every_query_ranks_as_it_does_without_a_database() -> None:
    rows, names = postings(), books.matter_names()
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        queries = [line["query"] for line in csv.DictReader(lines, delimiter="\t")]
    differing = []
    for words in queries:
        asked = query_tokens(words) | {whole(words): 1.0}
        expected = [names[key] for key, _ in rank(asked, [row for token in asked for row in rows[token]], 34)]
        found = [matter.name for matter in find(words).matters]
        if found != expected[: len(found)]:
            differing.append(words)
    assert differing == []


def test_every_alias_leads_to_its_own_matters_before_all_others() -> None:
    rows, owners = postings(), defaultdict(set)
    for key, matter in enumerate(books.catalogue()["matters"]):
        for alias in matter.get("aliases", []):
            owners[alias].add(key)
    astray = {}
    for alias, matters in owners.items():
        asked = query_tokens(alias) | {whole(alias): 1.0}
        ranked = rank(asked, [row for token in asked for row in rows[token]], 34)
        if {key for key, _ in ranked[: len(matters)]} != matters:
            astray[alias] = ranked[:3]
    assert astray == {}
    assert len(owners) > 1_900
