"""Tags that every page's head and footer use; each wraps one tested function."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from offices import publisher as publishing
from offices import structured_data
from offices.models import City, County, Office

register = template.Library()


@register.simple_tag
def publisher() -> publishing.Publisher:
    """Who runs the site."""
    return publishing.publisher()


@register.simple_tag
def absolute(path: str) -> str:
    """The path under ``SITE_URL``."""
    return f"{settings.SITE_URL}{path}"


@register.simple_block_tag
def kept(content: str) -> SafeString:
    """What stands in the tag, kept under a name (``{% kept as title %}``) to be used more than once."""
    return mark_safe(content.strip())  # noqa: S308 (rendered by the template, which has escaped it)


@register.simple_tag
def offices_data(offices: Iterable[Office], city: City, county: County | None = None) -> SafeString:
    """Counters for search engines."""
    return structured_data.script(structured_data.offices_data(offices, city, settings.SITE_URL, county))
