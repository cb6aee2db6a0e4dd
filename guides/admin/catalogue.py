"""The catalogue: matters with their other names, categories, audiences, life events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from guides import editing
from guides.models import Alias, Audience, Category, LifeEvent, LifeEventStep, Matter, Term, UnfoundQuery

from .edited import EntryAdmin, OrderedInline, rows
from .guarded import GuardedInline


class AliasInline(GuardedInline, admin.TabularInline[Alias, Matter]):
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


class LifeEventStepInline(OrderedInline):
    """要办的事项."""

    model = LifeEventStep
    fields = ("order", "matter", "advice")
    autocomplete_fields = ("matter",)


@admin.register(LifeEvent)
class LifeEventAdmin(EntryAdmin[LifeEvent]):
    """A moment in life and what has to be done then, in order."""

    list_display = ("name", "slug", "summary", "position")
    search_fields = ("name", "summary", "matters__name")
    fields = ("name", "slug", "summary", "position")
    inlines = (LifeEventStepInline,)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The two sentences need more than one line."""
        if db_field.name == "summary":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm[LifeEvent], formsets: Sequence[Any], change: bool
    ) -> None:
        """Save the steps in the order the editor numbered them."""
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            editing.save_order([row.instance for row in rows(formset)])


@admin.register(Term)
class TermAdmin(EntryAdmin[Term]):
    """The glossary."""

    list_display = ("word", "meaning")
    search_fields = ("word", "meaning")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The sentence needs more than one line."""
        if db_field.name == "meaning":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(UnfoundQuery)
class UnfoundQueryAdmin(EntryAdmin[UnfoundQuery]):
    """What residents looked for and did not find; one click makes it another name of a matter."""

    list_display = ("words", "times", "make_alias")
    search_fields = ("words",)
    readonly_fields = ("words", "times")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Only searches add to this list."""
        return False

    @admin.display(description="处理")
    def make_alias(self, query: UnfoundQuery) -> SafeString:
        """A link to a new alias with these words filled in."""
        url = f"{reverse('admin:guides_alias_add')}?{urlencode({'text': query.words})}"
        return format_html('<a href="{}">加为别名</a>', url)
