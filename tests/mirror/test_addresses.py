"""The mirror holds every address a reader can come to by links, but for those of which there is no end."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape

import pytest
from django.urls import resolve

from guides.editing import apply_guide
from guides.mirror.addresses import LEFT_OUT, QUERY, public_addresses
from guides.mirror.files import file_of
from guides.mirror.pages import Site
from guides.mirror.press import leads_of
from guides.models import Guide
from offices.models import City, County
from tests.cast import Cast, assemble
from tests.test_addresses_never_die import everything_published

LINK = re.compile(r'\b(?:href|action|src)="(?:http://127\.0\.0\.1:8000)?(/[^"#]*)')
OF_A_KIND = 2
"""Pages of each kind that are read for their links."""


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def left_out(address: str) -> bool:
    return any(re.match(pattern, address) for pattern in LEFT_OUT)


def kind_of(address: str) -> tuple[str, ...]:
    path, _, query = address.partition("?")
    return (resolve(path).view_name, *sorted({pair.split("=")[0] for pair in query.split("&")}))


def linked(held: set[str]) -> set[str]:
    """Every address that pages link to, from the first page on, reading some of each kind."""
    site, read = Site(), Counter[tuple[str, ...]]()
    seen, ahead = {"/"}, deque(["/"])
    while ahead:
        address = ahead.popleft()
        if address not in held or read[kind_of(address)] >= OF_A_KIND or address.endswith(".pdf"):
            continue
        read[kind_of(address)] += 1
        answer = site.ask(address)
        assert answer.status == 200, address
        held.update(leads_of(answer))
        if answer.is_page:
            links = {unescape(link) for link in LINK.findall(answer.body.decode())}
            ahead += links - seen
            seen |= links
    return {address for address in seen if not address.startswith("/static/")}


def test_every_linked_address_is_held_or_left_out_for_a_reason(cast: Cast) -> None:
    held = set(public_addresses())
    found = linked(held)
    assert len(found) > 300
    forgotten = {address for address in found - held if not left_out(address)}
    site = Site()
    assert {address for address in forgotten if site.ask(address).status == 200} == set()
    assert all(address.startswith("/paths/") or "category=yidi" in address for address in forgotten)


def test_every_address_ever_published_is_held_or_left_out_for_a_reason(cast: Cast) -> None:
    published = {address for address in everything_published() if not left_out(address)}
    assert published - set(public_addresses()) == set()
    assert len(published) > 100


def test_every_address_has_one_file_of_its_own_with_a_name_a_server_can_check(cast: Cast) -> None:
    addresses = list(public_addresses())
    assert len(addresses) == len(set(addresses)) == len({file_of(address) for address in addresses})
    for address in addresses:
        path, _, query = address.partition("?")
        assert QUERY.fullmatch(query), address
        assert re.fullmatch(r"/([a-z0-9_.-]+/)*[a-z0-9_.-]*", path), address


def test_a_county_without_guides_has_no_paper_and_no_trip(cast: Cast) -> None:
    city = City.objects.create(slug="chengdu", name="成都市", area_code="028", position=3)
    County.objects.create(city=city, slug="wuhou", name="武侯区", kind="district", position=0)
    site = Site()
    theirs = {address for address in public_addresses() if "/chengdu/" in address}
    assert theirs == {
        "/offices/chengdu/",
        "/offices/chengdu/wuhou/",
        "/offices/chengdu/wuhou/counter/",
        "/guides/chengdu/",
        *(address for address in theirs if address.startswith("/compare/")),
    }
    assert all(site.ask(address).status == 200 for address in theirs)


def test_what_leaves_the_mirror_is_no_page_of_the_site_any_more(cast: Cast) -> None:
    before = set(public_addresses())
    for guide in Guide.objects.with_details().published().in_city(cast.suining):
        apply_guide(guide.document(), status="withdrawn")
    left = before - set(public_addresses())
    assert cast.credential_in_suining.get_absolute_url() in left
    assert cast.credential_in_suining.matter.get_absolute_url() not in left
    site = Site()
    assert {address for address in left if site.ask(address).status == 200} == set()
