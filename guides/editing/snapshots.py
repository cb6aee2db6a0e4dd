"""Snapshots of guides, written in the transaction of the change, so that a page is never older than its rows."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q

from guides.models import Guide, Snapshot
from guides.stored import packed

AT_ONCE = 200
"""Guides packed together; their rows are in memory meanwhile."""


def keep_snapshots(guides: Iterable[Guide]) -> None:
    """Write down the lists of these guides (fetched with details) for their pages."""
    Snapshot.objects.bulk_create(
        [Snapshot(guide=guide, version=guide.version, rows=packed(guide)) for guide in guides],
        update_conflicts=True,
        unique_fields=["guide"],
        update_fields=["version", "rows"],
    )


def complete_snapshots() -> int:
    """Write the snapshots that published guides lack, after rows came in from elsewhere; how many these were."""
    current = Q(snapshot__version=F("version"))
    lacking = list(Guide.objects.published().exclude(current).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(lacking), AT_ONCE):
        keep_snapshots(Guide.objects.with_details().filter(pk__in=lacking[first : first + AT_ONCE]))
    return len(lacking)
