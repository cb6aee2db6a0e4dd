from __future__ import annotations

import re

import pytest
from django.test import Client

from guides.marking import mark
from guides.models import Correction
from tests.cast import Cast, assemble, html_of, text_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def test_the_source_page_shows_the_books_own_lines_with_their_numbers(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/source/"))
    assert re.search(
        r'<li id="line-2"> ?<span class="line-number">2</span> ?<span class="line-text">住院费用报销<', html
    )
    assert html.count('class="line-number"') == 5


def test_a_misprint_is_marked_in_place_with_its_reason(client: Client, cast: Cast) -> None:
    response = client.get("/guides/dazhou/zhuyuan-baoxiao/source/")
    assert "办结：将报销<del>结果果</del><ins>结果</ins>划入" in html_of(response)
    assert "第 4 行 结果果 结果 多印一个“果”字" in text_of(response)


def test_a_passage_without_misprints_says_so(client: Client, cast: Cast) -> None:
    assert "这一段没有更正。" in text_of(client.get("/guides/suining/zhuyuan-baoxiao/source/"))


def test_a_guide_written_by_hand_has_no_source_lines(client: Client, cast: Cast) -> None:
    cast.inpatient.handbook = None
    cast.inpatient.first_line = cast.inpatient.last_line = None
    cast.inpatient.save()
    response = client.get("/guides/dazhou/zhuyuan-baoxiao/source/")
    assert response.status_code == 200
    assert "没有对应的手册行" in text_of(response)


def test_marking_loses_no_character() -> None:
    line = "查询询办理理结果"
    corrections = [Correction(found="询询", replacement="询"), Correction(found="理理", replacement="理")]
    marked = mark(7, line, corrections)
    assert "".join(piece.text for piece in marked.pieces) == line
    assert [piece.text for piece in marked.pieces if piece.correction] == ["询询", "理理"]


def test_a_misprint_that_runs_over_the_line_is_told_beside_it() -> None:
    over = Correction(found="社 会", replacement="社会")
    marked = mark(7, "民办非企业及社", [over])
    assert [piece.text for piece in marked.pieces] == ["民办非企业及社"]
    assert marked.beyond == (over,)
