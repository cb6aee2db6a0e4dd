"""审计记录: who did what and when, to look at and to take along, for auditors and superusers. Nobody changes it, here or anywhere."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from keeping.exporting import FORMS
from keeping.looking import AT_A_TIME, verify
from keeping.models import AuditEntry
from keeping.trail import record

from .guarded import OnlyRead

NEWEST = 1_000
"""So many entries are looked through each time the list is opened; the command looks through all."""
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@admin.register(AuditEntry)
class AuditEntryAdmin(OnlyRead[AuditEntry]):
    """The list says whether the newest part of the chain is whole."""

    list_display = ("number", "at", "actor_name", "action", "object", "place", "network")
    list_display_links = ("number",)
    list_filter = ("action", "at")
    search_fields = ("actor_name", "object", "request_id", "place")
    search_help_text = "按姓名、账号、对象、请求编号或城市的网址名找。"
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False
    fields = (
        "number",
        "at",
        "actor_name",
        "actor_id",
        "action",
        "object",
        "place",
        "in_lines",
        "network",
        "request_id",
        "is_keyed",
        "previous",
        "hash",
    )
    readonly_fields = ("in_lines",)

    def get_urls(self) -> list[Any]:
        """The download before Django's own addresses, which would take anything."""
        download = self.admin_site.admin_view(require_GET(self.download))
        return [
            path("download/<slug:form>/", download, name="keeping_auditentry_download"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the state of the chain."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = verify(newest=NEWEST)
        query = request.GET.urlencode()
        return super().changelist_view(request, {"chain": found, "query": query, **(extra_context or {})})

    def download(self, request: HttpRequest, form: str) -> HttpResponseBase:
        """What the list shows with these filters, oldest first; taking it along is an entry itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if form not in FORMS:
            raise Http404("没有这种格式")
        try:
            rows = self.get_changelist_instance(request).get_queryset(request).order_by("number")
        except IncorrectLookupParameters as error:
            raise Http404("没有这样的筛选") from error
        through = rows.last()
        record("export", actor=None, object="审计记录", detail={"format": form, "rows": rows.count()})
        until = rows.filter(number__lte=through.number if through else 0)
        lines = FORMS[form](row.link for row in until.iterator(chunk_size=AT_A_TIME))
        response = StreamingHttpResponse(lines, content_type=TYPES[form])
        name = f"审计记录-{localtime():%Y-%m-%d}.{form}"
        response.headers["Content-Disposition"] = content_disposition_header(
            as_attachment=True, filename=name
        )
        return response

    @admin.display(description="详情")
    def in_lines(self, entry: AuditEntry) -> SafeString:
        """The detail, one value a line."""
        said = json.dumps(json.loads(entry.detail), ensure_ascii=False, indent=2)
        return format_html('<pre class="audit-detail">{}</pre>', said)
