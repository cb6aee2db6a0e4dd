"""What a worker remembers is never older than the content."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from guides.editing import apply_guide, apply_office, complete_snapshots, save_entry, settle_finding
from guides.models import Finding, Guide, Stamp, Term
from guides.search.finding import find
from offices import memory
from offices.memory import in_state, remembered, remembered_each
from offices.models import City, County, Office
from tests.cast import Cast, assemble, text_of

PAGE = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"
ELSEWHERE = "/guides/suining/zhuyuan-baoxiao/"


@pytest.fixture(autouse=True)
def things_are_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(memory, "MOST", 100)
    memory.forget()
    yield
    memory.forget()


@pytest.fixture
def cast(db: None) -> Cast:
    found = assemble()
    complete_snapshots()
    return found


def guide(matter: str = "zhuyuan-baoxiao") -> Guide:
    return Guide.objects.with_details().get(city__slug="dazhou", matter__slug=matter)


def test_it_is_asked_once_in_each_state_and_always_where_the_state_is_unknown() -> None:
    asked: list[int] = []

    def find() -> str:
        asked.append(1)
        return "达州市"

    for state in (1, 1, 2, 2):
        with in_state(state):
            assert remembered("city", find) == "达州市"
    assert len(asked) == 2
    remembered("city", find)
    remembered("city", find)
    assert len(asked) == 4


def test_of_many_only_those_are_asked_for_that_are_not_known() -> None:
    asked: list[list[int]] = []

    def find(numbers: list[int]) -> dict[int, str]:
        asked.append(numbers)
        return {number: f"第{number}份" for number in numbers if number < 10}

    with in_state(1):
        assert remembered_each("guides", [1, 2], find) == {1: "第1份", 2: "第2份"}
        assert remembered_each("guides", [2, 3, 10], find) == {2: "第2份", 3: "第3份"}
        assert remembered_each("guides", [3, 1], find) == {1: "第1份", 3: "第3份"}
        assert remembered_each("others", [1], find) == {1: "第1份"}
    with in_state(2):
        assert remembered_each("guides", [3], find) == {3: "第3份"}
    assert asked == [[1, 2], [3, 10], [1], [3]]


def test_what_is_not_there_is_asked_again_and_only_so_much_is_kept() -> None:
    with in_state(1):
        assert remembered("nowhere", lambda: None) is None
        assert remembered("nowhere", lambda: "now here") == "now here"
        assert remembered("nowhere", lambda: "elsewhere") == "now here"
        for number in range(100):
            remembered(number, lambda: "one more")
        assert remembered("nowhere", lambda: "forgotten") == "forgotten"


def test_a_second_page_of_a_guide_asks_for_hardly_anything(
    client: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(PAGE)
    with django_assert_max_num_queries(2):
        client.get("/guides/dazhou/zhuyuan-baoxiao/")


def test_pages_are_the_same_whatever_was_remembered_before(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for word in ("出院记录", "参保", "医保"):
        Term.objects.create(word=word, meaning=f"{word}的意思。")
    guides = Guide.objects.published().select_related("city", "matter")
    pages = [guide.get_absolute_url() for guide in guides]
    pages += [
        f"{guide.get_absolute_url()}{county.slug}/"
        for guide in guides
        for county in guide.city.counties.all()
    ]
    pages += [
        f"{page}{place}"
        for page in (
            "/",
            "/guides/",
            "/guides/?q=住院",
            "/guides/?channel=app&page=2",
            "/guides/none/",
            "/materials/",
        )
        for place in ("", "?city=dazhou", "?city=dazhou&county=xuanhan", "?city=suining")
        if "?" not in page or not place
    ]
    monkeypatch.setattr(memory, "MOST", 0)
    anew = [client.get(page).content for page in pages]
    assert sum("词语解释".encode() in page for page in anew) > 3
    monkeypatch.setattr(memory, "MOST", 1000)
    for _ in range(2):
        assert [client.get(page).content for page in reversed(pages)] == anew[::-1]


def test_an_edited_phone_shows_at_once(client: Client, cast: Cast) -> None:
    client.get(PAGE)
    document = Office.objects.with_details().get(city__slug="dazhou", county__slug="xuanhan").document()
    document["phones"] = [{"purpose": "consult", "number": "0818-7654321", "for": ""}]
    apply_office(document)
    assert "0818-7654321" in text_of(client.get(PAGE))


def test_a_guide_that_was_withdrawn_is_gone_and_no_longer_offered_elsewhere(
    client: Client, cast: Cast
) -> None:
    link = 'href="/guides/dazhou/zhuyuan-baoxiao/"'
    assert link in client.get(ELSEWHERE).content.decode()
    assert client.get(PAGE).status_code == 200
    apply_guide(guide().document(), status="withdrawn")
    assert client.get(PAGE).status_code == 410
    assert link not in client.get(ELSEWHERE).content.decode()


def test_a_new_word_is_explained_at_once(client: Client, cast: Cast) -> None:
    assert "词语解释" not in text_of(client.get(PAGE))
    save_entry(Term(word="出院记录", meaning="医院写的住院经过。"))
    assert "医院写的住院经过。" in text_of(client.get(PAGE))


def test_a_settled_doubt_goes_at_once(client: Client, cast: Cast) -> None:
    place = guide().guide_offices.filter(office__county__slug="xuanhan").get()
    number = place.consult_phones[0].number
    handbook = guide().handbook
    assert handbook is not None
    finding = Finding.objects.create(
        handbook=handbook,
        position=900,
        line=1,
        kind="phone_of_other_county",
        guide=guide(),
        county=place.office.county,
        number=number,
        message="号码可能印错",
    )
    memory.forget()
    assert "号码待核实" in text_of(client.get(PAGE))
    settle_finding(finding, None, "打过了，没有错", timezone.now())
    assert "号码待核实" not in text_of(client.get(PAGE))


def test_the_list_counts_what_is_there_now(client: Client, cast: Cast) -> None:
    said = "共 {} 项办事指南".format
    assert said(4) in text_of(client.get("/guides/"))
    assert said(4) in text_of(client.get("/guides/"))
    document = guide().document()
    apply_guide(document, status="withdrawn")
    assert said(3) in text_of(client.get("/guides/"))
    Guide.objects.get(city__slug="suining", matter__slug="zhuyuan-baoxiao").delete()  # past guides.editing
    assert said(2) in text_of(client.get("/guides/"))


def test_a_new_city_can_be_chosen_and_its_county_found_at_once(client: Client, cast: Cast) -> None:
    assert "江南市" not in text_of(client.get("/guides/"))
    client.get("/guides/?q=江北县")
    city = City(slug="jiangnan", name="江南市", area_code="0999", position=9)
    save_entry(city)
    assert "江南市" in text_of(client.get("/guides/"))
    save_entry(County(city=city, slug="jiangbei", name="江北县", kind="county"))
    with in_state(Stamp.objects.newest()):
        assert [county.name for county in find("江北县医保").counties] == ["江北县"]
