"""Make the fonts of the paper from the families Google Fonts ships: ``make fonts``.

Takes the folder that holds the unpacked packages, writes ``fonts/*.ttf``, their licence and ``coverage.json``. The
same packages and the same fontTools give the same bytes. Needs fontTools, which the running site does not.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

PROJECT = Path(__file__).resolve().parents[2]
FONTS = Path(__file__).parent / "fonts"
SYMBOLS = "☐☑☒✓✔✕✖✗✘☎☏✆✉✂"
"""What forms print and the handbooks may one day: the only use of the symbol font."""
GLYPHS_OF_PRINTING = (
    [chr(code) for code in range(0x20, 0x7F)]
    + [chr(code) for code in range(0xA0, 0x100)]
    + [
        chr(code)
        for first, last in ((0x2460, 0x24FF), (0x3251, 0x325F), (0x32B1, 0x32BF))
        for code in range(first, last + 1)
    ]
    + [
        chr(code)
        for first, last in ((0x2010, 0x2027), (0x2030, 0x205E), (0x2150, 0x2189))
        for code in range(first, last + 1)
    ]
    + [
        chr(code)
        for first, last in ((0x3000, 0x303F), (0x3220, 0x3243), (0xFF00, 0xFFEF))
        for code in range(first, last + 1)
    ]
    + list("€™℃℅℉№℡㎎㎏㎜㎝㎞㎡㏄㏎㏑㏒㏕□■○●◎◇◆△▲▽▼☆★→←↑↓↔⇒✓")
)
"""ASCII, Latin-1, numbers in circles and brackets (①–㊿, ⑴, ㈠), punctuation, full-width forms, a few signs."""
FEATURES = ["ccmp", "kern", "liga", "locl", "mark", "palt", "tnum"]


@dataclass(frozen=True)
class Source:
    """One face of one package."""

    package: str
    face: str
    file: str


SC_REGULAR = Source("noto-sans-sc", "400Regular", "NotoSansSC_400Regular.ttf")
SC_BOLD = Source("noto-sans-sc", "700Bold", "NotoSansSC_700Bold.ttf")
HK = Source("noto-sans-hk", "400Regular", "NotoSansHK_400Regular.ttf")
JP = Source("noto-sans-jp", "400Regular", "NotoSansJP_400Regular.ttf")
SYMBOLS_2 = Source("noto-sans-symbols-2", "400Regular", "NotoSansSymbols2_400Regular.ttf")


def gb2312() -> set[int]:
    """The code points of GB2312: what nearly every Chinese text keeps to."""
    rows, cells = range(0xA1, 0xF8), range(0xA1, 0xFF)
    pairs = (bytes([row, cell]).decode("gb2312", "ignore") for row in rows for cell in cells)
    return {ord(character) for character in pairs if character}


def of_fixtures() -> set[int]:
    """Every character of the content the site starts with."""
    files = [*PROJECT.glob("fixtures/*.json"), *PROJECT.glob("fixtures/handbooks/*.txt")]
    return {ord(character) for file in files for character in file.read_text("utf-8")}


def is_ideograph(code: int) -> bool:
    """Whether it is a Chinese character: what a name of a person or place may be written with."""
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF


def subset(packages: Path, source: Source, wanted: Iterable[int], name: str, family: str) -> set[int]:
    """Write ``fonts/<name>.ttf`` with those of the wanted code points that the face has; returns them."""
    font = TTFont(packages / source.package / source.face / source.file, recalcTimestamp=False)
    kept = set(wanted) & set(font.getBestCmap())
    options = Options(
        layout_features=FEATURES, hinting=False, name_IDs=[*range(7), 13, 14], notdef_outline=True
    )
    options.drop_tables += ["BASE", "STAT", "VORG", "vhea", "vmtx"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=kept)
    subsetter.subset(font)
    rename(font, family, name)
    font.save(FONTS / f"{name}.ttf")
    return kept


def rename(font: TTFont, family: str, name: str) -> None:
    """Call the font by the family that templates ask for."""
    style = "Bold" if name.endswith("Bold") else "Regular"
    for ident, text in ((1, family), (2, style), (4, f"{family} {style}"), (6, name), (16, None), (17, None)):
        font["name"].removeNames(nameID=ident)
        if text:
            font["name"].setName(text, ident, 3, 1, 0x409)


def ranges(codes: Iterable[int]) -> list[list[int]]:
    """The code points as [first, last], in order."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def make(packages: Path) -> None:
    """Write every font, and what they cover."""
    wanted = gb2312() | of_fixtures() | {ord(character) for character in GLYPHS_OF_PRINTING}
    wanted -= set(range(0x20))
    ordinary = subset(packages, SC_REGULAR, wanted, "NotoSansSC-Regular", "Noto Sans SC")
    subset(packages, SC_BOLD, wanted, "NotoSansSC-Bold", "Noto Sans SC")
    every = set(range(0x20, 0x40000)) - set(range(0x7F, 0xA0))
    covered = set(ordinary)
    rest = [
        (SC_REGULAR, every, "NotoSansSC-Rare", "Noto Sans SC Rare"),
        (JP, filter(is_ideograph, every), "NotoSansJP-Rare", "Noto Sans JP Rare"),
        (HK, filter(is_ideograph, every), "NotoSansHK-Rare", "Noto Sans HK Rare"),
        (SYMBOLS_2, map(ord, SYMBOLS), "NotoSansSymbols2-Rare", "Noto Sans Symbols 2 Rare"),
    ]
    for source, codes, name, family in rest:
        covered |= subset(packages, source, set(codes) - covered, name, family)
    write_coverage(ordinary, covered)
    write_licence(packages)


def write_coverage(ordinary: set[int], covered: set[int]) -> None:
    """Write what the site must know about the fonts: their characters, and the files by their SHA-256."""
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(FONTS.glob("*.ttf"))}
    parts = {"covered": ranges(covered), "ordinary_beside_gb2312": ranges(ordinary - gb2312())}
    lines = [f'"{name}": {json.dumps(part, separators=(",", ":"))}' for name, part in parts.items()]
    lines.append(f'"files": {json.dumps(files, indent=1)}')
    (FONTS / "coverage.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def write_licence(packages: Path) -> None:
    """Write the licence beside the fonts, with whose each of them is."""
    both = [
        (packages / source.package / "LICENSE_FONT").read_text("utf-8") for source in (SC_REGULAR, SYMBOLS_2)
    ]
    (adobe, text), (noto, _) = (licence.split("\n\n", 1) for licence in both)
    whose = f"NotoSansSC-*.ttf, NotoSansJP-Rare.ttf, NotoSansHK-Rare.ttf:\n{adobe}\n\nNotoSansSymbols2-Rare.ttf:\n{noto}"
    ours = "Modified Versions: subsets of the fonts of these names, made by guides/sheets/make_fonts.py."
    (FONTS / "OFL.txt").write_text(f"{whose}\n\n{ours}\n\n{text}", "utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
