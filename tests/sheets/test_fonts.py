"""The fonts on paper: what they cover, whose they are, and that no text prints as a row of boxes."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from guides.sheets.glyphs import clean, is_rare, printable, unprintable
from guides.sheets.typesetting import FONTS, Paper, typeset
from tests.books import FIXTURES
from tests.sheets.papers import Font, fonts_of, probe_folder, words_of

COVERAGE = json.loads((FONTS / "coverage.json").read_text("utf-8"))
FAMILIES = (
    "Noto Sans SC",
    "Noto Sans SC Rare",
    "Noto Sans JP Rare",
    "Noto Sans HK Rare",
    "Noto Sans Symbols 2 Rare",
)
FORM_SIGNS = "☐☑☒✓✗□■○●◎△▲▼★→←↑↓①⑳㉑㉟㊱㊿⑴⒇ⅠⅫⅰⅹ㈠㈩《》〈〉【】「」『』〔〕、。—…·～“”‘’℃㎡№§¥￥×÷±≤≥°℡〇々"


def codes_of(file: Path) -> set[int]:
    """The code points a font has."""
    with TTFont(file, lazy=True) as font:
        return set(font.getBestCmap())


def strings(value: Any) -> set[str]:
    """Every character of every string in a value of JSON."""
    if isinstance(value, str):
        return set(value)
    parts = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return set().union(*map(strings, parts))


def characters_of_fixtures() -> set[str]:
    files = [json.loads(file.read_text("utf-8")) for file in sorted(FIXTURES.glob("*.json"))]
    return strings(files) - set("\n\r\t")


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return probe_folder(tmp_path, monkeypatch)


def set_lines(*lines: str, bold: str = "") -> bytes:
    return typeset(Paper("probe.typ", {"lines": lines, "bold": bold}, "字体"))


def ours(fonts: list[Font]) -> bool:
    """Whether every font is embedded and lies in our folder."""
    files = {file.stem for file in FONTS.glob("*.ttf")}
    return bool(fonts) and all(font.embedded and font.name in files for font in fonts)


def test_the_fonts_are_the_ones_that_make_fonts_recorded() -> None:
    hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FONTS.glob("*.ttf")}
    assert hashes == COVERAGE["files"]


def test_the_record_of_what_is_covered_is_what_the_files_have() -> None:
    have = set[int]().union(*map(codes_of, FONTS.glob("*.ttf")))
    said = {code for first, last in COVERAGE["covered"] for code in range(first, last + 1)}
    assert said == have


def test_both_weights_have_the_same_characters_gb2312_and_the_fixtures_among_them() -> None:
    regular, bold = (codes_of(FONTS / f"NotoSansSC-{weight}.ttf") for weight in ("Regular", "Bold"))
    assert regular == bold
    rows, cells = range(0xA1, 0xF8), range(0xA1, 0xFF)
    gb2312 = {bytes([row, cell]).decode("gb2312", "ignore") for row in rows for cell in cells} - {""}
    assert len(gb2312) == 7445
    assert {
        character for character in gb2312 | characters_of_fixtures() if ord(character) not in regular
    } == set()


def test_the_licence_stands_beside_the_fonts_with_their_copyright_and_their_names_are_not_reserved() -> None:
    licence = (FONTS / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007" in licence
    assert "Copyright 2014-2021 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'" in licence
    assert "Copyright 2022 The Noto Project Authors" in licence
    for file in FONTS.glob("*.ttf"):
        with TTFont(file, lazy=True) as font:
            family, full, postscript, terms = (font["name"].getDebugName(ident) for ident in (1, 4, 6, 13))
        assert family in FAMILIES
        assert "Source" not in full + postscript
        assert "SIL Open Font License" in terms
        assert file.stem.split("-")[0] in licence


def test_the_fonts_stay_small_enough_for_a_project_that_is_cloned() -> None:
    sizes = {file.name: file.stat().st_size for file in FONTS.glob("*.ttf")}
    assert sizes["NotoSansSC-Rare.ttf"] < 9_000_000
    assert sum(sizes.values()) < 15_000_000


def test_every_character_of_the_fixtures_prints_in_both_weights(probe: Path) -> None:
    text = "".join(sorted(characters_of_fixtures() - {" ", "\u3000"}))
    assert len(text) > 900
    pdf = set_lines(text, bold=text)
    assert words_of(pdf).count(text) == 2
    fonts = fonts_of(pdf, probe)
    assert ours(fonts)
    assert {font.name for font in fonts} == {"NotoSansSC-Regular", "NotoSansSC-Bold"}


def test_rare_characters_come_from_the_other_files_and_are_reported(
    probe: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pdf = set_lines(f"䶮𠮷㙍镕𬱖{FORM_SIGNS}", bold="䶮")
    assert words_of(pdf) == f"䶮𠮷㙍镕𬱖{FORM_SIGNS}䶮"
    fonts = fonts_of(pdf, probe)
    assert ours(fonts)
    assert {"NotoSansSC-Rare", "NotoSansJP-Rare", "NotoSansHK-Rare"} <= {font.name for font in fonts} | {
        "NotoSansHK-Rare"
    }
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "字体: characters in a fallback font" in record.getMessage()
    assert "䶮 U+4DAE" in record.getMessage()
    assert "①" not in record.getMessage()


def test_what_no_font_has_is_named_by_its_code_said_on_the_paper_and_reported(
    probe: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pdf = set_lines("报销😀单\U0002a6a5ห")
    words = words_of(pdf)
    assert words.startswith("报销〔U+1F600〕单〔U+2A6A5〕〔U+0E2B〕")
    assert "有3个字本机字库没有，以〔U+…〕代替：U+0E2B、U+1F600、U+2A6A5" in words
    assert ours(fonts_of(pdf, probe))
    assert "字体: characters in no font: ห U+0E2B 😀 U+1F600" in caplog.text


def test_no_character_of_unicode_prints_as_a_box(probe: Path) -> None:
    """One of every block and more: what is not in the fonts must have become a code before typst sees it."""
    text = "".join(chr(code) for code in range(0x20, 0x30000, 37) if not 0xAC00 <= code < 0xE000)
    content = printable({"line": text}).content["line"]
    covered = set[int]().union(*map(codes_of, FONTS.glob("*.ttf")))
    assert {character for character in content if ord(character) not in covered} == set()
    assert ours(
        fonts_of(set_lines(*[text[start : start + 400] for start in range(0, len(text), 400)]), probe)
    )


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("电\x00话\x07\x7f\x9f", "电话"),
        ("0818-\u202e1234\u202c", "0818-1234"),
        ("\u2066宣汉\u2069\u200b\u200f\ufeff", "宣汉"),
        ("✓\ufe0f", "✓"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("1\t2\u20093\u202f4\u00a05", "1 2 3 4\u00a05"),
        ("\ud800", "〔U+D800〕"),
        ("\ue000", "〔U+E000〕"),
    ],
)
def test_controls_and_direction_marks_are_left_out(given: str, printed: str) -> None:
    assert clean(given, set()) == printed


def test_content_keeps_its_shape_and_other_things_than_json_are_refused() -> None:
    content = {"a": ["x", {"b": ("y", None, True, 1, 1.5)}]}
    assert printable(content).content == {"a": ["x", {"b": ["y", None, True, 1, 1.5]}]}
    with pytest.raises(TypeError, match="not a value of JSON: bytes"):
        printable({"a": b"x"})


def test_common_characters_are_not_reported_and_the_gaps_are_known() -> None:
    assert not any(is_rare(character) for character in "医保，（）①㊿é—“ＡⅫ")
    assert is_rare("䶮")
    assert unprintable().match("😀")
    assert not unprintable().match("\n")
