"""The guides of the real books are the same out of their snapshots."""

from __future__ import annotations

import pytest

from guides.models import Guide, Snapshot
from guides.stored import published_guide


@pytest.mark.usefixtures("handbooks", "db")
def test_every_guide_is_the_same_out_of_its_snapshot() -> None:
    guides = list(Guide.objects.with_details())
    assert Snapshot.objects.count() == len(guides) == 68
    for guide in guides:
        stored = published_guide(guide.city, guide.matter.slug)
        assert stored is not None
        assert "snapshot" in vars(stored)["_state"].fields_cache
        assert stored.document() == guide.document()
