"""The start page of the admin: what waits for the person at the keyboard."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import User
from django.utils.timezone import localdate

from guides.waiting import Pile, waiting_for

register = template.Library()


@register.simple_tag
def piles_of(user: User) -> list[Pile]:
    """What waits for this person today."""
    return waiting_for(user, localdate())
