from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from guides.comparison import compare_cities
from guides.models import Guide
from guides.word_marks import Run, mark, tokens
from offices.models import City
from tests.cast import Cast, assemble, guide, html_of, text_of, write_inpatient

TEXTS = st.text("不超过个工作日，。；0123456789 复印件APP", max_size=30)


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def shown(runs: tuple[Run, ...]) -> str:
    return "".join(f"[{run.text}]" if run.differs else run.text for run in runs)


@pytest.mark.parametrize(
    ("text", "others", "marked"),
    [
        ("不超过25个工作日", [["不超过30个工作日"]], "不超过[25]个工作日"),
        ("不超过25个工作日", [["不超过25个工作日"]], "不超过25个工作日"),
        ("不超过25个工作日", [["不超过25个工作日"], ["不超过30个工作日"]], "不超过[25]个工作日"),
        ("有效身份证件复印件", [["有效身份证件"]], "有效身份证件[复印件]"),
        ("有效身份证件", [["有效身份证件复印件"]], "有效身份证件"),
        ("四川医保APP", [["四川医保小程序"]], "四川医保[APP]"),
        ("出院记录", [["参保人银行账户信息"]], "[出院记录]"),
        ("出院记录", [[]], "[出院记录]"),
        ("出院记录", [], "出院记录"),
        ("三个月五天内申请办理即可", [["九个月七天内申请办理即可"]], "[三]个月[五]天内申请办理即可"),
        ("三个五天内申请办理即可", [["九个七天内申请办理即可"]], "[三个五]天内申请办理即可"),
        ("三，五天内申请办理即可", [["九，七天内申请办理即可"]], "[三]，[五]天内申请办理即可"),
        ("应由个人申请。", [["应由个人申请；"]], "应由个人申请。"),
        ("应由个人申请，并签字", [["应由个人申请"]], "应由个人申请，[并签字]"),
        ("个人（须签字、盖章）申请办理即可", [["个人申请办理即可"]], "个人（[须签字、盖章]）申请办理即可"),
        ("", [["出院记录"]], ""),
    ],
)
def test_what_another_wording_lacks_is_marked(text: str, others: list[list[str]], marked: str) -> None:
    assert shown(mark(text, others)) == marked


def test_numbers_and_latin_words_are_never_cut() -> None:
    assert tokens("四川医保APP：0818-2145266，8:30") == [
        *"四川医保",
        "APP",
        "：",
        "0818-2145266",
        "，",
        "8:30",
    ]


@given(TEXTS, st.lists(st.lists(TEXTS, max_size=3), max_size=3))
def test_marks_neither_lose_nor_add_a_character(text: str, others: list[list[str]]) -> None:
    assert "".join(run.text for run in mark(text, others)) == text


@given(TEXTS, st.lists(st.lists(TEXTS, max_size=2), max_size=2))
def test_a_text_that_all_others_have_is_not_marked(text: str, others: list[list[str]]) -> None:
    assert not any(run.differs for run in mark(text, [[*lines, text] for lines in others]))


@given(TEXTS, TEXTS)
def test_what_is_not_marked_stands_in_the_other_wording_in_the_same_order(text: str, other: str) -> None:
    kept = "".join(run.text for run in mark(text, [[other]]) if not run.differs)
    left = iter(other)
    assert all(character in left for character in kept if character.isalnum())


def of_both(cast: Cast) -> list[Guide]:
    return list(Guide.objects.published().with_details().in_reading_order())


def test_two_cities_are_compared_matter_by_matter(cast: Cast) -> None:
    comparison = compare_cities((cast.suining, cast.dazhou), of_both(cast))
    assert [one.matter.name for one in comparison.differing] == ["住院费用报销"]
    assert "多久办好" in [question.title for question in comparison.differing[0].differing]
    assert "要带什么" not in [question.title for question in comparison.differing[0].differing]
    assert comparison.only == (
        (cast.suining, (cast.credential_in_suining,)),
        (cast.dazhou, (cast.enrolment,)),
    )


def test_the_page_marks_the_words_that_differ(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/compare/suining/dazhou/"))
    assert "遂宁市与达州市的全部不同" in text
    assert "1 个事项有不同" in text
    assert "遂宁市 不超过 〔不同： 25 〕 个工作日" in text
    assert "达州市 不超过 〔不同： 30 〕 个工作日" in text
    assert "出院记录" not in text
    assert "只有遂宁市有办事指南的事项（1 个） 医保电子凭证申领" in text


def test_matters_without_a_difference_take_one_line(client: Client, cast: Cast) -> None:
    cast.credential_in_suining.guide_offices.all().delete()
    same = guide(cast.dazhou, cast.credential_in_suining.matter, None)
    same.audience, same.materials_state = "基本医疗保险参保人员。", "none"
    same.save()
    for limit in cast.credential_in_suining.time_limits.all():
        same.time_limits.create(kind=limit.kind, text=limit.text)
    for channel in cast.credential_in_suining.channels.all():
        same.channels.create(name=channel.name, kind=channel.kind)
    text = text_of(client.get("/compare/suining/dazhou/"))
    assert "没有不同的事项（1 个） 医保电子凭证申领" in text


def test_a_pair_of_cities_has_one_page(client: Client, cast: Cast) -> None:
    assert client.get("/compare/dazhou/suining/").headers["Location"] == "/compare/suining/dazhou/"


@pytest.mark.parametrize(
    ("address", "sentence", "way_on"),
    [
        ("/compare/dazhou/nowhere/", "本站没有“nowhere”这个城市。", "/compare/dazhou/suining/"),
        ("/compare/nowhere/dazhou/", "本站没有“nowhere”这个城市。", "/offices/dazhou/"),
        ("/compare/dazhou/dazhou/", "达州市不能和自己对比", "/compare/suining/dazhou/"),
        (
            "/matters/zhuyuan-baoxiao/?city=nowhere",
            "没有“nowhere”这个城市的“住院费用报销”办事指南",
            "/matters/zhuyuan-baoxiao/",
        ),
        ("/matters/zhuyuan-baoxiao/?city=%00", "无法识别的字符", "/matters/zhuyuan-baoxiao/"),
    ],
)
def test_a_wrong_city_is_a_message_with_ways_on(
    client: Client, cast: Cast, address: str, sentence: str, way_on: str
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert sentence in text_of(response)
    assert f'href="{way_on}"' in html_of(response)


@pytest.fixture
def seven_more(cast: Cast) -> list[City]:
    """Seven more cities with the inpatient guide."""
    cities = []
    for number in range(7):
        city = City.objects.create(slug=f"c{number}", name=f"新{number}市", area_code="0800", position=10)
        write_inpatient(guide(city, cast.inpatient.matter, None), f"不超过{number + 1}个工作日", number + 1)
        cities.append(city)
    return cities


def test_of_many_cities_the_first_six_are_compared(client: Client, seven_more: list[City]) -> None:
    response = client.get("/matters/zhuyuan-baoxiao/")
    text = text_of(response)
    assert "共 9 个城市，先对比前 6 个。" in text
    assert "不超过 〔不同： 4 〕 个工作日" in text
    assert "不超过 〔不同： 5 〕 个工作日" not in text
    assert html_of(response).count('type="checkbox"') == 9
    assert html_of(response).count(" checked") == 6


def test_a_visitor_chooses_the_cities(client: Client, seven_more: list[City]) -> None:
    response = client.get("/matters/zhuyuan-baoxiao/?city=dazhou&city=c6")
    text = text_of(response)
    assert "2 个城市对比" in text
    assert "〔不同： 7 〕" in text
    assert "〔不同： 25 〕" not in text
    assert "<title>住院费用报销：达州市、新6市对比" in html_of(response)
    assert 'href="/compare/dazhou/c6/"' in html_of(response)


def test_a_choice_of_cities_has_one_address(client: Client, seven_more: list[City]) -> None:
    moved = client.get("/matters/zhuyuan-baoxiao/?city=c6&city=dazhou&city=c6&city=")
    assert moved.headers["Location"] == "/matters/zhuyuan-baoxiao/?city=dazhou&city=c6"


def test_too_many_cities_and_one_alone_say_so(client: Client, seven_more: list[City]) -> None:
    seven = "&".join(f"city={city.slug}" for city in seven_more)
    response = client.get(f"/matters/zhuyuan-baoxiao/?{seven}")
    assert response.status_code == 404
    assert "选了 7 个城市，一页最多对比 6 个。" in text_of(response)
    alone = text_of(client.get("/matters/zhuyuan-baoxiao/?city=c6"))
    assert "只选了新6市一个城市，请再选至少一个。" in alone
