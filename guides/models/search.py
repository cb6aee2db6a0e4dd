"""What search looks things up in: postings of matters and offices, and what was looked for in vain."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from offices.models import Office

from .catalogue import Matter


class Posting(models.Model):
    """A token that leads to a matter, and how strongly; derived from its names and its guides' words."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="postings", verbose_name="事项")
    token = models.CharField("词元", max_length=140)
    from_names = models.BooleanField("来自名称", help_text="名称和别名的词元；否则来自正文。")
    weight = models.FloatField("权重")

    class Meta:
        verbose_name = verbose_name_plural = "事项检索词元"
        indexes: ClassVar[list[models.Index]] = [  # all that a search reads
            models.Index(fields=["token", "matter", "weight"], name="postings_by_token"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "token", "from_names"], name="posting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.token} → {self.matter_id}"


class OfficePosting(models.Model):
    """A token that leads to an office: from its county, name, address and phone numbers."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="postings", verbose_name="办理点")
    token = models.CharField("词元", max_length=140, db_index=True)
    weight = models.FloatField("权重")

    class Meta:
        verbose_name = verbose_name_plural = "办理点检索词元"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["office", "token"], name="office_posting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.token} → {self.office_id}"


class UnfoundQuery(models.Model):
    """Words that found nothing, and how often: the words alone, nothing of who asked or from where."""

    words = models.CharField("搜索词", max_length=60, unique=True)
    times = models.PositiveIntegerField("次数", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "没找到的搜索"
        ordering: ClassVar[list[str]] = ["-times", "words"]

    def __str__(self) -> str:
        return self.words
