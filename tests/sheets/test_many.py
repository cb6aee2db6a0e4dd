"""Setting hundreds of papers with one child: the same papers under the same limits, and a new child after any mishap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from guides.sheets import many, setter, typesetting
from guides.sheets.many import StandingSetter
from guides.sheets.shelf import Shelf
from guides.sheets.typesetting import Paper, TypesettingFailed, papers_set_by, run_setter, typeset
from tests.sheets.papers import probe_folder, text_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    settings.PAPER_CACHE = tmp_path / "shelf"
    (tmp_path / "templates").mkdir()
    return probe_folder(tmp_path / "templates", monkeypatch)


@pytest.fixture
def standing() -> Iterator[StandingSetter]:
    made = StandingSetter()
    yield made
    made.close()


def paper(*lines: str, template: str = "probe.typ") -> Paper:
    return Paper(template, {"lines": lines}, "住院费用报销")


def test_papers_have_the_bytes_that_a_child_of_their_own_would_give(standing: StandingSetter) -> None:
    papers = [paper("甲"), paper("乙", '#read("/etc/passwd")'), paper("甲")]
    found = [standing.set(one) for one in papers]
    assert found[0] == found[2] != found[1]
    assert found[1] == run_setter(papers[1])


def test_one_child_sets_them_all(standing: StandingSetter) -> None:
    standing.set(paper("甲"))
    first = standing.child
    standing.set(paper("乙"))
    assert first is not None
    assert standing.child is first


def test_a_template_that_changed_meanwhile_is_read_anew(standing: StandingSetter, folder: Path) -> None:
    standing.set(paper("甲"))
    probe = folder / "probe.typ"
    probe.write_text(probe.read_text("utf-8") + "\n又一行", "utf-8")
    assert "又一行" in text_of(standing.set(paper("甲")))


def test_an_error_in_a_template_is_named_and_the_next_paper_is_set(
    standing: StandingSetter, folder: Path
) -> None:
    (folder / "bad.typ").write_text("\n\n#nothing-of-this-name")
    with pytest.raises(TypesettingFailed, match=r"(?s)住院费用报销.*unknown variable.*bad\.typ:3"):
        standing.set(paper(template="bad.typ"))
    assert standing.set(paper("甲")).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("source", "limit"),
    [
        ("#for i in range(1000000) { for j in range(1000000) { let _ = i * j } }", "SECONDS"),
        ('#let a = "x" * 1000\n#for i in range(40) { a = a + a }', ""),
    ],
)
def test_a_paper_that_would_take_all_time_or_memory_is_given_up_and_the_next_is_set(
    standing: StandingSetter, folder: Path, monkeypatch: pytest.MonkeyPatch, source: str, limit: str
) -> None:
    (folder / "huge.typ").write_text(source)
    if limit:
        monkeypatch.setattr(typesetting, limit, 1)
    standing.set(paper("甲"))
    with pytest.raises(TypesettingFailed, match=r"exit -|memory"):
        standing.set(paper(template="huge.typ"))
    assert standing.set(paper("乙")).startswith(b"%PDF-")


def child_that(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    (folder / "setter.py").write_text(does, "utf-8")
    monkeypatch.setattr(many, "SETTER", folder / "setter.py")


@pytest.mark.parametrize("does", ["pass", "print('not JSON')", "print('{}')", "input(); raise SystemExit(3)"])
def test_a_child_that_dies_or_answers_nonsense_is_an_error(
    standing: StandingSetter, folder: Path, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    child_that(folder, monkeypatch, does)
    with pytest.raises(TypesettingFailed, match="住院费用报销"):
        standing.set(paper())
    assert standing.child is None


def test_a_child_that_remembers_too_much_ends_and_another_goes_on(
    standing: StandingSetter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Path(setter.__file__).read_text("utf-8").replace("ENOUGH = 256 << 20", "ENOUGH = 0")
    child_that(folder, monkeypatch, script)
    first = standing.set(paper("甲"))
    assert standing.child is None
    assert standing.set(paper("甲")) == first


def test_whoever_sets_many_waits_for_nobody_and_leaves_them_on_the_shelf(
    standing: StandingSetter, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "PATIENCE", 0.1)
    with Shelf(Path(settings.PAPER_CACHE), 1).alone(5), papers_set_by(standing.set):
        pdf = typeset(paper("甲"))
    standing.close()
    assert Shelf(Path(settings.PAPER_CACHE), 1).get(paper("甲").key) == pdf
    monkeypatch.setattr(typesetting, "run_setter", lambda _: pytest.fail("it was set again"))
    assert typeset(paper("甲")) == pdf


def test_the_job_is_one_line() -> None:
    assert b"\n" not in typesetting.job_of(paper("甲\n乙"))
    assert json.loads(typesetting.job_of(paper("甲\n乙")))["content"]
