"""Words a resident may not know are found where they stand, the longest first."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from guides.glossary import Glossary, split, texts_of, used
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


def test_a_page_marks_each_term_once_and_numbers_them() -> None:
    glossary = Glossary(TERMS.values())
    assert [marked is not None for _, marked in glossary.mark("趸缴再趸缴")] == [True, False, False]
    assert "".join(text for text, _ in glossary.mark("到医疗机构趸缴")) == "到医疗机构趸缴"
    assert [(marked.number, marked.term.word) for marked in glossary.marked] == [(1, "趸缴"), (2, "医疗机构")]


@pytest.mark.django_db
@pytest.mark.usefixtures("handbooks")
def test_every_term_a_real_guide_uses_is_marked_and_explained_on_its_page(client: Client) -> None:
    for guide in Guide.objects.with_details():
        html = client.get(guide.get_absolute_url()).content.decode()
        expected = [term.word for term in used(texts_of(guide), Term.objects.all())]
        explained = re.findall(r'<dt id="term-\d+">([^<]+)</dt>', html)
        assert set(expected) <= set(explained), guide
        assert html.count('class="term"') == len(explained), guide
