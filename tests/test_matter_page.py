from __future__ import annotations

import pytest
from django.test import Client

from guides.comparison import compare
from tests.cast import Cast, assemble, html_of, text_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def test_cities_stand_side_by_side_where_they_differ(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/matters/zhuyuan-baoxiao/"))
    assert "不超过 〔不同： 25 〕 个工作日" in text
    assert "不超过 〔不同： 30 〕 个工作日" in text


def test_what_all_cities_say_is_said_once(client: Client, cast: Cast) -> None:
    assert html_of(client.get("/matters/zhuyuan-baoxiao/")).count("出院记录") == 1


def test_cities_that_agree_share_an_answer(cast: Cast) -> None:
    questions = {
        question.title: question for question in compare([cast.inpatient_in_suining, cast.inpatient])
    }
    assert questions["要带什么"].agreed
    assert not questions["多久办好"].agreed
    assert [answer.cities for answer in questions["多久办好"].answers] == [(cast.suining,), (cast.dazhou,)]


def test_an_answer_marks_only_what_the_others_do_not_say(cast: Cast) -> None:
    cast.inpatient.materials.create(text="社会保障卡复印件", position=9)
    papers = next(q for q in compare([cast.inpatient_in_suining, cast.inpatient]) if q.title == "要带什么")
    assert [line.text for line in papers.answers[1].lines if not line.everywhere] == ["社会保障卡复印件"]
    assert all(line.everywhere for line in papers.answers[0].lines)


def test_a_matter_of_one_city_leads_to_its_guide(client: Client, cast: Cast) -> None:
    response = client.get("/matters/dianzi-pingzheng/")
    assert 'href="/guides/suining/dianzi-pingzheng/"' in html_of(response)
    assert "各城市对比" not in text_of(response)


def test_a_matter_without_published_guides_still_answers(client: Client, cast: Cast) -> None:
    cast.enrolment.status = "withdrawn"
    cast.enrolment.save()
    assert "目前没有城市发布这个事项的办事指南" in text_of(client.get("/matters/zhigong-canbao/"))
