"""Life events (一件事): moments in life that need several matters, in order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from offices.models import slug_validator
from offices.reversing import reverse

from .catalogue import Matter, SlugManager


class LifeEventQuerySet(models.QuerySet["LifeEvent"]):
    """Life events, in the customer's words."""

    def with_steps(self) -> LifeEventQuerySet:
        """With the steps that a visitor can take, in order."""
        return self.prefetch_related(models.Prefetch("steps", LifeEventStep.objects.published()))

    def that_need(self, matter: Matter) -> LifeEventQuerySet:
        """Life events in which this matter is handled."""
        return self.filter(steps__matter=matter)


class LifeEventManager(SlugManager["LifeEvent"]):
    """Finds a life event by its slug."""


class LifeEvent(models.Model):
    """A moment in life that needs several matters (生孩子, 退休…)."""

    slug = models.CharField(
        "网址名",
        max_length=40,
        unique=True,
        validators=[slug_validator],
        help_text="短拼音，出现在网址里，定下后不再改动。",
    )
    name = models.CharField("名称", max_length=40, unique=True, help_text="用群众的话，例如 要生孩子了。")
    summary = models.CharField(
        "两句话说明", max_length=200, help_text="用两句话说清要办哪几项、先办哪项后办哪项；只写手册里有的。"
    )
    matters = models.ManyToManyField(
        Matter, through="LifeEventStep", related_name="life_events", verbose_name="要办的事项"
    )
    position = models.PositiveSmallIntegerField("排序", default=0, help_text="首页上的次序，小的在前。")

    objects = LifeEventManager.from_queryset(LifeEventQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "人生事件"
        ordering: ClassVar[list[str]] = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("guides:life_event", args=[self.slug])

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class LifeEventStepQuerySet(models.QuerySet["LifeEventStep"]):
    """Steps, in the customer's words."""

    def published(self) -> LifeEventStepQuerySet:
        """Steps to matters that at least one city has published a guide to, each with its matter."""
        return self.filter(matter__in=Matter.objects.with_published_guides()).select_related("matter")


class LifeEventStepManager(models.Manager["LifeEventStep"]):
    """Finds a step by its life event's and its matter's slugs."""

    def get_by_natural_key(self, life_event: str, matter: str) -> LifeEventStep:
        return self.get(life_event__slug=life_event, matter__slug=matter)


class LifeEventStep(models.Model):
    """One matter of a life event, with its place and a word on why or when to do it."""

    life_event = models.ForeignKey(LifeEvent, models.CASCADE, related_name="steps", verbose_name="人生事件")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="life_event_steps", verbose_name="事项")
    position = models.PositiveSmallIntegerField("次序", default=0)
    advice = models.CharField(
        "提示",
        max_length=100,
        blank=True,
        help_text="一句话：什么情况下办、什么时候办；没有要说的就留空。",
    )

    objects = LifeEventStepManager.from_queryset(LifeEventStepQuerySet)()

    class Meta:
        verbose_name = "要办的事项"
        verbose_name_plural = "要办的事项（按先后）"
        ordering: ClassVar[list[str]] = ["life_event", "position", "matter"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["life_event", "matter"],
                name="matter_once_per_life_event",
                violation_error_message="同一个事项只列一次。",
            ),
        ]

    def __str__(self) -> str:
        return self.matter.name

    def natural_key(self) -> tuple[str, str]:
        return (self.life_event.slug, self.matter.slug)

    natural_key.dependencies = ["guides.lifeevent", "guides.matter"]  # type: ignore[attr-defined]
