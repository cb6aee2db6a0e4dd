"""Joining the pieces of every entry gives back the handbook's words.

The expected words are cut out of the book here, independently of the parser: by its headings alone.
"""

from __future__ import annotations

import re

import pytest

from guides.ingest import GuideRecord
from tests.books import corrections, matter_names, reading

TITLES = "事项名称|服务对象|办理渠道|办理材料|(?:承诺)?办理时限|办理流程|办理进度和结果查询|服务评价渠道|备注"
HEADING = re.compile(rf"^\s*[一二三四五六七八九十\d]+、\s*({TITLES})\s*$", re.M)
LIST_MARKS = re.compile(r"^\s*\d{1,2}[.．、](?!\d)|^\s*5(?=办结)|[①-⑳]", re.M)
PUNCTUATION = re.compile(r"[\s；;。：，,、]")
CASES = [(city, name) for city in ("suining", "dazhou") for name in matter_names()]


def bare(words: str) -> str:
    return PUNCTUATION.sub("", words)


def printed(city: str, guide: GuideRecord) -> dict[str, str]:
    """The sections of a guide as the book prints them: title → words, and the tail under 办理地点."""
    lines = reading(city).text.split("\n")
    for correction in corrections():
        if correction.handbook == reading(city).handbook:
            line = lines[correction.line - 1]
            lines[correction.line - 1] = line.replace(correction.found, correction.replacement)
    text = "\n".join(lines[guide.first_line - 1 : guide.last_line])
    text = re.sub(r"\[(?:image|bookmark)[^\]]*\]", "", text)
    text, tail = re.split(r"^办理地点", text, maxsplit=1, flags=re.M)
    parts = HEADING.split(text)
    titles = [title.removeprefix("承诺") for title in parts[1::2]]
    return dict(zip(titles, parts[2::2], strict=True)) | {"办理地点": tail}


def without_marks(words: str) -> str:
    return bare(LIST_MARKS.sub("", words))


def guide_of(city: str, name: str) -> GuideRecord:
    return next(guide for guide in reading(city).guides if guide.name == name)


@pytest.mark.parametrize(("city", "name"), CASES)
def test_sections_are_complete(city: str, name: str) -> None:
    guide = guide_of(city, name)
    sections = printed(city, guide)
    assert bare(guide.name) == bare(sections["事项名称"])
    for title, words in (
        ("服务对象", guide.audience),
        ("办理渠道", guide.channels_text),
        ("办理进度和结果查询", guide.progress),
        ("服务评价渠道", guide.evaluation),
    ):
        assert re.sub(r"\s", "", words) == re.sub(r"\s", "", sections.get(title, "")), title


@pytest.mark.parametrize(("city", "name"), CASES)
def test_materials_join_to_the_printed_words(city: str, name: str) -> None:
    guide = guide_of(city, name)
    words, case = "", ""
    for material in guide.materials:
        words += ("" if material.applies_to == case else material.applies_to) + material.text
        case = material.applies_to
    words += guide.materials_note or ("无" if guide.materials_state == "none" else "")
    assert bare(words) == without_marks(printed(city, guide)["办理材料"])


@pytest.mark.parametrize(("city", "name"), CASES)
def test_steps_notes_and_limits_join_to_the_printed_words(city: str, name: str) -> None:
    guide = guide_of(city, name)
    sections = printed(city, guide)
    assert bare("".join(step.title + step.text for step in guide.steps)) == without_marks(
        sections["办理流程"]
    )
    assert bare("".join(limit.text for limit in guide.time_limits)) == bare(sections["办理时限"])
    assert without_marks("".join(guide.notes)) == without_marks(sections.get("备注", ""))


@pytest.mark.parametrize(("city", "name"), CASES)
def test_channels_are_words_of_the_printed_sentence(city: str, name: str) -> None:
    guide = guide_of(city, name)
    sentence = guide.channels_text
    for channel in guide.channels:
        assert channel.name in sentence or re.search(r"微信/支付宝", sentence), channel.name
        assert channel.applies_to in sentence
    left = sentence
    for channel in sorted(guide.channels, key=lambda channel: -len(channel.name)):
        left = left.replace(channel.name, "").replace(channel.applies_to or "\0", "")
    left = left.replace("四川医保公共服务平台微信/支付宝小程序", "")
    left = re.sub(r"还可通过|办理|等渠道|或通过|进行人脸识别直接申领|以及|[、，。]", "", left)
    assert left == ""


@pytest.mark.parametrize(("city", "name"), CASES)
def test_places_hold_every_word_of_the_tail(city: str, name: str) -> None:
    guide = guide_of(city, name)
    tail = bare(printed(city, guide)["办理地点"])
    for place in guide.places:
        for words in (
            place.address or (place.name if place.kind == "network" or city == "suining" else ""),
            place.scope,
            *place.hours_text.split(" "),
            *(phone.number for phone in place.consult_phones + place.complaint_phones),
        ):
            assert bare(words) in tail, words
