"""The lists of a guide: ways to apply, papers, time limits, steps, remarks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models
from django.db.models import Q

from guides import vocabulary

if TYPE_CHECKING:
    from .guide import Guide

M = TypeVar("M", bound=models.Model)
FROM_HERE_ON = "（下同）"
"""With this a handbook says something once for itself and all that follows."""


class ListItemManager(models.Manager[M]):
    """Finds an item of a guide's list by the guide and its place."""

    def get_by_natural_key(self, city: str, matter: str, position: int) -> M:
        return self.get(guide__city__slug=city, guide__matter__slug=matter, position=position)


class ListItem(models.Model):
    """One entry of a guide's list, in the order of the handbook."""

    position = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["guide", "position"]

    def natural_key(self) -> tuple[str, str, int]:
        guide: Guide = self.guide  # type: ignore[attr-defined]
        return (*guide.natural_key(), self.position)

    natural_key.dependencies = ["guides.guide"]  # type: ignore[attr-defined]


class Channel(ListItem):
    """A way to apply: a counter, site, app, mini-program, kiosk… (CPSV-AP Channel)."""

    guide = models.ForeignKey(
        "guides.Guide", models.CASCADE, related_name="channels", verbose_name="办事指南"
    )
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类别", max_length=30, choices=vocabulary.channel_kinds)
    applies_to = models.CharField(
        "适用情形", max_length=80, blank=True, help_text="只给某类人用时填写，例如 灵活就业人员。"
    )

    objects = ListItemManager["Channel"]()

    class Meta(ListItem.Meta):
        verbose_name = verbose_name_plural = "办理渠道"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["guide", "position"], name="channel_position_once"),
            models.CheckConstraint(
                condition=Q(kind__in=list(vocabulary.CHANNEL_KINDS)), name="channel_kind_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="channel_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def document(self) -> dict[str, Any]:
        """This entry in the canonical document."""
        return {"name": self.name, "kind": self.kind, "applies_to": self.applies_to}


class Material(ListItem):
    """One paper to bring, with the case it applies to and the form it names (CPSV-AP Evidence)."""

    guide = models.ForeignKey(
        "guides.Guide", models.CASCADE, related_name="materials", verbose_name="办事指南"
    )
    applies_to = models.CharField(
        "适用情形", max_length=80, blank=True, help_text="例如 在职职工；人人都要就留空。"
    )
    text = models.TextField("材料", help_text="手册上的话，不带序号。")
    form = models.CharField("表单名称", max_length=120, blank=True, help_text="书名号里的表名，不带书名号。")
    needs_stamp = models.BooleanField("加盖单位公章", default=False)

    objects = ListItemManager["Material"]()

    class Meta(ListItem.Meta):
        verbose_name = verbose_name_plural = "办理材料"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["guide", "position"], name="material_position_once"),
            models.CheckConstraint(condition=~Q(text=""), name="material_has_text"),
        ]

    def __str__(self) -> str:
        return self.text

    def document(self) -> dict[str, Any]:
        """This entry in the canonical document."""
        return {
            "applies_to": self.applies_to,
            "text": self.text,
            "form": self.form,
            "needs_stamp": self.needs_stamp,
        }


class TimeLimit(ListItem):
    """How long it takes: at once, or N 工作日 (working days), with the printed words (CPSV-AP processingTime)."""

    guide = models.ForeignKey(
        "guides.Guide", models.CASCADE, related_name="time_limits", verbose_name="办事指南"
    )
    applies_to = models.CharField("适用情形", max_length=80, blank=True)
    kind = models.CharField("类别", max_length=20, choices=vocabulary.time_limit_kinds)
    days = models.PositiveSmallIntegerField(
        "工作日数", null=True, blank=True, help_text="类别为“工作日”时填写。"
    )
    text = models.CharField("原文", max_length=200, help_text="手册上的话，例如 不超过15个工作日。")

    objects = ListItemManager["TimeLimit"]()

    class Meta(ListItem.Meta):
        verbose_name = verbose_name_plural = "办理时限"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["guide", "position"], name="time_limit_position_once"),
            models.CheckConstraint(
                condition=Q(kind__in=list(vocabulary.TIME_LIMIT_KINDS)), name="time_limit_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="workdays", days__isnull=False, days__gt=0)
                | (~Q(kind="workdays") & Q(days=None)),
                name="time_limit_days_only_for_workdays",
                violation_error_message="类别为“工作日”时要填大于 0 的天数，其他类别不填。",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def document(self) -> dict[str, Any]:
        """This entry in the canonical document."""
        return {"applies_to": self.applies_to, "kind": self.kind, "days": self.days, "text": self.text}


class Step(ListItem):
    """One step of the procedure: 申请, 受理, 审核, 拨付, 办结."""

    guide = models.ForeignKey("guides.Guide", models.CASCADE, related_name="steps", verbose_name="办事指南")
    title = models.CharField("环节", max_length=40, blank=True)
    text = models.TextField("内容")

    objects = ListItemManager["Step"]()

    class Meta(ListItem.Meta):
        verbose_name = verbose_name_plural = "办理流程"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["guide", "position"], name="step_position_once"),
        ]

    def __str__(self) -> str:
        return self.title or self.text

    def document(self) -> dict[str, Any]:
        """This entry in the canonical document."""
        return {"title": self.title, "text": self.text}


class NoteQuerySet(models.QuerySet["Note"]):
    """Remarks, in the customer's words."""

    def holding_on(self, handbooks: Iterable[int | None]) -> NoteQuerySet:
        """Remarks in these handbooks (primary keys) that say of themselves that they hold from there on."""
        return self.filter(
            guide__handbook__in=[handbook for handbook in handbooks if handbook],
            guide__status="published",
            text__contains=FROM_HERE_ON,
        ).select_related("guide")


class NoteManager(ListItemManager["Note"]):
    """Finds a remark by its guide and its place."""


class Note(ListItem):
    """A numbered remark (备注)."""

    guide = models.ForeignKey("guides.Guide", models.CASCADE, related_name="notes", verbose_name="办事指南")
    text = models.TextField("内容")

    objects = NoteManager.from_queryset(NoteQuerySet)()

    class Meta(ListItem.Meta):
        verbose_name = verbose_name_plural = "备注"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["guide", "position"], name="note_position_once"),
        ]

    def __str__(self) -> str:
        return self.text
