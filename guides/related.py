"""What stands beside a guide: the matter in other cities, others of its category, life events, remarks carried on to it."""

from __future__ import annotations

from offices.memory import remembered

from .models import Guide, LifeEvent, Matter, Note

RELATED = 6
"""How many other cities, and how many matters of the same category, a page offers."""


def elsewhere_of(guide: Guide) -> list[Guide]:
    """The first guides of other cities to the same matter; one more than ``RELATED`` when there are more."""

    def first() -> list[Guide]:
        guides = Guide.objects.published().to_matter(guide.matter).select_related("city", "matter")
        return list(guides.in_reading_order()[: RELATED + 2])

    others = [other for other in remembered(("elsewhere", guide.matter_id), first) if other != guide]
    return others[: RELATED + 1]


def same_category_as(guide: Guide) -> list[Guide]:
    """The first other guides of the same city and category."""
    category = guide.matter.category

    def first() -> list[Guide]:
        guides = Guide.objects.published().in_city(guide.city).in_category(category)
        return list(guides.select_related("city", "matter").in_reading_order()[: RELATED + 1])

    guides = remembered(("same category", guide.city_id, category.pk), first)
    return [other for other in guides if other != guide][:RELATED]


def life_events_with(matter: Matter) -> list[LifeEvent]:
    """Life events in which this matter is handled."""
    return remembered(("life events", matter.pk), lambda: list(LifeEvent.objects.that_need(matter)))


def carried_on_to(guide: Guide) -> list[Note]:
    """Remarks on earlier pages of the same handbook that say of themselves that they hold from there on (下同)."""
    if guide.handbook_id is None:
        return []
    remarks = remembered(
        ("holding on", guide.handbook_id), lambda: list(Note.objects.holding_on([guide.handbook_id]))
    )
    return [note for note in remarks if (note.guide.last_line or 0) < (guide.first_line or 0)]
