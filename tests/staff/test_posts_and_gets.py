"""Every address of the site, found in the resolver: no form without its token, and nothing changes by looking."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from guides.editing import rebuild_spread
from keeping.models import AuditEntry
from tests.admin.addresses import addresses, rows_of
from tests.admin.staff import everyone
from tests.admin.test_access_table import unrendered
from tests.cast import assemble

WITHOUT_TOKEN = {"/search/unfound/"}
"""Public, without a cookie, and all it does is count a word (guides/views/search.py says so)."""
TYPESET = ("/booklet.pdf", "/poster.pdf")
"""They take seconds, and are read from the database like the sheets, which are asked."""
TOLD_ONCE = {Session}
TRAIL = AuditEntry._meta.label
NOTED_AT_SIGN_IN = {"last_login"}


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[User, list[str]]]:
    """A superuser, and every address with rows that exist."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = assemble()
        people = everyone(cast.dazhou, cast.xuanhan)
        urls = [each.url for each in addresses(rows_of(cast, people))]
        rebuild_spread()  # as on every site that was set up; a list that lacks its counts makes them
        logging.disable()
        yield people["超级用户"], list(dict.fromkeys(urls))
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


def at_keyboard(user: User) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(user)
    return client


def rows() -> dict[str, list[Any]]:
    """Everything that stands in the database, but sessions and the time of the last sign-in."""
    found: dict[str, list[Any]] = {}
    for model in apps.get_models():
        if model not in TOLD_ONCE and model._meta.managed and not model._meta.proxy:
            names = [
                field.attname for field in model._meta.concrete_fields if field.name not in NOTED_AT_SIGN_IN
            ]
            found[model._meta.label] = sorted(map(repr, model._default_manager.values_list(*names)))
    return found


@pytest.mark.django_db
def test_no_form_is_taken_without_its_token(site: tuple[User, list[str]]) -> None:
    user, urls = site
    client = at_keyboard(user)
    before = rows()
    answers = {
        url: client.post(url, {"post": "yes", "code": "1"}) for url in urls if url not in WITHOUT_TOKEN
    }
    acted = {
        url: answer.status_code for url, answer in answers.items() if answer.status_code not in (403, 405)
    }
    assert acted == {}
    assert sum(answer.status_code == 403 for answer in answers.values()) > 150
    assert rows() == before
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_nothing_changes_by_looking_and_public_pages_set_no_cookie(site: tuple[User, list[str]]) -> None:
    user, urls = site
    client = at_keyboard(user)
    before = rows()
    seen = 0
    with unrendered():
        for url in urls:
            if url.endswith(TYPESET):
                continue
            answer = client.get(url)
            seen += answer.status_code == 200
            if not url.startswith(("/admin/", "/display/")):
                assert "Set-Cookie" not in answer.headers, url
                assert not answer.cookies, url
    assert seen > 150
    after = rows()
    written = AuditEntry.objects.all()[: len(after[TRAIL]) - len(before[TRAIL])]  # the newest come first
    assert {entry.action for entry in written} == {"export"}  # who takes a file away is written down
    assert {**after, TRAIL: []} == {**before, TRAIL: []}
