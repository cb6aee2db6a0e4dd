"""更新记录: the changes of a guide that residents can see, newest first."""

from __future__ import annotations

from guides.models import Guide, Revision
from offices.models import County

NO_NEWS = ("offices", "source", "city", "matter")
"""Parts of a document that are compared apart, or of which residents are told nothing."""


def updates_of(guide: Guide, county: County | None = None) -> list[Revision]:
    """The guide's changes; for a county those of the shared text and of what its page shows of places."""
    if not guide.version:
        return []
    changes = Revision.objects.of(guide).for_the_public()
    if county is None:
        return list(changes)
    slugs = slugs_of(guide, county)
    return [revision for revision in changes.defer(None) if concerns(revision, slugs)]


def slugs_of(guide: Guide, county: County) -> set[str]:
    """Counties whose places stand on this one's page, by all slugs they had; "" stands for the networks.

    The city's own counter stands in where the guide names none of the county.
    """
    counties = [place.office.county for place in guide.guide_offices.all() if place.office.county]
    shown = [each for each in counties if each == county] or [
        each for each in counties if each.kind == "city_level"
    ]
    former = County.objects.filter(pk__in=[each.pk for each in (county, *shown)])
    return {"", county.slug, *(each.slug for each in shown)} | {
        slug for slug in former.values_list("former_slugs__slug", flat=True) if slug
    }


def concerns(revision: Revision, slugs: set[str]) -> bool:
    """Whether a change touches the shared text or a place of these counties; what was made or deleted touches all."""
    before, after = revision.before, revision.after
    if not before or not after or any(before.get(key) != after[key] for key in after if key not in NO_NEWS):
        return True
    was, now = ([place for place in side["offices"] if place["county"] in slugs] for side in (before, after))
    return was != now or before["offices"] == after["offices"]
