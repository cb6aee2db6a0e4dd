from __future__ import annotations

import pytest
from django.test import Client

from guides.papers import index, is_form, names_of, paper_name
from tests.cast import Cast, assemble, html_of, text_of

IDENTITY = "有效身份证件或医保电子凭证或社会保障卡"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("出院记录", "出院记录"),
        ("出院 记录；", "出院记录"),
        ("《职工基本医疗保险参保登记表》（加盖单位公章）", "《职工基本医疗保险参保登记表》"),
        ("《定点零售药店申请表》(需加盖公章)。", "《定点零售药店申请表》"),
        (IDENTITY, IDENTITY),
        ("社会保障卡或医保电子凭证或有效身份证件", IDENTITY),
        ("医保电子凭证或者社保卡或身份证件；", IDENTITY),
        ("社保卡", "社会保障卡"),
        ("有效身份证件复印件", "有效身份证件复印件"),
        ("诊断证明（门诊）/出院记录（住院）", "诊断证明（门诊）/出院记录（住院）"),
        ("单位统一社会信用代码证书或单位介绍信", "单位统一社会信用代码证书或单位介绍信"),
        ("（加盖单位公章）", "（加盖单位公章）"),
    ],
)
def test_a_paper_goes_by_one_name(printed: str, name: str) -> None:
    assert paper_name(printed) == name
    assert paper_name(name) == name


def test_a_form_offered_as_a_choice_is_found_under_both_names() -> None:
    text = "居住证，或《个人承诺书》"
    assert names_of(text, "个人承诺书") == [text, "《个人承诺书》"]
    assert names_of("《申请表》（加盖单位公章）", "申请表") == ["《申请表》"]
    assert is_form("《申请表》")
    assert not is_form("居住证，或《个人承诺书》")


def test_what_most_matters_need_comes_first(cast: Cast) -> None:
    inpatient, enrolment = cast.inpatient.matter, cast.enrolment.matter
    entries = index([("票据", "", inpatient), ("银行卡", "", inpatient), ("银行卡；", "", enrolment)])
    assert [(entry.name, len(entry.matters)) for entry in entries] == [("银行卡", 2), ("票据", 1)]


def test_the_index_sets_forms_apart_and_counts_matters(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/materials/"))
    assert "证件和其他材料 7 种" in text
    assert "要填的表格 1 种 《职工基本医疗保险参保登记表》 1 个事项要用：职工参保登记" in text


def test_the_index_is_narrowed_by_a_word_and_a_city(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/materials/?q=出院&city=suining"))
    assert "名称含“出院”的遂宁市材料和表格共 1 种" in text
    assert "出院记录" in text
    assert "医院收费票据" not in text
    assert "没有名称含“参保登记表”的材料或表格" in text_of(
        client.get("/materials/?q=参保登记表&city=suining")
    )


def test_a_paper_leads_to_the_guides_that_need_it(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/materials/", {"paper": "出院记录"}))
    assert 'href="/guides/suining/zhuyuan-baoxiao/#papers"' in html
    assert 'href="/guides/dazhou/zhuyuan-baoxiao/#papers"' in html
    only_dazhou = html_of(client.get("/materials/", {"city": "dazhou", "paper": "出院记录"}))
    assert 'href="/guides/suining/zhuyuan-baoxiao/#papers"' not in only_dazhou


def test_a_paper_says_who_needs_it_and_stamped(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/materials/", {"paper": "《职工基本医疗保险参保登记表》"}))
    assert "达州市 （在职职工，加盖单位公章）" in text
    assert "达州市 （灵活就业人员）" in text


def test_a_withdrawn_guide_needs_nothing(client: Client, cast: Cast) -> None:
    cast.enrolment.status = "withdrawn"
    cast.enrolment.save()
    assert "参保登记表" not in text_of(client.get("/materials/"))


def test_a_paper_nobody_needs_offers_the_nearest(client: Client, cast: Cast) -> None:
    response = client.get("/materials/", {"paper": "出院记录单"})
    assert response.status_code == 404
    assert "没有“出院记录单”这样材料" in text_of(response)
    assert "?paper=%E5%87%BA%E9%99%A2%E8%AE%B0%E5%BD%95" in html_of(response)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("city=chengdu", "本站没有“chengdu”这个城市。"),
        ("q=" + "病" * 61, "太长，请控制在 60 个字以内"),
        ("q=%00", "无法识别的字符"),
        ("city=%00", "无法识别的字符"),
    ],
)
def test_a_wrong_value_is_a_message(client: Client, cast: Cast, query: str, sentence: str) -> None:
    response = client.get(f"/materials/?{query}")
    assert response.status_code == 404
    assert sentence in text_of(response)
    assert 'href="/materials/' in html_of(response)


def test_each_state_has_one_address(client: Client, cast: Cast) -> None:
    assert client.get("/materials/?city=&q=").headers["Location"] == "/materials/"
    moved = client.get("/materials/?city=dazhou&q=%E7%A5%A8")
    assert moved.headers["Location"] == "/materials/?q=%E7%A5%A8&city=dazhou"
    assert client.get("/materials/?utm=1").status_code == 200
