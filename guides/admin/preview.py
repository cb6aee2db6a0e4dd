"""Preview: the real public page of what somebody typed or saved, made and taken back in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import all_valid
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from guides import editing

from .conflicts import as_new_rows

PLACE, FORM = "_preview_place", "_preview_as"
"""Fields of the editing page: for which county, and as which page (``page`` or ``print``)."""


class UnfinishedError(Exception):
    """A page that cannot be read as a document; ``problems`` says what to mend."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("；".join(problems))


class WithPreview(admin.ModelAdmin[Any]):
    """Adds the addresses at which an editing page is shown as the public would see it."""

    def get_urls(self) -> list[Any]:
        """Before Django's own addresses, which would take anything."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view: Callable[[Any], Any] = self.admin_site.admin_view
        return [
            path("add/preview/", view(self.preview_view), name=f"{name}_preview_new"),
            path("<path:object_id>/preview/", view(self.preview_view), name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def document_of(self, form: Any, formsets: Any) -> editing.Document:
        """The document the page describes."""
        raise NotImplementedError

    def public_page(self, request: HttpRequest, document: editing.Document, banner: str) -> HttpResponse:
        """The public page of a document nobody has saved."""
        raise NotImplementedError

    def preview_view(self, request: HttpRequest, object_id: str = "") -> HttpResponse:
        """What was typed (POST) or what is saved (GET), as a public page that nobody may keep."""
        row = self._previewed(request, object_id)
        is_typed = request.method == "POST" and (row is None or self.has_change_permission(request, row))
        try:
            document = self._typed(request, row) if is_typed else editing.fresh(row).document()
            response = self.public_page(request, document, banner_of(row, is_typed=is_typed))
        except UnfinishedError as error:
            response = self._refused(request, error.problems)
        except editing.DocumentError as error:
            response = self._refused(request, [str(problem) for problem in error.problems])
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _previewed(self, request: HttpRequest, object_id: str) -> Any:
        """The row, None for one that is about to be made. Raises ``Http404`` or ``PermissionDenied``."""
        if not object_id:
            if request.method != "POST" or not self.has_add_permission(request):
                raise PermissionDenied
            return None
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404("没有这一条")
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return row

    def _typed(self, request: HttpRequest, row: Any) -> editing.Document:
        """What the page says. Raises :class:`UnfinishedError`."""
        if row and request.POST.get("seen_version") != str(row.version):
            request.POST = as_new_rows(request.POST)  # type: ignore[assignment]
        form = self.get_form(request, row, change=row is not None)(request.POST, request.FILES, instance=row)
        is_read = form.is_valid()
        instance = self.save_form(request, form, change=row is not None) if is_read else form.instance
        formsets, _ = self._create_formsets(request, instance, change=row is not None)  # type: ignore[attr-defined]
        if not (all_valid(formsets) and is_read):
            raise UnfinishedError(list(problems_of(form, formsets)))
        return self.document_of(form, formsets)

    def _refused(self, request: HttpRequest, problems: list[str]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": "还不能预览", "problems": problems}
        return TemplateResponse(request, "admin/preview_refused.html", context, status=422)


def banner_of(row: Any, *, is_typed: bool) -> str:
    """What stands above a preview, so that nobody takes it for the public page."""
    if is_typed:
        return "预览：您正在填写的内容，尚未保存，群众看不到。"
    if editing.status_of(row) == "draft":
        return "预览：草稿，尚未发布，群众看不到。"
    return "预览：已保存的内容。"


def problems_of(form: Any, formsets: Any) -> Iterator[str]:
    """Everything wrong with a page, with where it stands."""
    yield from said(form)
    for formset in formsets:
        name = formset.model._meta.verbose_name
        yield from (f"{name}：{error}" for error in formset.non_form_errors())
        for number, row in enumerate(formset.forms, 1):
            yield from (f"{name}第 {number} 行，{problem}" for problem in said(row))


def said(form: Any) -> Iterator[str]:
    """The errors of one form, each with the name of its field."""
    for field, errors in form.errors.items():
        label = form.fields[field].label if field in form.fields else ""
        yield from (f"{label}：{error}" if label else str(error) for error in errors)
