"""Life events: two sentences, then the matters in order, for the visitor's place; editors decide which and how."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from guides.editing import CatalogueError, load_catalogue
from guides.fixtures import fixture_texts
from guides.models import LifeEvent, LifeEventStep, Matter
from tests.admin.conftest import typed
from tests.books import FIXTURES, catalogue
from tests.cast import Cast, assemble, html_of, text_of
from tests.test_query_counts import make_more, queries

PAGE = "/life-events/shengbing-zhuyuan/"
TWO_SENTENCES = re.compile(r"[^。]+。[^。]+。")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def illness() -> LifeEvent:
    return LifeEvent.objects.get(slug="shengbing-zhuyuan")


def test_the_page_says_which_matters_apply_and_lists_them_in_order(client: Client, cast: Cast) -> None:
    html, text = html_of(client.get(PAGE)), text_of(client.get(PAGE))
    assert "<h1>生病住院了</h1>" in html
    assert "没有联网结算的，先办住院费用报销。还没有参保的，再办参保登记。" in text
    assert re.findall(r'<h3><a href="/matters/([a-z-]+)/">', html) == ["zhuyuan-baoxiao", "zhigong-canbao"]
    assert "没有联网结算的，办这一项。" in text


def test_each_card_gives_time_limit_and_papers_city_by_city(client: Client, cast: Cast) -> None:
    html, text = html_of(client.get(PAGE)), text_of(client.get(PAGE))
    assert 'href="/guides/suining/zhuyuan-baoxiao/"' in html
    assert 'href="/guides/dazhou/zhuyuan-baoxiao/"' in html
    assert "遂宁市办事指南 ：住院费用报销 时限 不超过25个工作日 材料 5 样" in text
    assert "材料 在职职工：2 样；灵活就业人员：2 样" in text


def test_the_chosen_county_is_carried_to_its_guides(client: Client, cast: Cast) -> None:
    html = html_of(client.get(f"{PAGE}?city=dazhou&county=xuanhan"))
    assert 'href="/guides/dazhou/zhuyuan-baoxiao/xuanhan/"' in html
    assert "/guides/suining/" not in html
    assert 'href="/offices/dazhou/xuanhan/"' in html
    assert f'href="{PAGE}?city=dazhou&amp;county=dazhu"' in html
    assert "生病住院了（达州市宣汉县）" in html


def test_a_matter_the_city_has_not_published_says_so(client: Client, cast: Cast) -> None:
    text = text_of(client.get(f"{PAGE}?city=suining"))
    assert "遂宁市目前没有发布这个事项的办事指南。" in text


def test_a_matter_no_city_has_published_is_left_out(client: Client, cast: Cast) -> None:
    cast.enrolment.status = "withdrawn"
    cast.enrolment.save()
    assert "职工参保登记" not in text_of(client.get(PAGE))


def test_an_event_without_anything_published_still_answers(client: Client, cast: Cast) -> None:
    LifeEventStep.objects.all().delete()
    assert "目前没有城市发布相关的办事指南" in text_of(client.get(PAGE))
    assert PAGE not in html_of(client.get("/"))


@pytest.mark.parametrize(
    ("query", "sentence", "way_on"),
    [
        ("?city=chengdu", "本站没有“chengdu”这个城市。", "?city=dazhou"),
        (
            "?city=dazhou&county=shehong",
            "射洪市不在达州市，它属于遂宁市。",
            "?city=dazhou&amp;county=xuanhan",
        ),
        ("?county=nowhere", "本站没有“nowhere”这个县（市、区）。", "?city=suining"),
        ("?county=市本级", "本站没有“市本级”这个县（市、区）。", "?city=suining"),
        (
            "?county=shibenji",
            "遂宁市、达州市都有“市本级”，请选择是哪个城市的。",
            "?city=dazhou&amp;county=shibenji",
        ),
        ("?county=%00", "网址里有无法识别的字符。", ""),
        (f"?city={'x' * 99}", "太长", ""),
    ],
)
def test_a_wrong_place_gets_a_sentence_and_the_right_ones(
    client: Client, cast: Cast, query: str, sentence: str, way_on: str
) -> None:
    response = client.get(PAGE + query)
    assert response.status_code == 404
    assert sentence in html_of(response)
    assert f'href="{PAGE}{way_on}"' in html_of(response)


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("?county=xuanhan", "?city=dazhou&county=xuanhan"),
        ("?county=xuanhan&city=dazhou", "?city=dazhou&county=xuanhan"),
        ("?city=&county=", ""),
    ],
)
def test_each_state_has_one_address(client: Client, cast: Cast, query: str, canonical: str) -> None:
    response = client.get(PAGE + query)
    assert response.status_code == 302
    assert response.headers["Location"] == PAGE + canonical


def test_parameters_nobody_knows_change_nothing(client: Client, cast: Cast) -> None:
    assert client.get(f"{PAGE}?utm=1").content == client.get(PAGE).content


def test_an_unknown_event_offers_those_there_are(client: Client, cast: Cast) -> None:
    response = client.get("/life-events/huzhao/")
    assert response.status_code == 404
    assert "本站没有“huzhao”这件事。" in html_of(response)
    assert f'href="{PAGE}"' in html_of(response)


def test_the_home_page_leads_to_the_event_and_to_its_matters(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/"))
    assert f'<h3><a href="{PAGE}">生病住院了</a></h3>' in html
    events = html[html.index('id="events"') : html.index('id="matters"')]
    assert re.findall(r"/matters/([a-z-]+)/", events) == ["zhuyuan-baoxiao", "zhigong-canbao"]


@pytest.mark.parametrize("query", ["", "?city=dazhou", "?city=dazhou&county=xuanhan"])
def test_queries_do_not_grow_with_steps_and_guides(client: Client, cast: Cast, query: str) -> None:
    before = queries(client, PAGE + query)
    make_more(cast)
    for position, matter in enumerate(Matter.objects.filter(slug__startswith="m")):
        illness().steps.create(matter=matter, position=9 + position)
    assert queries(client, PAGE + query) == before
    assert 0 < before <= 12


# --- The catalogue


@pytest.mark.parametrize("event", catalogue()["life_events"], ids=lambda event: event["slug"])
def test_an_event_of_the_catalogue_is_two_sentences_and_short_advice(event: dict[str, Any]) -> None:
    assert TWO_SENTENCES.fullmatch(event["summary"])
    assert len(event["summary"]) <= 100
    assert 2 <= len(event["steps"]) <= 8
    for step in event["steps"]:
        assert len(step["advice"]) <= 50
        assert re.fullmatch(r"[^。]+。", step["advice"])


def test_the_catalogue_has_ten_events_and_loads_them_once(db: None) -> None:
    words = (FIXTURES / "catalogue.toml").read_text(encoding="utf-8")
    load_catalogue(words)
    assert LifeEvent.objects.count() == 10
    assert load_catalogue(words)["changed"] == 0
    for event in catalogue()["life_events"]:
        steps = LifeEvent.objects.get(slug=event["slug"]).steps.all()
        assert [step.matter.slug for step in steps] == [step["matter"] for step in event["steps"]]


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('slug = "a"\nname = "甲"\nsteps = []', "缺少 'summary'"),
        ('slug = "a"\nname = "甲"\nsummary = "先。后。"\nsteps = [{ advice = "甲" }]', "缺少 'matter'"),
        (
            'slug = "a"\nname = "甲"\nsummary = "先。后。"\nsteps = [{ matter = "b" }]',
            "没有的类别、主体或事项",
        ),
        ('slug = "a"\nname = "甲"\nsummary = ""\nsteps = []', r"\[\[life_events\]\] 第 1 条："),
    ],
)
def test_a_bad_event_names_what_is_wrong(db: None, toml: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(f"[[life_events]]\n{toml}")
    assert not LifeEvent.objects.exists()


def test_steps_are_in_the_fixtures_by_natural_key(cast: Cast) -> None:
    texts = fixture_texts()["catalogue.json"]
    assert '"guides.lifeeventstep"' in texts
    assert LifeEventStep.objects.get_by_natural_key("shengbing-zhuyuan", "zhuyuan-baoxiao").advice in texts


# --- The admin


@pytest.fixture
def change_page(client: Client, cast: Cast) -> str:
    client.force_login(User.objects.create_superuser("admin"))
    return reverse("admin:guides_lifeevent_change", args=[illness().pk])


def test_an_editor_reorders_adds_and_removes_steps(client: Client, cast: Cast, change_page: str) -> None:
    credential = cast.credential_in_suining.matter
    changes = {
        "summary": "先办凭证。再办报销。",
        "steps-TOTAL_FORMS": "3",
        "steps-0-DELETE": "on",
        "steps-1-advice": "单位办。",
        "steps-1-order": "2",
        "steps-2-matter": str(credential.pk),
        "steps-2-advice": "",
        "steps-2-order": "1",
    }
    data = typed(client.get(change_page)) | changes
    assert client.post(change_page, data).status_code == 302
    steps = illness().steps.all()
    assert [(step.position, step.matter.slug, step.advice) for step in steps] == [
        (0, "dianzi-pingzheng", ""),
        (1, "zhigong-canbao", "单位办。"),
    ]
    assert illness().summary == "先办凭证。再办报销。"


def test_an_untouched_step_moves_when_another_takes_its_place(
    client: Client, cast: Cast, change_page: str
) -> None:
    data = typed(client.get(change_page)) | {"steps-0-order": "9"}
    assert client.post(change_page, data).status_code == 302
    assert [step.matter.slug for step in illness().steps.all()] == ["zhigong-canbao", "zhuyuan-baoxiao"]


def test_a_matter_listed_twice_is_refused_in_chinese(client: Client, cast: Cast, change_page: str) -> None:
    changes = {
        "steps-TOTAL_FORMS": "3",
        "steps-2-matter": str(cast.inpatient.matter.pk),
        "steps-2-advice": "",
    }
    response = client.post(change_page, typed(client.get(change_page)) | changes)
    assert response.status_code == 200
    assert illness().steps.count() == 2
    page = response.content.decode()
    assert "两句话说明" in page
    assert "要办的事项（按先后）" in page
