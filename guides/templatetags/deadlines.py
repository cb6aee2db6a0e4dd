"""Filters that show a deadline; each wraps one tested function."""

from __future__ import annotations

from datetime import date

from django import template

from offices.workdays import date_in_words

register = template.Library()


@register.filter
def in_words(day: date) -> str:
    """The day with its weekday."""
    return date_in_words(day)
