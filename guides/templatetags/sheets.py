"""Tags that set a sheet's content as HTML; each wraps one tested function."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from guides.sheets import qr

register = template.Library()


@register.filter
def as_words(runs: Iterable[tuple[str, str]]) -> SafeString:
    """Runs of text, 《forms》 and stamps in bold; everything escaped."""
    shown = [format_html('<b class="{}">{}</b>', kind, text) if kind else text for text, kind in runs]
    return format_html_join("", "{}", ((piece,) for piece in shown))


@register.filter
def qr_drawing(text: str) -> SafeString:
    """The QR code of a text as an SVG element."""
    return mark_safe(qr.qr_svg(text))  # noqa: S308 (drawn here; the text is in it as squares only)


@register.simple_tag(takes_context=True)
def seen_only_by(context: dict[str, object], choices: Iterable[str]) -> SafeString:
    """The attribute that says which choices see a part, where the reader can choose; nothing when all do."""
    names = "|".join(choices)
    return format_html(' data-for="{}"', names) if names and context.get("case_choices") else SafeString()
