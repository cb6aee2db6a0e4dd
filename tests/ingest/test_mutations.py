"""Real books, damaged at random: never an uncaught exception, never a silently lost character."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from guides.ingest import HandbookReading, read_handbook
from guides.ingest.source import Ledger
from tests.books import corrections, description, handbook_bytes, matter_names

ARTEFACTS = ["[image: 163]", "[bookmark: _Ref]", "－12－", "第 3 页 共 9 页", "", "住院费用报销"]
Mutation = Callable[[list[str], int, int], list[str]]


@cache
def some_matters(city: str) -> tuple[str, ...]:
    """The first two matters of a real book: enough shapes, and quick to read."""
    lines = handbook_bytes(city).decode().split("\n")
    starts = [number for number, line in enumerate(lines) if line.strip() == "一、事项名称"]
    return tuple(lines[: starts[2] - 1])


def drop(lines: list[str], at: int, other: int) -> list[str]:
    return lines[:at] + lines[at + 1 :]


def double(lines: list[str], at: int, other: int) -> list[str]:
    return lines[: at + 1] + lines[at:]


def swap(lines: list[str], at: int, other: int) -> list[str]:
    lines = list(lines)
    lines[at], lines[other] = lines[other], lines[at]
    return lines


def truncate_line(lines: list[str], at: int, other: int) -> list[str]:
    return [*lines[:at], lines[at][: other % (len(lines[at]) + 1)], *lines[at + 1 :]]


def truncate_book(lines: list[str], at: int, other: int) -> list[str]:
    return lines[: at + 1]


def renumber(lines: list[str], at: int, other: int) -> list[str]:
    changed = lines[at].translate(str.maketrans("一二三123", "三一九317"))
    return [*lines[:at], changed, *lines[at + 1 :]]


def insert_artefact(lines: list[str], at: int, other: int) -> list[str]:
    return [*lines[:at], ARTEFACTS[other % len(ARTEFACTS)], *lines[at:]]


MUTATIONS: list[Mutation] = [drop, double, swap, truncate_line, truncate_book, renumber, insert_artefact]


def read_damaged(lines: list[str], city: str) -> tuple[HandbookReading, Ledger]:
    """The reading, with the ledger in which it noted what became of every character."""
    handbook = "dazhou-2024" if city == "dazhou" else "suining"
    ledgers: list[Ledger] = []

    def ledger(source: str) -> Ledger:
        ledgers.append(Ledger(source))
        return ledgers[-1]

    with patch("guides.ingest.reading.Ledger", ledger):
        found = read_handbook(
            "\n".join(lines).encode(),
            handbook=handbook,
            city=description(city),
            corrections=[c for c in corrections() if c.handbook == handbook and c.line <= 100],
            known_matters=matter_names(),
        )
    return found, ledgers[0]


def recorded_words(ledger: Ledger) -> set[str]:
    """Runs of Chinese characters that the ledger says became part of a record."""
    kept = "".join(
        char if label == "record" else " " for char, label in zip(ledger.source, ledger.labels, strict=True)
    )
    return set(re.findall(r"[\u4e00-\u9fff]+", kept))


def document_words(reading: HandbookReading) -> str:
    """Every text of the guides' documents, with the book's title."""
    texts: list[str] = [reading.title, reading.edition]

    def visit(value: Any) -> None:
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                visit(part)

    for guide in reading.guides:
        visit(guide.document("", "", ""))
    return "\n".join(texts)


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    city=st.sampled_from(["suining", "dazhou"]),
    damage=st.lists(
        st.tuples(st.sampled_from(MUTATIONS), st.integers(0, 10**6), st.integers(0, 10**6)),
        min_size=1,
        max_size=4,
    ),
)
def test_a_damaged_book_is_refused_or_read_whole(city: str, damage: list[tuple[Mutation, int, int]]) -> None:
    lines = list(some_matters(city))
    for mutation, at, other in damage:
        if lines:
            lines = mutation(lines, at % len(lines), other % len(lines))
    assume(any(line.strip() for line in lines))
    found, ledger = read_damaged(lines, city)
    if found.problems:
        assert all(problem.line >= 1 and problem.expected for problem in found.problems)
        return
    assert sum(found.characters.values()) == sum(1 for char in found.text if not char.isspace())
    assert sum(len(words) for _, words in found.unclassified) == found.characters.get("", 0)
    words = document_words(found)
    assert [word for word in recorded_words(ledger) if word not in words] == []
