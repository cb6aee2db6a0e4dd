"""The booklet of a county and the pages to swap in it: complete, in order, every page number true."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from pypdf.generic import Destination

from guides.doubts import doubts_about, doubts_of_each
from guides.editing import apply_guide
from guides.glossary import texts_of
from guides.models import Guide, SheetChange, Term
from guides.papers import index
from guides.related import carried_on_to
from guides.sheets.booklet import in_runs, mark_of, said_before
from offices.models import County
from tests.sheets.papers import ACCESSIBLE, accessible, fonts_of, text_of

pytestmark = pytest.mark.django_db
XUANHAN = "/offices/dazhou/xuanhan/"
BEHIND = ["窗口和电话", "材料索引", "词语解释"]


@pytest.fixture(autouse=True)
def nothing_has_changed_yet(handbooks: None, db: None) -> None:
    """The second book was loaded into a database that had content: its guides count as changed."""
    SheetChange.objects.all().delete()


def guides_of(county: str = "xuanhan") -> list[Guide]:
    found = County.objects.get(slug=county, city__slug="dazhou")
    return list(Guide.objects.published().in_county(found).with_details().in_reading_order())


def pdf_of(client: Client, query: str = "", place: str = XUANHAN) -> bytes:
    response = client.get(f"{place}booklet.pdf{query}")
    assert response.status_code == 200, response.content[:300]
    assert response["Content-Type"] == "application/pdf", response.content.decode()[:300]
    return bytes(response.content)


def page_of(client: Client, query: str, status: int = 200, page: str = "booklet.pdf") -> str:
    response: Any = client.get(f"{XUANHAN}{page}{query}")
    assert response.status_code == status
    return str(response.content.decode())


def pages(pdf: bytes) -> list[str]:
    """The text of each page, its lines as they stand."""
    return text_of(pdf).split("\f")[:-1]


def words(page: str) -> str:
    return "".join(page.split())


def bookmarks(pdf: bytes) -> list[tuple[str, int]]:
    """Name and page (from 1) of every bookmark; there is one level."""
    reader = PdfReader(BytesIO(pdf))
    found = []
    for mark in reader.outline:
        assert isinstance(mark, Destination)
        number = reader.get_destination_page_number(mark)
        assert number is not None
        found.append((str(mark.title), number + 1))
    return found


def links(pdf: bytes, page: int) -> list[int]:
    """The pages (from 1) that the links of a page lead to, in their order."""
    reader = PdfReader(BytesIO(pdf))
    found = []
    for annotation in reader.pages[page - 1].get("/Annots", []):
        target = annotation.get_object()
        destination = target.get("/Dest", target.get("/A", {}).get("/D") if "/A" in target else None)
        if isinstance(destination, str):
            destination = reader.named_destinations[destination].dest_array
        number = reader.get_page_number(destination[0].get_object())
        assert number is not None
        found.append(number + 1)
    return found


def contents_of(page: str) -> list[tuple[int, str, int]]:
    """Number, name and page of each sheet as the contents print them."""
    lines = re.findall(r"^(\d+) (\S+) \S+ (?:初版|版本 ?\d+) (\d+)$", page, re.MULTILINE)
    return [(int(number), name, int(at)) for number, name, at in lines]


# The whole booklet


def test_a_booklet_has_cover_contents_all_sheets_and_what_stands_behind(client: Client) -> None:
    pdf = pdf_of(client)
    names = [guide.name for guide in guides_of()]
    assert len(names) == 34
    assert [name for name, _ in bookmarks(pdf)] == ["目录", "怎样使用本册", *names, *BEHIND]
    cover = words(pages(pdf)[0])
    assert "达州市宣汉县医疗保障办事指南" in cover
    assert "全34个事项" in cover
    assert "《达州市医疗保障经办政务服务事项办事指南》（2024年版）" in cover
    assert "内容初版" in cover
    assert "打印日期20" in cover
    metadata = PdfReader(BytesIO(pdf)).metadata
    assert metadata is not None
    assert metadata.title == "达州市宣汉县医疗保障办事指南"


def test_the_contents_give_the_page_of_every_sheet_and_lead_there(client: Client) -> None:
    pdf = pdf_of(client)
    marks = dict(bookmarks(pdf))
    contents = contents_of(pages(pdf)[1])
    assert contents == [
        (number, guide.name, marks[guide.name]) for number, guide in enumerate(guides_of(), start=1)
    ]
    behind = [marks[name] for name in BEHIND]
    assert re.findall(r"^(?:窗口和电话|材料索引|词语解释) (\d+)$", pages(pdf)[1], re.MULTILINE) == list(
        map(str, behind)
    )
    assert links(pdf, 2) == [page for _, _, page in contents] + behind


def test_every_sheet_begins_a_page_whose_foot_says_where_it_belongs(client: Client) -> None:
    all_pages = pages(pdf_of(client))
    for number, name, at in contents_of(all_pages[1]):
        page = words(all_pages[at - 1])
        assert page.startswith(f"达州市宣汉县医疗保障办事指南{name}")
        assert re.search(rf"宣汉{number}达州市宣汉县内容初版第1页，共\d页本册{at}$", page)
    assert words(all_pages[-1]).endswith(f"本册第{len(all_pages)}页，共{len(all_pages)}页")


def test_the_booklet_says_every_word_of_every_guide(client: Client) -> None:
    pdf = pdf_of(client)
    marks = bookmarks(pdf)
    all_pages = [words(page) for page in pages(pdf)]
    for at, guide in enumerate(guides_of()):
        (_, first), (_, after) = marks[2 + at], marks[3 + at]
        said = "".join(all_pages[first - 1 : after - 1])
        missing = [text for text in texts_of(guide) if flat(text) not in flat(said)]
        assert missing == [], guide.name
        here = [place for place in guide.guide_offices.all() if place.office.county.slug == "xuanhan"]  # type: ignore[union-attr]
        for place in here:
            assert words(place.office.address) in said
            for phone in (*place.consult_phones, *place.complaint_phones):
                assert phone.number in said


def flat(text: str) -> str:
    """A text without what a list sets in its own way: numbers, and the words between options."""
    return re.sub(r"\s|[①-⑳]|（\d+）|任选其一|[，或、；。：]|（续）", "", text)


def test_the_page_of_windows_lists_each_number_with_the_sheets_it_answers_for(client: Client) -> None:
    pdf = pdf_of(client)
    page = pages(pdf)[dict(bookmarks(pdf))["窗口和电话"] - 1]
    assert "宣汉县东乡街道解放中路" in words(page)
    answered: dict[str, set[int]] = {}
    for number, guide in enumerate(guides_of(), start=1):
        for place in guide.guide_offices.all():
            if place.office.county and place.office.county.slug == "xuanhan":
                for phone in (*place.consult_phones, *place.complaint_phones):
                    answered.setdefault(f"{phone.number}{phone.for_whom}", set()).add(number)
    for said, numbers in answered.items():
        assert f"{said}{'、'.join(in_runs(numbers))}" in words(page)


def test_the_index_names_for_each_paper_the_sheets_and_their_pages(client: Client) -> None:
    pdf = pdf_of(client)
    marks = dict(bookmarks(pdf))
    at = {number: page for number, _, page in contents_of(pages(pdf)[1])}
    said = words("".join(pages(pdf)[marks["材料索引"] - 1 : marks["词语解释"] - 1]))
    guides = guides_of()
    entries = index([(m.text, m.form, guide.matter) for guide in guides for m in guide.materials.all()])
    assert len(entries) > 40
    for entry in entries:
        numbers = [matter.position + 1 for matter in entry.matters]
        assert f"{words(entry.name)}{'、'.join(f'{n}（{at[n]}）' for n in numbers)}" in said


def test_the_glossary_explains_the_words_the_sheets_use(client: Client) -> None:
    page = words(pages(pdf_of(client))[-1])
    for term in Term.objects.filter(word__in=["趸缴", "备案", "统筹区"]):
        assert f"{term.word}{words(term.meaning)}" in page


def test_a_booklet_is_accessible_and_carries_its_fonts(client: Client, tmp_path: Any) -> None:
    pdf = pdf_of(client)
    assert accessible(pdf) == ACCESSIBLE
    assert {font.name for font in fonts_of(pdf, tmp_path)} == {"NotoSansSC-Regular", "NotoSansSC-Bold"}
    assert all(font.embedded for font in fonts_of(pdf, tmp_path))


def test_a_county_without_a_window_of_its_own_says_so(client: Client) -> None:
    pdf = pdf_of(client, place="/offices/suining/shehong/")
    page = words(pages(pdf)[dict(bookmarks(pdf))["窗口和电话"] - 1])
    assert "手册没有载明射洪市的窗口。以下是遂宁市本级的窗口和电话" in page
    assert "全市其他网点" in page


def test_many_sheets_take_few_questions_to_the_database(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        pdf_of(client)
    assert len(queries) < 60


def test_doubts_and_earlier_remarks_are_those_of_each_sheet_alone() -> None:
    guides = guides_of("kaijiang")
    alone = {guide.pk: doubts_about([guide]) for guide in guides}
    assert any(doubts.numbers for doubts in alone.values())
    assert doubts_of_each(guides) == alone
    before = {guide.pk: carried_on_to(guide) for guide in guides}
    assert any(before.values())
    assert said_before(guides) == before


# A part of it


def test_a_category_and_single_matters_make_a_smaller_booklet(client: Client) -> None:
    pdf = pdf_of(client, "?category=shengyu&matters=zhuyuan-baoxiao&size=large")
    names = [name for name, _ in bookmarks(pdf)]
    assert names[2:-3] == [
        "住院费用报销",
        "产前检查费支付",
        "生育医疗费支付",
        "计划生育医疗费支付",
        "生育津贴支付",
    ]
    assert "选印：生育保险，另1项（共5项）" in words(pages(pdf)[0])
    assert [number for number, _, _ in contents_of(pages(pdf)[1])] == [21, 22, 23, 24, 25]


def test_large_print_is_larger_and_longer(client: Client) -> None:
    usual, large = (pages(pdf_of(client, f"?category=shengyu{size}")) for size in ("", "&size=large"))
    assert len(large) > len(usual)


def test_one_choice_has_one_address(client: Client) -> None:
    mixed = client.get(f"{XUANHAN}booklet.pdf?since=&size=&matters=zhuyuan-baoxiao&category=shengyu&x=1")
    assert isinstance(mixed, HttpResponse)
    assert mixed.status_code == 302
    assert mixed["Location"] == f"{XUANHAN}booklet.pdf?category=shengyu&matters=zhuyuan-baoxiao"
    assert client.get(f"{XUANHAN}booklet/?unknown=1").status_code == 200


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?category=nowhere", "达州市宣汉县没有“nowhere”这一类事项。"),
        ("?matters=nothing", "达州市宣汉县没有“nothing”这个事项的办事指南。"),
        ("?matters=zhuyuan-baoxiao&matters=nothing", "没有“nothing”这个事项"),
        ("?size=huge", "“字号”没有“huge”这个选项"),
        ("?since=yesterday", "“yesterday”不是日期，也不是版本号。"),
        ("?since=2026-13-45", "“2026-13-45”不是日期，也不是版本号。"),
        ("?since=-1", "“-1”不是日期，也不是版本号。"),
    ],
)
@pytest.mark.parametrize("page", ["booklet.pdf", "booklet/"])
def test_a_wrong_choice_is_said_in_chinese_with_a_way_on(
    client: Client, page: str, query: str, sentence: str
) -> None:
    html = page_of(client, query, 404, page)
    assert sentence in html
    assert f'href="{XUANHAN}booklet/"' in html


def test_the_page_to_choose_on_needs_no_script(client: Client) -> None:
    html = page_of(client, "?category=shengyu&matters=zhuyuan-baoxiao&size=large&since=12", page="booklet/")
    assert f'<form class="booklet-form" action="{XUANHAN}booklet.pdf">' in html
    assert html.count('name="matters"') == 34
    assert html.count(" checked") == 3
    assert 'value="12"' in html
    assert f'href="{XUANHAN}booklet.pdf"' in html
    assert f'href="{XUANHAN}poster.pdf"' in html


# Pages to swap


@pytest.fixture
def changed() -> int:
    """住院费用报销 says something else since then; the content version."""
    change("zhuyuan-baoxiao", audience="参加基本医疗保险、住院费用没有联网结算的人员。")
    return SheetChange.objects.latest("pk").pk


def change(matter: str, status: str = "", **values: str) -> None:
    guide = Guide.objects.with_details().get(city__slug="dazhou", matter__slug=matter)
    apply_guide({**guide.document(), **values}, status=status)


def test_without_a_change_a_page_says_that_nothing_has_to_be_swapped(client: Client) -> None:
    assert "版本 0 之后，各事项的内容没有改动，不用换页。" in page_of(client, "?since=0")
    assert "2026年11月1日以来，各事项的内容没有改动，不用换页。" in page_of(client, "?since=2026-11-01")


def test_only_the_changed_sheet_is_printed_with_a_note_and_new_contents(client: Client, changed: int) -> None:
    pdf = pdf_of(client, f"?since={changed - 1}")
    assert [name for name, _ in bookmarks(pdf)] == ["换页说明", "目录", "住院费用报销", *BEHIND]
    note, contents, sheet, *_ = (words(page) for page in pages(pdf))
    assert f"版本{changed - 1}之后改动过的内容" in note
    assert re.search(rf"21住院费用报销编号21的全部旧页版本{changed}（\d{{4}}-\d\d-\d\d），共1页", note)
    assert "20门诊费用报销" not in note
    assert f"21住院费用报销医疗费用报销版本{changed}更换" in contents
    assert "20门诊费用报销医疗费用报销初版不变" in contents
    assert contents.count("更换") == 1 + len(BEHIND)
    assert "参加基本医疗保险、住院费用没有联网结算的人员。" in sheet
    assert re.search(rf"宣汉21达州市宣汉县内容版本{changed}（[\d-]+）第1页，共1页$", sheet)
    assert links(pdf, 2) == [3, 4, 5, dict(bookmarks(pdf))["词语解释"]]


def test_since_a_day_is_the_same_and_after_the_change_nothing_is_left(client: Client, changed: int) -> None:
    day = SheetChange.objects.get(pk=changed).changed_at.date()
    assert "住院费用报销" in dict(bookmarks(pdf_of(client, f"?since={day}")))
    assert "不用换页" in page_of(client, f"?since={changed}")
    assert "不用换页" in page_of(client, f"?since={day.year + 2}-01-01")


def test_a_sheet_that_is_gone_is_to_be_taken_out(client: Client) -> None:
    change("menzhen-baoxiao", status="withdrawn")
    pdf = pdf_of(client, "?since=0")
    note = words(pages(pdf)[0])
    assert "20门诊费用报销编号20的全部旧页不放，这个事项不再发布" in note
    assert "门诊费用报销" not in dict(bookmarks(pdf))
    assert "20门诊费用报销" not in words(pages(pdf)[1])


def test_a_binder_of_some_matters_swaps_only_those(client: Client, changed: int) -> None:
    change("menzhen-baoxiao", status="withdrawn")
    query = f"&since={changed - 1}"
    assert "选中的事项的内容没有改动" in page_of(client, f"?category=shengyu{query}")
    pdf = pdf_of(client, f"?matters=zhuyuan-baoxiao{query}")
    assert "门诊费用报销" not in text_of(pdf)
    assert "住院费用报销" in dict(bookmarks(pdf))


# Marks and numbers


@pytest.mark.parametrize(
    ("name", "kind", "mark"),
    [
        ("宣汉县", "county", "宣汉"),
        ("渠县", "county", "渠县"),
        ("万源市", "county_level_city", "万源"),
        ("通川区", "district", "通川"),
        ("市本级", "city_level", "市本级"),
        ("经开区", "functional_zone", "经开区"),
    ],
)
def test_a_county_is_marked_by_its_short_name(name: str, kind: str, mark: str) -> None:
    assert mark_of(County(name=name, kind=kind)) == mark


def test_numbers_in_a_row_are_written_as_a_range() -> None:
    assert in_runs([3, 1, 2, 5, 6, 9, 9]) == ["1–3", "5", "6", "9"]
    assert in_runs([]) == []
