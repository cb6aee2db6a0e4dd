"""The one-time notice: what is ticked in the address, and nothing else, stands on the slip."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.conf import settings
from django.test import Client

from guides.editing import apply_guide
from guides.models import Guide, Material
from guides.notice import PRESSED, key_of, notice
from guides.related import carried_on_to
from tests.cast import content_of, text_of

pytestmark = pytest.mark.usefixtures("handbooks", "db")
PAGE = "/guides/dazhou/zhuyuan-baoxiao/xuanhan/notice/"
ENROLMENT = "/guides/dazhou/zhigong-canbao/xuanhan/notice/"


def guide(matter: str, city: str = "dazhou") -> Guide:
    return Guide.objects.with_details().get(city__slug=city, matter__slug=matter)


def key(matter: str, words: str, case: str = "") -> str:
    """The key of the paper that begins so."""
    papers = guide(matter).materials.filter(text__startswith=words, applies_to=case)
    return key_of(papers.get())


def shown(response: object) -> Element:
    """The page without what is hidden."""
    tree: Element = html5lib.parse(content_of(response), namespaceHTMLElements=False)  # type: ignore[arg-type]
    for parent in list(tree.iter()):
        for child in list(parent):
            if "hidden" in child.attrib:
                parent.remove(child)
    return tree


def slips(client: Client, address: str) -> list[str]:
    """The words of each slip that prints."""
    tree = shown(client.get(address))
    found = [one for one in tree.iter("article") if one.get("class") == "slip"]
    return [" ".join("".join(slip.itertext()).split()) for slip in found]


def slip(client: Client, address: str) -> str:
    """The words of the one slip that prints."""
    (words,) = slips(client, address)
    return words


def about(matter: str, words: str, city: str = "dazhou") -> list[str]:
    """What the handbook says about the paper that begins so."""
    found = guide(matter, city)
    carried = [note.text for note in carried_on_to(found)]
    lines = notice(found, "", [], carried).lines
    return [remark for line in lines if line.material.text.startswith(words) for remark in line.remarks]


def test_a_paper_keeps_its_key_wherever_it_stands_and_loses_it_with_its_words() -> None:
    paper = Material(text="出院记录", position=3)
    assert key_of(paper) == key_of(Material(text="出院记录", position=0))
    assert re.fullmatch("[0-9a-f]{6}", key_of(paper))
    others = {key_of(Material(text="出院证明")), key_of(Material(text="出院记录", applies_to="住院"))}
    assert key_of(paper) not in others
    assert len(others) == 2


def test_no_two_papers_of_a_guide_share_a_key() -> None:
    for found in Guide.objects.with_details():
        keys = [key_of(paper) for paper in found.materials.all()]
        assert len(keys) == len(set(keys)), found
        assert len(keys) <= len(PRESSED)


def test_the_slip_names_the_missing_papers_and_no_others(client: Client) -> None:
    words = slip(client, f"{PAGE}?missing={key('zhuyuan-baoxiao', '出院记录')}")
    assert "出院记录" in words
    for other in ("医院收费票据", "住院费用清单", "参保人银行账户信息", "社会保障卡"):
        assert other not in words


def test_the_slip_says_matter_window_limit_numbers_hours_and_where_to_read_on(client: Client) -> None:
    words = slip(client, f"{PAGE}?missing={key('zhuyuan-baoxiao', '出院记录')}")
    for said in (
        "达州市宣汉县医疗保障",
        "一次性告知单",
        "住院费用报销",
        "不超过30个工作日",
        "宣汉县医保窗口",
        "宣汉县东乡街道解放中路591号4楼医保窗口",
        "工作日 08:30–12:00、14:30–18:00",
        "咨询 0818-5201826",
        "投诉 0818-5211625",
        "经办人签字：",
        "申请人签收：",
        "告知日期： 年 月 日",
        "《达州市医疗保障经办政务服务事项办事指南》（2024年版）",
        f"{settings.SITE_URL}/guides/dazhou/zhuyuan-baoxiao/xuanhan/",
    ):
        assert said in words, said


def test_the_slip_carries_a_drawn_code_and_no_style_attribute(client: Client) -> None:
    html = content_of(client.get(f"{PAGE}?missing={key('zhuyuan-baoxiao', '出院记录')}"))
    article = html[html.index('<article class="slip"') :]
    assert "<svg" in article
    assert not re.search(r"\bstyle=|data:", html)


def test_alternatives_stand_as_one_paper(client: Client) -> None:
    words = slip(client, f"{PAGE}?missing={key('zhuyuan-baoxiao', '有效身份证件')}")
    assert "任选其一 有效身份证件 或医保电子凭证 或社会保障卡" in words


def test_what_the_handbook_says_about_a_paper_stands_under_it(client: Client) -> None:
    assert about("menzhen-baoxiao", "门急诊费用清单") == [
        "若收费票据中已列有药品规格、数量、单价和金额等明细的，可不提供费用清单。"
    ]
    assert about("mante-rending", "病历资料") == [
        "病历资料包括所认定病种的出院记录或诊断证明、检验检查报告。"
    ]
    assert about("shengyu-yiliao", "诊断证明") == ["门诊就医的提供诊断证明，住院就医的提供出院记录。"]
    (temporary,) = about("yidi-changju", "长期居住认定材料")
    assert temporary.startswith("参保人在居住地公安派出所")
    words = slip(client, f"{PAGE}?missing={key('zhuyuan-baoxiao', '有效身份证件')}")
    assert "有效身份证件包括身份证、户口簿、护照" in words
    assert "下同" not in words


@pytest.mark.parametrize(
    ("matter", "words"),
    [
        ("zhuyuan-baoxiao", "出院记录"),  # only 病历中的佐证资料 is spoken of
        ("menzhen-baoxiao", "医药机构收费票据"),  # named as a condition alone
        ("yaodian-dingdian", "药品经营许可证"),  # 人身份证 is no paper's name
        ("mante-rending", "《门诊慢特病"),
    ],
)
def test_nothing_is_made_up_about_a_paper_the_handbook_says_nothing_of(matter: str, words: str) -> None:
    assert about(matter, words) == []


def test_a_form_says_that_it_is_to_be_filled_in_and_a_stamp_is_said_once(client: Client) -> None:
    page = "/guides/dazhou/yaodian-dingdian/xuanhan/notice/"
    words = slip(client, f"{page}?missing={key('yaodian-dingdian', '《定点零售药店申请表》')}")
    assert "需填写的表" in words
    assert words.count("加盖单位公章") == 1
    words = slip(client, f"{ENROLMENT}?missing={key('zhigong-canbao', '《职工', '在职职工')}")
    assert words.count("加盖单位公章") == 1
    assert "需填写的表" not in slip(client, f"{PAGE}?missing={key('zhuyuan-baoxiao', '出院记录')}")


def test_the_only_case_of_what_is_missing_is_the_case_of_the_slip(client: Client) -> None:
    page = "/guides/suining/zhigong-canbao/shibenji/notice/"
    own = key("zhigong-canbao", "有效身份证件", "在职职工")
    words = slip(client, f"{page}?missing={own}")
    assert "职工参保登记（在职职工）" in words
    assert "单位职工参保登记：不超过3个工作日" in words
    assert "即时办结" not in words
    both = slip(client, f"{page}?missing={own}&missing={key('zhigong-canbao', '有效', '灵活就业人员')}")
    assert "（在职职工）" not in both
    assert "不超过3个工作日" in both
    assert "灵活就业人员参保登记：即时办结" in both


def test_a_chosen_case_offers_its_own_papers_only(client: Client) -> None:
    page = text_of(client.get(f"{ENROLMENT}?case=在职职工"))
    assert "有效身份证件复印件" in page
    html = content_of(client.get(f"{ENROLMENT}?case=在职职工"))
    assert html.count('name="missing"') == 2
    assert '<input type="hidden" name="case" value="在职职工">' in html


def test_a_paper_of_another_case_is_a_message_and_no_slip(client: Client) -> None:
    other = key("zhigong-canbao", "有效身份证件", "灵活就业人员")
    address = f"{ENROLMENT}?case=在职职工&missing={other}"
    response = client.get(address)
    assert response.status_code == 404
    assert "勾选的材料里有“在职职工”不需要的" in text_of(response)
    assert slips(client, address) == []


def test_a_key_nobody_has_is_a_message_the_whole_list_and_no_slip(client: Client) -> None:
    known = key("zhuyuan-baoxiao", "出院记录")
    response = client.get(f"{PAGE}?missing={known}&missing=aaaaaa")
    assert response.status_code == 404
    assert "材料清单已经更新，请重新勾选。" in text_of(response)
    html = content_of(response)
    assert html.count('name="missing"') == 5
    assert " checked" not in html
    assert slips(client, f"{PAGE}?missing={known}&missing=aaaaaa") == []


def test_a_saved_address_never_names_another_paper(client: Client) -> None:
    address = f"{PAGE}?missing={key('zhuyuan-baoxiao', '出院记录')}"
    document = guide("zhuyuan-baoxiao").document()
    papers = [paper for paper in document["materials"] if paper["text"] != "医院收费票据"]
    apply_guide(document | {"materials": papers})
    assert "出院记录" in slip(client, address)
    renamed = [paper | {"text": paper["text"].replace("出院记录", "出院小结")} for paper in papers]
    apply_guide(document | {"materials": renamed})
    response = client.get(address)
    assert response.status_code == 404
    assert "材料清单已经更新" in text_of(response)


def test_nothing_ticked_prints_no_slip(client: Client) -> None:
    assert slips(client, PAGE) == []
    assert "还没有勾选材料" in " ".join(shown(client.get(PAGE)).itertext())
    ticked = shown(client.get(f"{PAGE}?missing={key('zhuyuan-baoxiao', '出院记录')}"))
    assert "还没有勾选材料" not in " ".join(ticked.itertext())


def test_two_copies_are_the_same_slip_twice(client: Client) -> None:
    one, other = slips(client, f"{PAGE}?missing={key('zhuyuan-baoxiao', '出院记录')}&copies=2")
    assert one == other


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("copies=3", "一张纸印一份或两份"),
        ("case=退休人员", "不分“退休人员”这种情形"),
        (f"missing={'a' * 61}", "太长"),
    ],
)
def test_a_wrong_value_is_a_message_with_a_way_on(client: Client, query: str, said: str) -> None:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 404
    assert said in text_of(response)
    assert f'href="{PAGE}"' in content_of(response)


def test_every_choice_has_one_address(client: Client) -> None:
    first, second = key("zhuyuan-baoxiao", "有效身份证件"), key("zhuyuan-baoxiao", "出院记录")
    one = f"{PAGE}?missing={first}&missing={second}&copies=2"
    for other in (
        f"{PAGE}?copies=2&missing={second}&missing={first}",
        f"{PAGE}?missing={first}&missing={second}&missing={first}&case=&copies=2",
    ):
        response = client.get(other)
        assert (response.status_code, response.headers["Location"]) == (302, one)
    assert client.get(f"{PAGE}?missing={first}&copies=1").headers["Location"] == f"{PAGE}?missing={first}"
    assert client.get(f"{PAGE}?missing=bbbbbb&missing=aaaaaa").status_code == 404


def test_a_county_without_a_window_in_the_handbook_says_so_and_names_the_citys(client: Client) -> None:
    page = "/guides/suining/zhuyuan-baoxiao/shehong/notice/"
    words = slip(client, f"{page}?missing={key('zhuyuan-baoxiao', '出院记录')}")
    assert "手册没有载明射洪市的窗口，以下是遂宁市本级窗口" in words
    assert "市本级医保服务大厅综合窗口" in words
    assert f"{settings.SITE_URL}/guides/suining/zhuyuan-baoxiao/shehong/" in words


def test_a_city_without_a_county_gives_its_own_window(client: Client) -> None:
    page = "/guides/dazhou/zhuyuan-baoxiao/notice/"
    assert "市本级综合窗口" in slip(client, f"{page}?missing={key('zhuyuan-baoxiao', '出院记录')}")


def test_a_number_in_doubt_is_marked_on_the_slip(client: Client) -> None:
    page = "/guides/dazhou/{}/kaijiang/notice/"
    doubted = Guide.objects.filter(findings__number="0818-7226802", city__slug="dazhou").first()
    assert doubted
    matter = doubted.matter.slug
    paper = doubted.materials.first()
    assert paper
    words = slip(client, f"{page.format(matter)}?missing={key_of(paper)}")
    assert "0818-7226802（待核实）" in words
    assert "可以改打" in words


def test_a_matter_that_needs_no_paper_says_so(client: Client) -> None:
    response = client.get("/guides/dazhou/dianzi-pingzheng/xuanhan/notice/")
    assert response.status_code == 200
    assert "不需要带材料" in text_of(response)
    assert 'name="missing"' not in content_of(response)


def test_there_is_nowhere_to_write_anything(client: Client) -> None:
    main = content_of(client.get(PAGE)).split("<main", 1)[1].split("</main>")[0]
    assert set(re.findall(r'<input\b[^>]*?\btype="(\w+)"', main)) == {"checkbox"}
    assert len(re.findall("<input", main)) == 6
    assert "<textarea" not in main


def test_the_guide_page_leads_to_the_notice(client: Client) -> None:
    for page in ("/guides/dazhou/zhuyuan-baoxiao/", "/guides/dazhou/zhuyuan-baoxiao/xuanhan/"):
        assert f'href="{page}notice/"' in content_of(client.get(page))


@pytest.mark.parametrize(
    "page", ["/guides/dazhou/zhuyuan-baoxiao/nowhere/notice/", "/guides/dazhou/nothing/notice/"]
)
def test_a_place_or_matter_that_is_not_there_is_a_message(client: Client, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 404
    assert "没有" in text_of(response)
