"""Notes which sheets a change touches, so that a county replaces those pages of its binder and no others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guides.models import Finding, Guide, GuideOffice, GuidePhone, SheetChange
from guides.vocabulary import DOUBTS_ABOUT_PHONES
from offices.models import County, Office

Places = dict[int, dict[str, Any]]
"""The place documents of one office, by the primary key of their guide."""


def note_guide(guide: Guide, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Note what changed between two documents of a guide; ``before`` is empty for one the public could not see.

    ``after`` is empty when it leaves the public's sight.
    """
    shared = any(before.get(key) != after.get(key) for key in {*before, *after} - {"offices"})
    was, now = before.get("offices", []), after.get("offices", [])
    _note(
        guide.pk,
        {""}
        if shared
        else {place["county"] for place in [*was, *now] if place not in was or place not in now},
        guide.city_id,
    )


def places_of(office: Office) -> Places:
    """What every guide says of this office, before or after a change to it."""
    rows = GuideOffice.objects.filter(office=office, guide__status="published").select_related(
        "office__county"
    )
    rows = rows.prefetch_related("office__opening_hours", "guide_phones__phone")
    return {row.guide_id: row.document() for row in rows}


def note_office(office: Office, before: Places, after: Places) -> None:
    """Note the sheets on which this office now stands otherwise."""
    for guide in sorted(before.keys() | after.keys()):
        was, now = before.get(guide), after.get(guide)
        if was != now:
            _note(guide, {place["county"] for place in (was, now) if place}, office.city_id)


def note_doubt(finding: Finding) -> None:
    """Note the sheets that print what a caller should know of a number: whether it is in doubt has just changed."""
    guide = finding.guide
    if guide and guide.status == "published" and finding.kind in DOUBTS_ABOUT_PHONES:
        _note(guide.pk, {finding.county.slug if finding.county else ""}, guide.city_id)


def note_number(office: Office, number: str) -> None:
    """Note the sheets that print a number of an office: what a caller should know of it has just changed."""
    links = GuidePhone.objects.filter(
        phone__office=office, phone__number=number, guide_office__guide__status="published"
    )
    county = office.county.slug if office.county else ""
    for guide in (
        links.order_by("guide_office__guide").values_list("guide_office__guide", flat=True).distinct()
    ):
        _note(guide, {county}, office.city_id)


def _note(guide: int, counties: set[str], city: int) -> None:
    """One row for each county; one without county when every sheet is touched."""
    if not counties:
        return
    touched: list[County | None] = [None]
    if "" not in counties:
        touched = list(County.objects.filter(city=city, slug__in=counties))
    SheetChange.objects.bulk_create(SheetChange(guide_id=guide, county=county) for county in touched)
