"""A guide: one matter as one city handles it, with its lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from guides import vocabulary
from offices.models import City, County, Office
from offices.reversing import reverse

from .catalogue import Category, Matter
from .handbook import Handbook

UNKNOWN_DAYS = 9999
"""Stands for a time limit nobody can count in working days: it comes last when the quickest come first."""


class GuideQuerySet(models.QuerySet["Guide"]):
    """Guides, in the customer's words."""

    def published(self) -> GuideQuerySet:
        """Guides the public may see."""
        return self.filter(status="published")

    def withdrawn(self) -> GuideQuerySet:
        """Guides the public could see once."""
        return self.filter(status="withdrawn")

    def ever_published(self) -> GuideQuerySet:
        """Guides whose addresses the public may know: whatever is no draft, for none becomes one again."""
        return self.exclude(status="draft")

    def due_for_review(self, today: dt.date) -> GuideQuerySet:
        """Published guides whose day of review has come, the longest overdue first."""
        return self.published().filter(review_on__lte=today).order_by("review_on", "pk")

    def in_city(self, city: City) -> GuideQuerySet:
        """Guides of this city."""
        return self.filter(city=city)

    def in_county(self, county: County) -> GuideQuerySet:
        """Guides a resident of this county can use.

        Those with an office in the county or a city-wide network; where the handbook names no office
        of the county at all, every guide of its city (the page says what is not known).
        """
        of_city = self.filter(city=county.city_id)
        here = Q(guide_offices__office__county=county) | Q(guide_offices__office__county=None)
        if not Office.objects.in_county(county).exists():
            return of_city
        return of_city.filter(Exists(Guide.objects.filter(here, pk=OuterRef("pk"))))

    def in_category(self, category: Category) -> GuideQuerySet:
        """Guides to matters of this category."""
        return self.filter(matter__in=Matter.objects.filter(category=category))

    def to_matter(self, matter: Matter) -> GuideQuerySet:
        """Every city's guide to this matter."""
        return self.filter(matter=matter)

    def to_matters(self, matters: Iterable[Matter]) -> GuideQuerySet:
        """Every city's guides to these matters."""
        return self.filter(matter__in=list(matters))

    def in_cities(self, cities: Iterable[City]) -> GuideQuerySet:
        """Guides of these cities."""
        return self.filter(city__in=list(cities))

    def besides(self, guide: Guide) -> GuideQuerySet:
        """All but this one."""
        return self.exclude(pk=guide.pk)

    def with_summary(self) -> GuideQuerySet:
        """What a list shows: matter, city, channels and time limits."""
        rows = self.select_related("city", "matter__category").defer("imported_document")
        return rows.prefetch_related("channels", "time_limits")

    def with_effort(self) -> GuideQuerySet:
        """What a matter costs a visitor, at a glance: time limits and papers."""
        return self.select_related("city", "matter").prefetch_related("materials", "time_limits")

    def with_texts(self) -> GuideQuerySet:
        """With the lists whose words a search result may quote."""
        return self.prefetch_related("materials", "notes")

    def with_details(self) -> GuideQuerySet:
        """Everything a page or a document needs, in a constant number of queries."""
        return (
            self.select_related("city", "matter__category", "handbook__city")
            .defer("handbook__text", "imported_document")
            .prefetch_related(
                "channels",
                "materials",
                "time_limits",
                "steps",
                "notes",
                "guide_offices__office__county",
                "guide_offices__office__opening_hours",
                "guide_offices__guide_phones__phone",
            )
        )

    def with_handbook_text(self) -> GuideQuerySet:
        """Matter, city and the whole book: what the source page shows."""
        return self.select_related("city", "matter__category", "handbook__city").defer("imported_document")

    def with_finding_count(self) -> GuideQuerySet:
        """With ``finding_count``: how many findings a person should look at, those settled left out."""
        still_open = Q(findings__settled_on=None)
        return self.annotate(finding_count=models.Count("findings", filter=still_open, distinct=True))

    def in_reading_order(self) -> GuideQuerySet:
        """Handbook order, cities together under each matter."""
        return self.order_by("matter__position", "matter__slug", "city__position", "city__slug")


class GuideManager(models.Manager["Guide"]):
    """Finds a guide by its city's and matter's slugs."""

    def get_by_natural_key(self, city: str, matter: str) -> Guide:
        return self.get(city__slug=city, matter__slug=matter)


class Guide(models.Model):
    """One matter as one city handles it (HSDS service). Its rows are what the public sees."""

    city = models.ForeignKey(City, models.PROTECT, related_name="guides", verbose_name="城市")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="guides", verbose_name="事项")
    status = models.CharField("状态", max_length=20, choices=vocabulary.guide_statuses, default="published")
    name = models.CharField("事项名称", max_length=120, help_text="本市手册上印的名称。")
    audience = models.TextField("服务对象", blank=True)
    channels_text = models.TextField(
        "办理渠道原文", blank=True, help_text="手册上的整句；页面按下面的清单显示。"
    )
    materials_state = models.CharField(
        "材料情况",
        max_length=20,
        choices=vocabulary.materials_states,
        default="listed",
        help_text="手册写“无”选“无需材料”，没有这一栏选“手册未载明”。",
    )
    materials_note = models.TextField(
        "材料说明", blank=True, help_text="清单之后的话，例如（以上办理材料均需加盖单位公章）。"
    )
    progress = models.TextField("办理进度和结果查询", blank=True)
    evaluation = models.TextField("服务评价渠道", blank=True)
    handbook = models.ForeignKey(
        Handbook, models.PROTECT, related_name="guides", verbose_name="手册", null=True, blank=True
    )
    first_line = models.PositiveIntegerField("起始行", null=True, blank=True)
    last_line = models.PositiveIntegerField("结束行", null=True, blank=True)
    imported_document = models.JSONField("手册原记录", default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField("修改次数", default=0, editable=False, serialize=False)
    # What an editor knows of the guide beside its document.
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="predecessors",
        verbose_name="改看",
        null=True,
        blank=True,
        serialize=False,
        help_text="撤下以后，群众打开原来的网址时请他改看哪一份指南。",
    )
    verified_on = models.DateField("最近核实", null=True, blank=True, editable=False, serialize=False)
    verified_by = models.CharField("核实人", max_length=150, blank=True, editable=False, serialize=False)
    review_on = models.DateField(
        "下次核实",
        null=True,
        blank=True,
        serialize=False,
        help_text="到了这一天，首页的“等我处理”会提醒。",
    )

    objects = GuideManager.from_queryset(GuideQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "办事指南"
        ordering: ClassVar[list[str]] = ["city__position", "city__slug", "matter__position", "matter__slug"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["city", "matter"], name="guide_once_per_city_and_matter"),
            models.CheckConstraint(
                condition=Q(status__in=list(vocabulary.GUIDE_STATUSES)), name="guide_status_known"
            ),
            models.CheckConstraint(
                condition=Q(materials_state__in=list(vocabulary.MATERIALS_STATES)),
                name="guide_materials_state_known",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="guide_has_name"),
            models.CheckConstraint(
                condition=Q(first_line=None, last_line=None)
                | Q(first_line__gte=1, last_line__gte=F("first_line")),
                name="guide_lines_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.city.name}）"

    def get_absolute_url(self) -> str:
        return reverse("guides:guide", args=[self.city.slug, self.matter.slug])

    @property
    def read_instead(self) -> Guide | None:
        """The published guide that stands in for a withdrawn one, along the chain of successors."""
        seen, guide = {self.pk}, self.successor
        while guide is not None and guide.status != "published" and guide.pk not in seen:
            seen.add(guide.pk)
            guide = guide.successor
        return guide if guide is not None and guide.status == "published" else None

    def natural_key(self) -> tuple[str, str]:
        return (self.city.slug, self.matter.slug)

    natural_key.dependencies = ["offices.city", "guides.matter", "guides.handbook"]  # type: ignore[attr-defined]

    def document(self) -> dict[str, Any]:
        """The canonical document of this guide (design.md §4), computed from its rows."""
        return {
            "city": self.city.slug,
            "matter": self.matter.slug,
            "name": self.name,
            "audience": self.audience,
            "channels": [channel.document() for channel in self.channels.all()],
            "channels_text": self.channels_text,
            "materials_state": self.materials_state,
            "materials": [material.document() for material in self.materials.all()],
            "materials_note": self.materials_note,
            "time_limits": [limit.document() for limit in self.time_limits.all()],
            "steps": [step.document() for step in self.steps.all()],
            "progress": self.progress,
            "evaluation": self.evaluation,
            "notes": [note.text for note in self.notes.all()],
            "offices": [place.document() for place in self.guide_offices.all()],
            "source": self.source(),
        }

    def texts(self, matter: Matter) -> list[tuple[str, str]]:
        """(kind, text) of everything search looks at: names first, then papers, for whom, remarks."""
        return [
            ("name", self.name),
            *(("alias", alias.text) for alias in matter.aliases.all()),
            *(("materials", material.text) for material in self.materials.all()),
            ("audience", self.audience),
            *(("notes", note.text) for note in self.notes.all()),
        ]

    def source(self) -> dict[str, Any]:
        """Where the guide stands: handbook slug ("" when it comes from none) and lines, counted from 1."""
        return {
            "handbook": self.handbook.slug if self.handbook else "",
            "first_line": self.first_line,
            "last_line": self.last_line,
        }
