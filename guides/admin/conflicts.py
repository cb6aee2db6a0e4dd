"""Two people, one entry: nothing typed is lost, and the one who comes second chooses field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from guides import editing

from .guarded import Guarded

CHOOSING = "_choosing"
"""The field of a page on which somebody chose between versions: what he had typed, signed."""
SALT = "guides.admin.conflicts"
ROW_KEY = re.compile(r"\w+-\d+-id")
SIDES = {"yours": "您填的", "theirs": "别人刚保存的", "base": "您打开时的"}


@dataclass(frozen=True)
class Typed:
    """What somebody wants the entry to say, and the version he had before him when he wrote it."""

    document: editing.Document
    status: str
    reason: str
    public_note: str
    seen: int
    beside: Mapping[str, Any] = field(default_factory=dict)
    """What he changed beside the document (for guides: ``successor_id``, ``review_on`` as ISO day)."""


class Late(Exception):
    """A save that came after somebody else's."""

    def __init__(
        self, typed: Typed, conflict: editing.Conflict, picks: Mapping[int, str] | None = None
    ) -> None:
        self.typed, self.conflict, self.picks = typed, conflict, picks or {}
        super().__init__(str(conflict))


def by(request: HttpRequest) -> User | None:
    """Who is at the keyboard."""
    return request.user if isinstance(request.user, User) else None


def change_by(request: HttpRequest, typed: Typed, *, is_new: bool = False) -> editing.Change:
    """The change the person at the keyboard makes with what he typed."""
    return editing.Change(
        source="admin",
        author=by(request),
        reason=typed.reason,
        public_note=typed.public_note,
        expected=None if is_new else typed.seen,
    )


def said_of(outcome: editing.Outcome) -> str:
    """What a save did, for the log."""
    return "；".join(map(str, outcome.differences)) or "没有改动"


def as_new_rows(post: QueryDict) -> QueryDict:
    """The same page with every row of its lists as one just added, so that it needs no row of the database."""
    data = post.copy()
    for name in post:
        if name.endswith("-INITIAL_FORMS"):
            data[name] = "0"
        elif ROW_KEY.fullmatch(name):
            del data[name]
    return data


class WithConflicts(Guarded[Any]):
    """The page on which somebody who came second chooses, and the saving of his choice."""

    def apply(
        self, document: editing.Document, status: str, change: editing.Change
    ) -> tuple[Any, editing.Outcome]:
        """Apply a document; the row and what changed."""
        raise NotImplementedError

    def carry_out(
        self, request: HttpRequest, row: Any, typed: Typed, *, is_new: bool = False
    ) -> tuple[Any, editing.Outcome]:
        """Do with what somebody typed, or chose, what he may do with it; the row and what changed."""
        return self.apply(typed.document, typed.status, change_by(request, typed, is_new=is_new))

    def set_beside(self, row: Any, beside: Mapping[str, Any]) -> None:
        """Save what was changed beside the document."""

    def conflict_page(self, request: HttpRequest, object_id: str, late: Late) -> HttpResponse:
        """Every field somebody changed, with the versions side by side and a choice for each."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404("没有这一条")
        fields = list(enumerate(self._meetings(row, late.typed, late.conflict.version)))
        asked = [
            (number, field, late.picks.get(number, field.default))
            for number, field in fields
            if _differ(field)
        ]
        last = row.revisions.in_short().order_by("-number").first()
        context = {
            **self.admin_site.each_context(request),
            "title": "别人刚改过这一条，请逐栏选择",
            "subtitle": str(row),
            "opts": self.opts,
            "original": row,
            "last": last,
            "fields": asked,
            "sides": SIDES,
            "unchosen": [number for number, side in late.picks.items() if side not in SIDES],
            "theirs_version": late.conflict.version,
            "typed": signing.dumps(asdict(late.typed), salt=self._salt(request, row), compress=True),
            "choosing": CHOOSING,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/conflict.html", context, status=409)

    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Save what was chosen. Raises :class:`Late` to ask again: a field both changed has no choice, or somebody was quicker."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404("没有这一条")
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        try:
            typed = Typed(**signing.loads(request.POST[CHOOSING], salt=self._salt(request, row)))
            version = int(request.POST["theirs_version"])
        except (signing.BadSignature, KeyError, ValueError):
            messages.error(request, "选择页面不完整，没有保存。请重新打开再改。")
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)
        fields = dict(enumerate(self._meetings(row, typed, version)))
        picks = {
            number: request.POST.get(f"choice-{number}") or field.default for number, field in fields.items()
        }
        if not set(picks.values()) <= SIDES.keys():
            raise Late(typed, _standing(row, version), picks)
        settled = _settled(
            row, typed, version, {field.path: picks[number] for number, field in fields.items()}
        )
        try:
            _, outcome = self.carry_out(request, row, settled)
        except editing.Conflict as conflict:
            raise Late(settled, conflict) from conflict
        except editing.DocumentError as error:
            for problem in error.problems:
                messages.error(request, str(problem))
            raise Late(typed, _standing(row, version), picks) from error
        self.set_beside(row, typed.beside)
        self.log_change(request, row, said_of(outcome))
        self.say_saved(request, row)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)

    def say_saved(self, request: HttpRequest, row: Any) -> None:
        """Tell him that his choice was saved."""
        messages.success(request, f"已按您的选择保存“{row}”。")

    def _salt(self, request: HttpRequest, row: Any) -> str:
        """What somebody typed is signed for this entry and for him: nobody can bring it to another."""
        return f"{SALT}:{self.opts.label_lower}:{row.pk}:{request.user.pk}"

    def _meetings(self, row: Any, typed: Typed, version: int) -> list[editing.Meeting]:
        yours = editing.with_status(typed.document, typed.status)
        return editing.meetings(_full(row, typed.seen), yours, _full(row, version))


def _settled(row: Any, typed: Typed, version: int, picks: Mapping[tuple[str, ...], str]) -> Typed:
    """What the picks make of the versions, typed as if the author had just seen theirs."""
    yours = editing.with_status(typed.document, typed.status)
    made = editing.chosen(yours, _full(row, version), _full(row, typed.seen), picks)
    status = editing.status_in(made)
    made.pop("status", None)
    return replace(typed, document=made, status=status, seen=version)


def _full(row: Any, version: int) -> editing.Document:
    """The row's document after so many changes, with its status."""
    return editing.with_status(editing.document_at(row, version), editing.status_at(row, version))


def _standing(row: Any, version: int) -> editing.Conflict:
    """The conflict again, for choosing anew against the version already shown."""
    conflict = editing.Conflict(editing.fresh(row))
    conflict.version = version
    return conflict


def _differ(field: editing.Meeting) -> bool:
    """Whether there is anything to choose: where both did the same there is not."""
    return bool(field.yours != field.theirs)
