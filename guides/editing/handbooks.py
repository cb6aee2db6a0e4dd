"""A read handbook → offices and guides, atomically: the load stage of the pipeline (design.md §5)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from guides.ingest import CityDescription, CountyDescription, HandbookReading
from guides.models import Correction, Finding, Guide, Handbook, Matter
from offices.models import City, Office

from .applying import apply_to, write_office
from .catalogue import matter_named
from .documents import Document
from .merging import merge
from .noting import note
from .revisions import Change, recorded
from .search_index import document_texts, index_guides, index_offices
from .stamps import SITE, stamp

OFFICE_FACTS = ("county", "key", "kind", "name", "address", "hours")
Settlement = tuple[datetime | None, str, str]
Progress = Callable[[int, int], None]


class NotLoadableError(ValueError):
    """A reading with problems or unclassified characters; nothing of it is written."""


@dataclass
class Loading:
    """What loading did: names of the guides by verdict, the offices' verdicts, and edited fields that were kept."""

    guides: dict[str, list[str]] = field(
        default_factory=lambda: {"added": [], "changed": [], "same": [], "missing": []}
    )
    offices: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many guides were added, changed, the same or missing from the book."""
        return {verdict: len(names) for verdict, names in self.guides.items()}


def describe_city(city: City) -> CityDescription:
    """What the parser needs to know of a city."""
    counties = tuple(
        CountyDescription(county.slug, county.name, county.kind) for county in city.counties.all()
    )
    return CityDescription(city.slug, city.name, city.area_code, counties)


@transaction.atomic
def load_handbook(
    reading: HandbookReading,
    *,
    file_name: str,
    data: bytes,
    progress: Progress = lambda done, of: None,
    change: Change | None = None,
) -> Loading:
    """Load everything or nothing. Loading the same book again changes nothing.

    What an editor changed since the last import stays, and is listed in ``kept`` when the book says otherwise;
    a guide the book no longer has is listed as ``missing`` and stays. Every guide and office that then says something
    else gets one revision, by ``change`` (by default: source ``import``, the book's title as the reason). Raises :class:`NotLoadableError` for a
    reading that is not loadable.
    """
    if not reading.is_loadable:
        raise NotLoadableError(f"手册 {reading.handbook} 有 {len(reading.problems)} 处问题，未写入任何内容。")
    city = City.objects.get(slug=reading.city)
    _refuse_other_city(reading, city)
    handbook = _save_handbook(reading, city, file_name, data)
    by = change or Change(source="import", reason=f"导入{handbook.printed_title}")
    with recorded(by, Guide.objects.filter(city=city), Office.objects.filter(city=city)):
        loading, matters = _load(reading, city, handbook, progress)
    _save_findings(reading, handbook, matters)
    stamp([SITE])
    note("import", by.author, str(handbook.printed_title), city.slug, file=file_name, guides=loading.counts())
    return loading


def _load(
    reading: HandbookReading, city: City, handbook: Handbook, progress: Progress
) -> tuple[Loading, dict[str, Matter]]:
    """Put the book's offices and guides into rows; what that did, and the matters by the names of the book."""
    loading = Loading()
    matters = {guide.name: matter_named(guide.name) for guide in reading.guides}
    documents = [
        guide.document(city.slug, matters[guide.name].slug, handbook.slug) for guide in reading.guides
    ]
    _load_offices(city, documents, loading)
    known = {
        guide.matter.slug: guide
        for guide in Guide.objects.filter(city=city).with_details().defer(None).defer("handbook__text")
    }
    for done, document in enumerate(documents, 1):
        guide = known.get(document["matter"]) or Guide(
            city=city, matter=matters[document["name"]], handbook=handbook
        )
        _load_guide(guide, document, loading)
        progress(done, len(documents))
    coming = {document["matter"] for document in documents}
    loading.guides["missing"] = [guide.name for slug, guide in known.items() if slug not in coming]
    index_guides({matters[document["name"]]: document_texts(document) for document in documents})
    index_offices(Office.objects.with_details().filter(city=city))
    return loading, matters


def _refuse_other_city(reading: HandbookReading, city: City) -> None:
    known = Handbook.objects.without_text().filter(slug=reading.handbook).exclude(city=city).first()
    if known:
        raise NotLoadableError(
            f"手册 {reading.handbook} 属于{known.city.name}，不能导入到{city.name}。"
            "请核对 --city；真是另一本手册时用 --handbook 另起识别名。"
        )


def _load_guide(guide: Guide, document: Document, loading: Loading) -> None:
    merged, kept = document, list[str]()
    if guide.pk:
        merged, kept = merge(guide.imported_document, guide.document(), document)
    outcome = apply_to(guide, merged, imported=document)
    loading.guides[outcome.verdict].append(document["name"])
    loading.kept += [f"{document['name']}：{label}" for label in kept]
    loading.changes += [f"{document['name']}：{difference}" for difference in outcome.differences]


def _load_offices(city: City, documents: Iterable[Document], loading: Loading) -> None:
    known = {office.key: office for office in Office.objects.with_details().filter(city=city)}
    for document in office_documents(city.slug, documents):
        office = known.get(document["key"])
        merged, phones = document, []
        if office:
            current = office.document()
            phones = current.pop("phones")
            merged, kept = merge(office.imported_document, current, document)
            loading.kept += [f"{document['name']}：{label}" for label in kept]
        _, outcome = write_office({**merged, "phones": phones}, imported=document)
        loading.offices[outcome.verdict] += 1


def office_documents(city: str, documents: Iterable[Document]) -> list[Document]:
    """The offices the guides name, in order of first mention; hours as most guides have them, phones left out."""
    hours: dict[str, Counter[str]] = {}
    sessions: dict[str, list[dict[str, str]]] = {}
    first: dict[str, Mapping[str, Any]] = {}
    for place in (place for document in documents for place in document["offices"]):
        first.setdefault(place["key"], place)
        sessions[repr(place["hours"])] = place["hours"]
        hours.setdefault(place["key"], Counter())[repr(place["hours"])] += 1
    return [
        {
            "city": city,
            **{fact: place[fact] for fact in OFFICE_FACTS},
            "hours": sessions[hours[key].most_common(1)[0][0]],
        }
        for key, place in first.items()
    ]


def _save_handbook(reading: HandbookReading, city: City, file_name: str, data: bytes) -> Handbook:
    values = {
        "city": city,
        "title": reading.title,
        "edition": reading.edition,
        "file_name": file_name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "line_count": reading.line_count,
        "text": reading.text,
    }
    handbook, _ = Handbook.objects.update_or_create(slug=reading.handbook, defaults=values)
    handbook.corrections.all().delete()
    Correction.objects.bulk_create(
        Correction(handbook=handbook, line=c.line, found=c.found, replacement=c.replacement, reason=c.reason)
        for c in reading.corrections
    )
    return handbook


def _save_findings(reading: HandbookReading, handbook: Handbook, matters: Mapping[str, Matter]) -> None:
    guides = {guide.matter_id: guide for guide in Guide.objects.filter(city=handbook.city)}
    counties = {county.slug: county for county in handbook.city.counties.all()}
    settled = _settled(handbook)
    handbook.findings.all().delete()
    rows = [
        Finding(
            handbook=handbook,
            position=position,
            kind=finding.kind,
            guide=guides.get(matters[finding.matter].pk) if finding.matter in matters else None,
            county=counties.get(finding.county),
            line=finding.line,
            message=finding.message,
            number=finding.number,
        )
        for position, finding in enumerate(reading.findings)
    ]
    for row in rows:
        if was := settled.get(_said(row), []):
            row.settled_on, row.settled_by, row.settled_note = was.pop(0)
    Finding.objects.bulk_create(rows)


def _said(finding: Finding) -> tuple[Any, ...]:
    """What a finding says, by which the next import knows it again; its line may move."""
    return finding.kind, finding.guide_id, finding.county_id, finding.number, finding.message


def _settled(handbook: Handbook) -> dict[tuple[Any, ...], list[Settlement]]:
    """Who settled what, when and with which note, in the order of the book."""
    found: dict[tuple[Any, ...], list[Settlement]] = {}
    for finding in handbook.findings.exclude(settled_on=None):
        settlement = finding.settled_on, finding.settled_by, finding.settled_note
        found.setdefault(_said(finding), []).append(settlement)
    return found
