"""What a guide's page is made of, ready to be read in one query."""

from __future__ import annotations

from django.db import models

from .guide import Guide


class Snapshot(models.Model):
    """The lists of a guide as one text, beside its rows: a page reads it instead of asking for each list.

    Written with every change of the guide's document (``guides.editing.snapshots``). Without one, or with one of another
    version, the rows are read.
    """

    guide = models.OneToOneField(
        Guide, models.CASCADE, primary_key=True, related_name="snapshot", verbose_name="办事指南"
    )
    version = models.PositiveIntegerField("修改次数")
    rows = models.TextField("清单", help_text="guides.stored 写的 JSON。")

    class Meta:
        verbose_name = verbose_name_plural = "办事指南快照"

    def __str__(self) -> str:
        return f"{self.guide}：{self.version}"
