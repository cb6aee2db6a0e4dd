"""Admin classes whose saves and deletions go through ``guides.editing``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest

from guides import editing

M = TypeVar("M", bound=models.Model)


class DeletedThroughEditing(admin.ModelAdmin[M]):
    """Deletes one row at a time through ``guides.editing``, and says in Chinese when something still needs a row."""

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        """Delete one row."""
        editing.delete_entry(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        """Delete the chosen rows that nothing needs; name the others."""
        for entry in queryset:
            try:
                editing.delete_entry(entry)
            except ProtectedError:
                messages.error(request, f"“{entry}”还有内容在用，没有删除。")


class EntryAdmin(DeletedThroughEditing[M]):
    """For rows that are not documents (cities, matters, aliases…)."""

    def save_model(self, request: HttpRequest, obj: M, form: forms.ModelForm[M], change: bool) -> None:
        """Save the row itself."""
        editing.save_entry(obj)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm[M], formsets: Sequence[Any], change: bool
    ) -> None:
        """Save the row's links and inline rows."""
        editing.save_links(form, formsets)


class DocumentAdmin(DeletedThroughEditing[M]):
    """For rows that are documents: the whole page becomes one document, and applying it writes all rows at once."""

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["css/admin.css"]}

    def apply(self, form: forms.ModelForm[M], formsets: Sequence[Any]) -> tuple[M, editing.Outcome]:
        """Apply the document the page describes; the row and what changed."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: M, form: forms.ModelForm[M], change: bool) -> None:
        """Nothing yet: the row is part of the document that ``save_related`` applies."""

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm[M], formsets: Sequence[Any], change: bool
    ) -> None:
        """Apply the document."""
        row, outcome = self.apply(form, formsets)
        form.instance.pk = row.pk
        form.outcome = outcome  # type: ignore[attr-defined]
        for formset in formsets:
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    def construct_change_message(
        self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False
    ) -> Any:
        """The differences in Chinese, for the log."""
        outcome: editing.Outcome = form.outcome  # type: ignore[attr-defined]
        return "新建" if add else "；".join(map(str, outcome.differences)) or "没有改动"


def rows(formset: Any) -> list[Any]:
    """The forms of a formset that stay, in the order the editor numbered them; unnumbered ones come last."""
    staying = [
        form
        for form in formset.forms
        if (form.has_changed() or form.instance.pk) and not form.cleaned_data.get("DELETE")
    ]
    return sorted(staying, key=lambda form: form.cleaned_data.get("order") or len(staying) + 1000)


class OrderedForm(forms.ModelForm[M]):
    """A row of a list with its place, counted from 1; empty means at the end."""

    order = forms.IntegerField(
        label="次序",
        required=False,
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "vIntegerField", "size": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["order"].initial = self.instance.position + 1  # type: ignore[attr-defined]


class OrderedInline(admin.TabularInline[Any, Any]):
    """An inline list whose rows carry their place."""

    form = OrderedForm
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Two lines are enough for an entry's words."""
        if isinstance(db_field, models.TextField):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 40})
        return super().formfield_for_dbfield(db_field, request, **kwargs)
