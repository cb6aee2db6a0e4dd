"""Which number answers for which matter, office by office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from offices.models import Office, Phone
from offices.vocabulary import PHONE_PURPOSES

from .models import Category, Guide, GuidePhone


@dataclass(frozen=True)
class Line:
    """One number of an office and the guides it answers for."""

    phone: Phone
    guides: tuple[Guide, ...]

    @property
    def groups(self) -> list[tuple[Category, list[Guide]]]:
        """The guides shelf by shelf."""
        return by_category(self.guides)


def phone_book(offices: Iterable[Office]) -> dict[int, list[Line]]:
    """The numbers of these offices with the published guides each answers for, by office (one query)."""
    offices = list(offices)
    links = (
        GuidePhone.objects.filter(phone__office__in=offices, guide_office__guide__status="published")
        .select_related("guide_office__guide__matter__category", "guide_office__guide__city")
        .order_by("guide_office__guide__matter__position", "guide_office__guide__matter__slug")
    )
    answers: dict[int, dict[int, Guide]] = {}
    for link in links:
        guide = link.guide_office.guide
        answers.setdefault(link.phone_id, {})[guide.pk] = guide
    return {
        office.pk: [Line(phone, tuple(answers.get(phone.pk, {}).values())) for phone in by_purpose(office)]
        for office in offices
    }


def by_category(guides: Iterable[Guide]) -> list[tuple[Category, list[Guide]]]:
    """Guides shelf by shelf, both in the order of the catalogue."""
    shelves: dict[Category, list[Guide]] = {}
    for guide in guides:
        shelves.setdefault(guide.matter.category, []).append(guide)
    return sorted(shelves.items(), key=lambda shelf: (shelf[0].position, shelf[0].slug))


def by_purpose(office: Office) -> list[Phone]:
    """The office's phones, those to ask before those to complain to, else in the order of the handbook."""
    purposes = list(PHONE_PURPOSES)
    return sorted(office.phones.all(), key=lambda phone: purposes.index(phone.purpose))
