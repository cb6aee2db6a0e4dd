"""A page whose scopes an edit has not stamped says after it what it said before: nothing old is ever served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from guides.editing import apply_guide, apply_office
from guides.mirror.addresses import ERROR_PAGES, public_addresses
from guides.models import Guide, Stamp
from guides.ready.dependence import scopes_of
from offices.models import Office
from tests.cast import Cast

OF_EACH_KIND = 2
Edit = Callable[[Cast], object]


def office(**parts: Any) -> Edit:
    """Another word at Xuanhan's counter."""
    return lambda cast: apply_office(
        Office.objects.with_details().get(county=cast.xuanhan).document() | parts
    )


def guide(**parts: Any) -> Edit:
    """Another word in the guide to inpatient costs."""
    return lambda cast: apply_guide(document_of(cast) | parts)


def document_of(cast: Cast) -> dict[str, Any]:
    return Guide.objects.with_details().get(pk=cast.inpatient.pk).document()


def number(cast: Cast) -> None:
    document = Office.objects.with_details().get(county=cast.xuanhan).document()
    document["phones"][0]["number"] = "0818-7654321"
    apply_office(document)


def number_in_one_guide(cast: Cast) -> None:
    document = document_of(cast)
    document["offices"][0]["consult_phones"] = [{"number": "0818-7654322", "for": ""}]
    apply_guide(document)


def withdrawal(cast: Cast) -> None:
    apply_guide(document_of(cast), status="withdrawn")


EDITS: dict[str, Edit] = {
    "a number of an office": number,
    "its address": office(address="宣汉县新地址99号"),
    "its name": office(name="宣汉县新窗口"),
    "a number in one guide": number_in_one_guide,
    "whom a guide is for": guide(audience="换成了新的服务对象。"),
    "how long it takes": guide(
        time_limits=[{"applies_to": "", "kind": "instant", "days": None, "text": "马上办结"}]
    ),
    "its name in the handbook": guide(name="住院费用新报销"),
    "its remarks": guide(notes=["新的说明，下同。"]),
    "withdrawn": withdrawal,
}


def of_each_kind(addresses: Iterator[str], most: int) -> list[str]:
    """So many addresses of each view and set of parameters, from all over the list; no papers, which say what pages say."""
    kinds: dict[tuple[str, ...], list[str]] = {}
    for one in addresses:
        if one not in ERROR_PAGES and not one.endswith(".pdf"):
            path, _, query = one.partition("?")
            names = (pair.split("=")[0] for pair in query.split("&"))
            kinds.setdefault((resolve(path).view_name, *names), []).append(one)
    return [one for those in kinds.values() for one in those[:: max(1, len(those) // most)]]


def said(client: Client, address: str) -> tuple[int, bytes]:
    """What stands before the reader at last; in the mirror a short address holds what it leads to."""
    response = client.get(address, follow=True)
    return response.status_code, b"".join(response)


def held(cast: Cast, client: Client, most: int) -> None:
    """Every edit in turn, and every page after it."""
    addresses = [*of_each_kind(public_addresses(), most), "/guides/?q=住院", "/offices/?q=宣汉"]
    before = {one: said(client, one) for one in addresses}
    for what, edit in EDITS.items():
        last = Stamp.objects.newest()
        edit(cast)
        stamped = set(Stamp.objects.since(last).values_list("scope", flat=True))
        assert stamped, what
        after = {one: said(client, one) for one in addresses}
        changed = {one for one in addresses if after[one] != before[one]}
        assert changed, what
        unseen = [one for one in changed if not stamped & set(scopes_of(*one.split("?", 1)))]
        assert not unseen, (what, sorted(stamped), unseen[:5])
        before = after


def test_a_page_that_an_edit_changes_is_stamped_by_it(cast: Cast, client: Client) -> None:
    held(cast, client, OF_EACH_KIND)


@pytest.mark.drill
def test_every_page_that_an_edit_changes_is_stamped_by_it(cast: Cast, client: Client) -> None:
    held(cast, client, 10**6)
