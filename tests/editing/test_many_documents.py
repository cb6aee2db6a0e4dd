"""A file of documents is loaded: whole or not at all when something is wrong with it, as often as wanted."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guides.editing import apply_guide, apply_office, count_if_unknown, spread_problems
from guides.models import Guide, Material, OfficePosting, Revision, SheetChange, Stamp
from guides.open_data import city_by_city
from offices.models import Office
from tests.cast import Cast, assemble

Documents = list[dict[str, Any]]


@pytest.fixture
def cast(db: None) -> Cast:
    cast = assemble()
    count_if_unknown()
    return cast


@pytest.fixture
def documents(cast: Cast) -> Documents:
    """What the site says; then all of it is gone, cities and matters apart."""
    documents = list(city_by_city())
    Guide.objects.all().delete()
    Office.objects.all().delete()
    return documents


def write(path: Path, documents: Documents) -> Path:
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in documents), "utf-8")
    return path


def load(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("load_guides", str(path), *options, stdout=out)
    return out.getvalue()


def test_what_was_exported_is_loaded_word_for_word(documents: Documents, tmp_path: Path) -> None:
    assert "新增 4，更改 0，未变 0" in load(write(tmp_path / "guides.json", documents))
    assert list(city_by_city()) == documents
    assert Revision.objects.filter(kind="guide", number=1, source="import").count() == 4
    assert Revision.objects.filter(kind="office").count() == Office.objects.count() == 5
    assert Revision.objects.filter(kind="guide", before={}).first().after in documents  # type: ignore[union-attr]
    assert SheetChange.objects.count() == 4
    assert OfficePosting.objects.exists()
    assert Stamp.objects.filter(scope="site").exists()
    assert spread_problems() == []


@pytest.mark.parametrize("name", ["all.json", "all.json.gz"])
def test_export_and_open_data_are_files_that_can_be_loaded(cast: Cast, tmp_path: Path, name: str) -> None:
    out = StringIO()
    call_command("export_guides", str(tmp_path / name), stdout=out)
    assert "已写出 4 份" in out.getvalue()
    assert (tmp_path / name).read_bytes().startswith(b"\x1f\x8b") == name.endswith(".gz")
    assert "新增 0，更改 0，未变 4" in load(tmp_path / name)


def test_a_rehearsal_says_what_would_happen_and_writes_nothing(documents: Documents, tmp_path: Path) -> None:
    path = write(tmp_path / "guides.json", documents)
    assert "试算完成，未写入：新增 4" in load(path, "--dry-run")
    assert not Guide.objects.exists()
    assert not Office.objects.exists()


def test_a_second_run_changes_nothing_and_an_interrupted_one_is_finished(
    documents: Documents, tmp_path: Path
) -> None:
    load(write(tmp_path / "half.json", documents[:2]))
    path = write(tmp_path / "all.json", documents)
    assert "新增 2，更改 0，未变 2" in load(path)
    count = Revision.objects.count()
    assert "新增 0，更改 0，未变 4" in load(path)
    assert Revision.objects.count() == count


def test_what_an_editor_changed_stays(documents: Documents, tmp_path: Path) -> None:
    load(write(tmp_path / "guides.json", documents))
    apply_guide({**documents[0], "audience": "编辑写的话"})
    newer = [{**document, "audience": "新文件的话", "progress": "新文件的话"} for document in documents]
    assert "更改 4" in load(write(tmp_path / "newer.json", newer))
    first = Guide.objects.get(city__slug=documents[0]["city"], matter__slug=documents[0]["matter"])
    assert (first.audience, first.progress) == ("编辑写的话", "新文件的话")
    assert spread_problems() == []


def test_an_office_an_editor_mended_is_left_alone(documents: Documents, tmp_path: Path) -> None:
    path = write(tmp_path / "guides.json", documents)
    load(path)
    office = Office.objects.with_details().filter(kind="counter").first()
    assert office
    apply_office({**office.document(), "address": "改过的地址"})
    load(path)
    assert Office.objects.get(pk=office.pk).address == "改过的地址"


def broken(document: dict[str, Any], **changed: Any) -> str:
    return json.dumps({**document, **changed}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"city": "nowhere"}, "第 2 行：没有城市“nowhere”"),
        ({"matter": "nothing"}, "第 2 行：没有事项“nothing”"),
        ({"name": " "}, "第 2 行：事项名称：不能为空"),
        ({"name": None}, "第 2 行：name 应是文字"),
        ({"materials": [{"text": "出院记录"}]}, "第 2 行：缺少 materials[0].applies_to"),
        ({"notes": "备注"}, "第 2 行：notes 应是列表"),
        ({"source": {"handbook": "unknown", "first_line": None, "last_line": None}}, "第 2 行：没有手册“unknown”"),
        ({"channels": [{"name": "传真", "kind": "fax", "applies_to": ""}]}, "第 2 行：渠道 1：类别只能是"),
    ],
)  # fmt: skip
def test_a_wrong_document_is_named_with_its_line_and_nothing_is_written(
    documents: Documents, tmp_path: Path, changed: dict[str, Any], problem: str
) -> None:
    path = tmp_path / "guides.json"
    path.write_text(f"{broken(documents[0])}\n{broken(documents[1], **changed)}\n", "utf-8")
    with pytest.raises(CommandError) as error:
        load(path)
    assert problem in str(error.value)
    assert "guides.json" in str(error.value)
    assert "未写入任何内容" in str(error.value)
    assert not Guide.objects.exists()
    assert not Material.objects.exists()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b'{"city": "dazhou"', "第 1 行：不是完整的 JSON"),
        (b"[1]\n", "第 1 行：每行应是一份办事指南"),
        (b"\xff\xfe", "读不出来"),
        (gzip.compress(b"{}\n", mtime=0)[:-9], "读不出来"),
        (b"", "文件是空的"),
        (b"[\n]\n", "文件是空的"),
        (gzip.compress(b"", mtime=0), "文件是空的"),
    ],
)
def test_what_is_no_such_file_is_said(cast: Cast, tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "guides.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=problem):
        load(path)
    with pytest.raises(CommandError, match="读不出来"):
        load(tmp_path / "missing.json")


def test_one_guide_twice_is_refused(documents: Documents, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="第 5 行：与第 1 行是同一份"):
        load(write(tmp_path / "guides.json", [*documents, documents[0]]))


def test_a_file_that_cannot_be_written_leaves_nothing_behind(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="写不了"):
        call_command("export_guides", str(tmp_path / "no" / "guides.json"))
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_sees_how_far_it_is(documents: Documents, tmp_path: Path) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    call_command("load_guides", str(write(tmp_path / "guides.json", documents)), stdout=out)
    assert "100%  4/4，每秒" in out.getvalue()
    assert "还需 0 分 00 秒" in out.getvalue()
