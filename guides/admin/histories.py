"""The history of a guide or an office: every revision, any two compared, one restored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.timezone import localtime

from guides import editing
from guides.models import Revision
from guides.vocabulary import GUIDE_STATUSES

from .conflicts import WithConflicts, by, said_of

NOW = "now"
SHORT = 6
"""So many changed fields of a revision are named in the list; the rest is counted."""


class Version(NamedTuple):
    """One version to compare: its number (0 is the first), and its name in words."""

    number: int
    name: str


class WithHistory(WithConflicts):
    """Adds the pages of the history, where Django's link leads."""

    def get_urls(self) -> list[Any]:
        """The comparison and the restoring before Django's own addresses, which would take anything."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view: Callable[[Any], Any] = self.admin_site.admin_view
        return [
            path("<int:pk>/history/compare/", view(self.compare_view), name=f"{name}_compare"),
            path("<int:pk>/history/<int:number>/restore/", view(self.restore_view), name=f"{name}_restore"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """All revisions, newest first, with what each changed in short."""
        row = self._row(request, object_id)
        revisions = list(Revision.objects.of(row).select_related("restored_from"))
        entries = [(revision, *in_short(revision)) for revision in revisions]
        first_is_made_here = bool(revisions) and not revisions[-1].before
        context = {
            "title": "历史",
            "entries": entries,
            "has_first": not first_is_made_here,
            "latest": revisions[0].number if revisions else 0,
            "can_restore": self.may_edit(request, row),
        }
        return self._page(request, row, "admin/history.html", context)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Two versions, ``old`` and ``new`` (a number, 0 for 初版, ``now``), and what differs."""
        row = self._row(request, str(pk))
        versions = self._versions(row)
        old, new = sorted(self._asked(request, name, versions) for name in ("old", "new"))
        differences = self._differences(row, old.number, new.number)
        context = {
            "title": "比较",
            "old": old,
            "new": new,
            "versions": versions,
            "differences": differences,
            "can_restore": self.may_edit(request, row) and old.number != versions[-1].number,
        }
        return self._page(request, row, "admin/compare.html", context)

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Ask with the differences to what stands now, then restore; refused when somebody saved meanwhile."""
        row = self._row(request, str(pk))
        if not self.may_edit(request, row):
            raise PermissionDenied
        version = next((each for each in self._versions(row) if each.number == number), None)
        document = editing.restorable(row, number) if version else {}
        if not document:
            raise Http404("没有这一版")
        if request.method == "POST" and (done := self._restore(request, row, number)):
            return done
        current = editing.fresh(row)
        context = {
            "title": "恢复旧版",
            "version": version,
            "differences": editing.differences(current.document(), document),
            "seen": current.version,
        }
        return self._page(request, row, "admin/restore.html", context)

    def _restore(self, request: HttpRequest, row: Any, number: int) -> HttpResponse | None:
        """Restore and go back to the history; None, with the reason as a message, when that was refused."""
        seen = request.POST.get("seen_version", "")
        change = editing.Change(
            source="restore",
            author=by(request),
            reason=request.POST.get("change_reason", "")[:200],
            public_note=request.POST.get("public_note", "")[:200],
            expected=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
        )
        try:
            outcome = editing.restore(row, number, change)
        except editing.Conflict:
            messages.error(
                request, "您打开本页以后，别人又改过这一条，没有恢复。下面已换成现在的差别，请再看一遍。"
            )
        except editing.DocumentError as error:
            messages.error(request, f"这一版不合现在的要求，没有恢复：{error}")
        except ObjectDoesNotExist:
            messages.error(request, "这一版提到的县（市、区）或手册已经没有了，没有恢复。请手工修改。")
        else:
            self.log_change(request, row, f"恢复旧版：{said_of(outcome)}")
            messages.success(request, "已恢复。" if outcome.verdict != "same" else "与现在一样，不用恢复。")
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", row.pk)
        return None

    def _row(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404("没有这一条")
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return row

    def _versions(self, row: Any) -> list[Version]:
        """All versions from the first to what stands now."""
        history = list(Revision.objects.of(row).order_by("number").values_list("number", "created_at"))
        made_here = Revision.objects.of(row).filter(before={}).exists()
        found = [] if made_here else [Version(0, "初版")]
        found += [
            Version(number, f"第 {number} 次修改后（{localtime(when):%Y-%m-%d %H:%M}）")
            for number, when in history
        ]
        last = found[-1]
        return [*found[:-1], Version(last.number, f"现在（{last.name}）")]

    def _asked(self, request: HttpRequest, name: str, versions: list[Version]) -> Version:
        asked = request.GET.get(name, NOW)
        found = next((each for each in versions if str(each.number) == asked), None)
        if found is None and asked != NOW:
            raise Http404("没有这一版")
        return found or versions[-1]

    def _differences(self, row: Any, old: int, new: int) -> list[editing.Difference]:
        documents = [editing.document_at(row, number) for number in (old, new)]
        statuses = [GUIDE_STATUSES.get(editing.status_at(row, number), "") for number in (old, new)]
        status = [editing.Difference("状态", *statuses)] if len(set(statuses)) == 2 else []
        return [*status, *editing.differences(*documents)]

    def _page(self, request: HttpRequest, row: Any, template: str, context: dict[str, Any]) -> HttpResponse:
        history = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[row.pk])
        shared = {
            "subtitle": str(row),
            "opts": self.opts,
            "original": row,
            "history": history,
            "media": self.media,
        }
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), **shared, **context}
        )


def in_short(revision: Revision) -> tuple[list[editing.Difference], int]:
    """The first differences of a revision, and how many more there are; none for something made or deleted."""
    if not revision.before or not revision.after:
        return [], 0
    found = editing.differences(revision.before, revision.after)
    if revision.status_before != revision.status_after:
        words = [GUIDE_STATUSES.get(key, "") for key in (revision.status_before, revision.status_after)]
        found = [editing.Difference("状态", *words), *found]
    return found[:SHORT], max(0, len(found) - SHORT)
