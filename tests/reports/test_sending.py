"""A reader says what is wrong on a page: saved once with its page, version and place, and answered with a receipt."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import Traveller

from guides.models import Stamp
from offices.models import Office
from reports.models import Report
from tests.cast import Cast, html_of, text_of
from tests.reports.conftest import XUANHAN, only, opened, reported, send

EMPTY_SEARCH = "/guides/?q=%E5%A4%A9%E6%B0%94&city=dazhou&county=xuanhan"
PAGES = {
    "/guides/dazhou/zhuyuan-baoxiao/": ("达州市", "住院费用报销（达州市）"),
    XUANHAN: ("达州市宣汉县", "住院费用报销（达州市宣汉县）"),
    "/offices/dazhou/": ("达州市", "达州市的窗口和电话"),
    "/offices/dazhou/xuanhan/": ("达州市宣汉县", "达州市宣汉县的窗口和电话"),
    EMPTY_SEARCH: ("达州市宣汉县", "搜索“天气”的结果（达州市宣汉县）"),
    "/offices/?q=%E6%97%A0": ("", "查找窗口“无”的结果"),
    "/materials/?q=%E6%97%A0&city=dazhou": ("达州市", "查材料“无”的结果（达州市）"),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_leads_to_its_own_form_which_knows_page_and_place(
    client: Client, cast: Cast, page: str
) -> None:
    html = html_of(client.get(page))
    form = reverse("reports:report")
    link = next(part.split('"')[0] for part in html.split('href="') if part.startswith(form))
    shown = client.get(link)
    place, name = PAGES[page]
    assert (str(shown.context["place"]), shown.context["page"].name) == (place, name)
    assert f'href="{shown.context["page"].address}"'.replace("&", "&amp;") in html_of(shown)


def test_a_page_with_results_or_of_another_kind_has_no_form(client: Client, cast: Cast) -> None:
    for page in ("/guides/?city=dazhou", "/offices/?q=宣汉", "/materials/", "/", f"{XUANHAN}print/"):
        assert reverse("reports:report") not in html_of(client.get(page))


@pytest.mark.parametrize(
    "page",
    [
        "",
        "/",
        "/admin/",
        "//example.com/guides/dazhou/zhuyuan-baoxiao/",
        "https://example.com/",
        "/guides/dazhou/nothing/",
        "/guides/nowhere/zhuyuan-baoxiao/",
        "/offices/?city=nowhere",
        "/offices/dazhou/%00/",
        "/guides/?city=%00",
        "/guides/?q=%00",
        "/guides/?city=dazhou&county=%00",
        "/guides/?city=%00&city=dazhou",
        "/offices/?q=a%00b",
        "/materials/?q=%00",
        "/guides/\n",
        "/guides/?q=" + "a" * 2000,
    ],
)
def test_only_a_page_of_ours_can_be_reported(client: Client, cast: Cast, page: str) -> None:
    response = client.get(reverse("reports:report"), {"page": page})
    assert response.status_code == 404
    assert "要从有错的那一页点进来" in text_of(response)


def test_a_report_is_saved_with_its_page_version_place_and_day(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    Stamp.objects.create(scope="guide:dazhou/zhuyuan-baoxiao", number=7)
    Stamp.objects.create(scope="guide:dazhou/zhigong-canbao", number=9)
    response = reported(client, clock, kind="papers", text="少了\r\n出院记录", contact="微信 li4")
    report = only()
    assert response.status_code == 303
    assert response.headers["Location"] == reverse("reports:thanks", args=[report.receipt])
    assert (report.page, report.page_version, report.guide) == (XUANHAN, 7, cast.inpatient)
    assert (report.city, report.county) == (cast.dazhou, cast.xuanhan)
    assert (report.kind, report.text, report.contact) == ("papers", "少了\n出院记录", "微信 li4")
    assert (report.state, report.due_on) == ("new", date(2026, 3, 5))
    assert len(report.receipt) == 8
    assert "192.0.2.1" not in str(vars(report))


def test_the_reader_is_told_the_receipt_the_day_and_whom_to_call(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    text = text_of(client.get(reported(client, clock).headers["Location"]))
    for words in (
        "已经收到",
        only().receipt_in_groups,
        "2026年3月5日，星期四",
        "0818-5872688",
        "达州市宣汉县的编辑",
    ):
        assert words in text


def test_days_beyond_the_calendar_are_not_guessed(client: Client, cast: Cast, clock: Traveller) -> None:
    clock.move_to("2026-12-30T10:00:00+08:00")
    text = text_of(client.get(reported(client, clock).headers["Location"]))
    assert only().due_on is None
    assert "2027年放假安排尚未公布" in text
    assert "3 个工作日" in text


def test_pressing_twice_is_one_report(client: Client, cast: Cast, clock: Traveller) -> None:
    form = opened(client) | {"kind": "other", "text": "有错"}
    clock.shift(timedelta(seconds=5))
    first, second = send(client, form), send(client, form)
    assert first.headers["Location"] == second.headers["Location"]
    send(client, form | {"text": "还有一处"})
    assert [report.text for report in Report.objects.order_by("pk")] == ["有错", "还有一处"]


def test_a_number_belongs_to_the_county_of_its_office(client: Client, cast: Cast, clock: Traveller) -> None:
    office = Office.objects.get(county=cast.dazhu)
    page = "/guides/dazhou/zhuyuan-baoxiao/"
    number = f"{office.pk}:0818-6221190"
    assert reported(client, clock, page, kind="phone", number=number, text="").status_code == 303
    assert (only().office, only().number, only().county) == (office, "0818-6221190", cast.dazhu)


def test_who_can_get_through_has_no_number_wrong(client: Client, cast: Cast, clock: Traveller) -> None:
    office = Office.objects.get(county=cast.xuanhan)
    reported(client, clock, kind="address", number=f"{office.pk}:0818-5872688", text="搬了")
    assert (only().office, only().number) == (None, "")


@pytest.mark.parametrize(
    ("data", "field", "said"),
    [
        ({"kind": ""}, "kind", "请选一项"),
        ({"kind": "nonsense"}, "kind", "请在列出的几项里选一项"),
        ({"text": " "}, "text", "请写一写哪里不对"),
        ({"text": "字" * 1001}, "text", "现在有 1001 个字，请删到 1000 个字以内"),
        ({"contact": "字" * 101}, "contact", "请删到 100 个字以内"),
        ({"kind": "phone", "text": "打不通"}, "number", "请选出打不通的号码"),
        ({"kind": "phone", "number": "none", "text": ""}, "text", "请写一写哪里不对"),
        ({"kind": "phone", "number": "1:110", "text": "打不通"}, "number", "这个号码已经不在网页上了"),
    ],
)
def test_what_is_missing_is_said_at_the_top_and_beside_the_field_and_nothing_typed_is_lost(
    client: Client, cast: Cast, clock: Traveller, data: dict[str, str], field: str, said: str
) -> None:
    response = reported(client, clock, **{"text": "<b>地址</b>搬了", "contact": "李四"} | data)
    html = html_of(response)
    assert response.status_code == 422
    assert not Report.objects.exists()
    top = html[html.index('class="problems"') : html.index("</section>")]
    assert f'href="#{field}"' in top
    assert said in top
    beside = html[html.index(f'id="{field}-error"') :]
    assert said in beside[:300]
    assert f'id="{field}"' in html
    assert "还没有提交" in response.content.decode().split("<title>")[1].split("</title>")[0]
    if "text" not in data:
        assert "&lt;b&gt;地址&lt;/b&gt;搬了</textarea>" in html
    if "contact" not in data:
        assert 'value="李四"' in html


def test_a_thousand_characters_are_counted_as_the_browser_counts_them(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    assert reported(client, clock, text="一\r\n" * 499 + "二").status_code == 303


def test_the_form_is_kept_by_nobody_and_in_no_index(client: Client, cast: Cast, clock: Traveller) -> None:
    for response in (
        client.get(reverse("reports:report"), {"page": XUANHAN}),
        client.get(reported(client, clock).headers["Location"]),
    ):
        assert "no-store" in response.headers["Cache-Control"]
        assert 'name="robots" content="noindex' in html_of(response)
    assert "Disallow: /report/" in client.get("/robots.txt").content.decode()


def test_only_the_form_sets_a_cookie(client: Client, cast: Cast) -> None:
    assert not client.get(XUANHAN).cookies
    assert set(client.get(reverse("reports:report"), {"page": XUANHAN}).cookies) == {"csrftoken"}


def test_a_form_of_another_site_is_refused_and_the_words_come_back(cast: Cast, clock: Traveller) -> None:
    client = Client(enforce_csrf_checks=True)
    response = reported(client, clock, text="地址搬了")
    assert response.status_code == 403
    assert "地址搬了</textarea>" in html_of(response)
    assert not Report.objects.exists()


def test_words_about_a_page_withdrawn_meanwhile_come_back(
    client: Client, cast: Cast, clock: Traveller
) -> None:
    form = opened(client)
    cast.inpatient.status = "withdrawn"
    cast.inpatient.save()
    response = send(client, form | {"kind": "other", "text": "地址搬了"})
    assert response.status_code == 404
    assert "地址搬了</textarea>" in html_of(response)
    assert not Report.objects.exists()


def test_an_unknown_receipt_is_said_to_be_unknown(client: Client, cast: Cast) -> None:
    assert client.get(reverse("reports:thanks", args=["12345678"])).status_code == 404
