"""Counters, hours and phones as plain data for paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from guides.doubts import Doubts, OfficeDoubts
from guides.models import GuideOffice
from guides.reading import (
    UNSTATED,
    Network,
    county_beside_name,
    explain_scope,
    name_without_county,
    networks,
    sessions,
)
from offices.models import Phone
from offices.phones import spoken
from offices.timetable import DayLine, timetable

Json = dict[str, Any]


def place_said(place: GuideOffice, doubts: Doubts) -> Json:
    """One counter: its name beside its county, scope, address, hours and numbers."""
    office = place.office
    return {
        "county_beside": county_beside_name(office),
        "name": office.name,
        "county": office.county.name if office.county else "",
        "name_in_county": name_without_county(office),
        "address": office.address or UNSTATED,
        **scope_said(place.scope),
        **hours_said(place),
        "consult": phones_said(place.consult_phones, doubts),
        "complaint": phones_said(place.complaint_phones, doubts),
    }


def scope_said(scope: str) -> Json:
    """What a counter does of the matter, and what that means."""
    return {"scope": scope, "scope_means": explain_scope(scope) if scope else ""}


def hours_said(place: GuideOffice) -> Json:
    """Lines by kind of day, or the handbook's words where they are no times."""
    lines = timetable(sessions(place))
    return {"hours": [line_said(line) for line in lines], "hours_text": place.hours_text or UNSTATED}


def line_said(line: DayLine) -> Json:
    """The sessions of one kind of day."""
    return {
        "day": line.day,
        "sessions": [f"{opens}–{closes}" for opens, closes in line.sessions],
        "note": f"（{line.note}）" if line.note else "",
    }


def phones_said(phones: Iterable[Phone], doubts: Doubts) -> list[Json]:
    """Numbers with whom they are for and whether they are in doubt; ``anchor`` is where the page explains that."""
    return [phone_said(phone, doubts) for phone in phones]


def phone_said(phone: Phone, doubts: Doubts) -> Json:
    """One number."""
    doubt = doubts.about(phone)
    return {
        "number": phone.number,
        "for": phone.for_whom,
        "tel": phone.tel,
        "spoken": spoken(phone.number),
        "doubt": doubt.mark if doubt else "",
        "anchor": doubt.anchor if doubt else "",
    }


def doubts_said(places: Sequence[GuideOffice], doubts: Doubts) -> Json:
    """What to know of the numbers of these counters: those in doubt, and columns told apart by the layout."""
    numbers = [phone for place in places for phone in (*place.consult_phones, *place.complaint_phones)]
    columns = [doubts.columns[place.office_id] for place in places if place.office_id in doubts.columns]
    return {
        "doubts": [doubt_said(doubt, doubts) for doubt in doubts.among(numbers)],
        "columns": [f"{message}，拨通后请先问清。" for message in columns],
    }


def doubt_said(doubt: OfficeDoubts, doubts: Doubts) -> Json:
    """The doubts about one office's numbers, and which to call instead."""
    return {
        "anchor": doubt.anchor,
        "words": f"{'；'.join(doubt.messages)}。",
        "instead": [
            {"lead": f"可以改打{other.whose}：", "phones": phones_said(other.phones, doubts)}
            for other in doubt.instead
        ],
    }


def networks_said(places: Iterable[GuideOffice], doubts: Doubts) -> list[Json]:
    """City-wide places, those that differ only in name together."""
    return [network_said(network, doubts) for network in networks(places)]


def network_said(network: Network, doubts: Doubts) -> Json:
    """Places that share everything the handbook says about them; what it does not say is left out."""
    like = network.like
    return {
        "names": "、".join(network.names),
        "address": like.office.address,
        **scope_said(like.scope),
        **hours_said(like),
        "hours_text": like.hours_text,
        "consult": phones_said(like.consult_phones, doubts),
        "complaint": phones_said(like.complaint_phones, doubts),
    }
