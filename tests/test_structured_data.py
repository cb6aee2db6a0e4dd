"""What search engines read about guides and offices (schema.org): the facts of the page, and nothing else."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client, override_settings

from guides.models import Channel, Guide
from guides.reading import whereabouts
from guides.structured_data import guide_data
from offices.models import City, County, Office, OpeningHours, Phone
from offices.structured_data import WEEK, opening_hours, script
from tests.cast import Cast, assemble, content_of

SITE = "https://yibao.example.gov.cn"
GUIDE = "/guides/dazhou/zhuyuan-baoxiao/"
IN_COUNTY = f"{GUIDE}xuanhan/"
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
HOSTILE = "</script><!--&quot;<script>alert(1)</script>\u2028\u2029'\\\""


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def graph(client: Client, path: str) -> dict[str, list[dict[str, Any]]]:
    """The page's nodes by type."""
    with override_settings(SITE_URL=SITE):
        found = SCRIPT.findall(content_of(client.get(path, headers={"host": "localhost"})))
    assert len(found) == 1
    data = json.loads(found[0])
    assert data["@context"] == "https://schema.org"
    nodes: dict[str, list[dict[str, Any]]] = {}
    for node in data["@graph"]:
        nodes.setdefault(node["@type"], []).append(node)
    return nodes


def service(client: Client, path: str) -> dict[str, Any]:
    (node,) = graph(client, path)["GovernmentService"]
    return node


def sessions(specifications: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["opens"], one["closes"]) for one in specifications]


def numbers(points: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(point["contactType"], point["telephone"]) for point in points]


def test_a_county_guide_names_its_own_counter_with_number_address_and_hours(
    client: Client, cast: Cast
) -> None:
    node = service(client, IN_COUNTY)
    assert node["name"] == "住院费用报销"
    assert node["url"] == f"{SITE}{IN_COUNTY}"
    assert node["serviceType"] == "费用报销"
    assert node["audience"] == {"@type": "Audience", "audienceType": cast.inpatient.audience}
    assert node["areaServed"]["name"] == "宣汉县"
    assert node["areaServed"]["containedInPlace"]["name"] == "达州市"
    (office,) = node["provider"]
    assert office["@type"] == "GovernmentOffice"
    assert office["name"] == "宣汉县医保窗口"
    assert office["address"] == {
        "@type": "PostalAddress",
        "addressCountry": "CN",
        "addressRegion": "四川省",
        "addressLocality": "达州市",
        "streetAddress": "宣汉县东乡街道解放中路591号4楼医保窗口",
    }
    assert numbers(office["contactPoint"]) == [("咨询", "+86-818-5872688"), ("投诉", "+86-818-5211625")]
    (channel,) = node["availableChannel"]
    assert channel["serviceLocation"] == {"@id": office["@id"]}
    assert numbers(channel["servicePhone"]) == [("咨询", "+86-818-5872688")]
    for hours in (node["hoursAvailable"], office["openingHoursSpecification"]):
        assert sessions(hours) == [("08:30", "12:00"), ("14:30", "18:00")]
        assert {tuple(one["dayOfWeek"]) for one in hours} == {
            tuple(f"https://schema.org/{day}" for day in WEEK[:5])
        }
        assert {one["description"] for one in hours} == {"周一至周五，放假和调休按国家安排"}


def test_the_guide_of_a_city_names_every_counter(client: Client, cast: Cast) -> None:
    node = service(client, GUIDE)
    assert [office["name"] for office in node["provider"]] == [
        "达州市医保窗口",
        "宣汉县医保窗口",
        "大竹县医保窗口",
    ]
    assert [numbers(channel["servicePhone"]) for channel in node["availableChannel"]] == [
        [("咨询", "+86-818-3091543")],
        [("咨询", "+86-818-5872688")],
        [("咨询", "+86-818-6221190")],
    ]
    assert node["areaServed"]["name"] == "达州市"


def test_a_county_without_a_counter_is_not_claimed_to_be_served(client: Client, cast: Cast) -> None:
    node = service(client, "/guides/suining/zhuyuan-baoxiao/shehong/")
    assert node["areaServed"]["name"] == "遂宁市"
    assert [office["name"] for office in node["provider"]] == ["医保服务大厅综合窗口"]


def test_places_without_address_and_ways_on_a_screen_are_channels_without_location(
    client: Client, cast: Cast
) -> None:
    Channel.objects.create(
        guide=cast.inpatient_in_suining, name="四川医保APP", kind="app", applies_to="灵活就业人员", position=5
    )
    channels = service(client, "/guides/suining/zhuyuan-baoxiao/")["availableChannel"]
    assert channels[1:] == [
        {"@type": "ServiceChannel", "name": "各乡镇（街道）便民服务中心", "description": "资料初审"},
        {"@type": "ServiceChannel", "name": "四川医保APP", "description": "灵活就业人员"},
    ]


def test_what_is_unknown_is_left_out(client: Client, cast: Cast) -> None:
    Guide.objects.filter(pk=cast.inpatient.pk).update(audience="")
    City.objects.update(province="")
    OpeningHours.objects.all().delete()
    Office.objects.update(address="")
    Phone.objects.all().delete()
    node = service(client, IN_COUNTY)
    assert set(node) == {
        "@type",
        "@id",
        "url",
        "name",
        "serviceType",
        "areaServed",
        "provider",
        "availableChannel",
    }
    assert set(node["provider"][0]) == {"@type", "@id", "name", "url", "areaServed"}
    assert set(node["availableChannel"][0]) == {"@type", "name", "serviceLocation"}


def test_hours_of_this_matter_alone_are_the_services_and_not_the_offices(client: Client, cast: Cast) -> None:
    place = cast.inpatient.guide_offices.get(office__county=cast.xuanhan)
    place.own_hours = [{"days": "saturday", "opens": "09:00", "closes": "11:00", "note": "延时服务"}]
    place.save()
    node = service(client, IN_COUNTY)
    assert node["hoursAvailable"] == [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["https://schema.org/Saturday"],
            "opens": "09:00",
            "closes": "11:00",
            "description": "延时服务",
        }
    ]
    assert sessions(node["provider"][0]["openingHoursSpecification"])[0] == ("08:30", "12:00")
    assert "hoursAvailable" not in service(client, GUIDE)


def test_every_day_has_all_seven_and_no_day_off_is_made_up() -> None:
    (hours,) = opening_hours([{"days": "every_day", "opens": "00:00", "closes": "23:59", "note": ""}])
    assert len(hours["dayOfWeek"]) == 7
    assert set(hours) == {"@type", "dayOfWeek", "opens", "closes"}


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/offices/dazhou/xuanhan/", ["宣汉县医保窗口"]),
        ("/offices/suining/shehong/", ["医保服务大厅综合窗口"]),
        ("/offices/dazhou/", ["达州市医保窗口", "宣汉县医保窗口", "大竹县医保窗口"]),
    ],
)
def test_a_page_of_offices_describes_its_counters(
    client: Client, cast: Cast, path: str, names: list[str]
) -> None:
    offices = graph(client, path)["GovernmentOffice"]
    assert [office["name"] for office in offices] == names
    for office in offices:
        assert office["telephone"].startswith("+86-8")
        assert office["address"]["streetAddress"]
        assert len(office["openingHoursSpecification"]) == 2


def test_an_office_is_the_same_thing_on_all_pages(client: Client, cast: Cast) -> None:
    (on_its_page,) = graph(client, "/offices/dazhou/xuanhan/")["GovernmentOffice"]
    assert service(client, IN_COUNTY)["provider"][0]["@id"] == on_its_page["@id"]


@pytest.mark.parametrize("path", [GUIDE, IN_COUNTY, "/offices/dazhou/", "/offices/dazhou/xuanhan/"])
def test_the_way_down_is_the_one_the_page_shows(client: Client, cast: Cast, path: str) -> None:
    html = content_of(client.get(path))
    shown = re.search(r'<nav class="breadcrumbs.*?</nav>', html, re.DOTALL)
    assert shown
    (crumbs,) = graph(client, path)["BreadcrumbList"]
    names = [unescape(name) for name in re.findall(r'">([^<]+)</(?:a|span)>', shown[0])]
    assert [item["name"] for item in crumbs["itemListElement"]] == names
    assert [item["position"] for item in crumbs["itemListElement"]] == list(range(1, len(names) + 1))
    assert crumbs["itemListElement"][-1]["item"] == f"{SITE}{path}"
    for item in crumbs["itemListElement"]:
        assert client.get(item["item"].removeprefix(SITE)).status_code == 200


def test_no_text_can_end_the_element(client: Client, cast: Cast) -> None:
    Guide.objects.filter(pk=cast.inpatient.pk).update(name=HOSTILE, audience=HOSTILE)
    Office.objects.filter(county=cast.xuanhan).update(name=HOSTILE, address=HOSTILE, key=HOSTILE)
    node = service(client, IN_COUNTY)
    assert node["name"] == HOSTILE
    assert node["audience"]["audienceType"] == HOSTILE
    assert node["provider"][0]["address"]["streetAddress"] == HOSTILE
    (office,) = graph(client, "/offices/dazhou/xuanhan/")["GovernmentOffice"]
    assert office["name"] == HOSTILE


def test_the_element_holds_no_character_that_means_something_in_html() -> None:
    element = script({"name": HOSTILE})
    body = element.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028\u2029") & set(body)
    assert json.loads(body)["name"] == HOSTILE


@pytest.mark.usefixtures("handbooks")
def test_the_real_guides_say_what_their_documents_say() -> None:
    for guide in Guide.objects.published().with_details():
        document = guide.document()
        for county in (None, *guide.city.counties.all()):
            node = guide_data(guide, whereabouts(guide, county), SITE)["@graph"][0]
            check_counters(node, document, county)


def check_counters(node: dict[str, Any], document: dict[str, Any], county: County | None) -> None:
    """The providers of a node, against the offices of the guide's document."""
    places = {place["name"]: place for place in document["offices"] if place["county"]}
    own = [place for place in places.values() if county and place["county"] == county.slug]
    level = [place for place in places.values() if place["county"] == "shibenji"]
    expected = (own or level) if county else list(places.values())
    assert [office["name"] for office in node.get("provider", [])] == [place["name"] for place in expected]
    for office, place in zip(node.get("provider", []), expected, strict=True):
        assert office.get("address", {}).get("streetAddress", "") == place["address"]
        printed = [("咨询", one["number"]) for one in place["consult_phones"]]
        printed += [("投诉", one["number"]) for one in place["complaint_phones"]]
        said = numbers(office.get("contactPoint", []))
        assert [(kind, re.sub(r"^\+86-", "0", number)) for kind, number in said] == printed
        hours = [(one["opens"], one["closes"]) for one in place["hours"]]
        assert sessions(office.get("openingHoursSpecification", [])) == hours
