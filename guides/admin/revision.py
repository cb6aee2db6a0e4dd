"""Every change in one list, to look at only: revisions are written with the change and never touched again."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from guides import editing
from guides.models import Revision

from .guarded import OnlyRead


@admin.register(Revision)
class RevisionAdmin(OnlyRead[Revision]):
    """What was deleted keeps its last revision here too."""

    list_display = ("created_at", "title", "city", "kind", "changed", "by", "source", "reason")
    list_filter = ("source", "kind", "city")
    list_select_related = ("city",)
    search_fields = ("title", "reason", "public_note", "author_name")
    date_hierarchy = "created_at"
    fields = (
        "title",
        "city",
        "number",
        "created_at",
        "by",
        "source",
        "reason",
        "public_note",
        "status_before",
        "status_after",
        "in_words",
    )
    readonly_fields = ("by", "in_words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        """Without the documents in lists."""
        found = super().get_queryset(request)
        is_list = request.resolver_match and "object_id" not in request.resolver_match.kwargs
        return found.defer("before", "after") if is_list else found

    @admin.display(description="改了什么")
    def in_words(self, revision: Revision) -> SafeString:
        """Every difference on a line of its own; of something made or deleted, all it said."""
        found = editing.differences(revision.before, revision.after)
        return format_html_join("", "<div>{}</div>", ((str(difference),) for difference in found))

    @admin.display(description="修改人")
    def by(self, revision: Revision) -> str:
        """Who made it; a command has no author."""
        return revision.by
