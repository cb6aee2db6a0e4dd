"""Where and when: cities with their counties, offices with hours and phones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guides import editing
from guides.models import Guide
from offices.models import City, County, Office, OpeningHours, Phone
from offices.views import offices_of_city, offices_of_county

from .edited import DocumentAdmin, EntryAdmin, OrderedInline, rows
from .exports import export_chosen
from .guarded import GuardedInline


class CountyForm(forms.ModelForm[County]):
    """A county whose slug, once chosen, stays: it stands in addresses and in documents."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].disabled = self.instance.pk is not None


class CountyInline(GuardedInline, admin.TabularInline[County, City]):
    """县（市、区）."""

    model = County
    form = CountyForm
    extra = 0
    can_delete = False  # the public knows its address; what nobody knows yet is deleted on its own page


@admin.register(City)
class CityAdmin(EntryAdmin[City]):
    """A city and its counties."""

    list_display = ("name", "slug", "code", "area_code")
    search_fields = ("name", "slug")
    inlines = (CountyInline,)


@admin.register(County)
class CountyAdmin(EntryAdmin[County]):
    """A county; usually edited on its city's page."""

    list_display = ("name", "city", "kind", "code", "slug")
    list_filter = ("city", "kind")
    list_select_related = ("city",)
    search_fields = ("name", "slug")


class OpeningHoursInline(OrderedInline):
    """办公时间."""

    model = OpeningHours
    fields = ("order", "days", "opens", "closes", "note")


class PhoneInline(OrderedInline):
    """电话: a number changed here changes in every guide that uses it."""

    model = Phone
    fields = ("order", "purpose", "number", "for_whom")
    verbose_name_plural = "电话（改这里，所有用到它的事项一起更新）"


@admin.register(Office)
class OfficeAdmin(DocumentAdmin[Office]):
    """An office with its hours and phones."""

    list_display = ("name", "city", "county", "kind", "address")
    list_filter = ("city", "county", "kind")
    list_select_related = ("city", "county__city")
    search_fields = ("name", "address", "phones__number")
    fields = ("city", "county", "kind", "name", "address")
    actions = (export_chosen,)
    inlines = (OpeningHoursInline, PhoneInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Office | None = None) -> tuple[str, ...]:
        """An office never moves to another city."""
        return ("city",) if obj else ()

    def document_of(self, form: forms.ModelForm[Office], formsets: Sequence[Any]) -> editing.Document:
        """The office's document as the page describes it."""
        return document(form.instance, formsets)

    def apply(
        self, document: editing.Document, status: str, change: editing.Change
    ) -> tuple[Office, editing.Outcome]:
        """Apply the office's document; an office has no status."""
        return editing.apply_office(document, change)

    def advice_on(self, row: Office, document: editing.Document) -> list[editing.Advice]:
        """What to look at again in a document of this office."""
        return editing.advice_on_office(document, editing.surroundings_of(row.city))

    def public_page(self, request: HttpRequest, document: editing.Document, banner: str) -> HttpResponse:
        """The page of the office's county, or of its city for a network."""
        with editing.office_as_if(document) as office:
            if office.county:
                shown, template = offices_of_county(office.county), "offices/county.html"
            else:
                shown, template = offices_of_city(office.city), "offices/city.html"
            return render(request, template, {**shown, "preview": banner})

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm[Office], formsets: Sequence[Any], change: bool
    ) -> None:
        """Apply the document, and say which guides lost a number with it."""
        lost = [
            row.instance for formset in formsets if formset.model is Phone for row in formset.deleted_forms
        ]
        guides = Guide.objects.filter(
            guide_offices__phones__in=[phone.pk for phone in lost if phone.pk]
        ).distinct()
        count = guides.count()
        super().save_related(request, form, formsets, change)
        if count:
            numbers = "、".join(phone.number for phone in lost)
            messages.warning(
                request, f"删去的 {numbers} 原来印在 {count} 份办事指南上，这些页面现在没有这个电话了。"
            )


def document(office: Office, formsets: Sequence[Any]) -> editing.Document:
    """The document the page describes."""
    lists = {formset.model: [row.cleaned_data for row in rows(formset)] for formset in formsets}
    return {
        "city": office.city.slug,
        "county": office.county.slug if office.county else "",
        "key": office.key or office.name,
        "kind": office.kind,
        "name": office.name,
        "address": office.address,
        "hours": [
            {
                "days": row["days"],
                "opens": f"{row['opens']:%H:%M}",
                "closes": f"{row['closes']:%H:%M}",
                "note": row["note"],
            }
            for row in lists[OpeningHours]
        ],
        "phones": [
            {"purpose": row["purpose"], "number": row["number"], "for": row["for_whom"]}
            for row in lists[Phone]
        ],
    }
