"""Readers' reports at the desk: the editors of the place see what is due, mend it, and say what became of it."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localdate, localtime, now

from guides import access
from guides.admin.guarded import Guarded, person
from guides.doubts import QUESTIONED_MARK
from offices.models import Office, Phone
from offices.work_calendar import work_calendar

from .handling import Decision, Overtaken, decide
from .models import WORKING_DAYS, Report
from .pages import page_at
from .private import masked, masked_contact
from .vocabulary import OPEN, STATES

EXCERPT = 60
"""Characters of a text that a list shows."""
FIELDS = {"phone": "phones-group", "address": "id_address", "hours": "opening_hours-group"}
"""Where on an office's page each kind of error is mended."""


class StateFilter(admin.SimpleListFilter):
    """The list opens on what waits."""

    title, parameter_name = "状态", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """What waits, what is overdue, each state, everything."""
        return [("open", "没有办结的"), ("overdue", "超期的"), *STATES.items(), ("all", "全部")]

    def choices(self, changelist: Any) -> Any:
        """Without Django's own "all": that is the last choice here, not the first."""
        found = iter(super().choices(changelist))
        next(found)
        for choice, (key, _) in zip(found, self.lookup_choices, strict=True):
            yield {**choice, "selected": key == self._chosen()}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        """Those chosen."""
        rows, chosen = cast("Any", queryset), self._chosen()
        if chosen == "open":
            return cast("QuerySet[Report]", rows.waiting())
        if chosen == "overdue":
            return cast("QuerySet[Report]", rows.overdue(localdate(), work_calendar()))
        return queryset if chosen == "all" else queryset.filter(state=chosen)

    def _chosen(self) -> str:
        value = self.value()
        return value if value in ("overdue", "all", *STATES) else "open"


class DecisionForm(forms.ModelForm[Report]):
    """What is decided: a state and, to close it, an answer; held against what the page showed when it was opened."""

    number_is_right = forms.BooleanField(
        label="号码没错，取消网页上的标记",
        required=False,
        help_text=f"已经拨过、打得通时勾选：网页上的“{QUESTIONED_MARK}”马上去掉，"
        "反映同一个号码的各件一起按“无需改动”办结，用同一个处理结果。号码确实错了，就去改号码，标记自己会去掉。",
    )
    seen_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = ("state", "answer")
        widgets: ClassVar[dict[str, Any]] = {
            "state": forms.RadioSelect,
            "answer": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stood = Report.objects.get(pk=self.instance.pk)
        if "seen_version" in self.fields:
            self.fields["seen_version"].initial = self.stood.version

    def clean(self) -> dict[str, Any]:
        """Raises ``ValidationError`` beside the answer that is missing, and when somebody else was faster."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("number_is_right") and cleaned.get("state") in OPEN:
            cleaned["state"] = "right"
        if cleaned.get("state", "new") not in OPEN and not cleaned.get("answer", "").strip():
            self.add_error("answer", "办结前请写明处理结果：查了什么、改了什么，或者为什么不用改。")
        if cleaned.get("seen_version") != self.stood.version:
            self.data = {**dict(self.data.items()), "seen_version": str(self.stood.version)}
            raise ValidationError(
                f"别人刚刚处理过这一件，现在是“{self.stood.get_state_display()}”，还没有保存您的。"
                "请看下面的处理经过；仍然要改的，再按一次保存，您写的都还在。"
            )
        return cleaned


@admin.register(Report)
class ReportAdmin(Guarded[Report]):
    """Reports of the person's own places. Nobody adds or deletes one: readers send them, time takes them away."""

    form = DecisionForm
    actions = None
    list_display = (
        "receipt_said",
        "state_said",
        "kind",
        "about",
        "excerpt",
        "contact_masked",
        "sent",
        "due_said",
    )
    list_filter = (StateFilter, "kind", "city", "county")
    list_select_related = ("city", "county__city", "office")
    search_fields = ("receipt", "number", "page_name")
    search_help_text = "回执号（不留空格）、电话号码或网页名称"
    ordering = (F("due_on").asc(nulls_last=True), "pk")
    list_per_page = 50
    fieldsets = (
        (
            "读者说的",
            {
                "fields": (
                    "receipt_said",
                    "sent",
                    "due_said",
                    "page_said",
                    "kind",
                    "number_said",
                    "text_said",
                    "contact_said",
                )
            },
        ),
        ("去改正", {"fields": ("to_mend",)}),
        ("处理", {"fields": ("state", "answer", "number_is_right", "seen_version")}),
        ("处理经过", {"fields": ("steps",)}),
    )
    readonly_fields = ("receipt_said", "sent", "due_said", "page_said", "kind", "number_said", "text_said", "contact_said", "to_mend", "steps")  # fmt: skip

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["css/admin_report.css"]}

    # --- Who may do what

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """An editor's own places: readers may have left a way to reach them. Auditors see all of their cities."""
        rows = super().get_queryset(request)
        user = person(request)
        return rows if access.has_role(user, access.AUDITOR) else access.editable_by(rows, user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        return False

    # --- One report

    def get_fieldsets(self, request: HttpRequest, obj: Report | None = None) -> Any:
        """Without what only a decider fills in, for who only looks; the mark only where there is one."""
        hidden = set()
        if not self.has_change_permission(request, obj):
            hidden = {"number_is_right", "seen_version"}
        elif obj is None or not is_marked(obj):
            hidden = {"number_is_right"}
        return [
            (title, {"fields": tuple(name for name in options["fields"] if name not in hidden)})
            for title, options in self.fieldsets
        ]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The page; opened anew when somebody else decided in the very same moment."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Overtaken:
            messages.error(request, "别人刚刚处理过这一件，您的没有保存。请看最新的处理经过，再决定怎么办。")
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        """Carry out the decision, and write those it closed as well into the log. Raises ``Overtaken``."""
        if not form.changed_data:
            return
        given = form.cleaned_data
        decision = Decision(
            given["state"], given["answer"], given["seen_version"], bool(given.get("number_is_right"))
        )
        for field in ("state", "answer"):
            setattr(obj, field, getattr(form.stood, field))
        written = decide(obj, decision, cast("User", request.user), now())
        for other in written[1:]:
            self.log_change(
                request, other, f"和 {obj.receipt_in_groups} 一起办结：{other.get_state_display()}"
            )
        if len(written) > 1:
            messages.info(request, f"反映同一个号码的另外 {len(written) - 1} 件也一起办结了。")

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """The states alone: what a reader or an editor wrote is not for the log."""
        before, after = form.stood.get_state_display(), STATES[form.cleaned_data["state"]]
        return f"{before} → {after}" if before != after else "改了处理结果"

    # --- What pages show

    @admin.display(description="回执号", ordering="pk")
    def receipt_said(self, report: Report) -> str:
        """In groups, as it is read out on the telephone."""
        return report.receipt_in_groups

    @admin.display(description="状态", ordering="state")
    def state_said(self, report: Report) -> SafeString:
        """The state, and in words that it is overdue."""
        late = report.is_overdue(localdate(), work_calendar())
        return format_html(
            "{}{}",
            report.get_state_display(),
            format_html(' <b class="overdue">{}</b>', "超期") if late else "",
        )

    @admin.display(description="网页", ordering="page_name")
    def about(self, report: Report) -> str:
        """The page, with what readers searched for masked."""
        return report.page_title

    @admin.display(description="内容")
    def excerpt(self, report: Report) -> str:
        """The number and the first words, private numbers masked."""
        words = " ".join(filter(None, [report.number, masked(report.text)]))
        return Truncator(words).chars(EXCERPT, truncate="…")

    @admin.display(description="联系方式")
    def contact_masked(self, report: Report) -> str:
        """Only its ends."""
        return masked_contact(report.contact) if report.contact else "—"

    @admin.display(description="收到", ordering="sent_at")
    def sent(self, report: Report) -> str:
        """When it came in."""
        return f"{localtime(report.sent_at):%Y-%m-%d %H:%M}"

    @admin.display(description="最迟处理完", ordering="due_on")
    def due_said(self, report: Report) -> SafeString | str:
        """The day, and what became of it."""
        calendar = work_calendar()
        due = report.due(calendar)
        if due is None:
            return f"{WORKING_DAYS} 个工作日（{calendar.why_unknown(report.sent_on.year + 1)}）"
        if report.is_overdue(localdate(), calendar):
            days = (localdate() - due).days
            return format_html('<b class="overdue">{}，已超 {} 天</b>', due, days)
        return str(due)

    @admin.display(description="网页")
    def page_said(self, report: Report) -> SafeString:
        """A link, and whether the page has changed since the reader saw it."""
        page = page_at(report.page)
        if page is None:
            return format_html("{}（这一页现在没有了）", report.page_title)
        changed = (
            "读者看过以后，这一页的内容改过。"
            if page.version() > report.page_version
            else "读者看过以后，这一页没有改过。"
        )
        return format_html(
            '<a href="{}">{}</a><br>{}版本 {}', page.address, report.page_title, changed, report.page_version
        )

    @admin.display(description="打不通的号码")
    def number_said(self, report: Report) -> SafeString | str:
        """The number, whose it is, how many others say so, and whether pages mark it."""
        if not report.number:
            return "没有选号码" if report.kind == "phone" else "—"
        if report.office is None:
            return f"{report.number}（办理点已经删除）"
        others = (
            Report.objects.about_number(report.office, report.number).waiting().exclude(pk=report.pk).count()
        )
        return format_html(
            "{} {}{}{}",
            report.office.name,
            report.number,
            f"；另有 {others} 件也说打不通" if others else "",
            format_html('<br><b class="overdue">网页上标着“{}”</b>', QUESTIONED_MARK)
            if is_marked(report)
            else "",
        )

    @admin.display(description="内容")
    def text_said(self, report: Report) -> SafeString | str:
        """In full."""
        return format_html('<div class="said">{}</div>', report.text) if report.text else "—"

    @admin.display(description="联系方式")
    def contact_said(self, report: Report) -> str:
        """In full."""
        return report.contact or "没有留"

    @admin.display(description="在哪里改")
    def to_mend(self, report: Report) -> SafeString:
        """Links to the very fields."""
        links = list(mending(report))
        if not links:
            return format_html("{}", "这一页没有可以改的办理点或办事指南，请到相应的栏目里改。")
        return format_html_join("", '<a class="mend" href="{}">{}</a>', links)

    @admin.display(description="经过")
    def steps(self, report: Report) -> SafeString | str:
        """Every step with who, when and the answer."""
        rows = [
            (f"{localtime(step.made_at):%Y-%m-%d %H:%M}", step.made_by, str(step), step.answer or "—")
            for step in report.changes.all()
        ]
        if not rows:
            return "还没有人处理过。"
        head = '<table class="steps"><thead><tr><th scope="col">时间</th><th scope="col">处理人</th><th scope="col">状态</th><th scope="col">处理结果</th></tr></thead><tbody>{}</tbody></table>'
        return format_html(
            head, format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
        )


def is_marked(report: Report) -> bool:
    """Whether pages mark the number of this report."""
    if report.office_id is None or not report.number:
        return False
    phones = Phone.objects.filter(office=report.office_id, number=report.number)
    return phones.exclude(questioned_at=None).exists()


def mending(report: Report) -> Any:
    """(address, words) of the fields in which it can be mended: of the office, of the offices of the county, of the guide."""
    offices = [report.office] if report.office else []
    if not offices and report.county and report.kind in FIELDS:
        offices = list(Office.objects.in_county(report.county))
    for office in offices:
        words = {"phone": "电话", "address": "地址", "hours": "办理时间"}.get(report.kind, "")
        mark = f"#{FIELDS[report.kind]}" if words else ""
        yield (
            f"{reverse('admin:offices_office_change', args=[office.pk])}{mark}",
            f"办理点：{office.name} {words}",
        )
    if report.guide:
        mark, words = ("#materials-group", " 办理材料") if report.kind == "papers" else ("", "")
        yield (
            f"{reverse('admin:guides_guide_change', args=[report.guide.pk])}{mark}",
            f"办事指南：{report.guide}{words}",
        )
