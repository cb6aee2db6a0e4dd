"""Where a guide is handled: this guide at this office (HSDS service_at_location)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.functional import cached_property

from offices.models import Office, Phone

from .guide import Guide


class GuideOfficeManager(models.Manager["GuideOffice"]):
    """Finds a guide's office by the guide and the office's key."""

    def get_by_natural_key(self, city: str, matter: str, key: str) -> GuideOffice:
        return self.get(guide__city__slug=city, guide__matter__slug=matter, office__key=key)


class GuideOffice(models.Model):
    """This guide at this office: its own phones, its scope, and its own hours where they differ."""

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="guide_offices", verbose_name="办事指南")
    office = models.ForeignKey(Office, models.PROTECT, related_name="guide_offices", verbose_name="办理点")
    scope = models.CharField(
        "办理范围", max_length=80, blank=True, help_text="例如 资料初审、限灵活就业人员。"
    )
    hours_text = models.TextField("办理时间原文", blank=True, help_text="手册在本事项下写的时间。")
    own_hours = models.JSONField("本事项另有时间", default=list, blank=True)
    phones = models.ManyToManyField(
        Phone, through="GuidePhone", related_name="guide_offices", verbose_name="电话"
    )
    position = models.PositiveSmallIntegerField("次序", default=0)

    objects = GuideOfficeManager()

    class Meta:
        verbose_name = verbose_name_plural = "办理地点"
        ordering: ClassVar[list[str]] = ["guide", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["guide", "office"], name="office_once_per_guide"),
        ]

    def __str__(self) -> str:
        return self.office.name

    def natural_key(self) -> tuple[str, str, str]:
        return (*self.guide.natural_key(), self.office.key)

    natural_key.dependencies = ["guides.guide", "offices.office"]  # type: ignore[attr-defined]

    @cached_property
    def consult_phones(self) -> list[Phone]:
        """Numbers to ask (咨询电话), in the order of the handbook."""
        return [link.phone for link in self.guide_phones.all() if link.phone.purpose == "consult"]

    @cached_property
    def complaint_phones(self) -> list[Phone]:
        """Numbers to complain (投诉电话), in the order of the handbook."""
        return [link.phone for link in self.guide_phones.all() if link.phone.purpose == "complaint"]

    def document(self) -> dict[str, Any]:
        """This place in the canonical document: the office's own facts with this guide's."""
        return {
            "county": self.office.county.slug if self.office.county else "",
            "key": self.office.key,
            "kind": self.office.kind,
            "name": self.office.name,
            "address": self.office.address,
            "scope": self.scope,
            "hours": self.own_hours or [hours.document() for hours in self.office.opening_hours.all()],
            "hours_text": self.hours_text,
            "consult_phones": [phone.in_guide() for phone in self.consult_phones],
            "complaint_phones": [phone.in_guide() for phone in self.complaint_phones],
        }


class GuidePhoneManager(models.Manager["GuidePhone"]):
    """Finds the link between a guide's office and a phone."""

    def get_by_natural_key(self, city: str, matter: str, key: str, position: int) -> GuidePhone:
        return self.get(
            guide_office__guide__city__slug=city,
            guide_office__guide__matter__slug=matter,
            guide_office__office__key=key,
            position=position,
        )


class GuidePhone(models.Model):
    """A phone of the office that answers for this guide."""

    guide_office = models.ForeignKey(
        GuideOffice, models.CASCADE, related_name="guide_phones", verbose_name="办理地点"
    )
    phone = models.ForeignKey(Phone, models.CASCADE, related_name="guide_phones", verbose_name="电话")
    position = models.PositiveSmallIntegerField("次序", default=0)

    objects = GuidePhoneManager()

    class Meta:
        verbose_name = verbose_name_plural = "事项电话"
        ordering: ClassVar[list[str]] = ["guide_office", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["guide_office", "phone"], name="phone_once_per_guide_office"),
            models.UniqueConstraint(
                fields=["guide_office", "position"], name="phone_position_once_per_guide_office"
            ),
        ]

    def __str__(self) -> str:
        return str(self.phone)

    def natural_key(self) -> tuple[str, str, str, int]:
        return (*self.guide_office.natural_key(), self.position)

    natural_key.dependencies = ["guides.guideoffice", "offices.phone"]  # type: ignore[attr-defined]
