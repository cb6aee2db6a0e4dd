"""When what a guide's sheet says has changed: what a binder of printed sheets is kept up to date by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from offices.models import City, County

from .guide import Guide


class SheetChangeQuerySet(models.QuerySet["SheetChange"]):
    """Changes, in the customer's words."""

    def of_guides(self, guides: Iterable[Guide]) -> SheetChangeQuerySet:
        """Changes of these guides."""
        return self.filter(guide__in=list(guides))

    def in_city(self, city: City) -> SheetChangeQuerySet:
        """Changes of this city's guides, published or not."""
        return self.filter(guide__city=city)

    def on_sheets_of(self, county: County) -> SheetChangeQuerySet:
        """Changes a sheet of this county may show: of every sheet, of the county's own, of the city's own counter.

        The counter stands on the sheets of counties whose window the handbook does not name.
        """
        return self.filter(
            Q(county=None) | Q(county=county) | Q(county__kind="city_level", county__city=county.city_id)
        )


class SheetChange(models.Model):
    """One change of what a guide's sheets say: for one county, or (``county`` empty) for every county.

    The number of a change is the content version printed on sheets: it only ever grows. What was loaded into the empty
    database has no changes and is the first version (初版). Written by ``guides.editing`` together with the change.
    """

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="sheet_changes", verbose_name="办事指南")
    county = models.ForeignKey(
        County, models.CASCADE, verbose_name="县（市、区）", related_name="+", null=True, blank=True
    )
    changed_at = models.DateTimeField("改动时间", default=timezone.now)

    objects = models.Manager.from_queryset(SheetChangeQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "改动"
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return f"{self.guide}：{self.county or '所有县（市、区）'}，版本 {self.pk}"
