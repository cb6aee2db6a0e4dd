"""The guided path for 异地就医备案: at most four plain questions, then the one of five kinds that fits."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from guides.models import Category, Guide, LifeEvent, Matter
from guides.paths import (
    JOIN,
    MOST_QUESTIONS,
    PATHS,
    YIDI,
    GuidedPath,
    Position,
    Question,
    WrongTurn,
    path_among,
    path_of_category,
    path_to,
)
from offices.models import City
from tests.books import catalogue, reading
from tests.cast import Cast, assemble, guide, html_of, matter, text_of
from tests.test_query_counts import queries

PAGE = "/paths/yidi/"
ENDS = {
    "changzhu-zhigong-tuixiu": "yidi-anzhi",
    "changzhu-zhigong-gongzuo": "yidi-gongzuo",
    "changzhu-zhigong-juzhu": "yidi-changju",
    "changzhu-jumin": "yidi-changju",
    "zhuanzhen-you": "yidi-zhuanzhen",
    "zhuanzhen-meiyou": "linshi-waichu",
    "linshi": "linshi-waichu",
}


def positions(path: GuidedPath) -> Iterator[Position]:
    """Every page of a path."""
    waiting = [path.follow("")]
    while waiting:
        position = waiting.pop()
        yield position
        if position.question:
            waiting += [position.after(answer) for answer in position.question.answers]


# --- The tree, without a database


def test_every_way_through_the_questions_ends_at_the_right_kind() -> None:
    ends = {position.given: position.matter for position in positions(YIDI) if position.matter}
    assert ends == ENDS


def test_the_path_reaches_exactly_the_matters_of_its_category() -> None:
    of_category = {m["slug"] for m in catalogue()["matters"] if m["category"] == YIDI.category}
    assert set(YIDI.matters) == of_category
    assert len(YIDI.matters) == 5


@pytest.mark.parametrize("path", PATHS.values(), ids=lambda path: path.slug)
def test_a_path_asks_few_questions_with_different_answers(path: GuidedPath) -> None:
    for position in positions(path):
        assert len(position.taken) <= MOST_QUESTIONS
        if position.question:
            labels = [answer.label for answer in position.question.answers]
            slugs = [answer.slug for answer in position.question.answers]
            assert 2 <= len(labels) == len(set(labels)) == len(set(slugs))
            assert position.question.text.endswith("？")
            assert not any(JOIN in slug for slug in slugs)


@pytest.mark.parametrize("path", PATHS.values(), ids=lambda path: path.slug)
def test_no_two_pages_ask_or_sum_up_the_same(path: GuidedPath) -> None:
    questions = [position.question.text for position in positions(path) if position.question]
    assert len(questions) == len(set(questions))
    said = [position.said for position in positions(path)]
    assert len(said) == len(set(said))


def test_the_tree_knows_no_city() -> None:
    cities = [city["name"].removesuffix("市") for city in catalogue()["cities"]]
    assert not [city for city in cities if city in repr(YIDI)]


def test_the_address_of_a_page_leads_back_to_it() -> None:
    for position in positions(YIDI):
        assert YIDI.follow(position.given) == position


@pytest.mark.parametrize(
    ("given", "wrong", "before"),
    [
        ("x", "x", ""),
        ("changzhu-x", "x", "changzhu"),
        ("linshi-you", "you", "linshi"),
        ("-", "", ""),
        ("changzhu--zhigong", "", "changzhu"),
        ("zhigong", "zhigong", ""),
    ],
)
def test_a_wrong_turn_says_which_answer_and_where(given: str, wrong: str, before: str) -> None:
    with pytest.raises(WrongTurn) as caught:
        YIDI.follow(given)
    assert caught.value.answer == wrong
    assert caught.value.position.given == before


def test_nothing_comes_after_the_end() -> None:
    end = YIDI.follow("linshi")
    with pytest.raises(ValueError, match="ended"):
        end.after(YIDI.first.answers[0])


def test_a_path_is_found_by_its_matters_and_its_category() -> None:
    assert path_to("yidi-anzhi") is path_of_category("yidi") is YIDI
    assert path_among(["zhuyuan-baoxiao", "yidi-anzhi", "linshi-waichu"]) is YIDI
    assert path_among(["zhuyuan-baoxiao", "yidi-anzhi"]) is None
    assert path_to("zhuyuan-baoxiao") is path_of_category("baoxiao") is None


@pytest.mark.parametrize("city", ["suining", "dazhou"])
def test_the_questions_agree_with_whom_the_handbooks_name(city: str) -> None:
    """What the tree takes for granted: who must have 职工医保, and who needs a paper of the hospital."""
    guides = {found.name: found for found in reading(city).guides}
    names = {m["slug"]: m["name"] for m in catalogue()["matters"]}
    only_employees = {
        slug for slug in YIDI.matters if "职工基本医疗保险" in str(guides[names[slug]].audience)
    }
    assert only_employees == {"yidi-anzhi", "yidi-gongzuo"}
    assert "退休" in str(guides[names["yidi-anzhi"]].audience)
    assert "工作" in str(guides[names["yidi-gongzuo"]].audience)
    with_referral = {
        slug
        for slug in YIDI.matters
        if any("转诊转院单" in material.text for material in guides[names[slug]].materials)
    }
    assert with_referral == {"yidi-zhuanzhen"}


# --- The pages, in both cities, with the five kinds in the handbooks' own words


@pytest.fixture
def books(db: None) -> None:
    add_the_five_kinds(assemble())


def add_the_five_kinds(cast: Cast) -> None:
    """The five matters with a guide in both cities, and the life event that leads to them."""
    assert cast.inpatient.handbook
    category = Category.objects.create(slug="yidi", name="异地就医备案", position=3)
    names = {m["slug"]: m["name"] for m in catalogue()["matters"]}
    event = LifeEvent.objects.create(slug="qu-waidi", name="去外地看病", summary="先备案。再报销。")
    for position, slug in enumerate(YIDI.matters):
        kind = matter(slug, names[slug], category, position)
        event.steps.create(matter=kind, position=position)
        for city in (cast.suining, cast.dazhou):
            audience = {g.name: g.audience for g in reading(city.slug).guides}[kind.name]
            made = guide(city, kind, cast.inpatient.handbook)
            made.audience = str(audience)
            made.save()


def test_a_question_page_offers_its_answers_as_links(client: Client, books: None) -> None:
    html, text = html_of(client.get(PAGE)), text_of(client.get(PAGE))
    assert "<h1>您为什么会在外地看病？</h1>" in html
    for answer in YIDI.first.answers:
        assert f'href="{PAGE}?a={answer.slug}"' in html
        assert answer.label in text
    assert "第 1 问" in text
    assert "都不是？" in text
    assert 'href="/offices/"' in html
    assert "<form" not in html[html.index("<main") : html.index("</main>")]


def test_later_questions_show_the_answers_and_let_them_be_changed(client: Client, books: None) -> None:
    html = html_of(client.get(f"{PAGE}?a=changzhu-zhigong&city=dazhou"))
    assert "第 3 问" in html
    assert f'href="{PAGE}?city=dazhou">改<' in html
    assert f'href="{PAGE}?a=changzhu&amp;city=dazhou">改<' in html
    assert f'href="{PAGE}?a=changzhu-zhigong-tuixiu&amp;city=dazhou"' in html


@pytest.mark.parametrize(("given", "kind"), ENDS.items())
def test_the_end_names_the_kind_and_why_in_the_handbooks_words(
    client: Client, books: None, given: str, kind: str
) -> None:
    guides = Guide.objects.filter(matter__slug=kind).select_related("city", "matter")
    html = html_of(client.get(f"{PAGE}?a={given}"))
    assert f"<h1>{guides[0].matter.name}</h1>" in html
    for found in guides:
        assert f"<q>{found.audience}</q>" in html
        assert f'href="{found.get_absolute_url()}"' in html
    for other in set(YIDI.matters) - {kind}:
        assert f'href="/matters/{other}/"' in html
    assert "都不是？" in html
    assert 'href="/offices/"' in html


def test_the_end_leads_to_the_guide_and_the_phones_of_the_chosen_county(client: Client, books: None) -> None:
    html = html_of(client.get(f"{PAGE}?a=linshi&city=dazhou&county=xuanhan"))
    assert 'href="/guides/dazhou/linshi-waichu/xuanhan/"' in html
    assert 'href="/guides/dazhou/yidi-anzhi/xuanhan/"' in html
    assert 'href="/offices/dazhou/xuanhan/"' in html
    assert "/guides/suining/" not in html
    assert f'href="{PAGE}?a=linshi&amp;city=suining"' in html


def test_every_page_has_one_heading_and_its_own_title(client: Client, books: None) -> None:
    titles = []
    for position in positions(YIDI):
        for query in ("", "&city=dazhou", "&city=dazhou&county=xuanhan"):
            address = f"{PAGE}?a={position.given}{query}" if position.given else f"{PAGE}?{query[1:]}"
            html = html_of(client.get(address))
            assert len(re.findall(r"<h1\b", html)) == 1, address
            titles += re.findall(r"<title>([^<]+)</title>", html)
    assert len(titles) == len(set(titles)) == 3 * len(list(positions(YIDI)))


@pytest.mark.parametrize(
    ("query", "sentence", "way_on"),
    [
        ("?a=x", "“您为什么会在外地看病？”没有“x”这个回答。", f"{PAGE}?a=changzhu"),
        ("?a=changzhu-x&city=dazhou", "没有“x”这个回答。", f"{PAGE}?a=changzhu-jumin&amp;city=dazhou"),
        ("?a=linshi-you", "问题已经答完，“you”是多出来的回答。", f"{PAGE}?a=linshi"),
        ("?a=%00", "网址里有无法识别的字符。", PAGE),
        (f"?a={'changzhu-' * 20}", "太长", PAGE),
        ("?a=linshi&city=chengdu", "本站没有“chengdu”这个城市。", f"{PAGE}?a=linshi&amp;city=dazhou"),
        ("?a=<script>", "没有“&lt;script&gt;”这个回答。", PAGE),
    ],
)
def test_a_wrong_address_gets_a_sentence_and_ways_on(
    client: Client, books: None, query: str, sentence: str, way_on: str
) -> None:
    response = client.get(PAGE + query)
    assert response.status_code == 404
    assert sentence in html_of(response)
    assert f'href="{way_on}"' in html_of(response)


def test_an_unknown_path_offers_those_there_are(client: Client, books: None) -> None:
    response = client.get("/paths/huzhao/")
    assert response.status_code == 404
    assert f'href="{PAGE}"' in html_of(response)


def test_each_state_has_one_address(client: Client, books: None) -> None:
    response = client.get(f"{PAGE}?county=xuanhan&a=linshi")
    assert response.headers["Location"] == f"{PAGE}?a=linshi&city=dazhou&county=xuanhan"
    assert client.get(f"{PAGE}?a=").headers["Location"] == PAGE


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/", PAGE),
        ("/life-events/qu-waidi/", PAGE),
        ("/life-events/qu-waidi/?city=dazhou&county=xuanhan", f"{PAGE}?city=dazhou&amp;county=xuanhan"),
        *((f"/guides/dazhou/{slug}/", f"{PAGE}?city=dazhou") for slug in YIDI.matters),
        ("/guides/dazhou/yidi-anzhi/xuanhan/", f"{PAGE}?city=dazhou&amp;county=xuanhan"),
    ],
)
def test_the_path_is_offered_where_the_choice_is_hard(
    client: Client, books: None, address: str, link: str
) -> None:
    assert f'href="{link}"' in html_of(client.get(address))


def test_other_pages_do_not_offer_it(client: Client, books: None) -> None:
    for address in ("/guides/dazhou/zhuyuan-baoxiao/", "/life-events/shengbing-zhuyuan/"):
        assert PAGE not in html_of(client.get(address))


def test_a_kind_the_city_has_not_published_says_so(client: Client, books: None) -> None:
    Guide.objects.filter(city__slug="dazhou", matter__slug="linshi-waichu").update(status="withdrawn")
    text = text_of(client.get(f"{PAGE}?a=linshi&city=dazhou"))
    assert "达州市目前没有发布这个事项的办事指南。" in text


@pytest.mark.django_db
def test_a_site_without_these_matters_says_so(client: Client) -> None:
    assert client.get(PAGE).status_code == 200
    response = client.get(f"{PAGE}?a=linshi")
    assert response.status_code == 404
    assert "本站目前没有这个事项。" in html_of(response)


@pytest.mark.parametrize("query", ["", "?a=linshi", "?a=linshi&city=dazhou&county=xuanhan"])
def test_queries_do_not_grow_with_cities_guides_and_papers(client: Client, books: None, query: str) -> None:
    before = queries(client, PAGE + query)
    for number in range(9):
        city = City.objects.create(slug=f"c{number}", name=f"新城{number}市", area_code="010", position=9)
        for kind in Matter.objects.filter(category__slug="yidi"):
            made = Guide.objects.create(city=city, matter=kind, name=kind.name, audience="参保人员。")
            made.materials.create(text="身份证")
    assert queries(client, PAGE + query) == before
    assert before <= 12


def test_a_question_is_plain_data() -> None:
    assert isinstance(YIDI.first, Question)
    assert YIDI.follow("") == Position((), YIDI.first)
