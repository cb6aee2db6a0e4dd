"""Tags that describe a guide to search engines; each wraps one tested function."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from guides.models import Guide
from guides.reading import Whereabouts
from guides.structured_data import guide_data
from offices.structured_data import script

register = template.Library()


@register.simple_tag
def service_data(guide: Guide, where: Whereabouts) -> SafeString:
    """The guide as a service."""
    return script(guide_data(guide, where, settings.SITE_URL))
