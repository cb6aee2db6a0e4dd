"""A bulk edit from its preview on: every row it touches, the saving, and undoing all of it in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import Count, Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from guides import editing
from guides.access import editable_by, visible_to
from guides.editing.advice import Advice, about_number, surroundings_of
from guides.models import Guide, Revision
from offices.models import City, Office

from .conflicts import by
from .lines import hours_lines
from .pages import offices_to_edit, page

SALT = "guides.admin.bulk"
LATEST = 20
NOT_WHOLE = "预览页面不完整，没有保存。请重新勾选一次。"


def preview(
    request: HttpRequest, edit: editing.BulkEdit, late: editing.Overtaken | None = None
) -> HttpResponse:
    """Every row the edit touches, before and after; with ``late``, what somebody changed since the last preview."""
    try:
        revisions = editing.rehearse(edit)
    except editing.DocumentError as error:
        return page(
            request, "bulk_refused", "没有保存", {"problems": error.problems, "back": _back(edit)}, 422
        )
    plan = {**_as_plain(edit), "seen": editing.seen_in(revisions), "by": request.user.pk}
    context = {
        "changes": _rows(revisions),
        "guide_count": sum(each.kind == "guide" for each in revisions),
        "office_count": sum(each.kind == "office" for each in revisions),
        "row_count": sum(len(editing.differences(each.before, each.after)) for each in revisions),
        "what": said(edit),
        "advice": _advice(edit),
        "late": _since(late) if late else [],
        "plan": signing.dumps(plan, salt=SALT, compress=True),
        "reason": request.POST.get("change_reason", ""),
        "note": request.POST.get("public_note", ""),
        "back": _back(edit),
    }
    return page(request, "bulk_preview", "预览", context, 409 if late else 200)


@require_POST
def bulk_confirm(request: HttpRequest) -> HttpResponse:
    """Save what the preview showed, all of it or nothing."""
    offices = offices_to_edit(request)
    try:
        plan = signing.loads(request.POST.get("plan", ""), salt=SALT)
    except signing.BadSignature:
        plan = {}
    if plan.get("by") != request.user.pk:
        messages.error(request, NOT_WHOLE)
        return redirect("admin_pages:bulk")
    edit = _from_plain(plan)
    if edit.offices().exclude(pk__in=offices.values("pk")).exists():
        raise Http404("没有这个办理点")
    change = _change(request, "bulk", uuid4())
    try:
        written = editing.apply_bulk(edit, change, plan["seen"])
    except editing.Overtaken as late:
        return preview(request, edit, late)
    except editing.DocumentError:
        return preview(request, edit)
    messages.success(request, f"已保存：{said(edit)}，{_counted(written)}。要撤销，用本页下面的按钮。")
    return redirect("admin_pages:batch", batch=change.batch)


@require_GET
def bulk_start(request: HttpRequest) -> HttpResponse:
    """What can be changed in bulk, and the last bulk edits."""
    offices_to_edit(request)
    revisions = visible_to(Revision.objects.exclude(batch=None), request.user).order_by()
    batches = revisions.values("batch", "author_name", "reason", "source").annotate(
        when=Max("created_at"), rows=Count("pk"), first=Min("pk")
    )
    return page(request, "bulk", "批量修改", {"batches": list(batches.order_by("-first")[:LATEST])})


@require_GET
def batch(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Everything one bulk edit changed, and whether it still stands."""
    revisions = _revisions(request, batch)
    standing = {revision.pk for revision in revisions if stands(revision)}
    context = {
        "batch": batch,
        "first": revisions[0],
        "changes": _rows(revisions),
        "counted": _counted(revisions),
        "standing": standing,
        "can_restore": bool(standing) and _may_restore(request, revisions),
    }
    return page(request, "bulk_batch", "本次批量修改", context)


@require_POST
def batch_restore(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Undo one bulk edit; what was changed since is left alone and named."""
    revisions = _revisions(request, batch)
    if not _may_restore(request, revisions):
        raise PermissionDenied
    try:
        written, refused = editing.restore_batch(batch, _change(request, "restore", None))
    except (editing.DocumentError, ObjectDoesNotExist) as error:
        messages.error(request, f"没有撤销：{error}。请到各自的“历史”里恢复。")
        return redirect("admin_pages:batch", batch=batch)
    if refused:
        names = "、".join(str(revision.title) for revision in refused)
        messages.warning(request, f"这些在批量修改以后又改过，没有动：{names}。请到各自的“历史”里处理。")
    if not written:
        return redirect("admin_pages:batch", batch=batch)
    messages.success(request, f"已撤销：{_counted(written)}。这次撤销本身也可以再撤销。")
    return redirect("admin_pages:batch", batch=written[0].batch)


def said(edit: editing.BulkEdit) -> str:
    """An edit in one sentence."""
    if isinstance(edit, editing.PhoneEdit):
        return f"电话 {edit.old} 改为 {edit.new}"
    return f"办理时间改为 {'、'.join(hours_lines(list(edit.hours)).splitlines())}"  # type: ignore[arg-type]


def stands(revision: Revision) -> bool:
    """Whether nothing was changed since."""
    subject = revision.guide or revision.office
    return subject is not None and subject.version == revision.number


def advice_on(edit: editing.PhoneEdit) -> list[Advice]:
    """What to look at again before the new number is used: area code, length, whose it is already."""
    offices = edit.offices().select_related("city", "county")
    found: list[Advice] = []
    for city in City.objects.filter(offices__in=offices).distinct():
        around = surroundings_of(city)
        here = [office for office in offices if office.city_id == city.pk]
        names = {office.county.name for office in here if office.county}
        holders = around.counties.get(edit.new, frozenset())
        around = replace(around, counties={edit.new: holders | names if holders - names else holders})
        found += [
            advice
            for office in here
            for advice in about_number(
                office.county.name if office.county else office.name,
                edit.new,
                office.county.slug if office.county else "",
                around,
            )
        ]
    return list(dict.fromkeys(found))


def _revisions(request: HttpRequest, batch: UUID) -> list[Revision]:
    rows = list(visible_to(Revision.objects.of_batch(batch), request.user).select_related("guide", "office"))
    if not rows:
        raise Http404("没有这次批量修改")
    return rows


def _may_restore(request: HttpRequest, revisions: Sequence[Revision]) -> bool:
    """Whether all offices it is about are this person's."""
    touched = editing.offices_touched(revisions)
    return editable_by(touched, request.user).count() == touched.count() > 0


def _change(request: HttpRequest, source: str, batch: UUID | None) -> editing.Change:
    return editing.Change(
        source=source,
        author=by(request),
        reason=request.POST.get("change_reason", "").strip()[:200],
        public_note=request.POST.get("public_note", "").strip()[:200],
        batch=batch,
    )


def _counted(revisions: Sequence[Revision]) -> str:
    guides = sum(each.kind == "guide" for each in revisions)
    return f"{guides} 份办事指南、{len(revisions) - guides} 个办理点"


def _rows(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """Each revision with what it changes and where its county is."""
    return [
        {
            "revision": each,
            "differences": editing.differences(each.before, each.after),
            "county": each.office.county if each.office else None,
        }
        for each in revisions
    ]


def _since(late: editing.Overtaken) -> list[dict[str, Any]]:
    """What somebody else changed since the preview, subject by subject."""
    found = []
    for key in late.subjects:
        kind, pk = key.split()
        model: Any = Guide if kind == "guide" else Office
        subject = model.objects.with_details().filter(pk=pk).first()
        seen = late.seen.get(key)
        then = editing.document_at(subject, seen) if subject and seen is not None else {}
        differences = editing.differences(then, subject.document()) if then else []
        last = subject.revisions.in_short().order_by("-number").first() if subject else None
        found.append({"subject": subject, "last": last, "differences": differences})
    return found


def _advice(edit: editing.BulkEdit) -> list[Any]:
    return list(advice_on(edit)) if isinstance(edit, editing.PhoneEdit) else []


def _back(edit: editing.BulkEdit) -> dict[str, str]:
    """Where the choice is made again."""
    if isinstance(edit, editing.PhoneEdit):
        return {"name": "admin_pages:bulk_phone", "query": f"?number={edit.old}"}
    return {"name": "admin_pages:bulk_hours", "query": ""}


def _as_plain(edit: editing.BulkEdit) -> dict[str, Any]:
    if isinstance(edit, editing.PhoneEdit):
        return {"old": edit.old, "new": edit.new, "uses": sorted(edit.uses)}
    return {"hours": list(edit.hours), "offices": sorted(edit.chosen), "own": sorted(edit.own)}


def _from_plain(plan: Mapping[str, Any]) -> editing.BulkEdit:
    if "old" in plan:
        return editing.PhoneEdit(plan["old"], plan["new"], frozenset(map(tuple, plan["uses"])))
    return editing.HoursEdit(plan["hours"], frozenset(plan["offices"]), frozenset(map(tuple, plan["own"])))
