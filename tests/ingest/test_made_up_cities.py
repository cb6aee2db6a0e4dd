"""A third city's book in either layout reads with no code change: only a description of its counties."""

from __future__ import annotations

import pytest

from guides.ingest import HandbookReading, read_handbook
from tests.books import NOWHERE_TOML, ROWS, MadeUp, description, inline_book, matter_names, table_book

NAMES = ["住院费用报销", "医保证明打印"]


def read_made_up(text: str, toml: str = NOWHERE_TOML) -> HandbookReading:
    return read_handbook(
        text.encode(), handbook="yunshan", city=description("yunshan", toml), known_matters=matter_names()
    )


@pytest.mark.parametrize("book", [table_book(NAMES), inline_book(NAMES)], ids=["table", "inline"])
def test_a_book_of_an_unknown_city_is_read_whole(book: str) -> None:
    reading = read_made_up(book)
    assert reading.problems == ()
    assert reading.unclassified == ()
    assert [guide.name for guide in reading.guides] == NAMES


def test_the_table_gives_every_county_its_own_row() -> None:
    for guide in read_made_up(table_book(NAMES)).guides:
        rows = [
            (
                p.county,
                p.address,
                [x.number for x in p.consult_phones],
                [x.number for x in p.complaint_phones],
            )
            for p in guide.places
        ]
        assert rows == [
            ("shibenji", "北河区长安路1号政务中心", ["0799-8000001"], ["0799-8000002"]),
            ("beihe", "北河区人民路20号2楼医保窗口", ["0799-8100001"], ["0799-8100002"]),
            ("nanling", "南岭县城关镇解放街3号", ["0799-8200001", "0799-8200003"], ["0799-8200002"]),
        ]


def test_the_inline_tail_gives_the_citys_counter_and_its_networks() -> None:
    places = read_made_up(inline_book(NAMES)).guides[0].places
    assert [(p.county, p.kind, p.name, p.scope) for p in places] == [
        ("shibenji", "counter", "市本级医保窗口", ""),
        ("", "network", "各社区服务站", "资料初审"),
    ]
    assert [phone.number for phone in places[0].consult_phones] == ["0799-8000001", "0799-8000003"]


def test_one_county_more_needs_only_one_line_in_the_description() -> None:
    toml = NOWHERE_TOML.replace(
        'name = "南岭县", kind = "county" },',
        'name = "南岭县", kind = "county" },\n    { slug = "dongping", name = "东平县", kind = "county" },',
    )
    more = (
        *ROWS,
        MadeUp("东平县", "东平县青年路 8 号", "9:00-12:00\n13:00-17:00", "0799-8300001", "0799-8300002"),
    )
    reading = read_made_up(table_book(NAMES, more), toml)
    assert reading.problems == ()
    assert [place.county for place in reading.guides[0].places] == [
        "shibenji",
        "beihe",
        "nanling",
        "dongping",
    ]


def test_one_county_fewer_in_the_table_is_no_problem() -> None:
    reading = read_made_up(table_book(NAMES, ROWS[:2]))
    assert reading.is_loadable
    assert [place.county for place in reading.guides[0].places] == ["shibenji", "beihe"]


def test_a_matter_the_catalogue_does_not_know_is_a_finding() -> None:
    unknown = [f.matter for f in read_made_up(table_book(NAMES)).findings if f.kind == "unknown_matter"]
    assert unknown == ["医保证明打印"]


def test_a_phone_with_another_citys_area_code_is_a_finding() -> None:
    book = table_book(NAMES[:1]).replace("0799-8100001", "0818-8100001")
    found = [f for f in read_made_up(book).findings if f.kind == "area_code"]
    assert [(f.county, "0818-8100001" in f.message) for f in found] == [("beihe", True)]


def test_two_addresses_under_one_name_are_two_places() -> None:
    moved = (MadeUp("北河区", "北河区新街 9 号医保窗口", "9:00-12:00", "0799-8100001", "0799-8100002"),)
    book = table_book(["甲事项", "乙事项"], ROWS[1:2]) + table_book(["丙事项"], moved).partition("）\n")[2]
    reading = read_made_up(book)
    names = {place.name: place.address for guide in reading.guides for place in guide.places}
    assert names == {
        "北河区医保窗口": "北河区人民路20号2楼医保窗口",
        "北河区医保窗口（北河区新街9号医保窗口）": "北河区新街9号医保窗口",
    }
    assert [f.kind for f in reading.findings if f.kind == "address_differ"] == ["address_differ"]
