"""Tags that show a place; each wraps one tested function."""

from __future__ import annotations

from django import template

from offices import maps, phones
from offices.models import Office, Phone

register = template.Library()


@register.filter
def map_url(office: Office) -> str:
    """The map's search for the office's address."""
    return maps.map_url(office)


@register.filter
def by_purpose(office: Office) -> list[tuple[str, list[Phone]]]:
    """The office's numbers by what they are for."""
    return phones.by_purpose(office.phones.all())


@register.filter
def spoken(number: str) -> str:
    """The number read out digit by digit."""
    return phones.spoken(number)
