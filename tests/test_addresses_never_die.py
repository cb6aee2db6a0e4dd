"""No published address ever answers 404: withdrawn is 410 with a way on, renamed is 301 for ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, reverse

from guides import editing
from guides.models import Guide, Matter, Revision
from guides.site_map import city_addresses, general_addresses
from guides.urls import urlpatterns as of_guides
from offices.models import City, County
from offices.urls import urlpatterns as of_offices
from tests.cast import Cast, assemble, html_of, text_of

NEVER_ONE_OF_OURS = {"event", "path"}
"""Parts of addresses that are not renamed."""
WITHOUT_A_SLUG = 18
"""Addresses that name no matter and no place, such as the first page."""
BELOW = [
    "print/",
    "sheet.pdf",
    "source/",
    "text/",
    "deadline/",
    "notice/",
    "xuanhan/",
    "xuanhan/print/",
    "xuanhan/sheet.pdf",
    "xuanhan/text/",
    "xuanhan/notice/",
]


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def withdraw(guide: Guide) -> None:
    document = Guide.objects.with_details().get(pk=guide.pk).document()
    editing.apply_guide(document, status="withdrawn")


def name_of(pattern: URLPattern) -> str:
    return f"{'guides' if pattern in of_guides else 'offices'}:{pattern.name}"


def addresses_with(**slugs: str) -> Iterator[str]:
    """Every address of the site with these in its path."""
    for pattern in [*of_guides, *of_offices]:
        parts = pattern.pattern.converters.keys()
        if parts and not parts & NEVER_ONE_OF_OURS:
            yield reverse(name_of(pattern), kwargs={part: slugs[part] for part in parts})


def everything_published() -> set[str]:
    """The site map, every address below a guide, and the states of pages that name a matter or a place."""
    found = set(general_addresses())
    for city in City.objects.all():
        found |= set(city_addresses(city))
        found |= {reverse("guides:sitemap_city", args=[city.slug]), f"/?city={city.slug}"}
        found |= {f"/guides/?city={city.slug}", reverse("guides:city_list", args=[city.slug])}
    for guide in Guide.objects.published().select_related("city", "matter"):
        page, places = guide.get_absolute_url(), [""]
        places += [f"{slug}/" for slug in guide.city.counties.values_list("slug", flat=True)]
        found |= {f"{page}{of}" for of in ("source/", "deadline/", "deadline/?accepted=2026-02-10")}
        found |= {f"{page}{place}{of}" for place in places for of in ("", "print/", "text/", "notice/")}
        found.add(f"/matters/{guide.matter.slug}/?city={guide.city.slug}")
        found.add(f"{page}source/?county={places[1][:-1]}")
    for county in County.objects.select_related("city"):
        place = f"{county.city.slug}/{county.slug}/"
        found |= {
            f"/offices/{place}counter/",
            f"/offices/{place}booklet/",
            f"/guides/?city={county.city.slug}&county={county.slug}",
        }
        for guide in Guide.objects.published().in_county(county).select_related("matter"):
            found.add(f"/plan/{place}?matters={guide.matter.slug}")
    return found


def last_answer(client: Client, address: str) -> tuple[int, list[int]]:
    """The status at the end of all redirects, and those on the way."""
    response = client.get(address, follow=True)
    return response.status_code, [status for _, status in response.redirect_chain]


def test_a_withdrawn_guide_is_gone_and_says_since_when_what_to_read_instead_and_whom_to_ask(
    client: Client, cast: Cast
) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 17, tzinfo=UTC), tick=False):
        withdraw(cast.inpatient)
    editing.set_beside(cast.inpatient, successor_id=cast.enrolment.pk)
    for below in ("", *BELOW):
        response = client.get(f"/guides/dazhou/zhuyuan-baoxiao/{below}")
        assert response.status_code == 410, below
    text, html = (
        text_of(client.get("/guides/dazhou/zhuyuan-baoxiao/")),
        html_of(client.get("/guides/dazhou/zhuyuan-baoxiao/")),
    )
    assert "达州市的“住院费用报销”办事指南已于2026年3月2日撤下" in text
    main = html[html.index("<main") :]
    links = [part.split('"')[0] for part in main.split('href="')[1:]]
    assert links[:3] == [
        "/guides/dazhou/zhigong-canbao/",
        "/guides/suining/zhuyuan-baoxiao/",
        "/guides/?city=dazhou",
    ]
    assert "tel:+86-818-3091543" in links


def test_the_successor_of_a_withdrawn_successor_is_offered(cast: Cast) -> None:
    withdraw(cast.inpatient)
    withdraw(cast.enrolment)
    editing.set_beside(cast.inpatient, successor_id=cast.enrolment.pk)
    editing.set_beside(cast.enrolment, successor_id=cast.inpatient_in_suining.pk)
    assert Guide.objects.get(pk=cast.inpatient.pk).read_instead == cast.inpatient_in_suining
    editing.set_beside(cast.enrolment, successor_id=cast.inpatient.pk)
    assert Guide.objects.get(pk=cast.inpatient.pk).read_instead is None


def test_a_draft_that_was_never_published_is_not_found(client: Client, cast: Cast) -> None:
    Guide.objects.filter(pk=cast.inpatient.pk).update(status="draft")
    assert client.get("/guides/dazhou/zhuyuan-baoxiao/").status_code == 404


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_what_is_not_published_is_in_no_list_search_site_map_data_or_booklet(
    client: Client, cast: Cast, status: str
) -> None:
    Guide.objects.filter(pk=cast.credential_in_suining.pk).update(status=status)
    pages = [
        "/",
        "/guides/",
        "/guides/?q=医保电子凭证",
        "/guides/?city=suining",
        "/data/guides.json",
        "/sitemap/",
    ]
    pages += [
        "/sitemaps/suining.xml",
        "/sitemap-general.xml",
        "/search/suggest/?q=医保电子凭证",
        "/plan/suining/shehong/",
    ]
    pages += [
        "/offices/suining/shehong/counter/",
        "/offices/suining/shehong/booklet/",
        "/offices/suining/shehong/",
    ]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200
        assert "dianzi-pingzheng" not in response.content.decode(), page


def test_every_address_with_a_former_slug_leads_on_for_ever(client: Client, cast: Cast) -> None:
    editing.rename_matter(Matter.objects.get(slug="zhuyuan-baoxiao"), "zhuyuan")
    editing.rename_county(cast.xuanhan, "xuanhan-xian")
    editing.rename_city(cast.dazhou, "dazhou-shi")
    now = {"dazhou": "dazhou-shi", "zhuyuan-baoxiao": "zhuyuan", "xuanhan": "xuanhan-xian"}
    former = {
        "city": "dazhou",
        "matter": "zhuyuan-baoxiao",
        "county": "xuanhan",
        "one": "suining",
        "other": "dazhou",
    }
    seen = list(addresses_with(**former))
    assert len(seen) == len([*of_guides, *of_offices]) - WITHOUT_A_SLUG
    for address in seen:
        response = client.get(f"{address}?size=large&x=1&x=2")
        path, suffix = re.fullmatch(r"(.*?)(\.xml|\.json)?", address).groups(default="")  # type: ignore[union-attr]
        path = "/".join(now.get(part, part) for part in path.split("/"))
        assert response.status_code == 301, address
        assert response.headers["Location"] == f"{path}{suffix}?size=large&x=1&x=2"
        assert client.head(address).status_code == 301


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/guides/?city=dazhou&county=xuanhan&q=住院", "/guides/?city=dazhou-shi&county=xuanhan-xian&q="),
        ("/?city=dazhou", "/?city=dazhou-shi"),
        ("/offices/?q=宣汉&city=dazhou", "&city=dazhou-shi"),
        (
            "/matters/zhuyuan-baoxiao/?city=dazhou&city=suining",
            "/matters/zhuyuan-baoxiao/?city=dazhou-shi&city=suining",
        ),
        ("/materials/?county=xuanhan", "/materials/?county=xuanhan-xian"),
    ],
)
def test_a_former_slug_among_the_parameters_leads_on(
    client: Client, cast: Cast, before: str, after: str
) -> None:
    editing.rename_county(cast.xuanhan, "xuanhan-xian")
    editing.rename_city(cast.dazhou, "dazhou-shi")
    response = client.get(before)
    assert response.status_code == 301
    assert after in response.headers["Location"]


def test_every_published_address_lives_through_a_withdrawal_and_three_renamings(
    client: Client, cast: Cast
) -> None:
    addresses = everything_published()
    assert len(addresses) > 100
    assert {last_answer(client, address)[0] for address in addresses} == {200}
    withdraw(cast.inpatient)
    editing.rename_matter(Matter.objects.get(slug="zhigong-canbao"), "canbao-zhigong")
    editing.rename_county(cast.xuanhan, "xuanhan-xian")
    editing.rename_city(cast.suining, "suining-shi")
    answers = {address: last_answer(client, address) for address in addresses}
    assert {address: found for address, found in answers.items() if found[0] not in (200, 410)} == {}
    gone = {address for address, (status, _) in answers.items() if status == 410}
    assert gone
    assert all("zhuyuan-baoxiao" in address for address in gone)
    moved = {address for address, (_, way) in answers.items() if 301 in way}
    assert all(part in "".join(moved) for part in ("zhigong-canbao", "xuanhan", "suining"))


def test_a_chain_of_renamings_is_one_step_and_a_slug_may_come_home(client: Client, cast: Cast) -> None:
    for slug in ("a-shi", "b-shi"):
        editing.rename_city(cast.dazhou, slug)
    for old in ("dazhou", "a-shi"):
        assert client.get(f"/offices/{old}/").headers["Location"] == "/offices/b-shi/"
    editing.rename_city(cast.dazhou, "dazhou")
    assert client.get("/offices/dazhou/").status_code == 200
    assert client.get("/offices/b-shi/").headers["Location"] == "/offices/dazhou/"


def test_nobody_else_gets_a_former_slug(cast: Cast) -> None:
    editing.rename_city(cast.dazhou, "dazhou-shi")
    editing.rename_county(cast.xuanhan, "xuanhan-xian")
    matter = Matter.objects.get(slug="zhuyuan-baoxiao")
    editing.rename_matter(matter, "zhuyuan")
    with pytest.raises(ValidationError, match="达州市”用过的网址名"):
        editing.save_entry(City(slug="dazhou", name="大州市", area_code="0818"))
    with pytest.raises(ValidationError, match="用过的网址名"):
        editing.save_entry(County(city=cast.dazhou, slug="xuanhan", name="新县", kind="county"))
    with pytest.raises(ValidationError, match="用过的网址名"):
        editing.save_entry(Matter(slug="zhuyuan-baoxiao", name="别的事项", category=matter.category))
    with pytest.raises(ValidationError, match="用过的网址名"):
        editing.rename_city(cast.suining, "dazhou")
    editing.save_entry(County(city=cast.suining, slug="xuanhan", name="另一个城市的", kind="county"))


def test_what_a_renaming_touches_has_a_revision_that_is_no_news(client: Client, cast: Cast) -> None:
    editing.rename_county(cast.xuanhan, "xuanhan-xian")
    revisions = Revision.objects.all()
    assert {revision.title for revision in revisions} == {"宣汉县医保窗口", "住院费用报销", "职工参保登记"}
    assert {revision.reason for revision in revisions} == {"网址名由 xuanhan 改为 xuanhan-xian"}
    assert "更新记录" not in text_of(client.get("/guides/dazhou/zhuyuan-baoxiao/"))


def test_a_version_from_before_a_renaming_can_be_restored(cast: Cast) -> None:
    guide = Guide.objects.with_details().get(pk=cast.inpatient.pk)
    editing.apply_guide({**guide.document(), "notes": ["新的"]})
    editing.rename_matter(Matter.objects.get(pk=guide.matter_id), "zhuyuan")
    editing.rename_county(cast.xuanhan, "xuanhan-xian")
    editing.rename_city(cast.dazhou, "dazhou-shi")
    editing.restore(guide, 0, editing.Change())
    now = Guide.objects.with_details().get(pk=guide.pk).document()
    assert (now["city"], now["matter"]) == ("dazhou-shi", "zhuyuan")
    assert now["notes"] == guide.document()["notes"]
    assert [place["county"] for place in now["offices"]] == ["shibenji", "xuanhan-xian", "dazhu"]


def test_the_command_renames_and_says_what_else_to_change(cast: Cast) -> None:
    out = StringIO()
    call_command("rename_slug", "county", "dazhou/xuanhan", "xuanhan-xian", stdout=out)
    assert "“达州市宣汉县”的网址名已改为 xuanhan-xian" in out.getvalue()
    assert "fixtures/catalogue.toml" in out.getvalue()
    with pytest.raises(CommandError, match="没有网址名“dazhou”。县（市、区）要写成"):
        call_command("rename_slug", "county", "dazhou", "x")
    with pytest.raises(CommandError, match="不能改成“Da Zhou”"):
        call_command("rename_slug", "city", "dazhou", "Da Zhou")
    assert (
        urlsplit(County.objects.get(pk=cast.xuanhan.pk).get_absolute_url()).path
        == "/offices/dazhou/xuanhan-xian/"
    )
