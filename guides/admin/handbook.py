"""Handbooks, their corrections, and what the checks found in them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from guides.models import Correction, Finding, Handbook

from .edited import EntryAdmin


@admin.register(Handbook)
class HandbookAdmin(EntryAdmin[Handbook]):
    """One edition; its text comes from the file and is not edited."""

    list_display = ("slug", "city", "title", "edition", "line_count")
    list_filter = ("city",)
    list_select_related = ("city",)
    search_fields = ("slug", "title")
    readonly_fields = ("file_name", "sha256", "line_count", "text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Handbook]:
        """Without the whole text in lists."""
        found = super().get_queryset(request)
        return found if "object_id" in _kwargs(request) else found.defer("text")


@admin.register(Correction)
class CorrectionAdmin(EntryAdmin[Correction]):
    """Misprints; the next import writes them again from corrections.toml."""

    list_display = ("handbook", "line", "found", "replacement", "reason")
    list_filter = ("handbook",)
    list_select_related = ("handbook",)
    search_fields = ("found", "replacement", "reason")
    autocomplete_fields = ("handbook",)


@admin.register(Finding)
class FindingAdmin(EntryAdmin[Finding]):
    """What a person should look at; findings never change the data."""

    list_display = ("line", "kind", "message", "guide_name", "county", "handbook_slug")
    list_filter = ("handbook", "kind", "county")
    list_select_related = ("handbook", "guide__city", "county__city")
    search_fields = ("message", "guide__name")
    autocomplete_fields = ("handbook", "guide", "county")

    @admin.display(description="办事指南", ordering="guide__name")
    def guide_name(self, finding: Finding) -> str:
        """The guide's name alone; the handbook tells the city."""
        return finding.guide.name if finding.guide else "—"

    @admin.display(description="手册", ordering="handbook__slug")
    def handbook_slug(self, finding: Finding) -> str:
        """The handbook's short name."""
        return finding.handbook.slug


def _kwargs(request: HttpRequest) -> dict[str, str]:
    return dict(request.resolver_match.kwargs) if request.resolver_match else {}
