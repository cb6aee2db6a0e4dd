"""The PDF and the print page say the same, word for word and in the same order, and all that the guide's document says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils.http import urlencode

from guides.models import Guide
from guides.sheets.content import sheet_content
from guides.sheets.options import USUAL, Options
from guides.sheets.typesetting import Paper, typeset
from guides.sheets.versions import versions
from tests.cast import content_of
from tests.sheets.papers import text_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
AT_ONCE = 12
"""So many sheets are set in one go."""
IN_EVERY_COUNTY = {
    ("dazhou", "zhuyuan-baoxiao"),
    ("dazhou", "zhigong-canbao"),
    ("dazhou", "menzhen-baoxiao"),
    ("dazhou", "dianzi-pingzheng"),
    ("suining", "zhigong-canbao"),
    ("suining", "yidi-anzhi"),
}
WITH_OPTIONS = ("dazhou", "zhigong-canbao")
OPTIONS = (
    Options(size="large"),
    Options(steps="no"),
    Options(notes="no"),
    Options(case="在职职工"),
    Options(case="灵活就业人员"),
    Options(size="large", steps="no", notes="no", case="灵活就业人员"),
)
BLOCKS = {"p", "li", "div", "dt", "dd", "h1", "h2", "h3", "td", "th", "section", "header"}
NOT_ON_PAPER = {"hidden", "case-choice"}
FOOT = re.compile(r"第(\d+)页，共\d+页\Z")


@dataclass(frozen=True)
class Sheet:
    """One sheet that is asked for."""

    guide: Guide
    county: str = ""
    options: Options = USUAL

    def __str__(self) -> str:
        return f"{self.guide.city.slug}/{self.guide.matter.slug}/{self.county} {self.options}"

    @property
    def url(self) -> str:
        """The print page."""
        query = urlencode([pair for pair in self.options.pairs if pair[1]])
        return f"{self.guide.get_absolute_url()}{self.county + '/' if self.county else ''}print/?{query}"

    def content(self) -> dict[str, Any]:
        """What the PDF is made of."""
        county = self.guide.city.counties.get(slug=self.county) if self.county else None
        version = versions([self.guide], county)[self.guide.pk].label
        return sheet_content(self.guide, county, self.options, version, printed=TODAY)


class Reader(HTMLParser):
    """Reads off a page what its ``main`` puts on paper, with the numbers that the style sheet gives."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.counts: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = set((given.get("class") or "").split())
        shown = not (classes & NOT_ON_PAPER or "hidden" in given)
        if tag not in {"meta", "link", "input", "br"}:
            self.open.append((tag, shown))
        if tag == "ol":
            kinds = {"points": -1_000, "papers": -1_000_000}
            self.counts.append(next((start for kind, start in kinds.items() if kind in classes), 0))
        if tag == "li" and self.counts and not self.is_in_plain_list():
            self.counts[-1] += 1
            self.number(self.counts[-1])

    def is_in_plain_list(self) -> bool:
        """Whether the list around is one without numbers."""
        return next(tag for tag, _ in reversed(self.open[:-1]) if tag in {"ul", "ol"}) == "ul"

    def number(self, count: int) -> None:
        """What stands before an item: ``1.`` for steps and remarks, ``（1）`` for points, a square for papers."""
        if count > 0:
            self.handle_data(f"{count}.")
        elif count > -1_000:
            self.handle_data(f"（{count + 1_000}）")

    def handle_endtag(self, tag: str) -> None:
        if tag == "ol":
            self.counts.pop()
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if any(tag == "main" for tag, _ in self.open) and all(shown for _, shown in self.open):
            self.words.append("".join(data.split()))


def page_words(html: str) -> str:
    """What the print page puts on paper: no blanks, each block on a line of its own; the day of printing filled in."""
    reader = Reader()
    reader.feed(html)
    return "".join(reader.words).replace(
        "打印日期：年月日", f"打印日期：{TODAY.year}年{TODAY.month}月{TODAY.day}日"
    )


def paper_words(contents: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each PDF says, without blanks, the foot of each page, and what is repeated at the head of one."""
    paper = Paper("sheet.typ", {"template": "sheet", "sheets": list(contents)}, "试")
    pages = ["".join(page.split()) for page in text_of(typeset(paper)).split("\f")[:-1]]
    said: list[str] = []
    for page in pages:
        foot = FOOT.search(page)
        assert foot, page[-60:]
        if foot[1] == "1":
            said.append("")
        content = contents[len(said) - 1]
        named = without_blanks(f"{content['name']}{content['place']}内容{content['version']}")
        words = page[: foot.start()].removesuffix(named)
        assert len(words) < foot.start()
        said[-1] += without_repeats(words) if said[-1] else words
    return said


def without_repeats(words: str) -> str:
    """A further page without the name of the row that goes on, or the head of the table that does."""
    return re.sub(r"^[^（）]{2,4}（续）|^县（市、区）地址办理时间咨询电话投诉电话", "", words)


def without_blanks(text: str) -> str:
    return "".join(text.split())


def differences(page: str, paper: str) -> list[tuple[str, str]]:
    """Where the two differ, with a little of what stands around it."""
    page = without_blanks(page)
    if page == paper:
        return []
    codes = SequenceMatcher(None, page, paper, autojunk=False).get_opcodes()
    return [
        (page[max(a - 8, 0) : b + 8], paper[max(c - 8, 0) : d + 8])
        for kind, a, b, c, d in codes
        if kind != "equal"
    ]


def sheets(guides: Sequence[Guide]) -> Iterator[Sheet]:
    """All guides for their cities, some in every county, some with options."""
    for guide in guides:
        yield Sheet(guide)
        if guide.natural_key() in IN_EVERY_COUNTY:
            counties = [county.slug for county in guide.city.counties.all()]
            yield from (Sheet(guide, county) for county in counties)
        if guide.natural_key() == WITH_OPTIONS:
            yield from (Sheet(guide, county, options) for county in ("", "dachuan") for options in OPTIONS)


def texts_of(sheet: Sheet) -> Iterator[str]:
    """What the guide's document says of this sheet's place, cut where paper arranges it anew."""
    document = sheet.guide.document()
    yield from (document["name"], document["audience"], document["progress"], document["evaluation"])
    yield from (channel["name"] for channel in document["channels"])
    for text in [item["text"] for item in document["materials"] + document["steps"]] + document["notes"]:
        yield from re.split("[①-⑳]|任选其一|或者?|[，、：]", text)
    yield document["materials_note"]
    yield from (
        limit["text"].removeprefix(limit["applies_to"]).strip("：") for limit in document["time_limits"]
    )
    for office in document["offices"]:
        if sheet.county in {"", office["county"]}:
            yield from (office["address"], office["scope"])
            yield from (phone["number"] for phone in office["consult_phones"] + office["complaint_phones"])
            yield from (f"{hours['opens']}–{hours['closes']}" for hours in office["hours"])


@pytest.fixture(scope="module")
def guides(handbooks: None) -> list[Guide]:
    return list(Guide.objects.published().with_details())


@pytest.fixture(scope="module")
def both(guides: list[Guide]) -> list[tuple[Sheet, str, str]]:
    """Each sheet with the words of its page and of its PDF."""
    asked, client = list(sheets(guides)), Client()
    papers = [
        words
        for first in range(0, len(asked), AT_ONCE)
        for words in paper_words([sheet.content() for sheet in asked[first : first + AT_ONCE]])
    ]
    pages = [page_words(content_of(client.get(sheet.url))) for sheet in asked]
    return list(zip(asked, pages, papers, strict=True))


def test_every_word_of_the_page_is_in_the_pdf_and_the_other_way_round(
    both: list[tuple[Sheet, str, str]],
) -> None:
    assert len(both) > 120
    assert {str(sheet): found for sheet, page, paper in both if (found := differences(page, paper))} == {}


def test_all_that_the_document_says_is_on_both(both: list[tuple[Sheet, str, str]]) -> None:
    left_out = [
        (str(sheet), text)
        for sheet, page, paper in both
        if sheet.options in {USUAL, Options(size="large")}
        for text in map(without_blanks, texts_of(sheet))
        if text not in without_blanks(page) or text not in paper
    ]
    assert left_out == []


@pytest.mark.parametrize("place", ["a note", "a number", "a paper more", "an office"])
def test_a_pdf_that_says_something_else_is_noticed(guides: list[Guide], place: str) -> None:
    guide = next(guide for guide in guides if guide.natural_key() == ("dazhou", "zhuyuan-baoxiao"))
    sheet = Sheet(guide, "xuanhan")
    content = deepcopy(sheet.content())
    rows = {row["heading"]: row for row in content["rows"]}
    if place == "a note":
        rows["备注"]["notes"][0]["lead"] = [["急诊不可要求提供急诊诊断证明；", ""]]
    elif place == "a number":
        content["box"]["places"][0]["consult"][0]["number"] = "0818-5201827"
    elif place == "a paper more":
        rows["办理材料"]["cases"][0]["papers"] *= 2
    else:
        content["box"]["places"][0]["address"] = "手册未载明"
    page = page_words(content_of(Client().get(sheet.url)))
    assert differences(page, paper_words([sheet.content()])[0]) == []
    assert differences(page, paper_words([content])[0])
