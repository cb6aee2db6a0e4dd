"""Who answers for which place: a member of staff for a whole city, or for one county of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from offices.models import City, County


class Duty(models.Model):
    """A place somebody answers for; what he may do there is said by his groups (市级管理员, 县区编辑…).

    ``county`` is empty for the whole city. A member of staff may have several.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="duties", verbose_name="账号"
    )
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name="城市")
    county = models.ForeignKey(
        County,
        models.PROTECT,
        related_name="+",
        verbose_name="县（市、区）",
        null=True,
        blank=True,
        help_text="管全市就留空。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "管辖范围"
        ordering: ClassVar[list[str]] = ["city__position", "city__slug", "county__position", "county__slug"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "county"], condition=~Q(county=None), name="duty_once_per_county"
            ),
            models.UniqueConstraint(
                fields=["user", "city"], condition=Q(county=None), name="duty_once_per_city"
            ),
        ]

    def __str__(self) -> str:
        return self.county.full_name if self.county else f"{self.city.name}（全市）"

    def clean(self) -> None:
        """Raises ``ValidationError`` for a county of another city."""
        if self.county and self.county.city_id != self.city_id:
            raise ValidationError({"county": f"{self.county}不属于{self.city}。"})
