"""A table of offices and phones that comes back: tried first, and what it changes goes to the sign-off queue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from guides import editing, tables
from guides.access import may_edit, visible_to
from guides.tables.reading import MOST_BYTES
from offices.models import County, Office

from .comparing import compare
from .conflicts import by
from .pages import offices_to_edit, page

SALT = "guides.admin.imports"
SHEETS = (tables.OFFICES, tables.PHONES, tables.GUIDES, tables.MATERIALS)
MOST_CHANGED = 300
MOST_SHOWN = 200
"""So many problems are listed; the rest is counted."""


class UploadForm(forms.Form):
    """The table."""

    table = forms.FileField(
        label="改好的表格",
        error_messages={"required": "请选一个文件。", "empty": "文件是空的，请重新选。"},
        help_text=f"从本站导出、改过的 .xlsx 或 .csv，不超过 {MOST_BYTES // 1024 // 1024} MB。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


@require_GET
def import_table(request: HttpRequest) -> HttpResponse:
    """Where to upload."""
    offices_to_edit(request)
    return page(request, "import", "导入表格", {"form": UploadForm()})


@require_POST
def import_check(request: HttpRequest) -> HttpResponse:
    """The trial: everything that is wrong, or everything that would change. Nothing is written."""
    mine = offices_to_edit(request)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, "import", "导入表格", {"form": form}, 422)
    upload = form.cleaned_data["table"]
    try:
        reading = tables.read_table(upload.name, upload.read(MOST_BYTES + 1), SHEETS)
    except tables.NotATable as refused:
        form.add_error("table", str(refused))
        return page(request, "import", "导入表格", {"form": form}, 422)
    return _tried(request, reading, mine, upload.name)


@require_POST
def import_propose(request: HttpRequest) -> HttpResponse:
    """Put what the trial showed into the sign-off queue, all of it or nothing."""
    mine = offices_to_edit(request)
    try:
        plan = signing.loads(request.POST.get("plan", ""), salt=SALT)
    except signing.BadSignature:
        plan = {}
    if plan.get("by") != request.user.pk:
        messages.error(request, "试算页面不完整，没有提交。请重新上传。")
        return redirect("admin_pages:import")
    offices = {
        office.pk: office
        for office in mine.filter(pk__in=[pk for pk, *_ in plan["offices"]]).select_related("city", "county")
    }
    if len(offices) != len(plan["offices"]):
        raise Http404("没有这个办理点")
    wanted = [
        editing.Wanted(offices[pk], seen, document, _county(request, offices[pk]))
        for pk, seen, document in plan["offices"]
    ]
    reason = request.POST.get("change_reason", "").strip()[:200] or f"导入表格 {plan['file']}"[:200]
    note = request.POST.get("public_note", "").strip()[:200]
    change = editing.Change(source="import", author=by(request), reason=reason, public_note=note)
    try:
        proposals = editing.propose_all(wanted, change)
    except editing.Conflict as conflict:
        messages.error(request, f"{conflict}请重新导出、再改一次。")
        return redirect("admin_pages:import")
    messages.success(request, f"已提交 {len(proposals)} 条修改建议，审核通过以后才会生效。")
    return redirect("admin_pages:import")


def _tried(request: HttpRequest, reading: tables.Reading, mine: QuerySet[Office], name: str) -> HttpResponse:
    visible = visible_to(Office.objects.all(), request.user)
    compared = compare(reading.lines, visible, set(mine.values_list("pk", flat=True)))
    problems = [*reading.problems, *compared.problems]
    if len(compared.changed) > MOST_CHANGED:
        message = f"一次最多改 {MOST_CHANGED} 个办理点，这里有 {len(compared.changed)} 个，请分几次上传。"
        problems.append(tables.Problem(tables.OFFICES.name, 0, "", message))
    changes = [
        (office, editing.differences(office.document(), document))
        for office, document in ([] if problems else compared.changed)
    ]
    context: dict[str, Any] = {
        "file": name,
        "problems": problems[:MOST_SHOWN],
        "more": max(0, len(problems) - MOST_SHOWN),
        "changes": changes,
        "difference_count": sum(len(differences) for _, differences in changes),
        "same": compared.same,
        "form": UploadForm(),
        "reason": "",
        "note": "",
    }
    if changes:
        documents = [(office.pk, office.version, document) for office, document in compared.changed]
        plan = {"by": request.user.pk, "file": name[:100], "offices": documents}
        context["plan"] = signing.dumps(plan, salt=SALT, compress=True)
    return page(request, "import_check", "试算", context, 422 if problems else 200)


def _county(request: HttpRequest, office: Office) -> County | None:
    """The county the author answers for; None when it is the whole city."""
    return None if may_edit(request.user, office.city) else office.county
