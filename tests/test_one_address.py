"""An address is the whole state of its page, and each state has one: others lead there with a redirect."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, assemble

TWO = "matters=zhigong-canbao&matters=zhuyuan-baoxiao"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.mark.parametrize(
    ("asked", "one"),
    [
        ("/?county=xuanhan", "/?city=dazhou&county=xuanhan"),
        ("/?city=&county=", "/"),
        ("/guides/?q=&city=&county=", "/guides/"),
        ("/guides/?county=xuanhan&city=dazhou", "/guides/?city=dazhou&county=xuanhan"),
        ("/guides/?county=xuanhan", "/guides/?city=dazhou&county=xuanhan"),
        ("/guides/?city=suining&city=dazhou", "/guides/?city=dazhou"),
        ("/guides/?city=dazhou&page=1", "/guides/?city=dazhou"),
        ("/guides/?city=dazhou&page=", "/guides/?city=dazhou"),
        ("/guides/?page=01&channel=counter", "/guides/?channel=counter"),
        ("/guides/?city=dazhou&q=+%E4%BD%8F%E9%99%A2+", "/guides/?q=%E4%BD%8F%E9%99%A2&city=dazhou"),
        ("/guides/?literal=1&city=dazhou", "/guides/?city=dazhou"),
        ("/guides/?sort=handbook", "/guides/"),
        ("/guides/?sort=name&limit=instant&utm=1", "/guides/?limit=instant&sort=name"),
        (
            "/guides/?category=baoxiao&audience=geren&channel=counter&city=dazhou",
            "/guides/?city=dazhou&channel=counter&audience=geren&category=baoxiao",
        ),
        ("/guides/dazhou/zhuyuan-baoxiao/source/?county=", "/guides/dazhou/zhuyuan-baoxiao/source/"),
        (
            "/guides/dazhou/zhuyuan-baoxiao/notice/?copies=1&missing=b2858b&missing=9ed205&case=",
            "/guides/dazhou/zhuyuan-baoxiao/notice/?missing=9ed205&missing=b2858b",
        ),
        ("/offices/?q=", "/offices/"),
        ("/offices/?city=dazhou&q=", "/offices/dazhou/"),
        ("/offices/?county=xuanhan", "/offices/dazhou/xuanhan/"),
        ("/offices/?county=xuanhan&q=0818", "/offices/?q=0818&city=dazhou&county=xuanhan"),
        ("/materials/?q=&city=", "/materials/"),
        ("/materials/?county=xuanhan&q=a", "/materials/?q=a&city=dazhou&county=xuanhan"),
        (
            "/matters/zhuyuan-baoxiao/?city=dazhou&city=suining&city=",
            "/matters/zhuyuan-baoxiao/?city=suining&city=dazhou",
        ),
        (f"/plan/dazhou/xuanhan/?matters=zhuyuan-baoxiao&{TWO}&matters=", f"/plan/dazhou/xuanhan/?{TWO}"),
        (
            f"/plan/dazhou/xuanhan/print/?matters=zhuyuan-baoxiao&{TWO}",
            f"/plan/dazhou/xuanhan/print/?{TWO}",
        ),
        ("/compare/dazhou/suining/", "/compare/suining/dazhou/"),
        ("/life-events/shengbing-zhuyuan/?county=xuanhan", "/life-events/shengbing-zhuyuan/?city=dazhou&county=xuanhan"),
        ("/paths/yidi/?city=dazhou&a=changzhu", "/paths/yidi/?a=changzhu&city=dazhou"),
    ],
)  # fmt: skip
def test_every_other_address_of_a_state_leads_to_the_one(
    client: Client, cast: Cast, asked: str, one: str
) -> None:
    for response in (client.get(asked), client.head(asked)):
        assert response.status_code == 302
        assert response.headers["Location"] == one
    arrived = client.get(one)
    assert arrived.status_code == 200
    assert client.head(one).status_code == 200
    assert client.get(f"{one}{'&' if '?' in one else '?'}utm=x").content == arrived.content


@pytest.mark.parametrize(
    "asked",
    [
        "/?county=shibenji",
        "/guides/?county=nowhere&city=",
        "/guides/?page=0&city=",
        "/guides/?page=abc",
        "/guides/?page=9&q=",
        "/guides/?county=xuanhan&city=suining",
        "/guides/dazhou/zhuyuan-baoxiao/source/?county=shehong",
        "/guides/dazhou/zhuyuan-baoxiao/notice/?missing=000000&case=",
        "/offices/?city=nowhere&q=",
        "/materials/?county=nowhere",
        "/plan/dazhou/xuanhan/?matters=nothing&matters=",
    ],
)
def test_a_wrong_value_ends_at_a_message_and_never_in_a_circle(
    client: Client, cast: Cast, asked: str
) -> None:
    response = client.get(asked, follow=True)
    assert response.status_code == 404
    assert len(response.redirect_chain) <= 1
