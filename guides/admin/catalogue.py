"""The catalogue: matters with their other names, categories, audiences, life events."""

from __future__ import annotations

from django.contrib import admin

from guides.models import Alias, Audience, Category, LifeEvent, Matter

from .edited import EntryAdmin


class AliasInline(admin.TabularInline[Alias, Matter]):
    """别名."""

    model = Alias
    extra = 1


@admin.register(Matter)
class MatterAdmin(EntryAdmin[Matter]):
    """A matter and the other names people use for it."""

    list_display = ("name", "category", "slug", "position")
    list_filter = ("category", "audiences")
    list_select_related = ("category",)
    search_fields = ("name", "slug", "aliases__text")
    filter_horizontal = ("audiences",)
    inlines = (AliasInline,)


@admin.register(Alias)
class AliasAdmin(EntryAdmin[Alias]):
    """All other names in one list."""

    list_display = ("text", "matter")
    list_select_related = ("matter",)
    search_fields = ("text", "matter__name")
    autocomplete_fields = ("matter",)


@admin.register(Category, Audience)
class ShelfAdmin(EntryAdmin[Category]):
    """Categories and audiences."""

    list_display = ("name", "slug", "position")
    search_fields = ("name", "slug")


@admin.register(LifeEvent)
class LifeEventAdmin(EntryAdmin[LifeEvent]):
    """A moment in life and what has to be done then."""

    list_display = ("name", "slug", "position")
    filter_horizontal = ("matters",)
    search_fields = ("name",)
