"""Which content is how new: every change of what the public reads leaves a higher number at what it touches."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone


class StampQuerySet(models.QuerySet["Stamp"]):
    """Stamps, in the words of those who watch them."""

    def since(self, number: int) -> StampQuerySet:
        """Those above this number."""
        return self.filter(number__gt=number)

    def newest(self) -> int:
        """The number of the last change of all; 0 before the first."""
        return self.order_by("-number").values_list("number", flat=True).first() or 0


class Stamp(models.Model):
    """The number of the last change of one scope: ``site``, ``city:<slug>`` or ``guide:<city>/<matter>``.

    Numbers are counted over all scopes together and become visible in their order (``guides.editing.stamps``), so whoever
    has seen one number knows everything below it.
    """

    scope = models.CharField("范围", max_length=120, unique=True)
    number = models.PositiveBigIntegerField("序号", db_index=True)
    changed_at = models.DateTimeField("时间", default=timezone.now)

    objects = models.Manager.from_queryset(StampQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "内容版本"
        ordering: ClassVar[list[str]] = ["-number"]

    def __str__(self) -> str:
        return f"{self.scope}：{self.number}"
