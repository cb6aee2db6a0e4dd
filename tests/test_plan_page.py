from __future__ import annotations

import pytest
from django.test import Client

from guides.models import Guide, Material, TimeLimit
from guides.plan import MARKS, MOST, longest, plan
from tests.cast import Cast, assemble, guide, handled_at, html_of, matter, text_of

BOTH = "/plan/dazhou/xuanhan/?matters=zhigong-canbao&matters=zhuyuan-baoxiao"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def detailed(*guides: Guide) -> list[Guide]:
    rows = Guide.objects.with_details().in_bulk([each.pk for each in guides])
    return [rows[each.pk] for each in guides]


def test_equal_papers_are_merged_and_say_who_needs_them(cast: Cast) -> None:
    Material.objects.create(guide=cast.enrolment, text="出院记录；", position=9)
    trip = plan(detailed(cast.inpatient, cast.enrolment), cast.xuanhan)
    lines = {line.paper.name: line for line in trip.papers}
    assert lines["出院记录"].everywhere
    assert [each.item.mark for each in lines["医院收费票据"].wanted] == ["①"]
    assert (len(trip.papers), trip.listed) == (8, 10)


def test_a_paper_that_is_only_one_choice_of_another_is_not_merged(cast: Cast) -> None:
    names = [line.paper.name for line in plan(detailed(cast.inpatient, cast.enrolment), cast.xuanhan).papers]
    assert "有效身份证件或医保电子凭证或社会保障卡" in names
    assert "有效身份证件" in names
    assert "有效身份证件复印件" in names


def test_a_stamp_and_a_case_stay_with_the_matter_that_wants_them(cast: Cast) -> None:
    trip = plan(detailed(cast.inpatient, cast.enrolment), cast.xuanhan)
    form = next(line for line in trip.papers if line.paper.name.startswith("《"))
    assert [(each.item.mark, each.condition) for each in form.wanted] == [
        ("②", "在职职工，加盖单位公章"),
        ("②", "灵活就业人员"),
    ]
    assert not form.everywhere


def test_one_office_stands_once_with_the_numbers_of_all(cast: Cast) -> None:
    trip = plan(detailed(cast.inpatient, cast.enrolment), cast.xuanhan)
    assert [stop.place.office.name for stop in trip.stops] == ["宣汉县医保窗口"]
    assert [(line.purpose, line.marks) for line in trip.stops[0].numbers] == [("咨询", "①②"), ("投诉", "①②")]


def test_numbers_that_differ_name_their_matter(cast: Cast) -> None:
    other = guide(cast.dazhou, matter("m", "门诊报销", cast.inpatient.matter.category, 9), None)
    own = cast.inpatient.guide_offices.get(office__county=cast.xuanhan).office
    handled_at(other, own, consult="0818-5000000", complaint="0818-5211625")
    trip = plan(detailed(cast.inpatient, other), cast.xuanhan)
    assert [(line.phones[0].number, line.marks) for line in trip.stops[0].numbers] == [
        ("0818-5872688", "①"),
        ("0818-5000000", "②"),
        ("0818-5211625", "①②"),
    ]


def test_a_way_for_some_people_only_says_so(cast: Cast) -> None:
    enrolment = plan(detailed(cast.enrolment, cast.inpatient), cast.xuanhan).items[0]
    assert enrolment.online == "四川省政务服务网、四川医保APP（限灵活就业人员）"
    assert enrolment.online_kinds == "网站、APP（限灵活就业人员）"
    enrolment.guide.channels.create(name="另一个APP", kind="app", position=9)
    again = plan(detailed(cast.enrolment, cast.inpatient), cast.xuanhan)
    assert again.items[0].online_kinds == "网站、APP"
    assert again.items[1].online_or_why_not == "手册只写了线下渠道"


def test_limits_are_not_added_up(cast: Cast) -> None:
    assert longest(detailed(cast.inpatient, cast.enrolment)) == (
        "各项时限分别计算，写明工作日的最长 30 个工作日。"
    )
    assert longest(detailed(cast.credential_in_suining)) == "都是即时办结。"
    TimeLimit.objects.filter(guide=cast.credential_in_suining).delete()
    assert longest(detailed(cast.credential_in_suining)) == "没有写明工作日数；医保电子凭证申领没有写明天数。"


def test_the_page_gives_papers_office_numbers_and_limits(client: Client, cast: Cast) -> None:
    text = text_of(client.get(BOTH))
    assert "在达州市宣汉县一趟办 2 件" in text
    assert "带 8 样材料（各项合计 9 样，相同的已合并），去 1 处窗口" in text
    assert "宣汉县东乡街道解放中路591号4楼医保窗口" in text
    assert "② 住院费用报销 不超过30个工作日" in text
    html = html_of(client.get(BOTH))
    assert 'href="/guides/dazhou/zhuyuan-baoxiao/xuanhan/"' in html
    assert html.count(">0818-5872688</a>") == 1


def test_the_sheet_says_the_same(client: Client, cast: Cast) -> None:
    response = client.get(BOTH.replace("/?", "/print/?"))
    text = text_of(response)
    assert "一趟办 2 件" in text
    assert "① 职工参保登记" in text
    assert "网址：http" in text
    assert f'href="{BOTH.replace("&", "&amp;")}"' in html_of(response)


def test_a_county_the_handbook_does_not_name_says_so(client: Client, cast: Cast) -> None:
    address = "/plan/suining/shehong/?matters=zhuyuan-baoxiao&matters=dianzi-pingzheng"
    text = text_of(client.get(address))
    assert "手册没有载明射洪市的窗口。 下面是遂宁市本级的窗口" in text
    assert "② 医保电子凭证申领：不需要带材料。" in text
    assert "①② 各乡镇（街道）便民服务中心" in text
    assert "0825-5182512" in text


def test_without_a_choice_there_is_a_list_to_choose_from(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/plan/dazhou/xuanhan/"))
    assert html.count('type="checkbox"') == 2
    assert "checked" not in html
    assert (
        "手册" not in text_of(client.get("/plan/dazhou/xuanhan/")).split("全部办事指南")[0].split("本站")[0]
    )


def test_one_matter_is_no_trip_yet_but_a_beginning(client: Client, cast: Cast) -> None:
    response = client.get("/plan/dazhou/xuanhan/?matters=zhuyuan-baoxiao")
    assert response.status_code == 200
    assert "已选住院费用报销。再选至少一项" in text_of(response)
    assert 'value="zhuyuan-baoxiao" checked' in html_of(response)


def test_an_unknown_matter_is_named(client: Client, cast: Cast) -> None:
    response = client.get("/plan/dazhou/xuanhan/?matters=zhuyuan-baoxiao&matters=dianzi-pingzheng")
    assert response.status_code == 404
    assert "达州市宣汉县没有“dianzi-pingzheng”这个事项的办事指南" in text_of(response)


def test_more_matters_than_a_sheet_holds_are_refused(client: Client, cast: Cast) -> None:
    assert len(MARKS) == MOST
    category = cast.inpatient.matter.category
    own = cast.inpatient.guide_offices.get(office__county=cast.xuanhan).office
    for number in range(MOST + 1):
        other = guide(cast.dazhou, matter(f"m{number:02}", f"门诊{number}", category, 50), None)
        handled_at(other, own, consult="0818-5872688")
    query = "&".join(f"matters=m{number:02}" for number in range(MOST + 1))
    response = client.get(f"/plan/dazhou/xuanhan/?{query}")
    assert response.status_code == 404
    assert "选了 13 项，一张清单最多列 12 项" in text_of(response)
    assert client.get(f"/plan/dazhou/xuanhan/?{query[:-12]}").status_code == 200


def test_a_choice_has_one_address(client: Client, cast: Cast) -> None:
    twice = "matters=zhuyuan-baoxiao&matters=zhigong-canbao&matters=zhigong-canbao&matters="
    assert client.get(f"/plan/dazhou/xuanhan/?{twice}").headers["Location"] == BOTH
    printed = client.get(f"/plan/dazhou/xuanhan/print/?{twice}").headers["Location"]
    assert printed == BOTH.replace("/?", "/print/?")
    assert client.get(f"{BOTH}&utm=1").status_code == 200


@pytest.mark.parametrize("query", ["", "?matters=zhuyuan-baoxiao"])
def test_nothing_to_print_leads_back_to_the_choice(client: Client, cast: Cast, query: str) -> None:
    response = client.get(f"/plan/dazhou/xuanhan/print/{query}")
    assert response.headers["Location"] == f"/plan/dazhou/xuanhan/{query}"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/plan/nowhere/xuanhan/", "本站没有“nowhere”这个城市。"),
        ("/plan/dazhou/nowhere/", "达州市没有“nowhere”这个县（市、区）。"),
        ("/plan/dazhou/xuanhan/?matters=%00", "无法识别的字符"),
        (f"/plan/dazhou/xuanhan/?matters={'a' * 61}", "太长"),
    ],
)
def test_a_wrong_address_is_a_message_with_ways_on(
    client: Client, cast: Cast, address: str, sentence: str
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert sentence in text_of(response)


def test_the_county_page_leads_here(client: Client, cast: Cast) -> None:
    assert 'href="/plan/dazhou/xuanhan/"' in html_of(client.get("/offices/dazhou/xuanhan/"))
