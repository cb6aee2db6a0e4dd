"""Bad books: each gives a message that names the line and says what was expected, and nothing to load."""

from __future__ import annotations

import pytest

from guides.ingest import HandbookReading, read_handbook
from tests.books import description, handbook_bytes, read, reading


def problems(found: HandbookReading) -> str:
    assert not found.is_loadable
    assert found.guides == ()
    return "\n".join(map(str, found.problems))


def edited(city: str, line: int, expected: str, replacement: str | None) -> bytes:
    """The real book with one line (which reads as expected) replaced, or taken out."""
    lines = handbook_bytes(city).decode().split("\n")
    assert lines[line - 1].strip() == expected
    lines[line - 1 : line] = [] if replacement is None else [replacement]
    return "\n".join(lines).encode()


def read_uncorrected(lines: list[str]) -> HandbookReading:
    return read_handbook("\n".join(lines).encode(), handbook="other", city=description("dazhou"))


def test_an_empty_file() -> None:
    assert problems(read(b"  \n", "suining")) == "第 1 行：文件是空的。预期：一本手册的文字。"


def test_bytes_that_are_no_text() -> None:
    assert "编码" in problems(read(b"\xff\xff\x81\x00\x80", "suining"))


def test_gb18030_reads_the_same() -> None:
    data = handbook_bytes("suining").decode().encode("gb18030")
    assert read(data, "suining").guides == reading("suining").guides


def test_utf8_with_a_mark_and_windows_line_ends_reads_the_same() -> None:
    data = b"\xef\xbb\xbf" + handbook_bytes("dazhou").replace(b"\n", b"\r\n")
    assert read(data, "dazhou").guides == reading("dazhou").guides


def test_mojibake_is_refused_with_its_line() -> None:
    data = handbook_bytes("suining").decode().encode().decode("gb18030", errors="replace").encode()
    assert "第 1 行：有乱码" in problems(read(data, "suining"))


def test_a_text_that_is_no_handbook() -> None:
    assert "以“一、事项名称”开头的事项" in problems(read("你好，世界。".encode(), "suining"))


def test_a_truncated_book_names_its_last_line() -> None:
    lines = handbook_bytes("dazhou").decode().split("\n")
    cut = problems(read("\n".join(lines[:4470]).encode(), "dazhou"))
    assert "第 4470 行：“八、服务评价渠道”下面没有内容" in cut
    assert "第 4470 行：“门诊费用报销”到这里结束，没有办理地点" in cut


@pytest.mark.parametrize(
    ("line", "heading"), [(15, "四、办理材料"), (23, "五、承诺办理时限"), (26, "六、办理流程")]
)
def test_a_missing_heading_names_the_next_one(line: int, heading: str) -> None:
    found = problems(read(edited("dazhou", line, heading, None), "dazhou"))
    assert "“单位参保登记”缺少" in found
    assert "的编号不连续" in found


def test_a_missing_optional_heading_shows_in_the_numbers() -> None:
    found = problems(read(edited("dazhou", 34, "七、办理进度和结果查询", None), "dazhou"))
    assert found.startswith(
        "第 37 行：“八、服务评价渠道”的编号不连续，中间可能缺一栏。预期：“六、办理流程”之后编号为 7"
    )


def test_a_doubled_heading() -> None:
    found = problems(read(edited("dazhou", 23, "五、承诺办理时限", "四、办理材料"), "dazhou"))
    assert "第 23 行：“四、办理材料”重复或次序颠倒" in found


def test_a_county_nobody_knows_lists_those_that_are_known() -> None:
    found = problems(read(edited("dazhou", 337, "万", "百"), "dazhou"))
    assert "不是达州市的县（市、区）" in found
    assert "市本级、通川区、达川区、万源市、宣汉县、大竹县、渠县、开江县、经开区" in found


def test_a_row_that_appears_twice() -> None:
    lines = handbook_bytes("dazhou").decode().split("\n")
    doubled = lines[:359] + lines[348:359] + lines[359:]
    assert "宣汉县一行重复，第一次在第 349 行" in problems(read_uncorrected(doubled))


def test_a_row_without_its_phones() -> None:
    found = problems(
        read(edited("dazhou", 371, "13:00-17:00 0818-6221190 0818-6239935", "13:00-17:00"), "dazhou")
    )
    assert found == "第 360 行：“职工参保登记”大竹县一行读到 0 栏电话。预期：咨询电话、投诉电话两栏。"


def test_the_same_book_twice_in_one_file() -> None:
    data = handbook_bytes("suining")
    found = problems(read(data + b"\n" + data, "suining"))
    assert "事项“单位参保登记”重复，第一次在第 6 行" in found


def test_a_correction_that_does_not_fit_the_book() -> None:
    shifted = b"\n" + handbook_bytes("dazhou")
    assert "第 1154 行：更正表要改的“结果果”不在这一行" in problems(read(shifted, "dazhou"))


def test_words_that_belong_nowhere_are_listed_with_their_line() -> None:
    lines = handbook_bytes("dazhou").decode().split("\n")
    lines[1] = "内部资料"
    found = read("\n".join(lines).encode(), "dazhou")
    assert not found.is_loadable
    assert found.unclassified == ((2, "内部资料"), (3, "（2024年版）"))


def test_a_description_without_the_citys_own_counter() -> None:
    city = description("suining")
    counties = tuple(county for county in city.counties if county.kind != "city_level")
    bare = type(city)(city.slug, city.name, city.area_code, counties)
    assert "没有市本级" in problems(read_handbook(handbook_bytes("suining"), handbook="x", city=bare))


def test_all_problems_come_at_once() -> None:
    lines = handbook_bytes("dazhou").decode().split("\n")
    kept = [line for line in lines if line.strip() != "四、办理材料"]
    found = read_uncorrected(kept)
    assert sum("缺少“办理材料”一栏" in str(problem) for problem in found.problems) == 34
