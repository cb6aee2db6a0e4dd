"""Which county am I in? Every page says for which place it speaks, offers the same page for others, and keeps it."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.template.loader import render_to_string
from django.test import Client

from guides.models import Guide
from offices.models import City
from offices.place import HANDFUL
from tests.cast import Cast, assemble, html_of, text_of

HERE = "?city=dazhou&county=xuanhan"
GUIDE = "/guides/{}/zhuyuan-baoxiao/"
TWO = "?matters=zhigong-canbao&matters=zhuyuan-baoxiao"
PAGES = [
    ("/", "各城市", "/?city=suining"),
    (f"/{HERE}", "达州市宣汉县", "/?city=suining"),
    ("/guides/", "各城市", "/guides/?city=suining"),
    (f"/guides/{HERE}&category=baoxiao", "达州市宣汉县", "/guides/?city=suining&category=baoxiao"),
    ("/guides/?q=天气预报&city=dazhou&county=xuanhan", "达州市宣汉县", "/guides/?q=天气预报&city=suining"),
    ("/guides/?city=dazhou&channel=fax", "达州市", "/guides/?city=suining"),
    (GUIDE.format("dazhou"), "达州市", GUIDE.format("suining")),
    (f"{GUIDE.format('dazhou')}xuanhan/", "达州市宣汉县", GUIDE.format("suining")),
    (f"{GUIDE.format('suining')}shehong/", "遂宁市射洪市", GUIDE.format("dazhou")),
    (f"{GUIDE.format('dazhou')}source/", "达州市", f"{GUIDE.format('suining')}source/"),
    (f"{GUIDE.format('dazhou')}source/?county=xuanhan", "达州市宣汉县", f"{GUIDE.format('suining')}source/"),
    (f"{GUIDE.format('dazhou')}print/", "达州市", f"{GUIDE.format('suining')}print/"),
    (f"{GUIDE.format('dazhou')}xuanhan/print/", "达州市宣汉县", f"{GUIDE.format('suining')}print/"),
    (f"{GUIDE.format('dazhou')}notice/", "达州市", f"{GUIDE.format('suining')}notice/"),
    (f"{GUIDE.format('dazhou')}xuanhan/notice/?missing=b2858b", "达州市宣汉县", f"{GUIDE.format('suining')}notice/"),
    ("/offices/dazhou/xuanhan/counter/", "达州市宣汉县", "/offices/suining/"),
    ("/matters/zhuyuan-baoxiao/", "各城市", GUIDE.format("suining")),
    ("/matters/zhuyuan-baoxiao/?city=suining&city=dazhou", "遂宁市、达州市", GUIDE.format("suining")),
    ("/compare/suining/dazhou/", "遂宁市与达州市", "/guides/?city=suining"),
    ("/materials/", "各城市", "/materials/?city=suining"),
    (f"/materials/{HERE}", "达州市宣汉县", "/materials/?city=suining"),
    (f"/materials/{HERE}&paper=出院记录", "达州市宣汉县", "/materials/?city=suining&paper=出院记录"),
    ("/plan/dazhou/xuanhan/", "达州市宣汉县", "/plan/suining/shibenji/"),
    (f"/plan/dazhou/xuanhan/{TWO}", "达州市宣汉县", "/plan/suining/shibenji/?matters=zhuyuan-baoxiao"),
    (f"/plan/dazhou/xuanhan/print/{TWO}", "达州市宣汉县", "/plan/suining/shibenji/?matters=zhuyuan-baoxiao"),
    ("/life-events/shengbing-zhuyuan/", "各城市", "/life-events/shengbing-zhuyuan/?city=suining"),
    (f"/life-events/shengbing-zhuyuan/{HERE}", "达州市宣汉县", "/life-events/shengbing-zhuyuan/?city=suining"),
    (f"/paths/yidi/{HERE}", "达州市宣汉县", "/paths/yidi/?city=suining"),
    ("/paths/yidi/?a=changzhu&city=dazhou", "达州市", "/paths/yidi/?a=changzhu&city=suining"),
    ("/offices/", "各城市", "/offices/suining/"),
    ("/offices/dazhou/", "达州市", "/offices/suining/"),
    ("/offices/dazhou/xuanhan/", "达州市宣汉县", "/offices/suining/"),
    ("/offices/?q=没有这里&city=dazhou", "达州市", "/offices/?q=没有这里&city=suining"),
    ("/sitemap/", "各城市", "/sitemap/?city=suining"),
    (f"/sitemap/{HERE}", "达州市宣汉县", "/sitemap/?city=suining"),
    ("/nothing/", "各城市", "/?city=suining"),
    ("/guides/dazhou/nothing/xuanhan/", "达州市宣汉县", "/?city=suining"),
]  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def bar(html: str) -> str:
    """The line that names the place, with its choice."""
    found = re.findall(r'<nav class="place-bar".*?</nav>', html)
    assert len(found) == 1
    return str(found[0])


def links(html: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'href="([^"]+)"', html)]


@pytest.mark.parametrize(("page", "place", "elsewhere"), PAGES)
def test_a_page_names_its_place_and_offers_itself_for_the_other_city(
    client: Client, cast: Cast, page: str, place: str, elsewhere: str
) -> None:
    named = bar(html_of(client.get(page)))
    assert f"本页：</span><b>{place}</b>" in named
    others = links(named)
    assert elsewhere in [unquote(other) for other in others]
    for other in others:
        if not other.startswith("#"):
            assert client.get(other).status_code == 200, other


@pytest.mark.parametrize("page", [page for page, place, _ in PAGES if place == "达州市宣汉县"])
def test_a_page_of_a_county_carries_it_on(client: Client, cast: Cast, page: str) -> None:
    html = html_of(client.get(page))
    if "masthead" not in html:  # a sheet has no links but the way back
        return
    for address in (f"/{HERE}", f"/guides/{HERE}", "/offices/dazhou/xuanhan/", f"/materials/{HERE}"):
        assert address in links(html)
    for form in re.findall(r'<form[^>]* role="search".*?</form>', html):
        assert re.search(r'name="city".*"dazhou"', form)
        assert re.search(r'name="county".*"xuanhan"', form)
    page_body = html[html.index("<main") : html.index("</main>")]
    for address in links(page_body):
        if re.match(r"/guides/dazhou/[a-z-]+/", address) and "zhuyuan-baoxiao" not in address:
            assert "xuanhan" in address


def test_the_page_for_our_own_failures_speaks_for_all_cities() -> None:
    assert "各城市" in bar(" ".join(render_to_string("500.html").split()))


@pytest.mark.parametrize(
    "page",
    ["/{}", "/guides/{}", "/life-events/shengbing-zhuyuan/{}", "/materials/{}", "/paths/yidi/{}"],
)
def test_a_county_without_a_counter_in_the_handbook_is_said_with_whom_to_ask(
    client: Client, cast: Cast, page: str
) -> None:
    response = client.get(page.format("?city=suining&county=shehong"))
    assert "手册没有载明射洪市的窗口" in text_of(response)
    assert "/offices/suining/shehong/" in links(bar(html_of(response)))
    assert "手册没有载明" not in bar(html_of(client.get(page.format(HERE))))


@pytest.fixture
def country(cast: Cast) -> Cast:
    for number in range(60):
        City.objects.create(slug=f"c{number}", name=f"新{number}市", area_code="0800", position=10 + number)
    return cast


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("/", {}),
        ("/guides/?category=baoxiao", {"category": "baoxiao"}),
        ("/life-events/shengbing-zhuyuan/", {}),
        ("/paths/yidi/?a=changzhu", {"a": "changzhu"}),
        ("/offices/dazhou/", {}),
        ("/materials/?paper=出院记录", {"paper": "出院记录"}),
    ],
)
def test_with_many_cities_a_handful_are_links_and_the_others_a_list(
    client: Client, country: Cast, page: str, kept: dict[str, str]
) -> None:
    html = bar(html_of(client.get(page)))
    assert html.count("<li>") - html.count("县") <= HANDFUL + 4
    assert html.count("<option") == City.objects.count()
    action = re.search(r'<form class="city-form" action="([^"]+)"', html)
    assert action
    assert dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', html)) == kept
    arrived = client.get(action[1], {**kept, "city": "c50"}, follow=True)
    assert arrived.status_code == 200
    assert "<b>新50市</b>" in bar(html_of(arrived))


def test_a_matter_of_many_cities_points_to_its_page_of_cities(client: Client, country: Cast) -> None:
    for city in City.objects.filter(slug__startswith="c"):
        Guide.objects.create(city=city, matter=country.inpatient.matter, name="住院费用报销")
    html = bar(html_of(client.get(GUIDE.format("dazhou"))))
    assert html.count("<li>") < 20
    assert "其他城市" in html
    assert links(html).count("/matters/zhuyuan-baoxiao/") == 2
