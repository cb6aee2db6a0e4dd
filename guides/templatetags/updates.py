"""更新记录: the changes of a guide or of offices that residents can see, newest first."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from guides import updates
from guides.models import Guide, Revision
from offices.models import County, Office

register = template.Library()


@register.simple_tag
def updates_of(guide: Guide, county: County | None = None) -> list[Revision]:
    """The guide's changes, as far as they concern the county."""
    return updates.updates_of(guide, county)


@register.simple_tag
def updates_at(offices: Iterable[Office]) -> list[Revision]:
    """The changes of these offices together."""
    return list(Revision.objects.at(list(offices)).for_the_public())
