"""Setting papers: text stays text, nothing outside is reached, each paper is set once, pages are not held up."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from guides.sheets import shelf, typesetting
from guides.sheets.shelf import BLOCK, Shelf
from guides.sheets.typesetting import (
    Paper,
    PaperTooLong,
    Turns,
    TypesettingBusy,
    TypesettingFailed,
    by_turns,
    one_by_one,
    pdf_response,
    typeset,
)
from tests.sheets.papers import probe_folder, text_of, words_of

HOSTILE = [
    '#read("/etc/passwd")',
    '#read("data.typ") #include "/etc/hostname"',
    '#import "@preview/cetz:0.3.1": canvas',
    "#panic() #sys.inputs #{1+1} #let x=1;",
    "$x^2$ *粗* _斜_ `raw` ```rs fn``` <label> @ref",
    "= 一级标题",
    "- 表 + 列 / 项: 目",
    "// 注释 /* 也是 */",
    r"\u{41} \\ \n \" \$ ~ -- ---",
    "'单' \"双\" ]} )( [[ {{ }} %} {% <b> & &amp;",
    "http://example.com/?a=1&b=2#x",
]
WHOLE = b"%PDF-1.7 made up %%EOF"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    """Templates of our own, and a shelf that is still empty."""
    settings.PAPER_CACHE = tmp_path / "shelf"
    (tmp_path / "templates").mkdir()
    return probe_folder(tmp_path / "templates", monkeypatch)


@pytest.fixture
def set_papers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the papers that were really set, in order."""
    titles: list[str] = []
    really = typesetting.run_setter

    def noted(paper: Paper) -> bytes:
        titles.append(paper.title)
        return really(paper)

    monkeypatch.setattr(typesetting, "run_setter", noted)
    return titles


def paper(*lines: str, title: str = "住院费用报销", template: str = "probe.typ") -> Paper:
    return Paper(template, {"lines": lines}, title)


def setter_that(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """Put a child in place of ours that does something else."""
    script = folder / "setter.py"
    script.write_text(does, "utf-8")
    monkeypatch.setattr(typesetting, "SETTER", script)


# What goes in comes out


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_set_as_it_stands_whatever_it_would_mean_to_typst(text: str) -> None:
    pdf = typeset(paper(text))
    assert text_of(pdf).strip().splitlines()[0] == text
    assert "root:" not in text_of(pdf)


def test_the_title_is_only_text_too() -> None:
    title = '#read("/etc/passwd") *x*'
    assert title.encode("utf-16-be") in typeset(paper("x", title=title)) or title.encode() in typeset(
        paper("x", title=title)
    )


def test_a_very_long_text_comes_back_whole() -> None:
    text = "".join(chr(0x4E00 + index * 7 % 5000) for index in range(10_000))
    pdf = typeset(paper(text))
    assert words_of(pdf).replace("\f", "") == text


def test_the_same_content_gives_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    first = typeset(paper("一样"))
    settings.PAPER_CACHE = tmp_path / "another"
    assert typeset(paper("一样")) == first


@pytest.mark.parametrize(
    "source", ['#read("/etc/passwd")', '#read("../../../../etc/passwd")', '#import "@preview/cetz:0.3.1"']
)
def test_even_a_template_reaches_neither_other_files_nor_the_network(folder: Path, source: str) -> None:
    (folder / "bad.typ").write_text(source)
    with pytest.raises(TypesettingFailed, match=r"bad\.typ:1"):
        typeset(paper(template="bad.typ"))


def test_the_child_knows_none_of_the_sites_secrets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    setter_that(
        folder,
        monkeypatch,
        "import os, sys; sys.exit(str(sorted(os.environ)) + str('django' in sys.modules))",
    )
    with pytest.raises(TypesettingFailed) as failure:
        typeset(paper())
    assert "SECRET_KEY" not in str(failure.value)
    assert "RAYON_NUM_THREADS" in str(failure.value)
    assert "False" in str(failure.value)


# What goes wrong


@pytest.mark.parametrize("template", ["nowhere.typ", "../data.typ", "/etc/passwd"])
def test_an_unknown_template_is_an_error(template: str) -> None:
    with pytest.raises(TypesettingFailed):
        typeset(paper(template=template))


def test_an_error_in_a_template_is_named_with_its_line(folder: Path) -> None:
    (folder / "bad.typ").write_text("\n\n#nothing-of-this-name")
    with pytest.raises(TypesettingFailed, match=r"(?s)unknown variable.*bad\.typ:3"):
        typeset(paper(template="bad.typ"))


@pytest.mark.parametrize(
    "does",
    [
        "import os; os.kill(os.getpid(), 11)",
        "import sys; sys.exit(3)",
        "print('not a PDF')",
        "pass",
    ],
)
def test_a_child_that_dies_or_gives_no_pdf_is_an_error_and_nothing_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, does: str
) -> None:
    setter_that(folder, monkeypatch, does)
    with pytest.raises(TypesettingFailed, match="住院费用报销"):
        typeset(paper())
    assert list(Path(settings.PAPER_CACHE).glob("*.pdf")) == []


def test_a_child_that_takes_too_long_is_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "LONGEST", 1)
    setter_that(folder, monkeypatch, "import time; time.sleep(60)")
    with pytest.raises(TypesettingFailed, match="timed out"):
        typeset(paper())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("#for i in range(1000000) { for j in range(1000000) { let _ = i * j } }", "exit -"),
        ('#let a = "x" * 1000\n#for i in range(40) { a = a + a }', "exit -|memory"),
        ("#let deep(n) = deep(n + 1)\n#deep(0)", "exit -|maximum"),
        ("#for i in range(1000000) [#pagebreak() x]", "exit -"),
    ],
)
def test_a_paper_that_would_take_all_time_or_memory_is_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch, source: str, said: str
) -> None:
    monkeypatch.setattr(typesetting, "SECONDS", 2)
    (folder / "huge.typ").write_text(source)
    with pytest.raises(TypesettingFailed, match=said):
        typeset(paper(template="huge.typ"))


def test_too_much_content_is_refused_before_anything_starts(set_papers: list[str]) -> None:
    with pytest.raises(PaperTooLong):
        typeset(paper("长" * 1_000_001))
    assert set_papers == []


# Each paper once


def test_a_paper_is_set_once_and_again_when_its_template_changes(folder: Path, set_papers: list[str]) -> None:
    assert typeset(paper("甲")) == typeset(paper("甲"))
    typeset(paper("乙"))
    assert len(set_papers) == 2
    (folder / "probe.typ").write_text((folder / "probe.typ").read_text("utf-8") + "\n又一行", "utf-8")
    assert "又一行" in words_of(typeset(paper("甲")))
    assert len(set_papers) == 3


def test_many_who_ask_at_once_for_one_paper_get_one_setting(set_papers: list[str]) -> None:
    def ask(_: int) -> bytes:
        for _ in range(200):
            try:
                return typeset(paper("同一张"))
            except TypesettingBusy:
                time.sleep(0.05)
        raise TimeoutError

    with ThreadPoolExecutor(20) as people:
        pdfs = set(people.map(ask, range(50)))
    assert len(pdfs) == 1
    assert len(set_papers) == 1


def hold(folder: str, held: Any, let_go: Any) -> None:
    """In another process: take the lock and keep it."""
    with Shelf(Path(folder), 1).alone(5):
        held.set()
        let_go.wait(30)


@pytest.fixture
def another_process_sets(settings: Settings) -> Iterator[Any]:
    """Another process of the site is setting a paper; the event ends it."""
    context = multiprocessing.get_context("spawn")
    held, let_go = context.Event(), context.Event()
    process = context.Process(target=hold, args=(str(settings.PAPER_CACHE), held, let_go))
    process.start()
    assert held.wait(30)
    yield let_go
    let_go.set()
    process.join(30)


def test_another_process_is_waited_for_but_not_for_ever(
    another_process_sets: Any, monkeypatch: pytest.MonkeyPatch, set_papers: list[str]
) -> None:
    monkeypatch.setattr(typesetting, "PATIENCE", 0.3)
    with pytest.raises(TypesettingBusy):
        typeset(paper())
    assert set_papers == []
    another_process_sets.set()
    monkeypatch.setattr(typesetting, "PATIENCE", 10)
    assert typeset(paper()).startswith(b"%PDF-")


def test_waiting_requests_never_take_all_threads_of_the_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, let_go = Event(), Event()

    def slow(_: Paper) -> bytes:
        started.set()
        let_go.wait(60)
        return WHOLE

    monkeypatch.setattr(typesetting, "run_setter", slow)
    with ThreadPoolExecutor(2) as people:
        waiting = [people.submit(typeset, paper(str(number))) for number in range(2)]
        assert started.wait(30)
        until = time.monotonic() + 30
        while typesetting.TURNS.taken < 2 and time.monotonic() < until:
            time.sleep(0.01)
        with pytest.raises(TypesettingBusy):
            typeset(paper("third"))
        let_go.set()
        assert [future.result() for future in waiting] == [WHOLE, WHOLE]
    assert typeset(paper("third")) == WHOLE


# The shelf


def test_a_paper_cut_off_by_a_full_disk_is_set_again(settings: Settings, set_papers: list[str]) -> None:
    whole = typeset(paper())
    (file,) = Path(settings.PAPER_CACHE).glob("*.pdf")
    file.write_bytes(whole[: len(whole) // 2])
    assert typeset(paper()) == whole
    assert len(set_papers) == 2
    assert file.read_bytes() == whole


def test_the_longest_unused_papers_make_room_and_pieces_left_behind_go_too(tmp_path: Path) -> None:
    shelf_folder = tmp_path / "full"
    shelf_folder.mkdir()
    full = Shelf(shelf_folder, most=10 * BLOCK)
    (shelf_folder / "left.part").write_bytes(WHOLE)
    os.utime(shelf_folder / "left.part", (1, 1))
    for number in range(9):
        full.put(str(number), WHOLE)
        os.utime(shelf_folder / f"{number}.pdf", (1000 + number, 1000 + number))
    assert full.get("0") == WHOLE  # just used: no longer the oldest
    full.put("new", WHOLE)
    full.put("newer", WHOLE)
    left = {path.name for path in shelf_folder.iterdir()}
    assert {"0.pdf", "8.pdf", "new.pdf", "newer.pdf"} <= left
    assert not {"left.part", "1.pdf"} & left
    assert len(left) <= 10


def test_notes_of_addresses_without_end_do_not_fill_the_disk(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, most=100 * BLOCK)
    for number in range(600):
        shelf.write_note(f"{number:064x}", "{}")
    assert len(list(tmp_path.iterdir())) <= 100 + 256


@pytest.mark.parametrize("place", ["/proc/none", "/dev/null/none"])
def test_without_a_folder_to_write_to_papers_are_set_all_the_same(
    settings: Settings, set_papers: list[str], caplog: pytest.LogCaptureFixture, place: str
) -> None:
    settings.PAPER_CACHE = place
    assert typeset(paper()) == typeset(paper())
    assert len(set_papers) == 2
    assert "papers are not kept" in caplog.text


def test_a_folder_in_place_of_a_file_is_no_more_than_a_paper_that_is_not_kept(
    settings: Settings, set_papers: list[str]
) -> None:
    folder = Path(settings.PAPER_CACHE)
    (folder / "lock").mkdir(parents=True)
    (folder / f"{paper().key}.pdf").mkdir()
    assert typeset(paper()) == typeset(paper())
    assert len(set_papers) == 2


def test_the_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    alone = Shelf(tmp_path, 1)
    with pytest.raises(ZeroDivisionError), alone.alone(1):
        _ = 1 / 0
    with alone.alone(0.1):
        pass
    assert not shelf.IN_THIS_PROCESS.locked()


# The answer


def get(asked: Paper, **headers: str) -> HttpResponse:
    return pdf_response(RequestFactory().get("/sheet.pdf", headers=headers), asked, "宣汉县住院费用报销.pdf")


def test_the_answer_is_a_pdf_with_a_chinese_name_shown_in_the_browser() -> None:
    response = get(paper("一"))
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    name = "%E5%AE%A3%E6%B1%89%E5%8E%BF%E4%BD%8F%E9%99%A2%E8%B4%B9%E7%94%A8%E6%8A%A5%E9%94%80.pdf"
    assert response["Content-Disposition"] == f"inline; filename*=utf-8''{name}"


def test_who_has_the_paper_is_told_so_without_setting_it(set_papers: list[str]) -> None:
    etag = get(paper("一"))["ETag"]
    for known in (etag, f'"other", {etag}', f"W/{etag}"):
        response = get(paper("一"), if_none_match=known)
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == etag
    assert get(paper("二"), if_none_match=etag).status_code == 200
    assert set_papers == ["住院费用报销"] * 2


def test_a_head_request_sets_nothing(set_papers: list[str]) -> None:
    response = pdf_response(RequestFactory().head("/sheet.pdf"), paper("一"), "一.pdf")
    assert (response.status_code, response.content) == (200, b"")
    assert set_papers == []
    assert response["ETag"] == get(paper("一"))["ETag"]


def test_when_too_many_ask_a_chinese_page_comes_back_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: Paper) -> bytes:
        raise TypesettingBusy

    monkeypatch.setattr(typesetting, "typeset", busy)
    response = get(paper("一"))
    assert response.status_code == 503
    assert int(response["Retry-After"]) in typesetting.RETRY_AFTER
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response
    page = response.content.decode()
    assert f'<meta http-equiv="refresh" content="{response["Retry-After"]}">' in page
    assert "您要的文件排好后会自动打开" in page


def hold_a_turn(held: Event, let_go: Event) -> None:
    """In another thread: have a turn and keep it."""
    with typesetting.TURNS:
        held.set()
        let_go.wait(30)


@contextmanager
def all_turns_taken() -> Iterator[None]:
    let_go, held = Event(), [Event() for _ in range(typesetting.TURNS.most)]
    with ThreadPoolExecutor(len(held)) as others:
        for event in held:
            others.submit(hold_a_turn, event, let_go)
        assert all(event.wait(30) for event in held)
        try:
            yield
        finally:
            let_go.set()


def test_while_all_turns_are_taken_only_papers_served_before_are_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[str] = []

    def look(request: HttpRequest) -> HttpResponse:
        looked_at.append(request.path)
        return pdf_response(request, paper(request.path), "一.pdf")

    monkeypatch.setattr(typesetting, "SERVED", deque(maxlen=2))
    known, unknown = (RequestFactory().get(path) for path in ("/known.pdf", "/unknown.pdf"))
    assert by_turns(look)(known).status_code == 200
    with all_turns_taken():
        assert by_turns(look)(known).status_code == 200
        assert by_turns(look)(unknown).status_code == 503
        assert one_by_one(look)(known).status_code == 503
    assert by_turns(look)(unknown).status_code == 200
    assert looked_at == ["/known.pdf", "/known.pdf", "/unknown.pdf"]


def test_one_more_waits_a_moment_for_a_turn_and_a_second_one_does_not() -> None:
    turns, held, let_go = Turns(1, patience=30), Event(), Event()

    def hold() -> None:
        with turns:
            held.set()
            let_go.wait(30)

    with ThreadPoolExecutor(2) as people:
        holder = people.submit(hold)
        assert held.wait(30)
        waiter = people.submit(turns.__enter__)
        until = time.monotonic() + 30
        while not turns.is_awaited and time.monotonic() < until:
            time.sleep(0.01)
        with pytest.raises(TypesettingBusy), turns:
            pass
        assert not waiter.done()
        let_go.set()
        holder.result()
        waiter.result(30)
    assert turns.taken == 1


def test_a_view_that_has_its_turn_needs_no_second_one() -> None:
    with typesetting.TURNS, typesetting.TURNS, typesetting.TURNS:
        assert typesetting.TURNS.taken == 1
        assert typeset(paper("一")).startswith(b"%PDF-")
    assert typesetting.TURNS.taken == 0


def test_too_much_for_one_paper_is_said_in_chinese() -> None:
    response = get(paper("长" * 1_000_001))
    assert response.status_code == 413
    assert "请少选一些事项" in response.content.decode()


def test_what_typst_warns_about_is_logged(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "warn.typ").write_text('#set document(title: "x")\n#set text(font: "No Such Font")\nx')
    with caplog.at_level(logging.WARNING):
        typeset(paper(template="warn.typ"))
    assert "no such font" in caplog.text


def test_the_content_reaches_the_template_as_it_is() -> None:
    content = {"lines": ["甲"], "n": 1, "deep": {"list": [None, True, 1.5]}}
    assert json.loads(Paper("probe.typ", content, "题").data) == {
        **content,
        "title": "题",
        "missing_characters": [],
    }
