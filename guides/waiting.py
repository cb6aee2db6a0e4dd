"""What waits for a member of staff when he comes to his desk: each pile with its newest sheets and the way to all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localtime

from offices.models import Office

from .access import editable_by
from .models import Finding, Guide, Proposal, UnfoundQuery

Row = TypeVar("Row", bound=Model)
SHOWN = 5
"""So many of a pile are named; the rest is counted."""
DAYS_OF_NEWS = 14
"""For so many days an author is told what became of his proposal."""


@dataclass(frozen=True)
class Sheet:
    """One thing that waits: what it is, what is to know of it, and where it is dealt with."""

    title: str
    remark: str
    url: str


@dataclass(frozen=True)
class Pile:
    """Things of one kind: how many there are, the first of them, and the address of all. ``urgent``: somebody waits."""

    name: str
    count: int
    sheets: tuple[Sheet, ...]
    url: str
    urgent: bool = False


MORE: list[Callable[[User, dt.date], Pile]] = []
"""Piles that other rooms bring (``reports``); for each they are asked what waits for whom on which day."""


def waiting_for(user: User, today: dt.date) -> list[Pile]:
    """The piles of this person that are not empty, what somebody else waits for first. ``today`` in China."""
    piles = [
        proposals_to_decide(user),
        *(more(user, today) for more in MORE),
        own_proposals(user, today),
        guides_to_review(user, today),
        drafts(user),
        findings(user),
        searches_without_result(user),
    ]
    return [pile for pile in piles if pile.count]


def proposals_to_decide(user: User) -> Pile:
    """Proposals about guides and offices this person may change himself, the oldest first."""
    guides, offices = editable_by(Guide.objects.all(), user), editable_by(Office.objects.all(), user)
    mine = Q(guide__in=guides.values("pk")) | Q(office__in=offices.values("pk"))
    rows = Proposal.objects.waiting().filter(mine).select_related("city")
    return pile_of(
        "等我审核的修改建议",
        rows,
        lambda row: Sheet(
            row.title,
            f"{row.city.name}，{row.author_name or row.get_source_display()}，{_day(row.created_at)}",
            reverse("admin:guides_proposal_change", args=[row.pk]),
        ),
        reverse("admin:guides_proposal_changelist"),
        urgent=True,
    )


def own_proposals(user: User, today: dt.date) -> Pile:
    """What became of this person's own proposals: those that wait, and those decided of late."""
    since = today - dt.timedelta(days=DAYS_OF_NEWS)
    rows = Proposal.objects.filter(Q(state="waiting") | Q(decided_at__date__gte=since), author=user)
    return pile_of(
        "我提的修改建议",
        rows.order_by("-pk"),
        lambda row: Sheet(
            row.title,
            f"{row.get_state_display()}，{_day(row.decided_at or row.created_at)}",
            reverse("admin:guides_proposal_change", args=[row.pk]),
        ),
        reverse("admin:guides_proposal_changelist"),
    )


def guides_to_review(user: User, today: dt.date) -> Pile:
    """Published guides whose day of review has come, the longest overdue first."""
    rows = editable_by(Guide.objects.due_for_review(today), user).select_related("city", "matter")
    return pile_of(
        "到了核实日期的办事指南",
        rows,
        lambda row: Sheet(
            str(row), f"应在 {row.review_on} 核实", reverse("admin:guides_guide_change", args=[row.pk])
        ),
        reverse("admin:guides_guide_changelist") + "?review=due",
    )


def drafts(user: User) -> Pile:
    """Guides that are not published yet."""
    rows = editable_by(Guide.objects.filter(status="draft"), user).select_related("city", "matter")
    return pile_of(
        "还没有发布的草稿",
        rows.order_by("-pk"),
        lambda row: Sheet(str(row), "草稿", reverse("admin:guides_guide_change", args=[row.pk])),
        reverse("admin:guides_guide_changelist") + "?status__exact=draft",
    )


def findings(user: User) -> Pile:
    """What the checks found in the handbooks and nobody has settled: of the person's own places."""
    rows = editable_by(Finding.objects.open(), user).select_related("guide", "handbook__city")
    return pile_of(
        "手册里待处理的疑点",
        rows,
        lambda row: Sheet(
            row.message,
            f"{row.handbook.city.name}手册第 {row.line} 行",
            reverse("admin:guides_finding_change", args=[row.pk]),
        ),
        reverse("admin_pages:health"),
    )


def searches_without_result(user: User) -> Pile:
    """What residents looked for and did not find; the catalogue is a superuser's."""
    rows = editable_by(UnfoundQuery.objects.order_by("-times", "words"), user)
    return pile_of(
        "没有结果的搜索",
        rows,
        lambda row: Sheet(
            row.words, f"搜过 {row.times} 次", reverse("admin:guides_unfoundquery_change", args=[row.pk])
        ),
        reverse("admin:guides_unfoundquery_changelist"),
    )


def pile_of(
    name: str, rows: QuerySet[Row], sheet: Callable[[Row], Sheet], url: str, *, urgent: bool = False
) -> Pile:
    """The pile of these rows, in their order."""
    first: Iterable[Row] = rows[:SHOWN]
    return Pile(name, rows.count(), tuple(sheet(row) for row in first), url, urgent)


def _day(moment: dt.datetime) -> str:
    return f"{localtime(moment):%Y-%m-%d}"
