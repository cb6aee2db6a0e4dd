"""A change that is not made yet: it waits in the sign-off queue and touches no row until it is accepted."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guides import vocabulary
from offices.models import City, County, Office

from .guide import Guide
from .revisions import DocumentField


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals, in the customer's words."""

    def waiting(self) -> ProposalQuerySet:
        """Those nobody has decided yet, the oldest first."""
        return self.filter(state="waiting").order_by("created_at", "pk")

    def by(self, author: int | None) -> ProposalQuerySet:
        """Those of one author, by primary key."""
        return self.filter(author=author)

    def with_verdicts(self) -> ProposalQuerySet:
        """With city and decided lines, and without the documents: what a list shows."""
        return self.select_related("city").defer("before", "after").prefetch_related("lines")

    def with_subject(self) -> ProposalQuerySet:
        """With the guide or office it is about, and the lines that are decided."""
        rows = self.select_related("city", "county__city", "guide__city", "office__city")
        return rows.prefetch_related("lines")


class Proposal(models.Model):
    """One guide or office as somebody would have it say; a city admin decides line by line.

    ``before`` is the document the author saw (version ``base_version``), ``after`` the one he wants. ``county`` is the
    county he answers for, empty for the whole city.
    """

    kind = models.CharField("对象", max_length=10, choices=vocabulary.revision_kinds)
    guide = models.ForeignKey(
        Guide, models.CASCADE, related_name="proposals", verbose_name="办事指南", null=True, blank=True
    )
    office = models.ForeignKey(
        Office, models.CASCADE, related_name="proposals", verbose_name="办理点", null=True, blank=True
    )
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name="城市")
    county = models.ForeignKey(
        County, models.PROTECT, related_name="+", verbose_name="县（市、区）", null=True, blank=True
    )
    title = models.CharField("名称", max_length=120)
    created_at = models.DateTimeField("提出时间", default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        verbose_name="账号",
        null=True,
        blank=True,
    )
    author_name = models.CharField("提出人", max_length=150, blank=True)
    source = models.CharField("来自", max_length=10, choices=vocabulary.proposal_sources, default="admin")
    reason = models.CharField("修改原因", max_length=200, blank=True)
    public_note = models.CharField("对外说明", max_length=200, blank=True)
    base_version = models.PositiveIntegerField("提出时的修改次数")
    before = DocumentField("修改前")
    after = DocumentField("建议改为")
    state = models.CharField("状态", max_length=10, choices=vocabulary.proposal_states, default="waiting")
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        verbose_name="审核账号",
        null=True,
        blank=True,
    )
    decided_name = models.CharField("审核人", max_length=150, blank=True)

    objects = models.Manager.from_queryset(ProposalQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "修改建议"
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(Q(kind="guide", office=None) & ~Q(guide=None))
                | (Q(kind="office", guide=None) & ~Q(office=None)),
                name="proposal_of_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(vocabulary.PROPOSAL_STATES)), name="proposal_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}：{self.author_name or self.get_source_display()}的修改建议"

    @property
    def subject(self) -> Guide | Office:
        """The guide or office it is about."""
        return self.guide or self.office  # type: ignore[return-value] # a constraint of the database


class ProposalLine(models.Model):
    """What was decided on one line of a proposal: which line, in words, how it ended and why.

    ``number`` is its place in ``guides.editing.lines_of``, counted from 0. Lines without a row still wait.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="lines", verbose_name="修改建议")
    number = models.PositiveIntegerField("行")
    label = models.CharField("栏目", max_length=200)
    was = models.TextField("提出时", blank=True)
    wanted = models.TextField("建议改为", blank=True)
    made = models.TextField("采纳为", blank=True)
    verdict = models.CharField("结果", max_length=10, choices=vocabulary.line_verdicts)
    reason = models.CharField("理由", max_length=200, blank=True)
    decided_at = models.DateTimeField("审核时间", default=timezone.now)
    decided_name = models.CharField("审核人", max_length=150, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "逐处审核结果"
        ordering: ClassVar[list[str]] = ["proposal", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["proposal", "number"], name="proposal_line_decided_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=list(vocabulary.LINE_VERDICTS)), name="proposal_line_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}：{self.get_verdict_display()}"
