"""Admin classes whose saves and deletions go through ``guides.editing``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guides import access, editing
from guides.models import Proposal

from .advice import WithAdvice
from .conflicts import CHOOSING, Late, Typed, as_new_rows, by, said_of
from .guarded import Guarded, GuardedInline, person
from .histories import WithHistory
from .preview import WithPreview

M = TypeVar("M", bound=models.Model)


class DeletedThroughEditing(Guarded[M]):
    """Deletes one row at a time through ``guides.editing``, and says in Chinese when something still needs a row."""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Ask first, then delete; for what may not go, say why instead of asking."""
        row = self.get_object(request, unquote(object_id))
        if row is not None and self.has_delete_permission(request, row) and (why := editing.why_kept(row)):
            messages.error(request, why)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)
        return super().delete_view(request, object_id, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """What may not be deleted has no button for it; the address says why."""
        row = context.get("original")
        context["show_delete"] = row is None or not editing.why_kept(row)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Proposals go with what they are about; nobody deletes one by itself."""
        found, counts, missing, protected = super().get_deleted_objects(objs, request)
        return found, counts, missing - {Proposal._meta.verbose_name}, protected

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        """Delete one row."""
        editing.delete_entry(obj, editing.Change(source="admin", author=by(request)))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[M]) -> None:
        """Delete the chosen rows that nothing needs; name the others."""
        for entry in access.editable_by(queryset, person(request)):
            try:
                editing.delete_entry(entry, editing.Change(source="admin", author=by(request)))
            except editing.StillPublishedError as refused:
                messages.error(request, str(refused))
            except ProtectedError:
                messages.error(request, f"“{entry}”还有内容在用，没有删除。")


class EntryAdmin(DeletedThroughEditing[M]):
    """For rows that are not documents (cities, matters, aliases…)."""

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        """A slug stands in addresses and in documents: it is chosen once, or content would change unrecorded."""
        has_slug = any(field.name == "slug" for field in self.opts.fields)
        return (*super().get_readonly_fields(request, obj), *(("slug",) if obj and has_slug else ()))

    def save_model(self, request: HttpRequest, obj: M, form: forms.ModelForm[M], change: bool) -> None:
        """Save the row itself. Raises ``NotAllowedError``, and saves nothing, when it would then be another's."""
        editing.save_entry(obj)
        if not access.may_edit(person(request), obj):
            raise access.NotAllowedError(f"“{obj}”不归您管，没有保存。请联系系统管理员。")

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm[M], formsets: Sequence[Any], change: bool
    ) -> None:
        """Save the row's links and inline rows."""
        editing.save_links(form, formsets)


class DocumentForm(forms.ModelForm[M]):
    """A document's own fields, with the version the page was opened at, and what is said of the change."""

    seen_version = forms.IntegerField(
        min_value=0, widget=forms.HiddenInput, error_messages={"required": "页面不完整，请重新打开再改。"}
    )
    change_reason = forms.CharField(
        label="修改原因（内部）",
        required=False,
        max_length=200,
        help_text="例如：宣汉县来电核对。只有后台看得到，记在“历史”里。",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    public_note = forms.CharField(
        label="对外说明",
        required=False,
        max_length=200,
        help_text="例如：咨询电话换成新号码。显示在页面下方的“更新记录”；不填就只写改了哪几栏。",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    refused: ClassVar[Sequence[editing.DocumentProblem]] = ()
    """Why ``guides.editing`` did not take what the page says; the page is then shown again with all that was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Raises ``ValidationError`` with every reason there is."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.refused:
            raise ValidationError([str(problem) for problem in self.refused])
        return cleaned


OF_THE_CHANGE = ("seen_version", "change_reason", "public_note")
THIS_CHANGE = "这次修改"
"""The fieldset that stands last on the page, after the lists."""


class DocumentAdmin(WithHistory, WithAdvice, WithPreview, DeletedThroughEditing[M]):
    """For rows that are documents: the whole page becomes one document, and applying it writes all rows at once."""

    form = DocumentForm

    def get_fieldsets(self, request: HttpRequest, obj: M | None = None) -> Any:
        """The fields of the document, then what is said of the change."""
        own = list(super().get_fieldsets(request, obj))
        if not self.has_change_permission(request, obj):
            return own
        return [*own, (THIS_CHANGE, {"fields": OF_THE_CHANGE})]

    def get_form(
        self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form, with the reasons when this page has just been refused."""
        form = super().get_form(request, obj, change, **kwargs)
        refused = getattr(request, "refused", ())
        return type(form.__name__, (form,), {"refused": refused}) if refused else form

    def beside_of(self, form: forms.ModelForm[M]) -> dict[str, Any]:
        """What was changed on the page beside the document."""
        return {}

    def get_fields(self, request: HttpRequest, obj: M | None = None) -> Any:
        """The document's own fields."""
        return self.fields or [
            field for field in super().get_fields(request, obj) if field not in OF_THE_CHANGE
        ]

    def typed_document(
        self, request: HttpRequest, form: forms.ModelForm[M], formsets: Sequence[Any]
    ) -> editing.Document:
        """The document the page describes, with what the page does not let him change."""
        return self.document_of(form, formsets)

    def document_of(self, form: forms.ModelForm[M], formsets: Sequence[Any]) -> editing.Document:
        """The document the page describes."""
        raise NotImplementedError

    def apply(
        self, document: editing.Document, status: str, change: editing.Change
    ) -> tuple[M, editing.Outcome]:
        """Apply a document; the row and what changed."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: M, form: forms.ModelForm[M], change: bool) -> None:
        """Nothing yet: the row is part of the document that ``save_related`` applies."""

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm[M], formsets: Sequence[Any], change: bool
    ) -> None:
        """Apply the document. Raises :class:`~.conflicts.Late` when somebody else saved since the page was opened."""
        typed = Typed(
            document=self.typed_document(request, form, formsets),
            status=editing.status_of(form.instance),  # type: ignore[arg-type]
            reason=form.cleaned_data["change_reason"],
            public_note=form.cleaned_data["public_note"],
            seen=form.cleaned_data["seen_version"],
            beside=self.beside_of(form),
        )
        try:
            row, outcome = self.carry_out(request, form.instance, typed, is_new=not change)
        except editing.Conflict as conflict:
            raise Late(typed, conflict) from conflict
        self.set_beside(row, typed.beside)
        form.instance.pk = row.pk
        form.outcome = outcome  # type: ignore[attr-defined]
        for formset in formsets:
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The page; where two people met, the page on which to choose instead; when refused, the page again."""
        try:
            if request.method == "POST" and object_id and CHOOSING in request.POST:
                return self.settle(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Late as late:
            return self.conflict_page(request, object_id or "", late)
        except editing.DocumentError as error:
            request.refused = error.problems  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _changeform_view(self, request: HttpRequest, object_id: str | None, *args: Any) -> Any:
        """A late page's rows are taken as typed: the rows of the database they came from may be gone."""
        row: Any = self.get_object(request, unquote(object_id)) if object_id else None
        if request.method == "POST" and row and request.POST.get("seen_version") != str(row.version):
            request.POST = as_new_rows(request.POST)  # type: ignore[assignment]
        return super()._changeform_view(request, object_id, *args)  # type: ignore[misc]

    def construct_change_message(
        self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False
    ) -> Any:
        """The differences in Chinese, for the log."""
        outcome: editing.Outcome = form.outcome  # type: ignore[attr-defined]
        return "新建" if add else said_of(outcome)


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


class OrderedInline(GuardedInline, admin.TabularInline[Any, Any]):
    """An inline list whose rows carry their place."""

    form = OrderedForm
    extra = 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Two lines are enough for an entry's words."""
        if isinstance(db_field, models.TextField):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 40})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only looks sees the rows in their order; the field for it belongs to the form, not to the row."""
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return [field for field in fields if field != "order"]
