from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from guides.reading import cases, explain_scope, how_many_papers, limits, networks, whereabouts
from guides.subpoints import split_subpoints
from guides.wording import pieces
from offices.timetable import timetable
from tests.cast import NOTE_WITH_POINTS, Cast, assemble, handled_at, html_of, text_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def headings(html: str) -> list[str]:
    """The h2 headings of the guide's body."""
    return re.findall(r"<section id=\"\w+\"> ?<h2>([^<]+)</h2>", html)


def test_the_page_answers_in_the_order_a_visitor_asks(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    assert headings(html) == [
        "谁可以办", "要带什么", "去哪里办", "网上怎么办", "多久办好", "办理步骤", "备注", "查询与评价", "来源",
    ]  # fmt: skip


def test_every_words_of_the_guide_are_on_the_page(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    words = re.sub(r"<[^>]+>| ", "", html)
    document = cast.inpatient.document()
    said = [document["audience"], document["progress"], document["evaluation"], *document["notes"]]
    said += [material["text"] for material in document["materials"]]
    said += [step["text"] for step in document["steps"]]
    assert [text for text in said if text not in words] == []


def test_the_city_page_shows_every_county_office_with_its_numbers(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    for number in ("0818-5872688", "0818-5211625", "0818-6221190"):
        assert f'href="tel:+86-{number[1:]}">{number}</a>' in html
    assert 'href="/guides/dazhou/zhuyuan-baoxiao/xuanhan/"' in html


def test_the_county_page_shows_its_office_first_and_the_others_folded(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/"))
    where = html[html.index('<section id="where">') : html.index('<section id="online">')]
    own, others = where.split('<details class="more">')
    assert "place-own" in own
    assert "解放中路591号" in own
    assert "0818-5872688" in own
    assert "大竹县" not in own
    assert "其他县（市、区）的窗口（2 处）" in others
    assert "0818-6221190" in others


def test_the_county_page_puts_its_own_number_at_a_glance(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/"))
    glance = html[html.index('class="glance"') : html.index("</dl>")]
    assert "0818-5872688" in glance
    assert "0818-3091543" not in glance
    assert "不超过30个工作日" in glance
    assert "5 样" in glance


def test_a_county_the_handbook_gives_no_office_for_is_told_so(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/guides/suining/zhuyuan-baoxiao/shehong/"))
    assert "手册没有载明射洪市的窗口。" in text
    assert "遂宁市本级窗口和全市通用的网点" in text
    assert "出门前请先打电话" in text
    assert "0825-5182512" in text
    assert "船山区燕山街46号" in text
    assert "资料初审 这里只对材料作初步审核" in text


def test_papers_stand_by_case_with_forms_and_stamps_set_apart(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhigong-canbao/"))
    assert '<h3 class="case-name">在职职工</h3>' in html
    assert '<h3 class="case-name">灵活就业人员</h3>' in html
    assert '<b class="form">《职工基本医疗保险参保登记表》</b><b class="stamp">（加盖单位公章）</b>' in html


def test_a_matter_without_papers_says_none_and_an_unwritten_list_says_unstated(
    client: Client, cast: Cast
) -> None:
    assert "不需要带材料。" in text_of(client.get("/guides/suining/dianzi-pingzheng/"))
    cast.credential_in_suining.materials_state = "unstated"
    cast.credential_in_suining.save()
    text = text_of(client.get("/guides/suining/dianzi-pingzheng/"))
    assert "不需要带材料" not in text
    assert "手册未载明。 请拨打咨询电话询问： 0825-5182512" in text


def test_a_channel_for_some_people_says_for_whom(client: Client, cast: Cast) -> None:
    assert "四川医保APP 限灵活就业人员" in text_of(client.get("/guides/dazhou/zhigong-canbao/"))


def test_a_matter_without_online_channels_says_so(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    assert "手册列出的渠道里没有网站、APP 或小程序" in text


def test_the_page_names_its_source_and_links_to_the_lines(client: Client, cast: Cast) -> None:
    response = client.get("/guides/dazhou/zhuyuan-baoxiao/")
    assert "《达州市医疗保障经办政务服务事项办事指南》（2024年版），第 1–5 行。" in text_of(response)
    assert 'href="/guides/dazhou/zhuyuan-baoxiao/source/"' in html_of(response)


def test_the_page_leads_to_the_same_matter_elsewhere_and_to_its_neighbours(
    client: Client, cast: Cast
) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    assert 'href="/guides/suining/zhuyuan-baoxiao/"' in html
    assert 'href="/matters/zhuyuan-baoxiao/"' in html


def test_whom_a_number_is_for_is_shown(client: Client, cast: Cast) -> None:
    phone = cast.inpatient.guide_offices.get(office__county=cast.xuanhan).consult_phones[0]
    phone.for_whom = "居民"
    phone.save()
    assert "0818-5872688 居民" in text_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/"))


@pytest.mark.parametrize("path", ["", "xuanhan/", "print/", "xuanhan/print/", "source/"])
def test_public_pages_set_no_cookie_and_do_not_depend_on_one(client: Client, cast: Cast, path: str) -> None:
    address = f"/guides/dazhou/zhuyuan-baoxiao/{path}"
    first = client.get(address)
    client.cookies["anything"] = "1"
    second = client.get(address, headers={"accept-language": "en"})
    assert first.content == second.content
    assert not first.cookies
    assert "Cookie" not in first.headers.get("Vary", "")


def test_pages_have_nothing_inline_and_nothing_from_other_hosts(client: Client, cast: Cast) -> None:
    for path in ("/", "/guides/", "/guides/dazhou/zhuyuan-baoxiao/xuanhan/", "/offices/dazhou/xuanhan/"):
        html = html_of(client.get(path))
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", html)
        canonical = '<link rel="canonical" href="http://127.0.0.1:8000/'
        others = html.replace(canonical, "").replace(
            'href="https://uri.amap.com/', ""
        )  # a link the visitor chooses
        assert canonical in html
        assert not re.search(r"""(src|href)=["'](https?:)?//""", others)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_only_answer_to_reading(client: Client, cast: Cast, method: str) -> None:
    assert getattr(client, method)("/guides/dazhou/zhuyuan-baoxiao/").status_code == 405


def test_text_of_the_handbook_cannot_become_markup(client: Client, cast: Cast) -> None:
    cast.inpatient.materials.create(text="<script>alert(1)</script>《<b>表》", position=9)
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    assert "<script>alert" not in html
    assert "《&lt;b&gt;表》" in html


# How the facts are arranged


def test_circled_numbers_become_points() -> None:
    sentence = split_subpoints(NOTE_WITH_POINTS)
    assert sentence.lead == "特殊人群还需提供："
    assert [point[:3] for point in sentence.points] == ["外国人", "在职转"]


@pytest.mark.parametrize("text", ["没有编号。", "见①。", "①只有一点", "先②后①", "①一②二，同①", ""])
def test_text_whose_circled_numbers_do_not_count_up_stays_whole(text: str) -> None:
    assert split_subpoints(text).lead == text
    assert split_subpoints(text).points == ()


def test_points_lose_nothing_but_their_marks() -> None:
    sentence = split_subpoints(NOTE_WITH_POINTS)
    assert sentence.lead + "".join(sentence.points) == re.sub("[①②]", "", NOTE_WITH_POINTS)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("有效身份证件", [""]),
        ("《登记表》（加盖单位公章）", ["form", "stamp"]),
        ("填写《承诺书》或《登记表》。", ["", "form", "", "form", ""]),
        ("（以上办理材料均需加盖单位公章）", ["stamp"]),
        ("资料（原件）", [""]),
    ],
)
def test_forms_and_stamps_are_found_and_the_text_stays(text: str, kinds: list[str]) -> None:
    assert [piece.kind for piece in pieces(text)] == kinds
    assert "".join(piece.text for piece in pieces(text)) == text


def test_papers_are_counted_by_case(cast: Cast) -> None:
    assert [case.name for case in cases(cast.enrolment)] == ["在职职工", "灵活就业人员"]
    assert how_many_papers(cast.enrolment) == [("在职职工", "2 样"), ("灵活就业人员", "2 样")]
    assert how_many_papers(cast.credential_in_suining) == [("", "不需要带材料")]


def test_a_time_limit_does_not_repeat_its_case(cast: Cast) -> None:
    limit = cast.enrolment.time_limits.get(position=0)
    limit.text = "单位职工不超过3个工作日"
    limit.save()
    assert limits(cast.enrolment)[0].words == "不超过3个工作日"


def test_whereabouts_sort_the_offices_for_a_county(cast: Cast) -> None:
    where = whereabouts(cast.inpatient, cast.xuanhan)
    assert [place.office.name for place in where.here] == ["宣汉县医保窗口"]
    assert [place.office.name for place in where.others] == ["达州市医保窗口", "大竹县医保窗口"]
    assert [phone.number for phone in where.to_ask] == ["0818-5872688"]
    assert [phone.number for phone in where.to_complain] == ["0818-5211625"]


def test_networks_that_differ_only_in_name_are_told_together(cast: Cast) -> None:
    townships = cast.inpatient_in_suining.guide_offices.get(office__kind="network").office
    village = type(townships).objects.create(
        city=cast.suining, key="各村便民服务站", name="各村便民服务站", kind="network"
    )
    handled_at(cast.inpatient_in_suining, village, scope="资料初审")
    where = whereabouts(cast.inpatient_in_suining)
    assert [network.names for network in networks(where.city_wide)] == [
        ("各乡镇（街道）便民服务中心", "各村便民服务站")
    ]


def test_a_scope_is_explained_or_speaks_for_itself() -> None:
    assert explain_scope("限灵活就业人员") == "这里只受理灵活就业人员的申请"
    assert explain_scope("资料初审") == "这里只对材料作初步审核"
    assert explain_scope("仅上午") == ""


def test_a_timetable_has_one_line_for_each_kind_of_day() -> None:
    lines = timetable(
        [
            {"days": "workdays", "opens": "09:00", "closes": "12:00", "note": ""},
            {"days": "workdays", "opens": "13:30", "closes": "17:00", "note": ""},
            {"days": "saturday", "opens": "09:00", "closes": "12:00", "note": "法定节假日除外"},
        ]
    )
    assert [(line.day, line.sessions, line.note) for line in lines] == [
        ("工作日", (("09:00", "12:00"), ("13:30", "17:00")), ""),
        ("星期六", (("09:00", "12:00"),), "法定节假日除外"),
    ]


def test_style_sheets_load_nothing_from_elsewhere() -> None:
    for sheet in Path("static/css").glob("*.css"):
        assert "url(" not in sheet.read_text("utf-8")
        assert "@import" not in sheet.read_text("utf-8")
