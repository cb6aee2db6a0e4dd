"""Whatever a program sends, the site answers, with an answer of its own making and never with the whole list by accident."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from io import BytesIO
from ipaddress import ip_address
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from offices.addresses import KNOWN
from tests.cast import assemble, text_of
from tests.figures import Figures

from .requests import LISTS, OTHERS, VALUES_AS_SENT, Asked, requests, some_requests

SEED = int(os.environ.get("HOSTILE_SEED", "20261122"))
FEW, MANY, PARTS = 200, 4_000, 4
CLIENTS = count(int(ip_address("10.0.0.0")))
"""Each request comes from an address of its own, so that none is refused for what others sent."""
LONGEST = 1.0
"""Seconds of a processor for one answer: what a busy machine adds by the clock is not the request's doing."""
BLANK = {b"", b" ", b"  ", b"\t", b"\n"}
"""Values that say nothing: the page without them is the right answer."""


@pytest.fixture(autouse=True, scope="module")
def content(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        assemble()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def send(client: Client, asked: Asked) -> HttpResponse:
    """As the server hands it on: a path of bytes, a query that nobody has read yet."""
    environ: dict[str, Any] = {
        "PATH_INFO": unquote_to_bytes(asked.path.encode("latin-1", "replace")).decode("latin-1"),
        "QUERY_STRING": asked.query,
        "REMOTE_ADDR": str(ip_address(next(CLIENTS))),
    }
    if asked.body is not None:
        body = asked.body.encode("latin-1", "replace")
        environ |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
        environ["wsgi.input"] = BytesIO(body)
    response = client.request(REQUEST_METHOD=asked.method, **environ)
    assert isinstance(response, HttpResponse)
    return response


class Answered(NamedTuple):
    """How a request was answered the first time, and how many seconds of a processor and by the clock that took."""

    asked: Asked
    status: int
    seconds: float
    by_clock: float

    def __str__(self) -> str:
        return f"{self.status} {self.seconds:.2f} s {self.asked}"[:300]


def answered(client: Client, all_asked: list[Asked]) -> Iterator[Answered]:
    """Every request, sent once."""
    client.raise_request_exception = False
    for asked in all_asked:
        began, clock = processor_seconds(), time.perf_counter()
        status = send(client, asked).status_code
        yield Answered(asked, status, processor_seconds() - began, time.perf_counter() - clock)


def processor_seconds() -> float:
    """Of this process and of the typesetters that have come to their end."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def test_no_request_of_chance_breaks_the_site(client: Client, db: None) -> None:
    print(f"HOSTILE_SEED={SEED}")  # noqa: T201 - a failure says how to get it again
    asked = [each for each in some_requests(SEED, FEW) if not each.path.endswith(".pdf")]
    assert [str(each) for each in answered(client, asked) if each.status >= 500] == []


@pytest.mark.drill
@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_of_thousands_breaks_the_site_or_takes_long(
    client: Client, db: None, figures: Figures, part: int
) -> None:
    print(f"HOSTILE_SEED={SEED}")  # noqa: T201
    found = list(answered(client, requests(SEED, MANY)[part::PARTS]))
    figures.total("hostile requests", len(found))
    figures.most("slowest answer, of a processor", max(each.seconds for each in found), "s")
    figures.most("slowest answer, by the clock", max(each.by_clock for each in found), "s")
    assert [str(each) for each in found if each.status >= 500] == []
    assert [str(each) for each in found if each.seconds > LONGEST] == []


def test_every_parameter_is_sent_to_a_page_that_understands_it() -> None:
    understood = {name for pages in (LISTS, OTHERS) for names in pages.values() for name in names}
    assert not KNOWN - understood


@pytest.mark.parametrize("path", LISTS)
def test_a_wrong_value_never_shows_the_whole_list(client: Client, db: None, path: str) -> None:
    client.raise_request_exception = False
    whole = text_of(send(client, Asked(path)))
    silent = []
    for name in LISTS[path]:
        for value in VALUES_AS_SENT[:: 3 if name == "page" else 9]:
            response = send(client, Asked(path, f"{name}={value}"))
            assert response.status_code < 500, (path, name, value[:60])
            if (
                response.status_code == 200
                and unquote_to_bytes(value) not in BLANK
                and text_of(response) == whole
            ):
                silent.append((name, value[:60]))
    assert silent == []
