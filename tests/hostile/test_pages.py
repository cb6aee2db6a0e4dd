"""Whatever people and handbooks write stays words: one page of each kind, with every text field hostile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.utils.http import urlencode
from pytest_django import DjangoDbBlocker

from guides.models import Guide
from offices.addresses import KNOWN
from tests.admin.addresses import OTHER_CITY, OTHER_COUNTY
from tests.admin.staff import at_keyboard
from tests.cast import content_of
from tests.test_every_page_names_its_place import PAGES

from .fields import SPARED, Crowd, is_filled, text_fields
from .payloads import SCRIPTS
from .trees import dangers, words_of

SEARCHES = (
    "/guides/?q=script",
    "/guides/?q=住院&city=dazhou",
    "/offices/?q=script",
    "/materials/?q=script",
    "/search/suggest/?q=script",
)
REFLECTING = (
    *("/", "/guides/", "/materials/", "/offices/", "/plan/dazhou/xuanhan/", "/paths/yidi/", "/sitemap/"),
    *(f"/guides/dazhou/zhigong-canbao/{page}" for page in ("", "print/", "notice/", "deadline/", "source/")),
)


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield Crowd()
        transaction.set_rollback(True)


@pytest.fixture
def desk(crowd: Crowd, db: None) -> Client:
    return at_keyboard(crowd.people["超级用户"])


def pages_of(client: Client, addresses: list[str]) -> Iterator[tuple[str, str]]:
    """The pages among what these addresses answer, errors of the visitor too."""
    for address in addresses:
        response = client.get(address)
        assert response.status_code < 500, address
        if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
            yield address, content_of(response)


def test_every_text_field_is_filled_or_spared_for_a_reason(crowd: Crowd) -> None:
    known = {f"{model._meta.label}.{field.name}" for model, field in text_fields()}
    assert {name for name in SPARED if not any(f"{each}.".startswith(f"{name}.") for each in known)} == {
        "staff.Lockout.ip_address"
    } & SPARED.keys()
    filled = {
        f"{model._meta.label}.{field.name}" for model, field in text_fields() if is_filled(model, field)
    }
    assert filled - set(crowd.places) == set()
    assert len(filled) > 80
    assert len(SCRIPTS) >= 40


def test_no_page_of_any_kind_runs_what_is_written_on_it(crowd: Crowd, desk: Client) -> None:
    addresses = [each.url for each in crowd.addresses() if each.whose not in {OTHER_CITY, OTHER_COUNTY}]
    addresses = [
        address for address in addresses if not address.endswith(("/add/", "/delete/", "/password/", ".pdf"))
    ]
    read = dict(pages_of(desk, list(dict.fromkeys([*addresses, *(page for page, _, _ in PAGES), *SEARCHES]))))
    found = {address: dangers(html) for address, html in read.items()}
    assert {address: found[address] for address in found if found[address]} == {}
    assert len(read) > 90
    hostile = [address for address, html in read.items() if "h(" in html]
    assert len(hostile) > 60  # most pages show some of the words


def test_no_page_runs_what_its_own_address_says(crowd: Crowd, client: Client, db: None) -> None:
    asked = [
        f"{REFLECTING[number % len(REFLECTING)]}?{urlencode({name: SCRIPTS[(number * 7 + turn) % len(SCRIPTS)].format(n=0)})}"
        for number, name in enumerate(sorted(KNOWN))
        for turn in range(2)
    ]
    asked += [f"/report/?{urlencode({'page': f'/guides/?q={script}'.format(n=0)})}" for script in SCRIPTS[:5]]
    found = {address: dangers(html) for address, html in pages_of(client, asked)}
    assert {address: found[address] for address in found if found[address]} == {}
    assert found


def test_a_guide_says_every_word_as_it_was_written(crowd: Crowd, client: Client, db: None) -> None:
    guide = Guide.objects.with_details().get(pk=crowd.cast.enrolment.pk)
    said = words_of(content_of(client.get(guide.get_absolute_url())))
    texts = [guide.name, guide.audience, guide.progress, guide.evaluation]
    texts += [*(step.text for step in guide.steps.all()), *(paper.text for paper in guide.materials.all())]
    missing = [text[:40] for text in texts if "".join(text.split()) not in said]
    assert missing == []


def test_the_check_itself_notices_each_script_that_is_not_escaped() -> None:
    unnoticed = {script for script in SCRIPTS if not dangers(f"<p>{script.format(n=1)}</p>")}
    assert len(SCRIPTS) - len(unnoticed) >= 40
    in_attributes = [
        f'<a title="{script.format(n=1)}" href="{script.format(n=1)}">x</a>' for script in unnoticed
    ]
    assert sum(bool(dangers(html)) for html in in_attributes) >= 4
