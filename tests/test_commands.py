"""The commands a city admin runs."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from guides.editing import load_catalogue
from guides.fixtures import fixture_texts
from guides.models import Guide, Handbook
from offices.models import City
from tests import books

pytestmark = pytest.mark.django_db


def run(command: str, *arguments: object, **options: object) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


def import_both() -> None:
    run("load_catalogue")
    run("import_handbook", books.FIXTURES / "handbooks" / "suining.txt", city="suining")
    run("import_handbook", books.FIXTURES / "handbooks" / "dazhou-2024.txt", city="dazhou")


def load_short_catalogue() -> None:
    """Cities and matters with few aliases: what these commands need of the catalogue, in a tenth of the time."""
    load_catalogue(books.short_catalogue(), json_format=True)


@pytest.fixture
def made_up(tmp_path: Path) -> Path:
    """A made-up handbook with the description of its city beside it."""
    (tmp_path / "city.toml").write_text(books.NOWHERE_TOML, encoding="utf-8")
    book = tmp_path / "yunshan-2027.txt"
    book.write_text(books.table_book(["住院费用报销", "门诊费用报销"]), encoding="utf-8")
    return book


def test_importing_both_books_gives_the_committed_fixtures() -> None:
    import_both()
    for name, text in fixture_texts().items():
        assert (books.FIXTURES / name).read_text(encoding="utf-8") == text, f"{name}: run make fixtures"


def test_setup_fills_an_empty_database_once_and_equals_importing_both_books() -> None:
    assert "已载入 68 份" in run("setup_site")
    assert "不再载入" in run("setup_site")
    texts = fixture_texts()
    assert len(texts) == 1 + City.objects.count()
    for name, text in texts.items():
        assert (books.FIXTURES / name).read_text(encoding="utf-8") == text
    assert Guide.objects.published().count() == 68


def test_a_third_city_imports_from_its_description_alone(made_up: Path) -> None:
    load_short_catalogue()
    out = run("import_handbook", made_up, city="yunshan", description=made_up.parent / "city.toml")
    assert "导入完成：yunshan-2027，2 个事项：新增 2，更改 0，未变 0，手册中没有（保留） 0" in out
    assert Guide.objects.filter(city__slug="yunshan").count() == 2


def test_a_dry_run_says_the_same_and_writes_nothing(made_up: Path) -> None:
    load_short_catalogue()
    out = run(
        "import_handbook", made_up, city="yunshan", description=made_up.parent / "city.toml", dry_run=True
    )
    assert "试算完成，未写入：yunshan-2027，2 个事项：新增 2" in out
    assert not Guide.objects.exists()
    assert not City.objects.filter(slug="yunshan").exists()


@pytest.mark.parametrize("suffix", ["md", "json"])
def test_the_report_says_what_was_found(suffix: str, tmp_path: Path) -> None:
    load_short_catalogue()
    path = tmp_path / f"report.{suffix}"
    run("import_handbook", books.FIXTURES / "handbooks" / "dazhou-2024.txt", city="dazhou", report=path)
    words = path.read_text(encoding="utf-8")
    assert "手册在开江县这一行印的是 0818-7226802" in words
    assert "结果果" in words
    if suffix == "json":
        data = json.loads(words)
        assert (data["guides"], data["places"], data["unclassified"]) == (34, 306, [])
        assert data["loading"]["新增"] == books.matter_names()
    else:
        assert "## 未归类\n\n- 无\n" in words


def test_a_bad_book_is_refused_with_its_lines_and_the_report_is_still_written(
    made_up: Path, tmp_path: Path
) -> None:
    load_short_catalogue()
    made_up.write_text(made_up.read_text(encoding="utf-8").replace("四、办理材料\n", "", 1), encoding="utf-8")
    report = tmp_path / "report.md"
    with pytest.raises(CommandError, match="第 12 行：“五、办理时限”的编号不连续"):
        run(
            "import_handbook",
            made_up,
            city="yunshan",
            description=made_up.parent / "city.toml",
            report=report,
        )
    assert "## 问题\n\n- 第" in report.read_text(encoding="utf-8")
    assert not Handbook.objects.exists()
    assert not City.objects.filter(slug="yunshan").exists()


def test_a_book_of_one_city_is_not_imported_into_another() -> None:
    load_short_catalogue()
    book = books.FIXTURES / "handbooks" / "suining.txt"
    with pytest.raises(CommandError, match="不是达州市的区号"):
        run("import_handbook", book, city="dazhou")
    assert not Guide.objects.exists()


def test_a_handbook_keeps_its_city(made_up: Path) -> None:
    load_short_catalogue()
    run("import_handbook", made_up, city="yunshan", description=made_up.parent / "city.toml")
    twin = made_up.parent / "twin.toml"
    twin.write_text(
        books.NOWHERE_TOML.replace('"yunshan"', '"twin"').replace("云山市", "双云市"), encoding="utf-8"
    )
    with pytest.raises(CommandError, match="手册 yunshan-2027 属于云山市，不能导入到双云市"):
        run("import_handbook", made_up, city="twin", description=twin)
    assert not Guide.objects.filter(city__slug="twin").exists()


def test_unclassified_words_stop_the_import(made_up: Path) -> None:
    load_short_catalogue()
    made_up.write_text("内部资料\n请勿外传\n" + made_up.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(CommandError, match="第 2 行：“请勿外传”不知道属于哪里"):
        run("import_handbook", made_up, city="yunshan", description=made_up.parent / "city.toml")
    assert not Guide.objects.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"city": "nowhere"}, "没有城市“nowhere”。现有：suining、dazhou"),
        ({"city": "dazhou", "file": "missing.txt"}, "读不出手册文件"),
        ({"city": "dazhou", "corrections": Path("missing.toml")}, "更正表"),
        ({"city": "dazhou", "description": Path("missing.toml")}, "城市说明文件"),
    ],
)
def test_wrong_arguments_say_what_to_do(made_up: Path, options: dict[str, object], message: str) -> None:
    load_short_catalogue()
    file = options.pop("file", made_up)
    with pytest.raises(CommandError, match=message):
        run("import_handbook", file, **options)


def test_fixtures_are_only_built_in_memory() -> None:
    with (
        patch.dict(connection.settings_dict, NAME="var/db.sqlite3"),
        pytest.raises(CommandError, match="make fixtures"),
    ):
        run("build_fixtures", check=True)
