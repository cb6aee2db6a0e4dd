"""The page of a guide for a county editor: his county's places change at once, the rest goes to the city admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guides import access, editing
from guides.models import Guide, GuideOffice

from .conflicts import Typed, change_by
from .edited import DocumentAdmin
from .guarded import person
from .lines import hours_lines, phone_lines

HOW_IT_GOES = (
    "您可以改这一页。本县（市、区）办理点的电话、办理范围和时间，保存后马上更新；"
    "其他栏目的改动会作为修改建议送市级管理员审核，审核前页面不变。"
)
WITH_OTHERS = "其他县（市、区）的办理点（只能看）"


class LimitedGuideAdmin(DocumentAdmin[Guide]):
    """Adds to the guide's page what a county editor may do on it."""

    def is_limited(self, request: HttpRequest, guide: Guide | None) -> bool:
        """Whether he may change a part only, and propose the rest."""
        return (
            guide is not None
            and not self.may_edit(request, guide)
            and self.asked(request, guide, access.may_propose)
        )

    def has_change_permission(self, request: HttpRequest, obj: Guide | None = None) -> bool:
        """The page opens for a county editor too; what he may not do by himself asks :meth:`may_edit`."""
        return admin.ModelAdmin.has_change_permission(self, request) and (
            obj is None or self.may_edit(request, obj) or self.is_limited(request, obj)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Guide | None = None) -> Any:
        """What stands beside the document (status, review…) is not a county's."""
        fixed = super().get_readonly_fields(request, obj)
        if not self.is_limited(request, obj):
            return fixed
        beside = [
            field
            for field in flatten_fieldsets(super().get_fieldsets(request, obj))
            if field not in (*editing.SCALARS, *self.form.declared_fields)
        ]
        return (*beside, "places_of_others")

    def get_fieldsets(self, request: HttpRequest, obj: Guide | None = None) -> Any:
        """How it goes comes first, the places of others last."""
        own = super().get_fieldsets(request, obj)
        if not self.is_limited(request, obj):
            return own
        others = (WITH_OTHERS, {"fields": ("places_of_others",), "classes": ("collapse",)})
        return [("怎么改", {"fields": (), "description": HOW_IT_GOES}), *own[:-1], others, own[-1]]

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """Rows of other counties are no part of his form, so that no forged row of them is either."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if inline.model is GuideOffice and self.is_limited(request, obj):
            kwargs["queryset"] = access.editable_by(kwargs["queryset"], person(request))
        return kwargs

    @admin.display(description="全部办理点")
    def places_of_others(self, guide: Guide) -> SafeString:
        """Every place of the guide in short, as it stands."""
        places = editing.fresh(guide).document()["offices"]
        return format_html(
            '<table class="places"><thead><tr><th scope="col">办理点</th><th scope="col">咨询电话</th>'
            '<th scope="col">投诉电话</th><th scope="col">办理时间</th></tr></thead><tbody>{}</tbody></table>',
            format_html_join(
                "", "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>", map(_row, places)
            ),
        )

    def typed_document(
        self, request: HttpRequest, form: forms.ModelForm[Guide], formsets: Sequence[Any]
    ) -> editing.Document:
        """The places of others, which are not on his page, as they were when he opened it."""
        typed = super().typed_document(request, form, formsets)
        guide = form.instance
        if not guide.pk or not self.is_limited(request, guide):
            return typed
        seen = editing.document_at(guide, form.cleaned_data["seen_version"])
        counties = access.reach_of(person(request)).counties(guide.city.slug)
        mine = {place["key"]: place for place in typed["offices"]}
        kept = [
            mine.pop(place["key"], None) if place["county"] in counties else place
            for place in seen["offices"]
        ]
        return {**typed, "offices": [*filter(None, kept), *mine.values()]}

    def carry_out(
        self, request: HttpRequest, row: Any, typed: Typed, *, is_new: bool = False
    ) -> tuple[Guide, editing.Outcome]:
        """Apply what is his own and propose the rest."""
        if is_new or not self.is_limited(request, row):
            return super().carry_out(request, row, typed, is_new=is_new)
        submitted = editing.submit(row, typed.document, change_by(request, typed))
        row.submitted = submitted
        return row, submitted.outcome

    def say_saved(self, request: HttpRequest, row: Any) -> None:
        """What came of his save: what stands at once, what waits, what was left out."""
        submitted: editing.Submission | None = getattr(row, "submitted", None)
        if submitted is None:
            super().say_saved(request, row)
            return
        messages.success(request, _what_came_of(submitted))
        if submitted.is_cut:
            messages.warning(request, "其他县（市、区）的办理点不归您管，那几处改动没有保存，也没有送审。")

    def response_change(self, request: HttpRequest, obj: Guide) -> HttpResponse:
        """For a county editor, what came of it instead of "changed"."""
        if not hasattr(obj, "submitted"):
            return super().response_change(request, obj)
        self.say_saved(request, obj)
        if "_continue" in request.POST:
            return redirect(request.path)
        return self.response_post_save_change(request, obj)


def _what_came_of(submitted: editing.Submission) -> str:
    is_changed, waiting = submitted.outcome.verdict != "same", submitted.waiting
    if is_changed and waiting:
        return f"本县的办理点已经更新；其余 {waiting} 处改动已送市级管理员审核，结果见“修改建议”。"
    if waiting:
        return f"{waiting} 处改动已送市级管理员审核，结果见“修改建议”；审核前页面不变。"
    return "本县的办理点已经更新。" if is_changed else "没有改动。"


def _row(place: editing.Document) -> tuple[str, ...]:
    phones = [
        phone_lines(place[f"{purpose}_phones"]).replace("\n", "、") for purpose in ("consult", "complaint")
    ]
    return (place["name"], *phones, hours_lines(place["hours"]).replace("\n", "、"))
