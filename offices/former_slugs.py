"""Slugs that cities and counties once had: their addresses lead to the present ones for ever, and nobody else gets them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models


class FormerCitySlug(models.Model):
    """A slug a city had before it was renamed. Written by ``guides.editing``."""

    city = models.ForeignKey("offices.City", models.CASCADE, related_name="former_slugs", verbose_name="城市")
    slug = models.CharField("原网址名", max_length=40, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "城市的原网址名"
        ordering: ClassVar[list[str]] = ["slug"]

    def __str__(self) -> str:
        return self.slug


class FormerCountySlug(models.Model):
    """A slug a county had before it was renamed; in another city it may mean another county."""

    county = models.ForeignKey(
        "offices.County", models.CASCADE, related_name="former_slugs", verbose_name="县（市、区）"
    )
    city = models.ForeignKey("offices.City", models.CASCADE, related_name="+", verbose_name="城市")
    slug = models.CharField("原网址名", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "县（市、区）的原网址名"
        ordering: ClassVar[list[str]] = ["city", "slug"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["city", "slug"], name="former_county_slug_once_per_city"),
        ]

    def __str__(self) -> str:
        return self.slug


def refuse_former(others: models.QuerySet[Any], slug: str) -> None:
    """Raise ``ValidationError`` when one of these rows, all of others, once had the slug."""
    if other := others.first():
        raise ValidationError({"slug": f"“{slug}”是“{other}”用过的网址名，旧网址还会转到那里，请另取一个。"})
