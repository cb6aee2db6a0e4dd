"""The way from a page to the form for its errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from offices.addresses import here
from reports.pages import form_for

register = template.Library()


@register.simple_tag(takes_context=True)
def report_url(context: Mapping[str, Any]) -> str:
    """The address of the form for this very page."""
    return form_for(here(context["request"]))
