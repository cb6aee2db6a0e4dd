"""A guide with its lists and offices on one page, fields in the order of the handbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from guides import editing
from guides.display import display_of
from guides.models import Channel, Guide, GuideOffice, Material, Note, Step, TimeLimit
from guides.sheets.options import LARGE, Options
from guides.views.guide import on_screen
from guides.views.sheet import on_paper
from guides.vocabulary import GUIDE_STATUSES
from offices.models import Office

from .edited import DocumentForm, OrderedForm, OrderedInline, rows
from .exports import export_chosen
from .limited import LimitedGuideAdmin
from .lines import HoursLinesField, PhoneLinesField, hours_lines, phone_lines
from .preview import FORM, PLACE
from .review import DueFilter, WithReview

ENTRIES = (
    ("channels", Channel, ("name", "kind", "applies_to")),
    ("materials", Material, ("applies_to", "text", "form", "needs_stamp")),
    ("time_limits", TimeLimit, ("applies_to", "kind", "days", "text")),
    ("steps", Step, ("title", "text")),
)
CARE = "核实与撤下"
STEPS = {
    ("", "published"): "发布",
    ("draft", "published"): "发布",
    ("published", "withdrawn"): "撤下",
    ("withdrawn", "published"): "重新发布",
}
"""What a choice of the status does, where it is a step."""
ABOUT_STATUS = {
    "": "先存为草稿，随时可以保存、预览；八项要素都有了再选“发布”。",
    "draft": "草稿群众看不到，没填完也可以保存。选“发布”时会检查八项要素。",
    "published": "选“撤下”后页面不再显示这份指南，原来的网址告诉群众已经撤下；请在下面的“改看”里选替代它的指南。",
    "withdrawn": "群众看不到；原来的网址告诉他已经撤下、改看哪里。",
}
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
        if not staying and self.instance.materials_state == "listed" and self.instance.status != "draft":
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


class GuideOfficeFormSet(forms.BaseInlineFormSet[GuideOffice, Guide, Any]):
    """Places of the guide's own city."""

    def clean(self) -> None:
        """Raises ``ValidationError`` naming an office of another city."""
        super().clean()
        city = self.instance.city_id
        for office in (form.cleaned_data.get("office") for form in self.forms if form.is_valid()):
            if office and city and office.city_id != city:
                raise ValidationError(f"“{office}”不在这份指南的城市，请选本市的办理点。")


class GuideOfficeInline(OrderedInline):
    """办理地点、时间、电话."""

    model = GuideOffice
    form = GuideOfficeForm
    formset = GuideOfficeFormSet
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


class GuideForm(DocumentForm[Guide]):
    """A guide, which may only take the next step of its life."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = self.instance.status if self.instance.pk else ""
        if "status" in self.fields:
            self.fields["status"].choices = [  # type: ignore[attr-defined]
                (status, STEPS.get((now, status), GUIDE_STATUSES[status]))
                for status in editing.next_statuses(now)
                if now or status != "withdrawn"
            ]
            self.fields["status"].help_text = ABOUT_STATUS[now]
        if "successor" in self.fields:
            others = Guide.objects.published().in_city(self.instance.city).besides(self.instance)
            chooser: Any = self.fields["successor"]
            chooser.queryset = (others | Guide.objects.filter(predecessors=self.instance)).select_related(
                "city"
            )


@admin.register(Guide)
class GuideAdmin(WithReview, LimitedGuideAdmin):
    """One matter as one city handles it."""

    form = GuideForm
    list_display = ("name", "city", "category", "status", "verified", "review_on", "open_findings")
    list_filter = ("city", "matter__category", "status", DueFilter, "findings__kind")
    list_select_related = ("city", "matter__category")
    search_fields = ("name", "matter__name", "matter__aliases__text")
    ordering = tuple(Guide._meta.ordering or ())  # counting findings makes Django forget the model's own
    readonly_fields = ("handbook", "first_line", "last_line", "verified")
    autocomplete_fields = ("matter",)
    actions = ("confirm_selected", export_chosen)
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
        (CARE, {"fields": ("verified", "review_on", "successor")}),
        ("出处", {"fields": ("handbook", "first_line", "last_line"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guide]:
        """With the number of findings each guide has."""
        return super().get_queryset(request).with_finding_count()  # type: ignore[attr-defined,no-any-return]

    def get_fieldsets(self, request: HttpRequest, obj: Guide | None = None) -> Any:
        """A guide that is about to be made cannot have been checked, nor be withdrawn."""
        own = super().get_fieldsets(request, obj)
        return own if obj else [fieldset for fieldset in own if fieldset[0] != CARE]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A guide begins as a draft."""
        return {"status": "draft", **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The page says which day of review it was opened with, so that it never undoes what was set meanwhile."""
        if db_field.name in ("review_on", "successor"):
            kwargs["show_hidden_initial"] = True
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == "successor":
            for button in ("can_add_related", "can_change_related", "can_view_related"):
                setattr(field.widget, button, False)
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Guide | None = None) -> tuple[str, ...]:
        """City and matter make the URL; they are chosen once."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "city", "matter") if obj else fixed

    def view_on_site(self, obj: Guide) -> str:
        """The public page; what the public does not see is previewed."""
        if obj.status == "published":
            return obj.get_absolute_url()
        return reverse("admin:guides_guide_preview", args=[obj.pk])

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

    def beside_of(self, form: forms.ModelForm[Guide]) -> dict[str, Any]:
        """The successor and the day of the next review, as far as they were changed."""
        guide, changed = form.instance, form.changed_data
        beside: dict[str, Any] = {"successor_id": guide.successor_id} if "successor" in changed else {}
        if "review_on" in changed:
            beside["review_on"] = guide.review_on.isoformat() if guide.review_on else None
        return beside

    def set_beside(self, row: Guide, beside: Mapping[str, Any]) -> None:
        """Save them; they are no part of the document."""
        day = beside.get("review_on")
        days = {"review_on": dt.date.fromisoformat(day) if day else None} if "review_on" in beside else {}
        editing.set_beside(row, **{**beside, **days})

    def construct_change_message(
        self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False
    ) -> Any:
        """The differences in Chinese, and what was changed beside the document."""
        said = super().construct_change_message(request, form, formsets, add)
        beside = [
            str(form.fields[name].label) for name in ("successor", "review_on") if name in form.changed_data
        ]
        return f"{said}；改了{'、'.join(beside)}" if beside and not add else said

    def about(self, request: HttpRequest, row: Guide) -> dict[str, Any]:
        """Advice, the eight elements, and whether the guide may be said to be right still."""
        document = editing.fresh(row).document()
        return {
            "advice": self.advice_on(row, document),
            "score": editing.score(document),
            "elements": len(editing.ELEMENTS),
            "missing": [(name, editing.how_to_mend(name)) for name in editing.missing_elements(document)],
            "is_public": row.status == "published",
            "can_confirm": row.status == "published" and self.may_edit(request, row),
            "next_review": timezone.localdate() + editing.REVIEW_EVERY,
        }

    def advice_on(self, row: Guide, document: editing.Document) -> list[editing.Advice]:
        """What to look at again in a document of this guide."""
        return editing.advice_on_guide(document, editing.surroundings_of(row.city))

    def public_page(self, request: HttpRequest, document: editing.Document, banner: str) -> HttpResponse:
        """The guide's page or its print, for the whole city or one county."""
        asked = request.POST or request.GET
        with editing.guide_as_if(document) as guide:
            county = guide.city.counties.filter(slug=asked.get(PLACE, "")).first()
            if asked.get(FORM) == "print":
                larger = Options(size=LARGE) if display_of(request).large else Options()
                shown, template = on_paper(guide, county, Options(), larger), "guides/print.html"
            else:
                shown, template = on_screen(guide, county), "guides/guide.html"
            return render(request, template, {**shown, "preview": banner})


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
