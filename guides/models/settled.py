"""Advice somebody has judged: the checks give it again each time, so what was decided is kept beside it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from offices.models import City, Office

from .guide import Guide


class SettledAdvice(models.Model):
    """One piece of advice on a guide or an office, in its own words, and who settled it, when and why.

    When the words change (another number, another sentence) it is another piece of advice, and open.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="+", verbose_name="城市")
    guide = models.ForeignKey(
        Guide, models.CASCADE, related_name="+", verbose_name="办事指南", null=True, blank=True
    )
    office = models.ForeignKey(
        Office, models.CASCADE, related_name="+", verbose_name="办理点", null=True, blank=True
    )
    text = models.CharField("提醒", max_length=500)
    settled_on = models.DateTimeField("处理时间")
    settled_by = models.CharField("处理人", max_length=150, blank=True)
    settled_note = models.CharField("处理说明", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "处理过的提醒"
        ordering: ClassVar[list[str]] = ["-settled_on", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["guide", "text"], name="advice_settled_once_per_guide"),
            models.UniqueConstraint(fields=["office", "text"], name="advice_settled_once_per_office"),
            models.CheckConstraint(
                condition=Q(guide=None, office__isnull=False) | Q(office=None, guide__isnull=False),
                name="settled_advice_on_one_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def subject(self) -> Guide | Office:
        """The guide or office it is about."""
        return self.guide or self.office  # type: ignore[return-value] # a constraint of the database
