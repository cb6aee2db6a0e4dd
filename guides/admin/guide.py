"""A guide with its lists and offices on one page, fields in the order of the handbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from guides import editing
from guides.models import Channel, Guide, GuideOffice, Material, Note, Step, TimeLimit
from offices.models import Office

from .edited import DocumentAdmin, OrderedForm, OrderedInline, rows
from .lines import HoursLinesField, PhoneLinesField, hours_lines, phone_lines

ENTRIES = (
    ("channels", Channel, ("name", "kind", "applies_to")),
    ("materials", Material, ("applies_to", "text", "form", "needs_stamp")),
    ("time_limits", TimeLimit, ("applies_to", "kind", "days", "text")),
    ("steps", Step, ("title", "text")),
)
HEAD = ("name", "audience", "channels_text", "materials_state", "materials_note", "progress", "evaluation")


class ChannelInline(OrderedInline):
    """办理渠道."""

    model = Channel
    fields = ("order", "name", "kind", "applies_to")


class MaterialFormSet(forms.BaseInlineFormSet[Material, Guide, Any]):
    """Materials together with what the guide says of them."""

    def clean(self) -> None:
        """Materials may only be listed when the guide says so."""
        super().clean()
        listed = [form for form in self.forms if form.has_changed() or form.instance.pk]
        staying = [form for form in listed if not form.cleaned_data.get("DELETE")]
        if staying and self.instance.materials_state != "listed":
            raise ValidationError("已经列出材料，请把上面的“材料情况”改为“按清单”，或删除这些材料。")
        if not staying and self.instance.materials_state == "listed":
            raise ValidationError(
                "没有列出材料，请把上面的“材料情况”改为“无需材料”或“手册未载明”，或在这里列出。"
            )


class MaterialInline(OrderedInline):
    """办理材料."""

    model = Material
    formset = MaterialFormSet
    fields = ("order", "applies_to", "text", "form", "needs_stamp")


class TimeLimitForm(OrderedForm[TimeLimit]):
    """A limit whose number and printed words have to agree."""

    def clean(self) -> dict[str, Any]:
        """Raises ``ValidationError`` beside the number when they do not."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if problem := editing.limit_problem(cleaned.get("days"), cleaned.get("text") or ""):
            self.add_error("days", problem)
        return cleaned


class TimeLimitInline(OrderedInline):
    """办理时限."""

    model = TimeLimit
    form = TimeLimitForm
    fields = ("order", "applies_to", "kind", "days", "text")


class StepInline(OrderedInline):
    """办理流程."""

    model = Step
    fields = ("order", "title", "text")


class NoteInline(OrderedInline):
    """备注."""

    model = Note
    fields = ("order", "text")


class GuideOfficeForm(OrderedForm[GuideOffice]):
    """This guide at one office, its phones and own hours as lines of text."""

    consult_phones = PhoneLinesField(label="咨询电话", help_text="每行一个，例如 0818-2145266（居民）。")
    complaint_phones = PhoneLinesField(label="投诉电话", help_text="每行一个。")
    hours = HoursLinesField(
        label="本事项另有时间", help_text="与办理点的时间相同就留空；否则如 工作日 09:00-12:00。"
    )

    class Meta:
        model = GuideOffice
        fields = ("office", "scope", "hours_text")
        widgets: ClassVar[dict[str, Any]] = {"hours_text": forms.Textarea(attrs={"rows": 2, "cols": 24})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            place = self.instance.document()
            self.fields["consult_phones"].initial = phone_lines(place["consult_phones"])
            self.fields["complaint_phones"].initial = phone_lines(place["complaint_phones"])
            self.fields["hours"].initial = hours_lines(self.instance.own_hours)


class GuideOfficeInline(OrderedInline):
    """办理地点、时间、电话."""

    model = GuideOffice
    form = GuideOfficeForm
    fields = ("order", "office", "scope", "consult_phones", "complaint_phones", "hours_text", "hours")

    def get_queryset(self, request: HttpRequest) -> QuerySet[GuideOffice]:
        """With what the lines of text need, in a constant number of queries."""
        found = super().get_queryset(request).select_related("office__county__city", "office__city")
        return found.prefetch_related("office__opening_hours", "guide_phones__phone")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only offices of the guide's own city."""
        if db_field.name == "office":
            guide = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            offices = Office.objects.select_related("county__city")
            kwargs["queryset"] = offices.filter(city__guides=guide) if guide else offices
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Guide)
class GuideAdmin(DocumentAdmin[Guide]):
    """One matter as one city handles it."""

    list_display = ("name", "city", "category", "status", "open_findings")
    list_filter = ("city", "matter__category", "status", "findings__kind")
    list_select_related = ("city", "matter__category")
    search_fields = ("name", "matter__name", "matter__aliases__text")
    readonly_fields = ("handbook", "first_line", "last_line")
    autocomplete_fields = ("matter",)
    save_on_top = True
    inlines = (
        ChannelInline,
        MaterialInline,
        TimeLimitInline,
        StepInline,
        NoteInline,
        GuideOfficeInline,
    )
    fieldsets = (
        (None, {"fields": ("city", "matter", "status", "name", "audience")}),
        ("办理渠道与材料", {"fields": ("channels_text", "materials_state", "materials_note")}),
        ("查询与评价", {"fields": ("progress", "evaluation")}),
        ("出处", {"fields": ("handbook", "first_line", "last_line"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guide]:
        """With the number of findings each guide has."""
        return super().get_queryset(request).with_finding_count()  # type: ignore[attr-defined,no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: Guide | None = None) -> tuple[str, ...]:
        """City and matter make the URL; they are chosen once."""
        return (*self.readonly_fields, "city", "matter") if obj else self.readonly_fields

    @admin.display(description="类别", ordering="matter__category__position")
    def category(self, guide: Guide) -> str:
        """The matter's category."""
        return guide.matter.category.name

    @admin.display(description="疑点", ordering="finding_count")
    def open_findings(self, guide: Guide) -> str:
        """How many findings a person should look at."""
        count: int = guide.finding_count  # type: ignore[attr-defined]
        return str(count) if count else "—"

    def document_of(self, form: forms.ModelForm[Guide], formsets: Sequence[Any]) -> editing.Document:
        """The guide's document as the page describes it."""
        return document(form.instance, formsets)

    def apply(
        self, document: editing.Document, status: str, change: editing.Change
    ) -> tuple[Guide, editing.Outcome]:
        """Apply the guide's document."""
        return editing.apply_guide(document, change, status=status)


def document(guide: Guide, formsets: Sequence[Any]) -> editing.Document:
    """The document the page describes: the guide's own fields, and each list from its formset."""
    lists = {formset.model: rows(formset) for formset in formsets}
    found: editing.Document = {"city": guide.city.slug, "matter": guide.matter.slug}
    found |= {field: getattr(guide, field) for field in HEAD}
    for key, model, fields in ENTRIES:
        found[key] = [{field: row.cleaned_data[field] for field in fields} for row in lists[model]]
    found["notes"] = [row.cleaned_data["text"] for row in lists[Note]]
    found["offices"] = [place(row) for row in lists[GuideOffice]]
    found["source"] = guide.source()
    return found


def place(row: Any) -> editing.Document:
    """One place as its row of the page describes it; the office's own facts come from the office."""
    office: Office = row.cleaned_data["office"]
    facts = office.document()
    return {
        **{key: facts[key] for key in ("county", "key", "kind", "name", "address")},
        "scope": row.cleaned_data["scope"],
        "hours": row.cleaned_data["hours"] or facts["hours"],
        "hours_text": row.cleaned_data["hours_text"],
        "consult_phones": row.cleaned_data["consult_phones"],
        "complaint_phones": row.cleaned_data["complaint_phones"],
    }
