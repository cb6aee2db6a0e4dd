"""``{% url %}`` for the public pages, whose addresses are remembered; loaded into every template (settings)."""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parse_url
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from offices.reversing import reverse

register = template.Library()
OURS = ("guides:", "offices:")


class PublicURLNode(URLNode):
    """Django's node; a public page named with plain arguments is looked up by ``offices.reversing``."""

    def render(self, context: Context) -> SafeString | str:
        name = self.view_name.resolve(context)
        if self.kwargs or self.asvar or not str(name).startswith(OURS):
            return super().render(context)
        return conditional_escape(reverse(name, [arg.resolve(context) for arg in self.args]))


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """``{% url name arg … %}``, written and understood as Django's own tag."""
    node = parse_url(parser, token)
    return PublicURLNode(node.view_name, node.args, node.kwargs, node.asvar)
