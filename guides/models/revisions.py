"""Every change of a guide or an office: who, when, from where, why, and the document before and after."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guides import vocabulary
from offices.models import City, Office

from .guide import Guide


class DocumentField(models.Field[dict[str, Any], dict[str, Any]]):
    """A document as JSON text: PostgreSQL's jsonb would forget the order of its keys, which is the reading order."""

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, *_how: Any) -> dict[str, Any] | None:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return (
            value
            if value is None or isinstance(value, str)
            else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        )

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.get_prep_value(self.value_from_object(obj)))


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Revisions, in the customer's words."""

    def of(self, subject: Guide | Office) -> RevisionQuerySet:
        """The history of one guide or office, newest first."""
        return self.filter(**{subject._meta.model_name or "": subject}).order_by("-number")

    def withdrawal_of(self, guide: Guide) -> Revision | None:
        """The last change that took the guide out of the public's sight."""
        return (
            self.of(guide)
            .filter(status_after="withdrawn")
            .exclude(status_before="withdrawn")
            .in_short()
            .first()
        )

    def at(self, offices: Iterable[Office]) -> RevisionQuerySet:
        """Changes of these offices, newest first."""
        return self.filter(office__in=list(offices)).order_by("-created_at", "-pk")

    def of_batch(self, batch: UUID) -> RevisionQuerySet:
        """What one bulk edit changed: offices first, then guides, each in the order of the city's pages."""
        rows = self.filter(batch=batch).select_related("city", "office__county", "guide__matter")
        return rows.order_by("-kind", "city__position", "office__position", "guide__matter__position", "pk")

    def in_short(self) -> RevisionQuerySet:
        """Without the documents: what lists show."""
        return self.defer("before", "after")

    def for_the_public(self) -> RevisionQuerySet:
        """Changes a resident can see on a page; what was merely made, or moved in the handbook, is none."""
        return self.exclude(changed="", public_note="").in_short()


class Revision(models.Model):
    """One change of one guide or office, written by ``guides.editing`` together with it, and never again.

    ``number`` counts a subject's changes from 1 and is the subject's ``version`` after the change. What the fixtures
    loaded has none: its first version (初版) is ``before`` of revision 1. ``before`` is {} for something new, ``after``
    for something deleted; the row then stays, with city and title, while ``guide`` and ``office`` are empty.
    """

    kind = models.CharField("对象", max_length=10, choices=vocabulary.revision_kinds)
    guide = models.ForeignKey(
        Guide,
        models.SET_NULL,
        related_name="revisions",
        verbose_name="办事指南",
        null=True,
        blank=True,
    )
    office = models.ForeignKey(
        Office,
        models.SET_NULL,
        related_name="revisions",
        verbose_name="办理点",
        null=True,
        blank=True,
    )
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name="城市")
    title = models.CharField("名称", max_length=120)
    number = models.PositiveIntegerField("次数")
    created_at = models.DateTimeField("时间", default=timezone.now)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        verbose_name="账号",
        null=True,
        blank=True,
    )
    author_name = models.CharField("修改人", max_length=150, blank=True)
    source = models.CharField("来自", max_length=10, choices=vocabulary.revision_sources)
    reason = models.CharField("修改原因", max_length=200, blank=True)
    public_note = models.CharField("对外说明", max_length=200, blank=True)
    changed = models.CharField(
        "改了什么", max_length=300, blank=True, help_text="改动过的栏目，给群众看的说法。"
    )
    status_before = models.CharField("原状态", max_length=20, blank=True, choices=vocabulary.guide_statuses)
    status_after = models.CharField("新状态", max_length=20, blank=True, choices=vocabulary.guide_statuses)
    before = DocumentField("修改前")
    after = DocumentField("修改后")
    restored_from = models.ForeignKey(
        "self", models.PROTECT, related_name="+", verbose_name="恢复自", null=True, blank=True
    )
    batch = models.UUIDField(
        "批次", null=True, blank=True, editable=False, db_index=True, help_text="同一次批量修改的记录相同。"
    )

    objects = models.Manager.from_queryset(RevisionQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "修改记录"
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["guide", "number"], name="revision_number_once_per_guide"),
            models.UniqueConstraint(fields=["office", "number"], name="revision_number_once_per_office"),
            models.CheckConstraint(
                condition=Q(kind="guide", office=None) | Q(kind="office", guide=None),
                name="revision_of_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(source__in=list(vocabulary.REVISION_SOURCES)), name="revision_source_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}：第 {self.number} 次修改"

    @property
    def by(self) -> str:
        """Who made it, in words; a command has no author."""
        return self.author_name or self.get_source_display()

    @property
    def said_in_public(self) -> str:
        """One line for residents: the editor's note, or which fields changed."""
        return self.public_note or f"更新了{self.changed}"
