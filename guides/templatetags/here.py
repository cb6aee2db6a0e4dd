"""Tags that carry the visitor's place on in links; each wraps one tested function."""

from __future__ import annotations

from django import template

from guides.facets import PARAMETERS
from guides.models import Matter
from guides.nearby import matter_page
from offices.addresses import address
from offices.place import Place
from offices.reversing import reverse

register = template.Library()


@register.simple_tag
def list_here(place: Place | str, **filters: str) -> str:
    """The list's one address for a place and some filters."""
    values = {**(dict(place.pairs) if isinstance(place, Place) else {}), **filters}
    return address(reverse("guides:list"), [(name, values.get(name, "")) for name in PARAMETERS])


@register.simple_tag
def matter_here(place: Place, matter: Matter) -> str:
    """The guide to a matter at a place; while none is chosen, the matter in all cities."""
    return matter_page(matter, place)
