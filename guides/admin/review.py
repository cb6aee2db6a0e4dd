"""Review: when a guide was last checked, when it will be again, and "still right" without touching the text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from guides import access, editing
from guides.models import Guide

from .conflicts import by
from .guarded import Guarded, person


class DueFilter(admin.SimpleListFilter):
    """Which guides are to be checked now."""

    title = "核实"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Due, not yet due, and those without a day."""
        return [("due", "该核实了"), ("later", "还没到时候"), ("none", "没有定日期")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Guide]) -> QuerySet[Guide]:
        """The guides of the choice."""
        today = timezone.localdate()
        due = Guide.objects.due_for_review(today).values("pk")
        if self.value() == "due":
            return queryset.filter(pk__in=due)
        if self.value() == "later":
            return queryset.filter(review_on__gt=today)
        return queryset.filter(review_on=None) if self.value() == "none" else queryset


class WithReview(Guarded[Guide]):
    """Adds 仍然正确: on the page of a guide, and for several in the list."""

    actions: Any = ("confirm_selected",)

    def get_urls(self) -> list[Any]:
        """Before Django's own addresses, which would take anything."""
        view: Callable[[Any], Any] = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}_confirm"
        return [path("<path:object_id>/confirm/", view(self.confirm_view), name=name), *super().get_urls()]

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        """Whether he answers for whole guides: a county editor knows his own places only."""
        return person(request).is_superuser or access.has_role(person(request), access.CITY_ADMIN)

    @admin.display(description="最近核实", ordering="verified_on")
    def verified(self, guide: Guide) -> str:
        """When and by whom."""
        return f"{guide.verified_on:%Y-%m-%d} {guide.verified_by}" if guide.verified_on else "—"

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One click: checked today, still right."""
        guide = self.get_object(request, unquote(object_id))
        if guide is None:
            raise Http404("没有这一条")
        if not self.may_edit(request, guide):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._confirm(request, guide, timezone.localdate())
        messages.success(
            request, f"已记下：“{guide}”今天核实过，仍然正确。下次核实 {guide.review_on:%Y-%m-%d}。"
        )
        return redirect("admin:guides_guide_change", guide.pk)

    @admin.action(description="仍然正确（今天核实过）", permissions=["confirm"])
    def confirm_selected(self, request: HttpRequest, queryset: QuerySet[Guide]) -> HttpResponse | None:
        """Ask with the list of guides, then note each as checked today."""
        guides = [guide for guide in queryset if self.may_edit(request, guide)]
        today = timezone.localdate()
        if "confirm" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": "这些指南今天核实过，仍然正确？",
                "opts": self.opts,
                "guides": guides,
                "next": today + editing.REVIEW_EVERY,
                "checkbox": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/confirm_selected.html", context)
        for guide in guides:
            self._confirm(request, guide, today)
        messages.success(request, f"已记下 {len(guides)} 份指南今天核实过，仍然正确。")
        return None

    def _confirm(self, request: HttpRequest, guide: Guide, today: dt.date) -> None:
        editing.confirm(guide, by(request), today)
        self.log_change(request, guide, f"核实：仍然正确，下次核实 {guide.review_on:%Y-%m-%d}")
