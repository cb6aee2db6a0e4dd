"""Tags that every page's head and footer use; each wraps one tested function."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from offices import long_lists, structured_data
from offices import publisher as publishing
from offices.memory import remembered
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


class Shared(Node):
    """What stands in ``{% shared %}``; see there."""

    def __init__(self, nodelist: NodeList, keys: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.keys = keys

    def render(self, context: Context) -> SafeString:
        keys = tuple(key.resolve(context) for key in self.keys)
        return remembered(("shared", *keys), lambda: self.nodelist.render(context))


@register.tag
def shared(parser: Parser, token: Token) -> Shared:
    """``{% shared "footer" place %}…{% endshared %}``: rendered once for all pages on which its keys are the same.

    The keys name all that it says something about; what else the content says is taken to be the same until it changes.
    """
    keys = [parser.compile_filter(key) for key in token.split_contents()[1:]]
    nodelist = parser.parse(("endshared",))
    parser.delete_first_token()
    return Shared(nodelist, keys)


@register.simple_tag
def links(choices: Iterable[tuple[str, str, bool]], current: str = "true") -> SafeString:
    """The choices as ``<li>`` with a link; the chosen one says ``aria-current``."""
    return long_lists.links(choices, current)


@register.simple_tag
def offices_data(offices: Iterable[Office], city: City, county: County | None = None) -> SafeString:
    """Counters for search engines."""
    return structured_data.script(structured_data.offices_data(offices, city, settings.SITE_URL, county))
