from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from guides.models import LifeEvent, Note, Term
from guides.reading import (
    cases,
    choices,
    choices_of,
    edition_followed,
    explain_scope,
    how_many_papers,
    limits,
    networks,
    question_of,
    whereabouts,
)
from guides.related import carried_on_to
from guides.subpoints import split_subpoints
from guides.wording import pieces
from offices.phones import spoken
from offices.timetable import timetable
from tests.cast import NOTE_WITH_POINTS, Cast, assemble, handled_at, html_of, text_of


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def headings(html: str) -> list[str]:
    """The h2 headings of the guide's body."""
    return re.findall(r"<section id=\"[\w-]+\"> ?<h2>([^<]+)</h2>", html)


def test_the_page_answers_in_the_order_a_visitor_asks(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    assert headings(html) == [
        "要带什么", "去哪里办", "怎么在网上办", "多久办好", "办理步骤", "备注", "查询与评价", "依据与来源",
        "打印或发给家人",
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
        assert f'href="tel:+86-{number[1:]}" aria-label="{spoken(number)}">{number}</a>' in html
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
def test_public_pages_set_no_cookie_and_depend_on_none_but_the_display_mode(
    client: Client, cast: Cast, path: str
) -> None:
    address = f"/guides/dazhou/zhuyuan-baoxiao/{path}"
    first = client.get(address)
    client.cookies["anything"] = "1"
    second = client.get(address, headers={"accept-language": "en"})
    assert first.content == second.content
    assert not first.cookies


def test_pages_have_nothing_inline_and_nothing_from_other_hosts(client: Client, cast: Cast) -> None:
    for path in ("/", "/guides/", "/guides/dazhou/zhuyuan-baoxiao/xuanhan/", "/offices/dazhou/xuanhan/"):
        html = html_of(client.get(path))
        assert not re.search(r"\sstyle=|\son\w+=|<style", html)
        scripts = re.findall("<script([^>]*)>", html)
        assert [script for script in scripts if "src=" not in script and "json" not in script] == []
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


def test_what_it_is_and_for_whom_comes_first_under_the_heading(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/"))
    assert re.search(
        r"</h1>\s*<p class=\"purpose\">属于费用报销（先垫付、再报销）。<b>谁可以办：</b>住院费用在", html
    )


def test_papers_of_which_one_is_enough_are_one_paper_with_options(client: Client, cast: Cast) -> None:
    response = client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/")
    assert "任选其一 有效身份证件 或 医保电子凭证 或 社会保障卡" in text_of(response)
    assert html_of(response).count("data-paper=") == 5


def test_what_is_for_one_case_says_for_which_choice(client: Client, cast: Cast) -> None:
    html = html_of(client.get("/guides/dazhou/zhigong-canbao/"))
    assert '<div class="case-group" data-for="在职职工">' in html
    assert '<p class="limit" data-for="灵活就业人员">' in html
    assert '<dd data-for="灵活就业人员">四川医保APP' in html
    assert '<p class="limit"> <span class="case">单位职工</span>' in html  # no choice is sure to mean it
    assert '<fieldset class="case-choice" data-case-choice hidden>' in html


def test_a_guide_without_cases_offers_no_choice(client: Client, cast: Cast) -> None:
    assert "case-choice" not in html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))


def test_a_word_is_explained_where_it_stands_first_and_only_there(client: Client, cast: Cast) -> None:
    Term.objects.create(word="出院记录", meaning="医院写的住院经过。")
    Term.objects.create(word="趸缴", meaning="一次交清。")
    cast.inpatient.notes.create(text="没有出院记录的，先补出院记录。", position=9)
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/"))
    link = '<a class="term" id="term-1-used" href="#term-1" aria-label="出院记录，看解释">出院记录</a>'
    assert html.count('class="term"') == 1
    assert link in html[html.index('id="papers"') : html.index('id="where"')]
    assert '<dt id="term-1">出院记录</dt>' in html
    assert 'href="#term-1-used"' in html
    assert "趸缴" not in html


def test_paper_has_no_links_to_explanations(client: Client, cast: Cast) -> None:
    Term.objects.create(word="出院记录", meaning="医院写的住院经过。")
    assert 'class="term"' not in html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/"))


def test_a_term_cannot_become_markup(client: Client, cast: Cast) -> None:
    Term.objects.create(word="<i>'\"&", meaning="</dd><script>")
    cast.inpatient.notes.create(text="看<i>'\"&字", position=9)
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    assert "<i>" not in html
    assert "</dd><script>" not in html
    assert 'aria-label="&lt;i&gt;&#x27;&quot;&amp;，看解释">&lt;i&gt;' in html


def test_what_the_handbook_said_before_for_all_that_follows_is_said_again(client: Client, cast: Cast) -> None:
    cast.enrolment.last_line = 2
    cast.enrolment.save()
    cast.inpatient.first_line = 3
    cast.inpatient.save()
    said = Note.objects.create(guide=cast.enrolment, text="有效身份证件包括护照等（下同）；", position=9)
    text = text_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    assert "手册在“职工参保登记”里写明、后面各事项相同的： 有效身份证件包括护照等（下同）；" in text
    assert carried_on_to(cast.enrolment) == []
    assert carried_on_to(cast.inpatient) == [said]


def test_the_page_says_that_it_takes_no_applications_and_who_does(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/guides/dazhou/zhigong-canbao/"))
    assert "不能在这里提交申请。正式办理请走手册列出的渠道：经办机构窗口、四川省政务服务网" in text
    assert "四川医保APP（限灵活就业人员）。" in text


def test_no_legal_basis_and_no_day_of_checking_is_made_up(client: Client, cast: Cast) -> None:
    text = text_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))
    assert "办理依据 手册未载明" in text
    assert "最近核对 没有核对日期；内容依据2024年版手册。" in text
    text = text_of(client.get("/guides/suining/zhuyuan-baoxiao/"))
    assert "最近核对 没有核对日期；手册没有印版次。" in text


def test_the_page_leads_to_the_life_events_that_need_the_matter(client: Client, cast: Cast) -> None:
    LifeEvent.objects.create(slug="tuixiu", name="要退休了", summary="无", position=2)
    html = html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/xuanhan/"))
    assert 'href="/life-events/shengbing-zhuyuan/?city=dazhou&amp;county=xuanhan"' in html
    assert "要退休了" not in html


@pytest.mark.parametrize("path", ["", "xuanhan/"])
def test_the_message_to_send_on_stands_on_the_page_and_by_itself(
    client: Client, cast: Cast, path: str
) -> None:
    page = f"/guides/dazhou/zhuyuan-baoxiao/{path}"
    alone = client.get(f"{page}text/")
    assert alone.headers["Content-Type"] == "text/plain; charset=utf-8"
    message = alone.content.decode().strip()
    assert message.startswith("【住院费用报销】达州市")
    assert message.endswith(f"http://127.0.0.1:8000{page}")
    html = client.get(page).content.decode()
    assert f">{message}</textarea>" in html
    assert f'href="{page}text/"' in html


def test_the_message_of_a_county_there_is_not_is_not_found(client: Client, cast: Cast) -> None:
    assert client.get("/guides/dazhou/zhuyuan-baoxiao/nowhere/text/").status_code == 404


def test_a_number_is_read_out_digit_by_digit() -> None:
    assert spoken("0818-5201826") == "0818-5201826，0 8 1 8，5 2 0 1 8 2 6"
    assert spoken("12393") == "12393，1 2 3 9 3"


# How the facts are arranged


def test_the_choices_are_the_cases_of_the_first_list_that_tells_some_apart(cast: Cast) -> None:
    assert choices(cast.enrolment) == ("在职职工", "灵活就业人员")
    assert choices(cast.inpatient) == ()


def test_a_case_matches_a_choice_when_one_name_contains_the_other() -> None:
    names = ["在职职工", "灵活就业人员"]
    assert choices_of("灵活就业人员参保登记", names) == ["灵活就业人员"]
    assert choices_of("职工", names) == ["在职职工"]
    assert choices_of("单位职工参保登记", names) == []
    assert choices_of("", names) == []


def test_people_and_situations_are_asked_for_differently() -> None:
    assert question_of(["在职职工", "灵活就业人员"]) == "我是"
    assert question_of(["门诊", "住院"]) == "我的情况"


def test_a_guide_from_no_handbook_claims_no_edition(cast: Cast) -> None:
    cast.inpatient.handbook = None
    assert edition_followed(cast.inpatient) == "手册没有印版次"


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
