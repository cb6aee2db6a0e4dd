"""更新记录: the changes of a guide or of offices that residents can see, newest first."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from guides.models import Guide, Revision
from offices.models import Office

register = template.Library()


@register.simple_tag
def updates_of(guide: Guide) -> list[Revision]:
    """The guide's changes, without their documents."""
    return list(Revision.objects.of(guide).for_the_public())


@register.simple_tag
def updates_at(offices: Iterable[Office]) -> list[Revision]:
    """The changes of these offices together."""
    return list(Revision.objects.at(list(offices)).for_the_public())
