"""A guide in one message: what to bring, where, when, whom to call, how long, in at most 300 characters."""

from __future__ import annotations

import pytest
from django.conf import settings

from guides.chat_text import LONGEST, chat_text, fitting, short
from guides.doubts import doubts_about
from guides.models import Guide
from guides.reading import whereabouts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("handbooks")]


def message(city: str, matter: str, county: str = "") -> str:
    guide = Guide.objects.with_details().get(city__slug=city, matter__slug=matter)
    place = guide.city.counties.filter(slug=county).first()
    url = f"{settings.SITE_URL}{guide.get_absolute_url()}"
    return chat_text(guide, whereabouts(guide, place), url, doubts_about([guide]))


def test_a_county_gets_its_own_counter() -> None:
    assert message("dazhou", "zhuyuan-baoxiao", "xuanhan").splitlines() == [
        "【住院费用报销】达州市宣汉县",
        "带：有效身份证件或医保电子凭证或社会保障卡、医院收费票据、住院费用清单、出院记录、参保人银行账户信息",
        "去哪：宣汉县医保窗口，宣汉县东乡街道解放中路591号4楼医保窗口",
        "几点：工作日08:30–12:00、14:30–18:00",
        "电话：0818-5201826",
        "多久：不超过30个工作日",
        f"{settings.SITE_URL}/guides/dazhou/zhuyuan-baoxiao/",
    ]


def test_a_county_the_handbook_leaves_out_is_sent_to_the_city_and_told_so() -> None:
    assert "手册未载明射洪市的窗口" in message("suining", "zhuyuan-baoxiao", "shehong")


def test_a_number_in_doubt_is_named_as_such_with_another_to_call() -> None:
    said = message("dazhou", "zhuyuan-baoxiao", "kaijiang")
    assert "电话：0818-7226802、0818-7226803（号码待核实，也可打0818-8227238）" in said


def test_papers_that_do_not_fit_are_counted() -> None:
    assert "7 样，完整清单见网页" in message("dazhou", "yaodian-dingdian")


def test_no_message_is_too_long_and_each_answers_every_question() -> None:
    for guide in Guide.objects.published().with_details():
        for county in [None, *guide.city.counties.all()]:
            url = f"https://yibao.example.gov.cn{guide.get_absolute_url()}xuanhan/"
            said = chat_text(guide, whereabouts(guide, county), url, doubts_about([guide]))
            assert len(said) <= LONGEST, (guide, county)
            for question in ("带：", "去哪：", "几点：", "电话：", "多久："):
                assert f"\n{question}" in said, (guide, county, question)


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [("甲、乙乙、丙", 6, "甲、乙乙"), ("甲、乙乙、丙", 4, "甲、乙乙"), ("甲甲甲", 2, ""), ("甲、乙", 0, "")],
)
def test_a_list_is_cut_after_a_whole_paper(text: str, most: int, kept: str) -> None:
    assert fitting(text, most) == kept


def test_a_long_line_shows_that_it_was_cut() -> None:
    assert short("长" * 70) == "长" * 59 + "…"
