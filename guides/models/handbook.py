"""Where facts come from: one edition of one city's handbook, its corrections and what the checks found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guides import vocabulary
from offices.models import City, County, slug_validator

from .catalogue import SlugManager


class HandbookQuerySet(models.QuerySet["Handbook"]):
    """Handbooks, in the customer's words."""

    def without_text(self) -> HandbookQuerySet:
        """Leave the whole book's text in the database: only the source page needs it."""
        return self.defer("text")


class HandbookManager(SlugManager["Handbook"]):
    """Finds a handbook by its slug."""


class Handbook(models.Model):
    """One edition of one city's document; every fact points back to its lines."""

    slug = models.CharField("识别名", max_length=60, unique=True, validators=[slug_validator])
    city = models.ForeignKey(City, models.PROTECT, related_name="handbooks", verbose_name="城市")
    title = models.CharField("书名", max_length=120, blank=True, help_text="手册没有印书名就留空。")
    edition = models.CharField("版次", max_length=60, blank=True, help_text="例如 2024年版；没有印就留空。")
    file_name = models.CharField("文件名", max_length=120)
    sha256 = models.CharField("文件指纹", max_length=64, help_text="原文件的 SHA-256。")
    line_count = models.PositiveIntegerField("行数")
    text = models.TextField("全文", help_text="原文件的文字，未改动。")

    objects = HandbookManager.from_queryset(HandbookQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "手册"
        ordering: ClassVar[list[str]] = ["slug"]

    def __str__(self) -> str:
        return self.printed_title

    @property
    def printed_title(self) -> str:
        """Title and edition as printed, or a plain statement that the book does not print them."""
        if not self.title:
            return f"{self.city.name}手册（未印书名和版次）"
        return f"《{self.title}》" + (f"（{self.edition}）" if self.edition else "")

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["offices.city"]  # type: ignore[attr-defined]

    def lines(self, first: int, last: int) -> list[tuple[int, str]]:
        """The book's lines ``first`` to ``last``, counted from 1, with their numbers."""
        return list(enumerate(self.text.splitlines(), 1))[first - 1 : last]


class CorrectionManager(models.Manager["Correction"]):
    """Finds a correction by its book, line and found text."""

    def get_by_natural_key(self, handbook: str, line: int, found: str) -> Correction:
        return self.get(handbook__slug=handbook, line=line, found=found)


class Correction(models.Model):
    """A misprint of the book and what it is read as (from ``fixtures/handbooks/corrections.toml``)."""

    handbook = models.ForeignKey(Handbook, models.CASCADE, related_name="corrections", verbose_name="手册")
    line = models.PositiveIntegerField("行号")
    found = models.CharField("原文", max_length=120)
    replacement = models.CharField("更正为", max_length=120, blank=True)
    reason = models.CharField("理由", max_length=200)

    objects = CorrectionManager()

    class Meta:
        verbose_name = verbose_name_plural = "更正"
        ordering: ClassVar[list[str]] = ["handbook", "line", "found"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["handbook", "line", "found"], name="correction_once_per_place"),
        ]

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.found} → {self.replacement}"

    def natural_key(self) -> tuple[str, int, str]:
        return (self.handbook.slug, self.line, self.found)

    natural_key.dependencies = ["guides.handbook"]  # type: ignore[attr-defined]


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings, in the customer's words."""

    def about_phones(self) -> FindingQuerySet:
        """What a caller should know: numbers in doubt, and columns told apart by the layout, unless settled."""
        return self.open().filter(kind__in=vocabulary.DOUBTS_ABOUT_PHONES).select_related("county__city")

    def open(self) -> FindingQuerySet:
        """Those nobody has settled yet."""
        return self.filter(settled_on=None)

    def settled(self) -> FindingQuerySet:
        """Those somebody has decided, the latest first."""
        return self.exclude(settled_on=None).order_by("-settled_on", "pk")

    def in_city(self, city: City) -> FindingQuerySet:
        """What was noticed in this city's books."""
        return self.filter(handbook__city=city)


class FindingManager(models.Manager["Finding"]):
    """Finds a finding by its book and place in the report."""

    def get_by_natural_key(self, handbook: str, position: int) -> Finding:
        return self.get(handbook__slug=handbook, position=position)


class Finding(models.Model):
    """Something the checks noticed in a book, for a person to judge; it never changes the data."""

    handbook = models.ForeignKey(Handbook, models.CASCADE, related_name="findings", verbose_name="手册")
    position = models.PositiveIntegerField("次序")
    kind = models.CharField("疑点类别", max_length=40, choices=vocabulary.finding_kinds)
    guide = models.ForeignKey(
        "guides.Guide",
        models.CASCADE,
        related_name="findings",
        verbose_name="办事指南",
        null=True,
        blank=True,
    )
    county = models.ForeignKey(County, models.SET_NULL, verbose_name="县（市、区）", null=True, blank=True)
    line = models.PositiveIntegerField("行号")
    message = models.CharField("说明", max_length=400)
    number = models.CharField(
        "号码", max_length=30, blank=True, help_text="疑点说的是哪个号码；页面在这个号码旁写“号码待核实”。"
    )
    # What a person decided; an import that finds the same again keeps it.
    settled_on = models.DateTimeField("处理时间", null=True, blank=True, editable=False, serialize=False)
    settled_by = models.CharField("处理人", max_length=150, blank=True, editable=False, serialize=False)
    settled_note = models.CharField("处理说明", max_length=200, blank=True, editable=False, serialize=False)

    objects = FindingManager.from_queryset(FindingQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "疑点"
        ordering: ClassVar[list[str]] = ["handbook", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["handbook", "position"], name="finding_position_once_per_handbook"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=list(vocabulary.FINDING_KINDS)), name="finding_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.line} 行：{self.message}"

    def natural_key(self) -> tuple[str, int]:
        return (self.handbook.slug, self.position)

    natural_key.dependencies = ["guides.handbook", "guides.guide", "offices.county"]  # type: ignore[attr-defined]
