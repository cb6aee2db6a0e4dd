"""The sheet as a PDF: how many pages, what is tagged, where the code leads, what it can be asked for."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
import zxingcpp
from django.conf import settings
from django.test import Client, override_settings
from PIL import Image
from pypdf import PdfReader

from guides.models import Guide, Material, Note
from guides.sheets.content import sheet_content
from guides.sheets.qr import qr_svg
from guides.sheets.room import LARGE as LARGE_LOOK
from guides.sheets.room import SMALL, USUAL, fit, height
from guides.sheets.typesetting import Paper, typeset
from tests.cast import Cast, assemble, html_of
from tests.sheets.papers import run, text_of, words_of

INPATIENT = "/guides/dazhou/zhuyuan-baoxiao/"
SHEET = f"{INPATIENT}xuanhan/sheet.pdf"
ENROLMENT = "/guides/dazhou/zhigong-canbao/"
HOSTILE = '#read("/etc/passwd") *粗* _斜_ $x$ `a` <b>&amp; \\ // = - + @x [#sys.inputs] "'


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def pdf_of(client: Client, url: str) -> bytes:
    response = client.get(url)
    assert response.status_code == 200, response.content[:300]
    assert response["Content-Type"] == "application/pdf"
    return bytes(response.content)


def pages_of(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


# How long it is


def test_long_text_shrinks_the_print_of_the_page_and_no_further_than_legible(cast: Cast) -> None:
    said = sheet_content(cast.inpatient, cast.xuanhan)
    assert fit(said) == ""
    assert {USUAL.size, SMALL.size, LARGE_LOOK.size} == {12, 10.5, 16}
    notes = next(row for row in said["rows"] if row["kind"] == "notes")
    seen = []
    while len(notes["notes"]) < 60 and height(said, SMALL) < 290:
        notes["notes"].append({"lead": [["参保人应当在规定的时间内提供全部材料；" * 3, ""]], "points": []})
        seen.append(fit(said))
    assert list(dict.fromkeys(seen))[:3] == ["", "sheet-tight", "sheet-small"]
    assert fit(said | {"large": True}) == ""


def test_no_row_is_cut_where_a_page_ends(cast: Cast, client: Client) -> None:
    for number in range(60):
        Note.objects.create(
            guide=cast.inpatient, position=10 + number, text=f"第{number}条：" + "须知" * 30 + "。"
        )
    pdf = pdf_of(client, SHEET)
    assert pages_of(pdf) > 2
    for page in text_of(pdf).split("\f")[:-1]:
        words = "".join(page.split())
        assert words.count("第") >= 2
        for number in re.findall(r"\d+\.第(\d+)条：", words):
            assert f"第{number}条：{'须知' * 30}。" in words
    assert "".join(text_of(pdf).split()).count("备注（续）") == pages_of(pdf) - 1


# What stands on it


def test_the_code_leads_to_the_page_of_this_place_and_is_large_enough(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "sheet.pdf").write_bytes(pdf_of(client, SHEET))
    run("pdftoppm", "-r", "100", "-png", "-singlefile", str(tmp_path / "sheet.pdf"), str(tmp_path / "sheet"))
    found = zxingcpp.read_barcodes(Image.open(tmp_path / "sheet.png"))
    assert [code.text for code in found] == [f"{settings.SITE_URL}{INPATIENT}xuanhan/"]
    corners = found[0].position
    assert abs(corners.top_right.x - corners.top_left.x) / 100 * 25.4 >= 25
    assert f"网址：{settings.SITE_URL}{INPATIENT}xuanhan/" in words_of((tmp_path / "sheet.pdf").read_bytes())


@override_settings(SITE_URL="https://yibao.example.gov.cn")
def test_the_code_and_the_address_are_those_of_the_public_site(cast: Cast, client: Client) -> None:
    url = f"https://yibao.example.gov.cn{INPATIENT}"
    assert f"网址：{url}" in words_of(pdf_of(client, f"{INPATIENT}sheet.pdf"))
    assert re.sub(r"^<svg [^>]*>", "", qr_svg(url)) in html_of(client.get(f"{INPATIENT}print/"))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "2026年11月22日"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "2026年11月23日"),
    ],
)
def test_the_day_of_printing_is_the_day_in_china(cast: Cast, client: Client, now: datetime, day: str) -> None:
    with time_machine.travel(now, tick=False):
        words = words_of(pdf_of(client, SHEET))
    assert f"打印日期：{day}" in words
    assert "来源：《达州市医疗保障经办政务服务事项办事指南》（2024年版），第1–5行内容初版" in words
    assert "第1页，共1页" in words


def test_the_pdf_is_tagged_as_pdf_ua_asks(cast: Cast, client: Client) -> None:
    reader = PdfReader(io.BytesIO(pdf_of(client, f"{INPATIENT}xuanhan/sheet.pdf")))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "住院费用报销（达州市宣汉县）办事指南"
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", root["/Metadata"].get_data().decode())
    tags = Counter(tags_of(root["/StructTreeRoot"]))
    assert tags["/H1"] == 1
    assert tags["/H2"] == 9  # the box and eight rows
    assert tags["/Figure"] == 1
    assert tags["/L"] >= 3


def tags_of(node: Any) -> list[str]:
    """The names of all tags, the tree walked from the top."""
    node = node.get_object()
    if isinstance(node, list):
        return [tag for child in node for tag in tags_of(child)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (tags_of(node["/K"]) if "/K" in node else [])


def test_hostile_text_in_every_field_stays_text(cast: Cast, client: Client) -> None:
    guide = Guide.objects.with_details().get(pk=cast.enrolment.pk)
    said = hostile(sheet_content(guide, None)) | {"qr": qr_svg("x"), "large": False}
    county = hostile(sheet_content(guide, cast.xuanhan)) | {"qr": qr_svg("x"), "large": False}
    words = words_of(typeset(Paper("sheet.typ", {"template": "sheet", "sheets": [said, county]}, HOSTILE)))
    plain = "".join(HOSTILE.split())
    assert words.count(plain) > 60
    assert "root:" not in words


def hostile(said: Any) -> Any:
    """The content with every text replaced, but what decides how it is set."""
    if isinstance(said, dict):
        return {
            key: text if key in {"kind"} and "heading" in said else hostile(text)
            for key, text in said.items()
        }
    if isinstance(said, list):
        is_run = len(said) == 2 and said[1] in ["", "form", "stamp"]
        return [HOSTILE, said[1]] if is_run else [hostile(one) for one in said]
    return HOSTILE if isinstance(said, str) and said else said


def test_hostile_text_in_the_database_reaches_the_paper_as_text(cast: Cast, client: Client) -> None:
    Material.objects.create(guide=cast.inpatient, text=HOSTILE, position=90)
    assert "".join(HOSTILE.split()) in words_of(pdf_of(client, SHEET))


# What can be asked for


def test_options_leave_out_what_they_say_and_the_sheet_says_so(cast: Cast, client: Client) -> None:
    url = f"{ENROLMENT}xuanhan/sheet.pdf"
    plain = words_of(pdf_of(client, url))
    assert "办理流程" in plain
    assert "特殊人群还需提供" in plain
    short = words_of(pdf_of(client, f"{url}?steps=no&notes=no"))
    assert "未印办理流程、备注。全部内容见网页。" in short
    assert "参保单位（或灵活就业人员）提交申请材料" not in short
    assert "特殊人群还需提供" not in short


def test_only_what_applies_to_the_case_is_printed(cast: Cast, client: Client) -> None:
    for page in ("sheet.pdf", "print/"):
        response = client.get(f"{ENROLMENT}xuanhan/{page}?case=灵活就业人员")
        words = words_of(response.content) if page == "sheet.pdf" else "".join(html_of(response).split())
        assert "只列出“灵活就业人员”的材料、时限和渠道。全部内容见网页。" in words
        assert "加盖单位公章" not in words
        assert "四川医保APP（限灵活就业人员）" in words
        assert "不超过3个工作日" in words  # 单位职工: no choice is sure to mean it
    other = words_of(pdf_of(client, f"{ENROLMENT}xuanhan/sheet.pdf?case=在职职工"))
    assert "四川医保APP" not in other
    assert "即时办结" not in other


def test_large_print_is_sixteen_points(cast: Cast, client: Client) -> None:
    sizes = {url: letter_sizes(pdf_of(client, url)) for url in (SHEET, f"{SHEET}?size=large")}
    assert sizes[SHEET].most_common(1)[0][0] == 12
    assert sizes[f"{SHEET}?size=large"].most_common(1)[0][0] == 16
    assert min(sizes[SHEET]) == 9  # source, address and page number


def letter_sizes(pdf: bytes) -> Counter[float]:
    """How many characters there are of each size, in points."""
    sizes: Counter[float] = Counter()

    def visit(text: str, _: Any, matrix: Any, __: Any, size: float) -> None:
        sizes[round(size, 1)] += len(text.strip())

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=visit)
    return Counter({size: count for size, count in sizes.items() if count})


@pytest.mark.parametrize(
    ("query", "sentence", "way_on"),
    [
        ("size=huge", "“字号”没有“huge”这个选项，可以是“large”。", ""),
        ("steps=yes&notes=no", "“办理流程”没有“yes”这个选项，可以是“no”。", "?notes=no"),
        ("case=学生", "“适用情形”没有“学生”这个选项，可以是“在职职工”、“灵活就业人员”。", ""),
        ("case=" + "长" * 70, "太长，请控制在 60 个字以内。", ""),
    ],
)
@pytest.mark.parametrize("page", ["sheet.pdf", "print/"])
def test_a_wrong_option_is_named_and_leads_back_to_the_sheet(
    cast: Cast, client: Client, page: str, query: str, sentence: str, way_on: str
) -> None:
    response = client.get(f"{ENROLMENT}xuanhan/{page}?{query}")
    assert response.status_code == 404
    assert sentence in html_of(response)
    assert f'href="{ENROLMENT}xuanhan/{page}{way_on}"' in html_of(response)


def test_options_have_one_order_and_what_is_not_known_changes_nothing(cast: Cast, client: Client) -> None:
    for page in ("sheet.pdf", "print/"):
        response = client.get(f"{ENROLMENT}{page}?case=在职职工&notes=&size=large")
        assert response.status_code == 302
        assert response["Location"].startswith(f"{ENROLMENT}{page}?size=large&case=%E5%9C%A8")
    assert client.get(f"{SHEET}?utm=1").status_code == 200


def test_the_options_are_a_plain_form_that_shows_what_is_chosen(cast: Cast, client: Client) -> None:
    html = html_of(client.get(f"{ENROLMENT}xuanhan/print/?size=large&case=在职职工"))
    form = html[html.index('<section class="print-options"') : html.index("</section>")]
    assert f'<form action="{ENROLMENT}xuanhan/print/">' in form
    assert re.search(r'name="size" value="large"[^>]* checked', form)
    assert not re.search(r'name="steps"[^>]* checked', form)
    assert '<option value="在职职工" selected>' in form
    assert 'data-paper="large"' in html
    assert (
        f'href="{ENROLMENT}xuanhan/sheet.pdf?size=large&amp;case=%E5%9C%A8%E8%81%8C%E8%81%8C%E5%B7%A5"'
        in html
    )


def test_whoever_reads_large_print_gets_large_paper(cast: Cast, client: Client) -> None:
    client.cookies["display"] = "large"
    assert f'href="{SHEET}?size=large"' in html_of(client.get(f"{INPATIENT}xuanhan/print/"))
    assert f'href="{SHEET}?size=large"' in html_of(client.get(f"{INPATIENT}xuanhan/"))


def test_guide_and_print_page_lead_to_the_pdf(cast: Cast, client: Client) -> None:
    for place in ("", "xuanhan/"):
        for page in ("", "print/"):
            assert f'href="{INPATIENT}{place}sheet.pdf"' in html_of(client.get(f"{INPATIENT}{place}{page}"))


@pytest.mark.parametrize(
    "path",
    [
        "/guides/chengdu/zhuyuan-baoxiao/sheet.pdf",
        "/guides/dazhou/huzhao/sheet.pdf",
        "/guides/dazhou/zhuyuan-baoxiao/shehong/sheet.pdf",
    ],
)
def test_the_sheet_of_an_unknown_place_is_a_page_that_says_so(cast: Cast, client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_head_and_an_etag_that_still_holds_need_no_typesetting(cast: Cast, client: Client) -> None:
    first = client.get(SHEET)
    assert "%E4%BD%8F%E9%99%A2" in first["Content-Disposition"]
    assert client.head(SHEET)["ETag"] == first["ETag"]
    assert client.get(SHEET, headers={"if-none-match": first["ETag"]}).status_code == 304
    Note.objects.create(guide=cast.inpatient, position=9, text="又加了一条。")
    assert client.get(SHEET, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert client.post(SHEET).status_code == 405
