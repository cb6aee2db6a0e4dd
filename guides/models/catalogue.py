"""The catalogue: matters as they are called everywhere, with what helps people find them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from django.db import models

from offices.former_slugs import refuse_former
from offices.models import slug_validator
from offices.reversing import reverse

M = TypeVar("M", bound=models.Model)


class SlugManager(models.Manager[M]):
    """Finds a row by its slug."""

    def get_by_natural_key(self, slug: str) -> M:
        return self.get(slug=slug)


class Category(models.Model):
    """A shelf of the catalogue (参保登记, 异地就医…)."""

    slug = models.CharField("网址名", max_length=40, unique=True, validators=[slug_validator])
    name = models.CharField("名称", max_length=40, unique=True)
    summary = models.CharField("一句话说明", max_length=100, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=0)

    objects = SlugManager["Category"]()

    class Meta:
        verbose_name = verbose_name_plural = "事项类别"
        ordering: ClassVar[list[str]] = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Audience(models.Model):
    """Who a matter is for: 个人, 单位, 医药机构."""

    slug = models.CharField("网址名", max_length=40, unique=True, validators=[slug_validator])
    name = models.CharField("名称", max_length=40, unique=True)
    position = models.PositiveSmallIntegerField("排序", default=0)

    objects = SlugManager["Audience"]()

    class Meta:
        verbose_name = verbose_name_plural = "办事主体"
        ordering: ClassVar[list[str]] = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class MatterQuerySet(models.QuerySet["Matter"]):
    """Matters, in the customer's words."""

    def named(self, words: str) -> MatterQuerySet:
        """Matters of whose name, aliases or category each of the words (separated by blanks) is a part."""
        found = self
        for word in words.split():
            has_alias = Alias.objects.filter(matter=models.OuterRef("pk"), text__icontains=word)
            own = models.Q(name__icontains=word) | models.Q(category__name__icontains=word)
            found = found.filter(own | models.Exists(has_alias))
        return found

    def with_published_guides(self) -> MatterQuerySet:
        """Matters that at least one city has published a guide to."""
        published = models.Q(guides__status="published")
        return self.filter(models.Exists(Matter.objects.filter(published, pk=models.OuterRef("pk"))))

    def once_called(self, slug: str) -> MatterQuerySet:
        """The matter that had this slug before it was renamed."""
        return self.filter(former_slugs__slug=slug)

    def by_slug(self, slugs: Iterable[str]) -> dict[str, Matter]:
        """The matters of these slugs, present or former, each under the slug it was asked by."""
        wanted = set(slugs)
        found = {matter.slug: matter for matter in self.filter(slug__in=wanted)}
        if missing := wanted - found.keys():
            former = FormerMatterSlug.objects.filter(slug__in=missing, matter__in=self)
            found |= {each.slug: each.matter for each in former.select_related("matter")}
        return found


class MatterManager(SlugManager["Matter"]):
    """Finds a matter by its slug."""


class Matter(models.Model):
    """What can be done, the same in every city (CPSV-AP PublicService)."""

    slug = models.CharField(
        "网址名",
        max_length=60,
        unique=True,
        validators=[slug_validator],
        help_text="短拼音，出现在网址里，名称改了它也不变。",
    )
    name = models.CharField("名称", max_length=120, unique=True, help_text="手册上的事项名称。")
    category = models.ForeignKey(Category, models.PROTECT, related_name="matters", verbose_name="类别")
    audiences = models.ManyToManyField(Audience, related_name="matters", verbose_name="办事主体", blank=True)
    position = models.PositiveSmallIntegerField("排序", default=0, help_text="手册里的次序。")

    objects = MatterManager.from_queryset(MatterQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "事项"
        ordering: ClassVar[list[str]] = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("guides:matter", args=[self.slug])

    def clean(self) -> None:
        """Raises ``ValidationError`` for a slug that another matter once had."""
        refuse_former(Matter.objects.once_called(self.slug).exclude(pk=self.pk), self.slug)

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    natural_key.dependencies = ["guides.category", "guides.audience"]  # type: ignore[attr-defined]


class FormerMatterSlug(models.Model):
    """A slug a matter had before it was renamed: its addresses lead to the present ones for ever."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="former_slugs", verbose_name="事项")
    slug = models.CharField("原网址名", max_length=60, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "事项的原网址名"
        ordering: ClassVar[list[str]] = ["slug"]

    def __str__(self) -> str:
        return self.slug


class AliasManager(models.Manager["Alias"]):
    """Finds an alias by its matter and text."""

    def get_by_natural_key(self, matter: str, text: str) -> Alias:
        return self.get(matter__slug=matter, text=text)


class Alias(models.Model):
    """Another name residents use for a matter."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="aliases", verbose_name="事项")
    text = models.CharField("别名", max_length=60, help_text="群众平时的说法，例如 生小孩报销。")

    objects = AliasManager()

    class Meta:
        verbose_name = verbose_name_plural = "别名"
        ordering: ClassVar[list[str]] = ["matter", "text"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "text"], name="alias_once_per_matter"),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str, str]:
        return (self.matter.slug, self.text)

    natural_key.dependencies = ["guides.matter"]  # type: ignore[attr-defined]
