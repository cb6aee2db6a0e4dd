"""Which content is how new: every change of what the public reads leaves a higher number at what it touches."""

from __future__ import annotations

from typing import ClassVar

from django.db import connections, models
from django.utils import timezone


class StampQuerySet(models.QuerySet["Stamp"]):
    """Stamps, in the words of those who watch them."""

    def since(self, number: int) -> StampQuerySet:
        """Those above this number."""
        return self.filter(number__gt=number)


class StampManager(models.Manager["Stamp"]):
    """The number of the whole."""

    def newest(self) -> int:
        """The number of the last change of all; 0 before the first.

        Every page made anew asks for it twice; building the query would cost ten times what answering it does.
        """
        table = self.model._meta.db_table
        with connections[self.db].cursor() as cursor:
            cursor.execute(f"SELECT MAX(number) FROM {table}")  # noqa: S608 - the name is ours
            (number,) = cursor.fetchone()
        return number or 0


class Stamp(models.Model):
    """The number of the last change of one scope: ``site``, ``city:<slug>`` or ``guide:<city>/<matter>``.

    Numbers are counted over all scopes together and become visible in their order (``guides.editing.stamps``), so whoever
    has seen one number knows everything below it.
    """

    scope = models.CharField("范围", max_length=120, unique=True)
    number = models.PositiveBigIntegerField("序号", db_index=True)
    changed_at = models.DateTimeField("时间", default=timezone.now)

    objects = StampManager.from_queryset(StampQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "内容版本"
        ordering: ClassVar[list[str]] = ["-number"]

    def __str__(self) -> str:
        return f"{self.scope}：{self.number}"
