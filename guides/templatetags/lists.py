"""What stands many times on a list of guides: written in Python, where a template's loop would take most of the page's time."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guides.facets import Choice, Facet
from offices.long_lists import joined

register = template.Library()

CHOSEN = (
    '<li><a class="chosen" href="{}" aria-current="true"><span>{}</span>'
    '<span class="number">{}<span class="hidden"> 项，已选，点按取消</span></span></a></li>'
)
POSSIBLE = (
    '<li><a href="{}" rel="nofollow"><span>{}</span>'
    '<span class="number">{}<span class="hidden"> 项</span></span></a></li>'
)
IMPOSSIBLE = (
    '<li><span class="impossible"><span>{}</span>'
    '<span class="number">0<span class="hidden"> 项，与已选条件不能同时满足</span></span></span></li>'
)


@register.simple_tag
def facet_choices(facet: Facet) -> SafeString:
    """The choices of a facet as ``<li>``, with how many guides each leaves."""
    return joined(map(facet_choice, facet.choices))


def facet_choice(choice: Choice) -> SafeString:
    """One choice: chosen and to be dropped, to be chosen, or leaving nothing."""
    if choice.chosen:
        return format_html(CHOSEN, choice.url, choice.label, choice.count)
    if not choice.count:
        return format_html(IMPOSSIBLE, choice.label)
    return format_html(POSSIBLE, choice.url, choice.label, choice.count)
