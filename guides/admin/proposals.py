"""The sign-off queue: what was proposed, line by line, with what stands now; each line taken, mended or declined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from guides import editing
from guides.models import Proposal, ProposalLine
from guides.vocabulary import LINE_VERDICTS, PROPOSAL_STATES

from .conflicts import by
from .guarded import OnlyRead
from .lines import HoursLinesField, PhoneLinesField, hours_lines, phone_lines

LATER = "以后再定"


class LineForm(forms.Form):
    """What is decided on one line. Lines nobody decides go on waiting."""

    verdict = forms.ChoiceField(label="怎么办", required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由（提出人看得到；不采纳时要写）",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, line: editing.Line, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        choices = [("", LATER), *LINE_VERDICTS.items()]
        if line.editing:
            self.fields["text"] = _field(line)
        else:
            choices.remove(("changed", LINE_VERDICTS["changed"]))
        self.fields["verdict"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Raises ``ValidationError`` beside the reason that is missing, and beside words that were not mended."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("verdict") == "declined" and not cleaned.get("reason"):
            self.add_error("reason", "请写明不采纳的理由，提出人会看到。")
        if cleaned.get("verdict") == "changed" and "text" in cleaned and self.value == self.line.wanted:
            self.add_error("text", "还没有修改。照原样采纳请选“采纳”。")
        return cleaned

    @property
    def value(self) -> Any:
        """The wanted value with what the decider wrote instead."""
        written = self.cleaned_data["text"]
        return self.line.mended(written) if self.line.editing == "text" else written

    @property
    def decided(self) -> editing.Verdict | None:
        """The verdict; None for a line that goes on waiting."""
        key, reason = self.cleaned_data["verdict"], self.cleaned_data["reason"]
        if not key:
            return None
        return editing.Verdict(key, reason, self.value if key == "changed" else None)


def _field(line: editing.Line) -> forms.CharField:
    label = "修改后采纳：改成（每行一个）" if line.editing in ("phones", "hours") else "修改后采纳：改成"
    if line.editing == "phones":
        return PhoneLinesField(label=label, initial=phone_lines(line.wanted))
    if line.editing == "hours":
        return HoursLinesField(label=label, initial=hours_lines(line.wanted))
    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
    return forms.CharField(label=label, required=False, initial=line.words, widget=widget)


@dataclass(frozen=True)
class Shown:
    """One line as its page shows it: the words that differ, what stands now, and the form or the decision."""

    line: editing.Line
    now: str
    state: str
    form: LineForm | None
    decided: ProposalLine | None

    @property
    def difference(self) -> editing.Difference:
        """What stands now against what is wanted; once decided, what the author saw."""
        if self.decided:
            return editing.Difference(self.line.label, self.decided.was, self.decided.wanted)
        return editing.Difference(self.line.label, self.now, self.line.difference.after)


class StateFilter(admin.SimpleListFilter):
    """The list opens on what waits; one's own are shown in every state."""

    title, parameter_name = "状态", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state."""
        return [("all", "全部"), *PROPOSAL_STATES.items()]

    def choices(self, changelist: Any) -> Any:
        """Without Django's own "all": that is the last choice here, not the first."""
        found = iter(super().choices(changelist))
        next(found)
        chosen = self._chosen(changelist.get_filters_params())
        for choice, (key, _) in zip(found, self.lookup_choices, strict=True):
            yield {**choice, "selected": key == chosen}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> QuerySet[Proposal]:
        """Those in the chosen state."""
        chosen = self._chosen(request.GET)
        return queryset if chosen == "all" else queryset.filter(state=chosen)

    def _chosen(self, query: Any) -> str:
        value = self.value()
        return value if value in ("all", *PROPOSAL_STATES) else "all" if "whose" in query else "waiting"


class AuthorFilter(admin.SimpleListFilter):
    """我的建议: what became of what I proposed."""

    title, parameter_name = "提出人", "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Oneself."""
        return [("me", "我的建议")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Proposal]) -> QuerySet[Proposal]:
        """One's own."""
        return queryset.filter(author=request.user.pk) if self.value() == "me" else queryset


@admin.register(Proposal)
class ProposalAdmin(OnlyRead[Proposal]):
    """Nobody adds, changes or deletes a proposal here: it is decided, or taken back by its author."""

    list_display = ("title", "city", "author_name", "source", "created_at", "state", "outcome")
    list_filter = (StateFilter, AuthorFilter, "kind", "source", "city")
    search_fields = ("title", "author_name", "reason")
    ordering = ("created_at", "pk")

    def get_urls(self) -> list[Any]:
        """Taking back before Django's own addresses, which would take anything."""
        withdraw = self.admin_site.admin_view(require_POST(self.withdraw_view))
        return [path("<int:pk>/withdraw/", withdraw, name="guides_proposal_withdraw"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        """Without the documents in lists."""
        found: Any = super().get_queryset(request)
        keys = request.resolver_match.kwargs if request.resolver_match else {}
        return found.with_subject() if {"object_id", "pk"} & keys.keys() else found.with_verdicts()  # type: ignore[no-any-return]

    def may_decide(self, request: HttpRequest, proposal: Proposal) -> bool:
        """Whoever may change the guide or office himself, whoever proposed it."""
        subject = proposal.subject
        page: Any = self.admin_site.get_model_admin(type(subject))
        return proposal.state == "waiting" and page.may_edit(request, subject)

    @admin.display(description="结果")
    def outcome(self, proposal: Proposal) -> str:
        """How the decided lines ended."""
        ends = Counter(line.get_verdict_display() for line in proposal.lines.all())
        return "，".join(f"{words} {count} 处" for words, count in ends.items()) or "—"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """The lines of a proposal; for who may decide, with the forms to do so."""
        if object_id is None:
            raise PermissionDenied
        proposal = self._row(request, unquote(object_id))
        may_decide = self.may_decide(request, proposal)
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        shown = self._shown(request, proposal, may_decide=may_decide)
        if request.method == "POST" and (done := self._decide(request, proposal, shown)):
            return done
        return self._page(request, proposal, shown)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The author takes his proposal back."""
        proposal = self._row(request, str(pk))
        author = by(request)
        if author is None or proposal.author_id != author.pk:
            raise PermissionDenied
        try:
            editing.withdraw(proposal, author)
        except editing.AlreadyDecidedError:
            messages.error(request, "这条建议已经审核完，不能撤回了。结果见下。")
        else:
            messages.success(request, "已撤回，不再送审。")
        return redirect("admin:guides_proposal_change", proposal.pk)

    def _row(self, request: HttpRequest, object_id: str) -> Proposal:
        proposal = self.get_object(request, object_id)
        if proposal is None:
            raise Http404("没有这条修改建议")
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        return proposal

    def _shown(self, request: HttpRequest, proposal: Proposal, *, may_decide: bool) -> list[Shown]:
        decided = {line.number: line for line in proposal.lines.all()}
        current = editing.fresh(proposal.subject).document()
        data = request.POST if request.method == "POST" else None
        shown = []
        for number, line in enumerate(editing.lines_of(proposal.before, proposal.after)):
            is_open = may_decide and number not in decided
            form = LineForm(line, data, prefix=f"line-{number}") if is_open else None
            now = line.in_words(line.now(current))
            shown.append(Shown(line, now, line.state(current), form, decided.get(number)))
        return shown

    def _decide(
        self, request: HttpRequest, proposal: Proposal, shown: Sequence[Shown]
    ) -> HttpResponse | None:
        """Decide what was chosen and show the page anew; None, with the reason as a message, when that was refused."""
        open_forms = [(number, each.form) for number, each in enumerate(shown) if each.form]
        if not all([form.is_valid() for _, form in open_forms]):  # noqa: C419 - every form has to be checked
            messages.error(request, "还没有保存：请看标红的地方。")
            return None
        verdicts = {number: form.decided for number, form in open_forms if form.decided}
        if not verdicts:
            messages.warning(request, "没有选：请至少给一处改动选“采纳”或“不采纳”。")
            return None
        try:
            editing.decide(proposal, verdicts, _change(request))
        except editing.Conflict:
            messages.error(
                request, "您打开本页以后，别人改过这一条，没有保存。“现在”一栏已换成最新的，请再看一遍。"
            )
        except editing.AlreadyDecidedError:
            messages.error(request, "这条建议别人刚刚审核过，或者提出人已经撤回。您选的没有保存。")
            return redirect("admin:guides_proposal_change", proposal.pk)
        except editing.DocumentError as error:
            messages.error(request, f"照这样改不合要求，没有保存：{error}。请改用“修改后采纳”。")
        except ObjectDoesNotExist:
            messages.error(request, "建议里提到的县（市、区）或办理点已经没有了，没有保存。请选“不采纳”。")
        else:
            return self._done(request, proposal, verdicts)
        return None

    def _done(
        self, request: HttpRequest, proposal: Proposal, verdicts: dict[int, editing.Verdict]
    ) -> HttpResponse:
        ends = Counter(LINE_VERDICTS[verdict.key] for verdict in verdicts.values())
        said = "，".join(f"{words} {count} 处" for words, count in ends.items())
        self.log_change(request, proposal, f"审核修改建议：{said}")
        messages.success(request, f"已保存：{said}。提出人可以看到结果。")
        return redirect("admin:guides_proposal_change", proposal.pk)

    def _page(self, request: HttpRequest, proposal: Proposal, shown: list[Shown]) -> HttpResponse:
        subject = proposal.subject
        context = {
            **self.admin_site.each_context(request),
            "title": "修改建议",
            "subtitle": str(proposal),
            "opts": self.opts,
            "proposal": proposal,
            "shown": shown,
            "open": [each for each in shown if each.form],
            "subject_url": reverse(
                f"admin:{subject._meta.label_lower.replace('.', '_')}_change", args=[subject.pk]
            ),
            "seen_version": subject.version,
            "public_note": request.POST.get("public_note", proposal.public_note),
            "is_mine": proposal.author_id is not None and proposal.author_id == request.user.pk,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/proposal.html", context)


def _change(request: HttpRequest) -> editing.Change:
    """The decider's change; a page without a version is never the current one."""
    seen = request.POST.get("seen_version", "")
    return editing.Change(
        source="proposal",
        author=by(request),
        public_note=request.POST.get("public_note", "")[:200],
        expected=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
    )
