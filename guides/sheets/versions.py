"""Which version of its contents a sheet shows, and which sheets of a binder have to be replaced."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.dateparse import parse_date

from guides.models import Guide, GuideOffice, SheetChange
from guides.models.changes import SheetChangeQuerySet
from offices.models import County

Since = int | date
"""A content version, or the day from which on changes count."""
MOST = 2**31


@dataclass(frozen=True)
class SheetVersion:
    """The number of the last change a sheet shows and its day; 0 and no day for what was loaded first."""

    number: int = 0
    changed_on: date | None = None

    @property
    def label(self) -> str:
        """As a sheet prints it: ``初版``, ``版本 12（2026-11-22）``."""
        return f"版本 {self.number}（{self.changed_on:%Y-%m-%d}）" if self.changed_on else "初版"

    def is_after(self, since: Since) -> bool:
        """Whether the sheet has changed since that version (later than it) or day (on it or later)."""
        if isinstance(since, int):
            return self.number > since
        return self.changed_on is not None and self.changed_on >= since


FIRST = SheetVersion()


@dataclass(frozen=True)
class Replacements:
    """What to swap in a binder: guides whose sheets changed, and guides whose sheets have to go."""

    changed: tuple[Guide, ...]
    gone: tuple[Guide, ...]


def versions(guides: Iterable[Guide], county: County | None) -> dict[int, SheetVersion]:
    """The version of each guide's sheet for the county (or, ``None``, for the whole city), by the guide's primary key."""
    guides = list(guides)
    found = dict.fromkeys((guide.pk for guide in guides), FIRST)
    for guide, version in _latest(SheetChange.objects.of_guides(guides), county).items():
        found[guide] = version
    return found


def latest(found: Iterable[SheetVersion]) -> SheetVersion:
    """The newest of some versions: that of a booklet of these sheets."""
    return max(found, key=lambda version: version.number, default=FIRST)


def replacements(guides: Iterable[Guide], county: County, since: Since) -> Replacements:
    """What to swap in a binder of this county's sheets, whose guides now are ``guides``."""
    guides = list(guides)
    found = versions(guides, county)
    changed = tuple(guide for guide in guides if found[guide.pk].is_after(since))
    there = {guide.pk for guide in guides}
    others = _latest(SheetChange.objects.in_city(county.city).exclude(guide__in=there), county)
    gone = [guide for guide, version in others.items() if version.is_after(since)]
    rows = Guide.objects.filter(pk__in=gone).select_related("city", "matter")
    return Replacements(changed, tuple(rows.in_reading_order()))


def read_since(words: str) -> Since:
    """``12`` is a content version, ``2026-11-22`` a day. Raises ``ValueError`` for anything else."""
    if words.isascii() and words.isdecimal() and len(words) < 11 and int(words) < MOST:
        return int(words)
    with suppress(ValueError):  # a day that no month has
        if day := parse_date(words):
            return day
    raise ValueError(f"neither a version nor a day: {words!r}")


def _latest(changes: SheetChangeQuerySet, county: County | None) -> dict[int, SheetVersion]:
    """The last of these changes that the sheets show, by guide."""
    if county:
        changes = changes.on_sheets_of(county)
    rows = list(changes.values_list("guide", "county", "pk", "changed_at"))
    named = _with_own_window(county, {guide for guide, *_ in rows}) if county else set()
    return {
        guide: SheetVersion(number, timezone.localdate(changed_at))
        for guide, place, number, changed_at in rows
        if county is None or place in {None, county.pk} or guide not in named
    }


def _with_own_window(county: County, guides: Iterable[int]) -> set[int]:
    """Those of the guides that name a window of the county: their sheets do not show the city's own counter."""
    rows = GuideOffice.objects.filter(guide__in=list(guides), office__county=county)
    return set(rows.values_list("guide", flat=True))
