"""Numbers the handbook may have printed wrongly or readers could not get through to, and what a caller should know of them.

What the checks noticed (``Finding``) is matched with the rows as they stand: a number an editor has mended is no
longer in doubt. What readers said stands on the number itself (``Phone.questioned_at``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q

from offices.memory import remembered
from offices.models import City, County, Office, Phone

from .models import Finding, Guide

MARK = "号码待核实"
QUESTIONED_MARK = "有人反映打不通"
"""What stands beside a number in doubt; why is said below."""
QUESTIONED = "近日有读者反映{number}打不通，正在核实"
OFFERED = 2
"""How many other numbers are named: who has one that may be wrong needs another, not a list."""
PrintedAt = tuple[int | None, Office, Sequence[Phone]]
"""A guide's key (None: any), an office, and the numbers printed for them."""


@dataclass(frozen=True)
class Instead:
    """Numbers to call instead of one in doubt, and whose they are: 开江县其他事项的咨询电话."""

    whose: str
    phones: tuple[Phone, ...]


@dataclass(frozen=True)
class Doubt:
    """A number in doubt, and what the handbook prints or readers say; without ``county`` at a place for the whole city."""

    phone: Phone
    county: County | None
    message: str
    mark: str = MARK

    @property
    def anchor(self) -> str:
        """Where a page explains it; "" for a place of the whole city, beside which nothing is explained."""
        return f"doubt-{self.county.slug}-{self.phone.office_id}" if self.county else ""


@dataclass(frozen=True)
class OfficeDoubts:
    """What a page explains about the numbers of one office, and which to call instead."""

    county: County | None
    anchor: str
    messages: tuple[str, ...]
    instead: tuple[Instead, ...]


@dataclass(frozen=True)
class Doubts:
    """The doubts about some offices' numbers."""

    numbers: dict[tuple[int, str], Doubt] = field(default_factory=dict)
    """By the office's key and the number."""
    columns: dict[int, str] = field(default_factory=dict)
    """By the office's key: that asking and complaining were told apart by the layout."""
    others: tuple[Phone, ...] = ()
    """Numbers not in doubt of these offices and of their city's own counter, the most used first."""

    def __bool__(self) -> bool:
        return bool(self.numbers or self.columns)

    def about(self, phone: Phone) -> Doubt | None:
        """The doubt about one number."""
        return self.numbers.get((phone.office_id, phone.number))

    def among(self, phones: Iterable[Phone]) -> list[OfficeDoubts]:
        """The doubts about these numbers, office by office."""
        found: dict[int, list[Doubt]] = {}
        for phone in phones:
            if doubt := self.about(phone):
                found.setdefault(phone.office_id, []).append(doubt)
        return [self.of_office(doubts) for doubts in found.values()]

    def of_office(self, doubts: Sequence[Doubt]) -> OfficeDoubts:
        """The doubts about one office's numbers together."""
        messages = tuple(dict.fromkeys(doubt.message for doubt in doubts))
        instead = dict.fromkeys(filter(None, map(self.instead_of, doubts)))
        return OfficeDoubts(doubts[0].county, doubts[0].anchor, messages, tuple(instead))

    def instead_of(self, doubt: Doubt) -> Instead | None:
        """Numbers for the same purpose: the office's in other matters, else those of the city's own counter."""
        alike = [phone for phone in self.others if phone.purpose == doubt.phone.purpose]
        own = tuple(phone for phone in alike if phone.office_id == doubt.phone.office_id)
        purpose = doubt.phone.get_purpose_display()
        here = doubt.county.name if doubt.county else "这里"
        whose = f"{here}其他事项的{purpose}电话" if own else f"市本级的{purpose}电话"
        return Instead(whose, (own or tuple(alike))[:OFFERED]) if alike else None


NO_DOUBTS = Doubts()


def doubts_about(guides: Sequence[Guide]) -> Doubts:
    """The doubts about the numbers of these guides (fetched with details)."""
    keys = tuple(guide.pk for guide in guides)
    return remembered(("doubts", keys), lambda: _doubts_about(guides, keys))


def _doubts_about(guides: Sequence[Guide], keys: Sequence[int]) -> Doubts:
    findings = [
        one for city in {guide.city for guide in guides} for one in _noticed_in(city) if one.guide_id in keys
    ]
    return match(findings, printed_for(guides))


def _noticed_in(city: City) -> list[Finding]:
    return remembered(("noticed", city.pk), lambda: list(Finding.objects.in_city(city).about_phones()))


def doubts_of_each(guides: Sequence[Guide]) -> dict[int, Doubts]:
    """What ``doubts_about`` says of each guide alone, by its primary key, with few queries for many guides."""
    findings = list(Finding.objects.about_phones().filter(guide__in=guides))
    return {
        guide.pk: match([one for one in findings if one.guide_id == guide.pk], printed_for([guide]))
        for guide in guides
    }


def printed_for(guides: Iterable[Guide]) -> list[PrintedAt]:
    """The numbers of these guides, counter by counter."""
    return [
        (guide.pk, place.office, [link.phone for link in place.guide_phones.all()])
        for guide in guides
        for place in guide.guide_offices.all()
    ]


def doubts_at(offices: Iterable[Office]) -> Doubts:
    """The doubts about all numbers of these offices (fetched with details), whichever guide they answer for."""
    printed = [(None, office, list(office.phones.all())) for office in offices]
    counties = {office.county_id for _, office, _ in printed if office.county_id}
    return match(
        Finding.objects.about_phones().filter(county__in=counties, guide__status="published"), printed
    )


def match(findings: Iterable[Finding], printed: Sequence[PrintedAt]) -> Doubts:
    """The findings as far as they hold for the numbers as they stand."""
    doubts = Doubts()
    for finding in findings:
        for guide, office, phones in printed:
            if finding.county and office.county_id == finding.county.pk and guide in (None, finding.guide_id):
                note(doubts, finding, finding.county, office, phones)
    for _, office, phones in printed:
        note_questioned(doubts, office, phones)
    if not doubts.numbers:
        return doubts
    in_doubt = frozenset(doubt.phone.pk for doubt in doubts.numbers.values())
    others = remembered(("others", in_doubt), lambda: other_numbers(doubts.numbers.values()))
    return Doubts(doubts.numbers, doubts.columns, others)


def note(doubts: Doubts, finding: Finding, county: County, office: Office, phones: Iterable[Phone]) -> None:
    """Add what a finding says of an office's numbers."""
    if not finding.number:
        doubts.columns[office.pk] = finding.message
    for phone in phones:
        if phone.number == finding.number:
            doubts.numbers[office.pk, phone.number] = Doubt(phone, county, finding.message)


def note_questioned(doubts: Doubts, office: Office, phones: Iterable[Phone]) -> None:
    """Add what readers say of an office's numbers."""
    for phone in phones:
        if phone.questioned_at:
            known = doubts.numbers.get((office.pk, phone.number))
            said = QUESTIONED.format(number=phone.number)
            message = f"{known.message}；{said}" if known and said not in known.message else said
            doubts.numbers[office.pk, phone.number] = Doubt(phone, office.county, message, QUESTIONED_MARK)


def other_numbers(doubts: Iterable[Doubt]) -> tuple[Phone, ...]:
    """Numbers in use at the same offices and at the city's own counter, the most used first."""
    doubted = {doubt.phone.pk: doubt for doubt in doubts}
    here = Q(pk__in={doubt.phone.office_id for doubt in doubted.values()})
    cities = Office.objects.filter(here).order_by().values("city")
    of_city = Q(county__kind="city_level", city__in=cities)
    offices = list(Office.objects.filter(here | of_city).order_by().values_list("pk", flat=True))
    phones = (
        Phone.objects.filter(office__in=offices, questioned_at=None).exclude(pk__in=doubted).order_by("pk")
    )
    used = phones.filter(guide_phones__guide_office__guide__status="published")
    counted = used.annotate(uses=Count("guide_phones"))
    return tuple(sorted(counted, key=lambda phone: (-phone.uses, phone.number)))
