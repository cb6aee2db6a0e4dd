"""Tags that show the work-day calendar; each wraps one tested function."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.html import json_script
from django.utils.safestring import SafeString

from offices import workdays
from offices.memory import remembered
from offices.work_calendar import work_calendar

register = template.Library()


@register.simple_tag
def work_days() -> SafeString:
    """The last two years of the calendar, as data for ``open-now.js``."""
    return remembered("work days", lambda: json_script(work_calendar().data(), "work-days"))


@register.simple_tag
def calendar_warning() -> str:
    """What editors are told when the calendar ends soon."""
    return workdays.ending(work_calendar(), timezone.localdate())
