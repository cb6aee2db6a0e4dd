"""The page a reader reports an error on: found by its address, with the numbers it shows and whom to call about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.db.models import Max
from django.http import QueryDict
from django.urls import Resolver404, resolve

from guides.lookup import find_county_of, find_guide
from guides.models import Guide, Stamp
from guides.reading import whereabouts
from guides.ready.dependence import scopes_of
from guides.views.guide import address_of
from offices.addresses import LONGEST, address, readable
from offices.lookup import NothingHere, find_city, find_county
from offices.models import County, Office, Phone
from offices.place import Choice, Place, PlaceChoice, county_choices, place_choice
from offices.reversing import reverse
from offices.vocabulary import PHONE_PURPOSES

from .models import LONGEST_ADDRESS

MOST_OFFICES = 3
"""Offices whose numbers somebody is given who wants to call."""
LONGEST_QUESTION = 40
"""Characters of a reader's search that its name quotes."""


class Number(NamedTuple):
    """A number the page shows, and whose it is."""

    phone: Phone
    office: Office

    @property
    def key(self) -> str:
        """What the form calls it."""
        return f"{self.office.pk}:{self.phone.number}"

    @property
    def words(self) -> str:
        """``咨询（居民）``."""
        purpose = PHONE_PURPOSES[self.phone.purpose]
        return purpose + (f"（{self.phone.for_whom}）" if self.phone.for_whom else "")


@dataclass(frozen=True)
class ReportedPage:
    """One public page: what it is called, for which place it speaks, what can be wrong on it."""

    address: str
    name: str
    choice: PlaceChoice
    """The same form for other places."""
    numbers: tuple[Number, ...] = ()
    guide: Guide | None = None

    @property
    def place(self) -> Place:
        """For which place the page speaks."""
        return self.choice.place

    @property
    def by_office(self) -> list[tuple[Office, list[Number]]]:
        """The numbers office by office, each number once."""
        groups: dict[Office, dict[str, Number]] = {}
        for number in self.numbers:
            groups.setdefault(number.office, {}).setdefault(number.key, number)
        return [(office, list(numbers.values())) for office, numbers in groups.items()]

    def number_of(self, key: str) -> Number | None:
        """The number that the form calls so."""
        return next((number for number in self.numbers if number.key == key), None)

    def version(self) -> int:
        """The number of the last change that this page shows (``Stamp``); 0 before any."""
        parts = urlsplit(self.address)
        stamps = Stamp.objects.filter(scope__in=scopes_of(parts.path, parts.query))
        return stamps.aggregate(last=Max("number"))["last"] or 0


def page_at(given: str) -> ReportedPage | None:
    """The page of ours at this address (path and query); ``None`` for anything else."""
    if not given.startswith("/") or given.startswith("//") or len(given) > LONGEST_ADDRESS:
        return None
    if not given.isprintable():
        return None
    parts = urlsplit(given)
    try:
        readable(unquote(given), (), longest=LONGEST_ADDRESS)
        match = resolve(parts.path)
        find = FINDERS.get(match.view_name)
        return find(Asked(given, parts.query), **match.kwargs) if find else None
    except (Resolver404, NothingHere):
        return None


class Asked(NamedTuple):
    """The address as it was given, and its query."""

    address: str
    query: str

    def said(self, name: str) -> str:
        """What a parameter says, read as the page itself reads it; raises ``NothingHere`` when it cannot be read."""
        return readable(QueryDict(self.query).get(name, ""), (), longest=LONGEST)


def of_guide(asked: Asked, city: str, matter: str, county: str = "") -> ReportedPage:
    """A guide, for its city or for one county."""
    guide = find_guide(find_city(city), matter)
    of_county = find_county_of(guide, county) if county else None
    place = Place(guide.city, of_county)
    page = address_of(guide, "guides:guide")
    where = whereabouts(guide, of_county)
    places = (*where.boxed, *where.tabled, *where.city_wide)
    phones = ((phone, at.office) for at in places for phone in (*at.consult_phones, *at.complaint_phones))
    whole = Choice(guide.city.name, form_for(page(Place(guide.city))), chosen=True)
    counties = county_choices(place, lambda place: form_for(page(place)))
    choice = PlaceChoice(place, cities=(whole,), counties=counties)
    numbers = tuple(Number(*each) for each in phones)
    return ReportedPage(page(place), f"{guide.name}（{place}）", choice, numbers, guide)


def of_city(asked: Asked, city: str) -> ReportedPage:
    """The offices of a city."""
    place = Place(find_city(city))
    return of_offices(place, Office.objects.filter(city=place.city).with_details())


def of_county(asked: Asked, city: str, county: str) -> ReportedPage:
    """The offices of a county; where there are none, the city's own, which its page shows."""
    found = find_county(find_city(city), county)
    return of_offices(Place(found.city, found), offices_for(found))


def of_offices(place: Place, offices: Iterable[Office]) -> ReportedPage:
    """The page of some offices."""
    numbers = tuple(Number(phone, office) for office in offices for phone in office.phones.all())
    choice = place_choice(place, lambda place: form_for(place.offices_url))
    return ReportedPage(place.offices_url, f"{place}的窗口和电话", choice, numbers)


def of_list(asked: Asked) -> ReportedPage | None:
    """A search for guides that found nothing."""
    return of_search(asked, "guides:list", "搜索“{}”的结果", "办事指南的列表")


def of_found(asked: Asked) -> ReportedPage | None:
    """A search for offices that found nothing."""
    return of_search(asked, "offices:index", "查找窗口“{}”的结果", "各地窗口和电话")


def of_materials(asked: Asked) -> ReportedPage | None:
    """A search for papers and forms that found nothing."""
    return of_search(asked, "guides:materials", "查材料“{}”的结果", "材料反查")


def of_search(asked: Asked, page: str, name: str, without_words: str) -> ReportedPage:
    """The page of a search; raises ``NothingHere`` for words that cannot be read and a place that is not there."""
    place = place_of_query(asked)
    question = asked.said("q")
    quoted = question if len(question) <= LONGEST_QUESTION else f"{question[:LONGEST_QUESTION]}…"

    def at(place: Place) -> str:
        return form_for(address(reverse(page), [("q", question), *place.pairs]))

    choice = place_choice(place, at)
    called = name.format(quoted) if question else without_words
    offices = offices_for(place.county) if place.county else []
    numbers = tuple(Number(phone, office) for office in offices for phone in office.phones.all())
    return ReportedPage(asked.address, called + (f"（{place}）" if place.city else ""), choice, numbers)


def place_of_query(asked: Asked) -> Place:
    """The place that a search names; raises ``NothingHere`` for one that is not there."""
    city, county = asked.said("city"), asked.said("county")
    if not city:
        return Place()
    found = find_city(city)
    return Place(found, find_county(found, county) if county else None)


def offices_for(county: County) -> list[Office]:
    """Where people of the county go: its own offices, else the city's own counter."""
    offices = Office.objects.in_city(county.city).with_details()
    return list(offices.in_county(county)) or list(offices.at_city_level())


def form_for(page: str) -> str:
    """The address of the form for a page."""
    return address(reverse("reports:report"), [("page", page)])


def whom_to_call(page: ReportedPage, without: str = "") -> list[tuple[Office, list[Phone]]]:
    """Numbers to ask, office by office: those of the page, but for the one that nobody answers.

    Of a whole city only its own counter's, where it has one.
    """
    numbers = page.numbers
    if not page.place.county:
        of_city = [
            number for number in numbers if number.office.county and number.office.county.kind == "city_level"
        ]
        numbers = tuple(of_city) or numbers
    found: dict[Office, dict[str, Phone]] = {}
    for phone, office in numbers:
        if phone.purpose == "consult" and phone.number != without:
            found.setdefault(office, {}).setdefault(phone.number, phone)
    return [(office, list(phones.values())) for office, phones in list(found.items())[:MOST_OFFICES]]


Finder = Callable[..., ReportedPage | None]
FINDERS: dict[str, Finder] = {
    "guides:guide": of_guide,
    "guides:county_guide": of_guide,
    "guides:list": of_list,
    "guides:materials": of_materials,
    "offices:index": of_found,
    "offices:city": of_city,
    "offices:county": of_county,
}
"""By the name of the address; other pages have no form."""
