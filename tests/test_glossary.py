"""Words a resident may not know are found where they stand, the longest first."""

from __future__ import annotations

import pytest

from guides.glossary import split, texts_of, used
from guides.models import Guide, Term

NAMES = ("定点医疗机构", "医疗机构", "趸缴")
TERMS = {word: Term(word=word, meaning=f"{word}的意思") for word in NAMES}


def test_the_longest_term_is_taken() -> None:
    assert [(word.text, word.term is not None) for word in split("到定点医疗机构办", TERMS)] == [
        ("到", False),
        ("定点医疗机构", True),
        ("办", False),
    ]


@pytest.mark.parametrize("text", ["", "趸缴", "医疗机构和定点医疗机构趸缴", "没有术语"])
def test_nothing_of_a_text_is_lost(text: str) -> None:
    assert "".join(word.text for word in split(text, TERMS)) == text


def test_terms_come_in_the_order_of_the_page() -> None:
    assert [term.word for term in used(["先趸缴", "再去定点医疗机构"], TERMS.values())] == [
        "趸缴",
        "定点医疗机构",
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("handbooks")
def test_every_term_of_the_catalogue_stands_in_some_guide() -> None:
    texts = [text for guide in Guide.objects.with_details() for text in texts_of(guide)]
    names = [name for guide in Guide.objects.all() for name in [guide.name]]
    found = {term.word for term in used([*texts, *names], Term.objects.all())}
    assert set(Term.objects.values_list("word", flat=True)) - found == set()
