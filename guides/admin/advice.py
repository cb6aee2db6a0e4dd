"""What an editor should look at again: beside the entry, and after a save what he has just entered. Never a wall."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join

from guides import editing
from guides.models import Revision

SHOWN = 5
"""So many pieces of advice stand in the message after a save; all stand on the page."""


class WithAdvice(admin.ModelAdmin[Any]):
    """Shows advice on the entry as it is saved, and after a save on what is new."""

    change_form_template = "admin/document_form.html"

    def advice_on(self, row: Any, document: editing.Document) -> list[editing.Advice]:
        """What to look at again in a document of this row."""
        raise NotImplementedError

    def about(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the editing page says of the entry as it is saved."""
        return {"advice": self.advice_on(row, editing.fresh(row).document())}

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """The page, with what is to be said of the entry."""
        if obj is not None and obj.pk:
            context["about"] = self.about(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """Go on, with advice on what was entered."""
        response = super().response_add(request, obj, post_url_continue)
        self._advise(request, obj)
        return response

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go on, with advice on what was entered."""
        response = super().response_change(request, obj)
        self._advise(request, obj)
        return response

    def _advise(self, request: HttpRequest, obj: Any) -> None:
        last = Revision.objects.of(obj).first()
        if last is None or not last.after or str(last.number) == request.POST.get("seen_version"):
            return  # nothing was changed
        old = self.advice_on(obj, last.before) if last.before else []
        new = [advice for advice in self.advice_on(obj, last.after) if advice not in old]
        if new:
            lines = format_html_join("", "<br>{}", ((str(advice),) for advice in new[:SHOWN]))
            more = f"（还有 {len(new) - SHOWN} 条，打开这一条就看得到）" if len(new) > SHOWN else ""
            messages.warning(request, format_html("已经保存。刚填的内容请再看一眼：{}{}", lines, more))
