"""Filters that find the guided path for a page; each wraps one tested function."""

from __future__ import annotations

from django import template

from guides import paths
from guides.models import Category, Matter

register = template.Library()


@register.filter
def path_to(matter: Matter) -> paths.GuidedPath | None:
    """The path that can lead to this matter."""
    return paths.path_to(matter.slug)


@register.filter
def path_of_category(category: Category) -> paths.GuidedPath | None:
    """The path to the matters of this category."""
    return paths.path_of_category(category.slug)
