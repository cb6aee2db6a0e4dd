"""Tags for parts of a guide's page that all its counties share: rendered once, while the content stays the same."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

from guides.glossary import Glossary, Marked
from guides.marking import corrections_of, source_lines
from guides.models import Guide, GuideOffice
from offices.memory import remembered

register = template.Library()
BOOK_LINES = "guides/_book_lines.html"


@register.simple_tag(takes_context=True)
def section(context: Context, name: str, stated: Any) -> SafeString:
    """The part of this name. Where the handbook states nothing (``stated`` is empty) it names the county's numbers.

    Which words it explains depends on those that came up before it, so they are part of what it is remembered under.
    """
    if not stated:
        return rendered(context, name)
    guide: Guide = context["guide"]
    glossary: Glossary = context["glossary"]
    before = len(glossary.marked)
    met = tuple(marked.term.word for marked in glossary.marked)

    def once() -> tuple[SafeString, list[Marked]]:
        return rendered(context, name), glossary.marked[before:]

    html, marked = remembered(("section", name, guide.pk, met), once)
    glossary.marked[before:] = marked
    return html


@register.simple_tag(takes_context=True)
def office_row(context: Context, place: GuideOffice) -> SafeString:
    """The row of a place in the table of a guide's counters."""
    return remembered(
        ("office row", place.pk), lambda: rendered(context, "guides/_office_row.html", place=place)
    )


@register.simple_tag(takes_context=True)
def book_lines(context: Context) -> SafeString:
    """The handbook's own lines for the guide, with corrections marked in place: the same for all its counties."""
    guide: Guide = context["guide"]
    return remembered(("book lines", guide.pk), lambda: rendered(context, BOOK_LINES, **of_book(guide.pk)))


def of_book(key: int) -> dict[str, Any]:
    """The lines and the corrections of the guide with this primary key."""
    guide = Guide.objects.with_handbook_text().get(pk=key)
    corrections = corrections_of(guide)
    return {"lines": source_lines(guide, corrections), "corrections": corrections}


def rendered(context: Context, name: str, **values: Any) -> SafeString:
    """What ``{% include name with … %}`` would give."""
    with context.push(**values):
        found: template.Template = get_template(name).template  # type: ignore[attr-defined]
        return found.render(context)
