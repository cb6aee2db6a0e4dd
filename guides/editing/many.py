"""Thousands of documents into rows: new guides in bulk, known ones as an import treats them.

A batch is one transaction with a revision for each guide and office it changes. What is derived from all guides (search) is
made once, at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import time
from itertools import islice
from typing import Any

from django.db import models, transaction

from guides.models import (
    Guide,
    GuideOffice,
    Handbook,
    Matter,
    Note,
    SheetChange,
)
from offices.models import City, County, Office, OpeningHours

from .applying import LISTS, SCALARS, apply_to, link_phones
from .documents import Document
from .handbooks import office_documents
from .merging import merge
from .noting import note, note_change
from .revisions import Change, State, recorded, revision
from .rows import insert, insert_objects
from .search_index import rebuild_search
from .spread import count_if_unknown, keep_spread
from .stamps import SITE, stamp

AT_A_TIME = 200
"""Documents of a batch: a city's, where the file goes city by city. A few MB."""
BY_PLACE = {"id", "guide", "position"}
"""Fields of an entry that do not come from its own words."""
PLACE = ("guide", "office", "scope", "hours_text", "own_hours", "position")
Progress = Callable[[int], None]
Key = tuple[str, str]


def load_documents(
    documents: Iterable[Document],
    change: Change,
    *,
    is_rehearsal: bool = False,
    progress: Progress = lambda done: None,
) -> Counter[str]:
    """Make the guides say what the documents say; how many were ``added``, ``changed`` and ``same``.

    The documents have been checked (:class:`~.document_file.DocumentFile`). Loading the same ones again changes nothing, so an
    interrupted run is repeated; what an editor changed since the last one stays. A rehearsal takes every batch back.
    """
    verdicts: Counter[str] = Counter()
    waiting = iter(documents)
    while batch := list(islice(waiting, AT_A_TIME)):
        with transaction.atomic():
            verdicts += _load(batch, change)
            transaction.set_rollback(is_rehearsal)
        progress(len(batch))
    if not is_rehearsal:
        rebuild_search()
        count_if_unknown()
        note("import", change.author, change.reason or "办事指南", guides=dict(verdicts))
    return verdicts


def _load(batch: Sequence[Document], change: Change) -> Counter[str]:
    """One batch, in a transaction of the caller's."""
    slugs = {document["city"] for document in batch}, {document["matter"] for document in batch}
    cities = {city.slug: city for city in City.objects.filter(slug__in=slugs[0])}
    rows = Guide.objects.filter(city__slug__in=slugs[0], matter__slug__in=slugs[1])
    wanted = {(document["city"], document["matter"]): document for document in batch}
    pks = {
        (city, matter): pk
        for pk, city, matter in rows.order_by().values_list("pk", "city__slug", "matter__slug")
        if (city, matter) in wanted
    }
    guides = Guide.objects.filter(pk__in=list(pks.values()))
    known = {_key(guide): guide for guide in guides.with_details().defer(None).defer("handbook__text")}
    offices = Office.objects.filter(city__in=cities.values(), key__in=_office_keys(batch))
    verdicts: Counter[str] = Counter()
    new = [document for key, document in wanted.items() if key not in known]
    with recorded(change, guides, offices):
        _add_offices(new, cities)
        for key, guide in known.items():
            document = wanted[key]
            merged, _ = merge(guide.imported_document, guide.document(), document)
            verdicts[apply_to(guide, merged, imported=document).verdict] += 1
        added = _add_guides(new, cities)
    if new:
        _record(added, change)
        verdicts["added"] += len(new)
    return verdicts


def _key(guide: Guide) -> Key:
    return guide.city.slug, guide.matter.slug


def _office_keys(batch: Iterable[Document]) -> set[str]:
    return {place["key"] for document in batch for place in document["offices"]}


# --- Offices


def _add_offices(documents: Sequence[Document], cities: Mapping[str, City]) -> None:
    """The offices these guides name and their cities do not have yet, with their hours; phones come with the guides."""
    counties = {
        (county.city_id, county.slug): county.pk for county in County.objects.filter(city__in=cities.values())
    }
    new: list[Office] = []
    hours: list[OpeningHours] = []
    for slug, city in cities.items():
        known = set(city.offices.values_list("key", flat=True))
        here = [document for document in documents if document["city"] == slug]
        for facts in office_documents(slug, here):
            if facts["key"] in known:
                continue
            office = Office(
                city=city,
                county_id=counties[city.pk, facts["county"]] if facts["county"] else None,
                position=len(known),
                imported_document=facts,
                **{name: facts[name] for name in ("key", "kind", "name", "address")},
            )
            known.add(office.key)
            new.append(office)
            hours += _sessions(office, facts["hours"])
    Office.objects.bulk_create(new)
    OpeningHours.objects.bulk_create(hours)


def _sessions(office: Office, hours: Sequence[Mapping[str, str]]) -> Iterator[OpeningHours]:
    for position, session in enumerate(hours):
        yield OpeningHours(
            office=office,
            days=session["days"],
            opens=time.fromisoformat(session["opens"]),
            closes=time.fromisoformat(session["closes"]),
            note=session["note"],
            position=position,
        )


# --- Guides


def _add_guides(documents: Sequence[Document], cities: Mapping[str, City]) -> list[tuple[Guide, Document]]:
    """New published guides with all their rows."""
    matters = Matter.objects.in_bulk({document["matter"] for document in documents}, field_name="slug")
    books = Handbook.objects.without_text().in_bulk(
        {document["source"]["handbook"] for document in documents}, field_name="slug"
    )
    added = [
        (_guide(document, cities[document["city"]], matters[document["matter"]], books), document)
        for document in documents
    ]
    insert_objects([guide for guide, _ in added])
    rows = Guide.objects.filter(city__in=cities.values(), matter__in=matters.values()).order_by()
    keys = {(city, matter): pk for pk, city, matter in rows.values_list("pk", "city", "matter")}
    for guide, _ in added:
        guide.pk = keys[guide.city_id, guide.matter_id]
    for key, model in LISTS:
        _add_entries(model, ((guide, document[key]) for guide, document in added))
    _add_entries(Note, ((guide, [{"text": text} for text in document["notes"]]) for guide, document in added))
    _add_places(added)
    return added


def _guide(document: Document, city: City, matter: Matter, books: Mapping[str, Handbook]) -> Guide:
    source = document["source"]
    return Guide(
        city=city,
        matter=matter,
        version=1,
        handbook=books.get(source["handbook"]),
        first_line=source["first_line"],
        last_line=source["last_line"],
        imported_document=document,
        **{field: document[field] for field in SCALARS},
    )


def _add_entries(
    model: type[models.Model], entries: Iterable[tuple[Guide, Sequence[Mapping[str, Any]]]]
) -> None:
    names = [field.name for field in model._meta.concrete_fields if field.name not in BY_PLACE]
    rows = (
        (guide.pk, position, *map(entry.__getitem__, names))
        for guide, of_guide in entries
        for position, entry in enumerate(of_guide)
    )
    insert(model, ("guide", "position", *names), rows)


def _add_places(added: Sequence[tuple[Guide, Document]]) -> None:
    """Where the guides are handled, and by which phones."""
    cities = {guide.city_id for guide, _ in added}
    found = Office.objects.filter(city__in=cities, key__in=_office_keys(document for _, document in added))
    offices = {
        (office.city_id, office.key): (office.pk, [hours.document() for hours in office.opening_hours.all()])
        for office in found.prefetch_related("opening_hours")
    }
    insert(GuideOffice, PLACE, _places(added, offices))
    places = GuideOffice.objects.filter(guide__in=[guide for guide, _ in added]).order_by()
    keys = {(guide, office): pk for pk, guide, office in places.values_list("pk", "guide", "office")}
    link_phones(
        [
            (keys[guide.pk, office], office, place)
            for guide, document in added
            for place in document["offices"]
            for office, _ in [offices[guide.city_id, place["key"]]]
        ]
    )


def _places(
    added: Sequence[tuple[Guide, Document]], offices: Mapping[tuple[int, str], tuple[int, list[Any]]]
) -> Iterator[tuple[Any, ...]]:
    for guide, document in added:
        for position, place in enumerate(document["offices"]):
            office, usual = offices[guide.city_id, place["key"]]
            own = [] if place["hours"] == usual else place["hours"]
            yield guide.pk, office, place["scope"], place["hours_text"], own, position


def _record(added: Sequence[tuple[Guide, Document]], change: Change) -> None:
    """Revisions, numbers of sheets, stamp and counts of new guides. All pages are stamped: a batch touches most lists."""
    revisions = [
        revision(State(guide, 0, "", {}), State(guide, 1, guide.status, document), change)
        for guide, document in added
    ]
    insert_objects(revisions)
    SheetChange.objects.bulk_create(SheetChange(guide=guide) for guide, _ in added)
    stamp([SITE])
    keep_spread(revisions)
    note_change(revisions, change.author)
