"""Tags that show a guide the way ``guides.reading`` arranges it; each wraps one tested function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from guides import phone_book, reading
from guides.alternatives import Choice, alternatives
from guides.doubts import NO_DOUBTS, QUESTIONED_MARK, Doubt, Doubts, OfficeDoubts
from guides.doubts import doubts_at as find_doubts_at
from guides.glossary import Glossary
from guides.models import Category, Guide, GuideOffice
from guides.subpoints import Sentence, split_subpoints
from guides.wording import pieces
from offices.models import County, Office, Phone
from offices.timetable import DayLine, timetable

register = template.Library()

SEEN_AGAIN = 20_000
"""Texts and lists of phones and hours that are kept as HTML: those of an office come up in each of its guides."""


@register.simple_tag(takes_context=True)
def canonical(context: Mapping[str, Any]) -> str:
    """The page's one address under ``SITE_URL``; a list gives its own as ``canonical_path``."""
    return f"{settings.SITE_URL}{context.get('canonical_path') or context['request'].path}"


@register.filter
def is_printed_for(guide: Guide, county: County) -> bool:
    """Whether the handbook gave an office of this county, even if an editor has taken it off since."""
    return any(place["county"] == county.slug for place in guide.imported_document.get("offices", []))


@register.filter
def subpoints(text: str) -> Sentence:
    """Split ①②③ into a list."""
    return split_subpoints(text)


@register.filter
def options(text: str) -> Choice:
    """The options of a paper's words, of which one is enough."""
    return alternatives(text)


@register.simple_tag(takes_context=True)
def words(context: Mapping[str, Any], text: str) -> SafeString:
    """The text with 《forms》, （加盖单位公章） and the page's terms set apart; everything else escaped."""
    glossary: Glossary | None = context.get("glossary")
    if glossary is None or not glossary.has_new(text):
        return _words(text)
    return set_apart(text, lambda piece: with_terms(piece, glossary))


@lru_cache(maxsize=SEEN_AGAIN)
def _words(text: str) -> SafeString:
    return set_apart(text, conditional_escape)


def set_apart(text: str, shown: Callable[[str], SafeString]) -> SafeString:
    """The text with 《forms》 and （加盖单位公章） in bold; ``shown`` escapes a piece of it."""
    pieces_shown = [
        format_html('<b class="{}">{}</b>', piece.kind, shown(piece.text))
        if piece.kind
        else shown(piece.text)
        for piece in pieces(text)
    ]
    return mark_safe("".join(pieces_shown))  # noqa: S308 (each piece is escaped)


def with_terms(text: str, glossary: Glossary) -> SafeString:
    """The text escaped, the terms that come up first on this page as links to their explanation."""
    shown = [
        format_html(
            '<a class="term" id="term-{0}-used" href="#term-{0}" aria-label="{1}，看解释">{1}</a>',
            marked.number,
            word,
        )
        if marked
        else conditional_escape(word)
        for word, marked in glossary.mark(text)
    ]
    return mark_safe("".join(shown))  # noqa: S308 (each word is escaped)


@register.simple_tag(takes_context=True)
def only_for(context: Mapping[str, Any], case: str) -> SafeString:
    """The attribute that says which choices see what is for this case; nothing when all do."""
    names = reading.choices_of(case, context.get("case_choices", ()))
    return format_html(' data-for="{}"', "|".join(names)) if names else SafeString()


@register.filter
def question_of(choices: Iterable[str]) -> str:
    """What to ask before the choices."""
    return reading.question_of(choices)


@register.simple_tag(takes_context=True)
def doubt_of(context: Mapping[str, Any], phone: Phone) -> Doubt | None:
    """The doubt about a number, on pages that know of doubts."""
    doubts: Doubts = context.get("doubts", NO_DOUBTS)
    return doubts.about(phone)


class ShownPhone(NamedTuple):
    """A number as a list shows it: with a mark when it may be wrong, and where the page explains that ("" nowhere)."""

    number: str
    tel: str
    for_whom: str
    mark: str
    anchor: str


@register.simple_tag(takes_context=True)
def phones_shown(context: Mapping[str, Any], phones: Iterable[Phone]) -> SafeString:
    """The numbers as a list to call from, those in doubt marked: all on pages that know of doubts, elsewhere the questioned."""
    doubts: Doubts = context.get("doubts", NO_DOUBTS)
    lines = []
    for phone in phones:
        doubt = doubts.about(phone)
        mark = doubt.mark if doubt else QUESTIONED_MARK if phone.questioned_at else ""
        anchor = doubt.anchor if doubt else ""
        lines.append(ShownPhone(phone.number, phone.tel, phone.for_whom, mark, anchor))
    return _phones_shown(tuple(lines))


@lru_cache(maxsize=SEEN_AGAIN)
def _phones_shown(phones: tuple[ShownPhone, ...]) -> SafeString:
    return render_to_string("guides/_phones.html", {"phones": phones})


@register.simple_tag
def hours_shown(lines: Iterable[DayLine], text: str = "") -> SafeString:
    """The days and their sessions as a list; without any, what the handbook says of them."""
    return _hours_shown(tuple(lines), text)


@lru_cache(maxsize=SEEN_AGAIN)
def _hours_shown(lines: tuple[DayLine, ...], text: str) -> SafeString:
    return render_to_string("guides/_hours.html", {"lines": lines, "text": text})


@register.simple_tag(takes_context=True)
def doubts_among(context: Mapping[str, Any], phones: Iterable[Phone]) -> list[OfficeDoubts]:
    """What to explain about these numbers."""
    doubts: Doubts = context.get("doubts", NO_DOUBTS)
    return doubts.among(phones)


@register.filter
def columns_of(doubts: Doubts, places: Iterable[GuideOffice]) -> list[str]:
    """What to say of the columns of these places' numbers."""
    return [doubts.columns[place.office_id] for place in places if place.office_id in doubts.columns]


@register.filter
def numbers(places: Iterable[GuideOffice]) -> list[Phone]:
    """Every number of these places."""
    return [phone for place in places for phone in (*place.consult_phones, *place.complaint_phones)]


@register.simple_tag
def doubts_at(offices: Iterable[Office]) -> Doubts:
    """What to know about the numbers of these offices."""
    return find_doubts_at(offices)


@register.filter
def edition_followed(guide: Guide) -> str:
    """Which edition a guide follows."""
    return reading.edition_followed(guide)


@register.filter
def cases(guide: Guide) -> list[reading.Case]:
    """What to bring, by case."""
    return reading.cases(guide)


@register.filter
def how_many_papers(guide: Guide) -> list[tuple[str, str]]:
    """How many papers each case brings."""
    return reading.how_many_papers(guide)


@register.filter
def limits(guide: Guide) -> list[reading.Limit]:
    """The time limits, by case."""
    return reading.limits(guide)


@register.filter
def takes_days(guide: Guide) -> bool:
    """Whether a case takes working days."""
    return reading.takes_days(guide)


@register.filter
def limits_in_a_line(guide: Guide) -> str:
    """The time limits at a glance."""
    return reading.limits_in_a_line(guide)


@register.filter
def where_from(guide: Guide) -> str:
    """The book and the lines a guide comes from."""
    return reading.where_from(guide)


@register.filter
def county_beside_name(office: Office) -> str:
    """The county to print before an office's name."""
    return reading.county_beside_name(office)


@register.filter
def name_without_county(office: Office) -> str:
    """The office's name where its county already stands beside it."""
    return reading.name_without_county(office)


@register.filter
def online(guide: Guide) -> list[reading.ChannelGroup]:
    """Ways to apply on a screen."""
    return reading.channel_groups(guide, online=True)


@register.filter
def in_person(guide: Guide) -> list[reading.ChannelGroup]:
    """Ways to apply in person."""
    return reading.channel_groups(guide, online=False)


@register.filter
def channels_in_a_line(guide: Guide) -> str:
    """Ways to apply by name."""
    return reading.channels_in_a_line(guide)


@register.filter
def channel_labels(guide: Guide) -> list[str]:
    """Kinds of ways to apply."""
    return reading.channel_labels(guide)


@register.filter
def hours(place: GuideOffice) -> list[DayLine]:
    """When this guide is handled at this place."""
    return timetable(reading.sessions(place))


@register.filter
def office_hours(office: Office) -> list[DayLine]:
    """When an office is open."""
    return timetable(session.document() for session in office.opening_hours.all())


@register.filter
def networks(places: Iterable[GuideOffice]) -> list[reading.Network]:
    """City-wide places, those that differ only in name together."""
    return reading.networks(places)


@register.filter
def scope_explained(scope: str) -> str:
    """What a scope means for a visitor."""
    return reading.explain_scope(scope)


@register.simple_tag
def numbers_and_matters(offices: Iterable[Office]) -> dict[int, list[phone_book.Line]]:
    """The offices' numbers with the matters each answers for."""
    return phone_book.phone_book(offices)


@register.simple_tag
def guides_for(county: County) -> Iterable[Guide]:
    """Published guides a resident of the county can use."""
    return Guide.objects.published().in_county(county).with_summary().in_reading_order()


@register.filter
def by_category(guides: Iterable[Guide]) -> list[tuple[Category, list[Guide]]]:
    """Guides shelf by shelf."""
    return phone_book.by_category(guides)


@register.filter
def of_key(mapping: Mapping[Any, Any], key: Any) -> Any:
    """One value of a mapping."""
    return mapping.get(key)
