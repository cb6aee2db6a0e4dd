"""Role × address × method: what the site answers, compared with the committed table.

After a change that is meant, write the table again, read its diff line by line, and commit it:
``WRITE_ACCESS_TABLE=1 pytest -n 0 tests/admin/test_access_table.py``.
"""

from __future__ import annotations

import copy
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.admin.addresses import OTHER_CITY, Address, addresses, patterns, rows_of
from tests.admin.conftest import typed
from tests.admin.staff import at_keyboard, everyone
from tests.cast import assemble

TABLE = Path(__file__).parent / "access_table.tsv"
IN_WORDS = ("路径", "哪里的", "方法")
ANYBODY = "群众"
Key = tuple[str, str, str]
Answers = dict[str, dict[Key, str]]


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Answers]:
    """What every address answers to everybody, by GET and by POST of its own form."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = assemble()
        people = everyone(cast.dazhou, cast.xuanhan)
        asked = list(addresses(rows_of(cast, people)))
        clients = {"超级用户": at_keyboard(people["超级用户"]), ANYBODY: Client()}
        clients |= {name: at_keyboard(user) for name, user in people.items()}
        forms: dict[str, dict[str, Any]] = {}
        with unrendered():
            found = {name: dict(ask(client, asked, forms)) for name, client in clients.items()}
        yield {name: found[name] for name in (ANYBODY, *people)}
        transaction.set_rollback(True)


@contextmanager
def unrendered() -> Iterator[None]:
    """What is answered is decided before a page of the admin is drawn, which takes most of the time; so does the log."""
    logging.disable()
    with mock.patch.object(SimpleTemplateResponse, "rendered_content", ""):
        yield
    logging.disable(logging.NOTSET)


def ask(client: Client, asked: list[Address], forms: dict[str, dict[str, Any]]) -> Iterator[tuple[Key, str]]:
    """The status of each address; nothing that is sent stays.

    Who gets no form sends the one that the first to ask (the superuser) got.
    """
    client.raise_request_exception = False
    cookies = copy.deepcopy(client.cookies)
    for address in asked:
        response = send(client, "get", address.url, {})
        yield (address.route, address.whose, "GET"), str(response.status_code)
        form = form_of(response)
        forms.setdefault(address.url, form)
        response = send(client, "post", address.url, form or forms[address.url])
        yield (address.route, address.whose, "POST"), str(response.status_code)
        client.cookies = copy.deepcopy(cookies)


def send(client: Client, method: str, url: str, data: dict[str, Any]) -> Any:
    with transaction.atomic():
        response = getattr(client, method)(url, data)
        transaction.set_rollback(True)
    return response


def form_of(response: Any) -> dict[str, Any]:
    """What the page would send: its form, or the answer to its question."""
    context = getattr(response, "context_data", None) or {}
    if response.status_code == 200 and "adminform" in context:
        return typed(response)
    return {"post": "yes"} if response.status_code == 200 and "deleted_objects" in context else {}


def lines(answers: Answers) -> list[str]:
    keys = list(next(iter(answers.values())))
    rows = [(*key, *(answers[name][key] for name in answers)) for key in keys]
    return ["\t".join(row) for row in [(*IN_WORDS, *answers), *rows]]


@pytest.mark.django_db
def test_everybody_gets_what_the_table_says(answers: Answers) -> None:
    now = lines(answers)
    if os.environ.get("WRITE_ACCESS_TABLE"):
        TABLE.write_text("\n".join(now) + "\n", encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8").splitlines() == now


def test_every_address_of_the_site_stands_in_the_table() -> None:
    written = {line.split("\t")[0] for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]}
    assert set(patterns()) == written


def test_another_city_is_nowhere_for_anybody_but_a_superuser() -> None:
    head, *rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
    theirs = [dict(zip(head, row, strict=True)) for row in rows if row[1] == OTHER_CITY]
    assert len(theirs) > 50
    for row in theirs:
        assert row[ANYBODY] == "302"
        for name in head[4:-1]:
            assert row[name] == "404" or _is_closed(row, name, rows, head), (name, row)


def _is_closed(row: dict[str, str], name: str, rows: list[list[str]], head: list[str]) -> bool:
    """Whether the answer tells nothing: his own city's row of this kind gives the same, and it does nothing."""
    if row["路径"].endswith("<path:object_id>/") and row["路径"].count("<") == 1 and row[name] == "302":
        return True  # Django's old address of the page, whatever stands behind it
    own = [
        dict(zip(head, each, strict=True))
        for each in rows
        if each[0] == row["路径"] and each[1] != OTHER_CITY
    ]
    return row[name] in ("403", "405") and all(
        each[name] == row[name] for each in own if each["方法"] == row["方法"]
    )


def test_nothing_on_the_site_breaks() -> None:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    assert not [row for row in rows for status in row[3:] if status.startswith("5")]
