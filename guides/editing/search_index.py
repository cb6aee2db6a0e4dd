"""Keeps the search postings in step with names, guides and offices. Derived rows: they can be rebuilt at any time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import transaction

from guides.models import Guide, Material, Matter, Note, OfficePosting, Posting
from guides.search.index import body_weights, name_weights
from guides.search.places import OfficeWords, office_weights
from offices.models import Office

from .rows import insert
from .stamps import SITE, stamp

OFFICES_AT_A_TIME = 200
KEY = ("pk", "matter", "token", "weight")
POSTING = ("matter", "token", "weight", "from_names")
Texts = Mapping[str, Iterable[str]]
"""Running texts by kind (keys of ``guides.search.index.BODY``)."""


@transaction.atomic
def rebuild_search() -> tuple[int, int]:
    """All postings anew; gives how many lead to matters and to offices."""
    Posting.objects.all().delete()
    OfficePosting.objects.all().delete()
    for matter in Matter.objects.prefetch_related("aliases"):
        index_names(matter)
        index_guides({matter: _texts(matter)})
    index_offices(Office.objects.with_details().iterator(chunk_size=OFFICES_AT_A_TIME))
    stamp([SITE])
    return Posting.objects.count(), OfficePosting.objects.count()


def index_names(matter: Matter) -> None:
    """Make a matter's postings say what it is called now."""
    matter.postings.filter(from_names=True).delete()
    weights = name_weights(matter.name, [alias.text for alias in matter.aliases.all()])
    insert(Posting, POSTING, ((matter.pk, token, weight, True) for token, weight in weights.items()))


def document_texts(document: Mapping[str, Any]) -> Texts:
    """The running texts of a guide's document that search looks at."""
    return {
        "materials": [entry["text"] for entry in document["materials"]],
        "audience": [document["audience"]],
        "notes": document["notes"],
    }


def index_guides(texts: Mapping[Matter, Texts]) -> None:
    """Add what guides say to their matters' postings, keeping the stronger weight.

    Words that went stay until the next rebuild: another city's guide may still say them.
    """
    rows = Posting.objects.filter(matter__in=list(texts), from_names=False)
    known = {(matter, token): (pk, weight) for pk, matter, token, weight in rows.values_list(*KEY)}
    new: list[tuple[int, str, float, bool]] = []
    stronger: list[Posting] = []
    for matter, of_matter in texts.items():
        for token, weight in body_weights(of_matter).items():
            pk, before = known.get((matter.pk, token), (None, 0.0))
            if weight > before and pk:
                stronger.append(Posting(pk=pk, weight=weight))
            elif weight > before:
                new.append((matter.pk, token, weight, False))
    insert(Posting, POSTING, new)
    Posting.objects.bulk_update(stronger, ["weight"])


def index_offices(offices: Iterable[Office]) -> None:
    """Make the offices' postings say where they are and how to call them, some offices at a time."""
    waiting = iter(offices)
    while some := list(islice(waiting, OFFICES_AT_A_TIME)):
        _index_some(some)


def _index_some(offices: Sequence[Office]) -> None:
    OfficePosting.objects.filter(office__in=offices).delete()
    rows = (
        (office.pk, token, weight)
        for office in offices
        for token, weight in office_weights(_words(office)).items()
    )
    insert(OfficePosting, ("office", "token", "weight"), rows)


def _words(office: Office) -> OfficeWords:
    county = office.county
    return OfficeWords(
        city=office.city.name,
        city_slug=office.city.slug,
        county=county.name if county else "",
        county_slug=county.slug if county else "",
        is_city_level=bool(county and county.kind == "city_level"),
        name=office.name,
        address=office.address,
        numbers=tuple(phone.number for phone in office.phones.all()),
    )


def _texts(matter: Matter) -> Texts:
    """Every different text of the matter's published guides."""
    guides = Guide.objects.published().filter(matter=matter)
    return {
        "materials": list(
            Material.objects.filter(guide__in=guides)
            .values_list("text", flat=True)
            .distinct()
            .order_by("text")
        ),
        "audience": list(guides.values_list("audience", flat=True).distinct().order_by("audience")),
        "notes": list(
            Note.objects.filter(guide__in=guides).values_list("text", flat=True).distinct().order_by("text")
        ),
    }
