"""Each view says which parameters its page reads: what it does not name never reaches it through the ready pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.test import Client, RequestFactory

from offices.addresses import KNOWN, to_one_address, understands, understood
from tests.cast import assemble
from tests.test_query_counts import PAGES

SHEETS = ["/guides/dazhou/zhuyuan-baoxiao/xuanhan/sheet.pdf", "/offices/dazhou/xuanhan/booklet/"]


class Noting(QueryDict):
    """Parameters that note which of them are asked for."""

    def __init__(self, query: str, asked: set[str]) -> None:
        super().__init__(query, mutable=True)
        self.asked = asked

    def get(self, key: Any, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def getlist(self, key: Any, default: Any = None) -> Any:
        self.asked.add(key)
        return super().getlist(key, default)

    def __getitem__(self, key: Any) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)


@pytest.fixture
def asked(db: None, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that views have asked for."""
    assemble()
    names: set[str] = set()

    def noting(request: WSGIRequest) -> Noting:
        return Noting(request.META["QUERY_STRING"], names)

    monkeypatch.setattr(WSGIRequest, "GET", property(noting))
    return names


@pytest.mark.parametrize("url", [*PAGES, *SHEETS])
def test_a_page_reads_no_parameter_but_those_it_names(client: Client, asked: set[str], url: str) -> None:
    path = url.partition("?")[0]
    client.get(path)
    client.get(url)
    assert asked <= understood(path)


def test_what_stands_in_our_own_addresses_is_understood() -> None:
    for url in PAGES:
        path, _, query = url.partition("?")
        assert understood(path) >= QueryDict(query).keys()


@pytest.mark.parametrize("path", ["/guides/dazhou/zhuyuan-baoxiao/", "/data/guides.json", "/offices/dazhou/"])
def test_most_pages_understand_none(path: str) -> None:
    assert understood(path) == frozenset()


def test_where_no_page_is_nothing_is_left_out() -> None:
    assert understood("/nowhere/at/all") == KNOWN


def test_a_name_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="colour"):
        understands("colour")


def test_a_page_is_not_led_to_an_address_it_does_not_understand() -> None:
    request = RequestFactory().get("/matters/zhuyuan-baoxiao/")
    with pytest.raises(ValueError, match="county"):
        to_one_address(request, [("city", "dazhou"), ("county", "xuanhan")])
