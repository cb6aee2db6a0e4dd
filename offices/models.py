"""Where and when: City, County, Office, OpeningHours, Phone.

The words follow HSDS (service_area, location, schedule, phone); design.md §2 has the table.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Replace

from . import vocabulary, work_calendar  # noqa: F401 (Django looks for the calendar's models here)
from .former_slugs import refuse_former
from .memory import remembered
from .reversing import reverse

slug_validator = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "只能用小写字母、数字和连字符，例如 dazhou。")
number_validator = RegexValidator(
    r"^(0\d{2,3}-\d{7,8}(-\d{1,5})?|1\d{10}|\d{5,8}|[48]00-?\d{3}-?\d{4})$",
    "请按“区号-号码”填写，例如 0818-2145266。",
)
PART_OF_NUMBER = re.compile(r"[0-9-]+")
RESERVED_COUNTY_SLUGS = ("print", "source", "notice", "deadline", "text")


class CityQuerySet(models.QuerySet["City"]):
    """Cities, in the customer's words."""

    def with_counties(self) -> CityQuerySet:
        """Fetch each city's counties in one further query."""
        return self.prefetch_related("counties")

    def once_called(self, slug: str) -> CityQuerySet:
        """The city that had this slug before it was renamed."""
        return self.filter(former_slugs__slug=slug)


class CityManager(models.Manager["City"]):
    """Finds a city by its slug."""

    def get_by_natural_key(self, slug: str) -> City:
        return self.get(slug=slug)


class City(models.Model):
    """A prefecture-level city: it owns guides and counties."""

    slug = models.CharField(
        "网址名",
        max_length=40,
        unique=True,
        validators=[slug_validator],
        help_text="拼音，出现在网址里，定下后不再改动。",
    )
    name = models.CharField("名称", max_length=40, unique=True, help_text="全称，例如 达州市。")
    province = models.CharField("省份", max_length=40, blank=True)
    code = models.CharField("行政区划代码", max_length=6, blank=True, help_text="GB/T 2260 六位代码。")
    area_code = models.CharField("电话区号", max_length=4, help_text="例如 0818，用来核对号码。")
    position = models.PositiveSmallIntegerField("排序", default=0)

    objects = CityManager.from_queryset(CityQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "城市"
        ordering: ClassVar[list[str]] = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("offices:city", args=[self.slug])

    def clean(self) -> None:
        """Raises ``ValidationError`` for a slug that another city once had."""
        refuse_former(City.objects.once_called(self.slug).exclude(pk=self.pk), self.slug)

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class CountyQuerySet(models.QuerySet["County"]):
    """Counties, in the customer's words."""

    def called(self, slug: str) -> CountyQuerySet:
        """Counties of this slug in any city, each with its city."""
        return self.filter(slug=slug).select_related("city")

    def once_called(self, slug: str) -> CountyQuerySet:
        """Counties that had this slug before they were renamed, in any city."""
        return self.filter(former_slugs__slug=slug).select_related("city")

    def named_in(self, words: str) -> CountyQuerySet:
        """Counties that a sentence names, in full (渠县) or without the last character (宣汉)."""
        parts = {words[i : i + n] for n in range(2, 9) for i in range(len(words) - n + 1)}
        names = County.objects.order_by().values_list("name", flat=True)
        known = remembered("county names", lambda: frozenset(names.all()) or None) or frozenset()
        named = known & (parts | {part + end for part in parts for end in "县区市"})
        return self.filter(name__in=named).exclude(kind="city_level").select_related("city")


class CountyManager(models.Manager["County"]):
    """Finds a county by its city's slug and its own."""

    def get_by_natural_key(self, city: str, slug: str) -> County:
        return self.get(city__slug=city, slug=slug)


class County(models.Model):
    """A county, district or county-level city; also 市本级 and a functional zone, as ``kind`` says."""

    city = models.ForeignKey(City, models.PROTECT, related_name="counties", verbose_name="城市")
    slug = models.CharField(
        "网址名", max_length=40, validators=[slug_validator], help_text="拼音，定下后不再改动。"
    )
    name = models.CharField("名称", max_length=40, help_text="例如 宣汉县、市本级。")
    kind = models.CharField("类别", max_length=20, choices=vocabulary.county_kinds)
    code = models.CharField(
        "行政区划代码", max_length=6, blank=True, help_text="GB/T 2260；市本级和功能区没有。"
    )
    position = models.PositiveSmallIntegerField("排序", default=0)

    objects = CountyManager.from_queryset(CountyQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "县（市、区）"
        ordering: ClassVar[list[str]] = ["city__position", "city__slug", "position", "slug"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["city", "slug"], name="county_slug_once_per_city"),
            models.UniqueConstraint(fields=["city", "name"], name="county_name_once_per_city"),
            models.CheckConstraint(
                condition=Q(kind__in=list(vocabulary.COUNTY_KINDS)), name="county_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_COUNTY_SLUGS), name="county_slug_not_reserved"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("offices:county", args=[self.city.slug, self.slug])

    def clean(self) -> None:
        """Raises ``ValidationError`` for a slug that another county of the city once had."""
        others = County.objects.once_called(self.slug).exclude(pk=self.pk)
        refuse_former(others.filter(city=self.city_id), self.slug)

    @property
    def full_name(self) -> str:
        """``达州市宣汉县``, or ``达州市本级`` for the city's own counter."""
        return self.city.name + ("本级" if self.kind == "city_level" else self.name)

    def natural_key(self) -> tuple[str, str]:
        return (self.city.slug, self.slug)

    natural_key.dependencies = ["offices.city"]  # type: ignore[attr-defined]


class OfficeQuerySet(models.QuerySet["Office"]):
    """Offices, in the customer's words."""

    def in_city(self, city: City) -> OfficeQuerySet:
        """Every office of this city."""
        return self.filter(city=city)

    def at_city_level(self) -> OfficeQuerySet:
        """The city's own counters (市本级)."""
        return self.filter(county__kind="city_level")

    def in_county(self, county: County) -> OfficeQuerySet:
        """Counters of this county."""
        return self.filter(county=county)

    def said(self, words: str) -> OfficeQuerySet:
        """Offices of whose name, address, place or number each of the words (separated by blanks) is a part."""
        found = self
        for word in unicodedata.normalize("NFKC", words).split():
            here = Q(name__icontains=word) | Q(address__icontains=word)
            here |= Q(city__name__icontains=word) | Q(county__name__icontains=word)
            if PART_OF_NUMBER.fullmatch(word):  # else no phone of the country need be looked at
                number = Phone.objects.annotate(digits=Replace("number", Value("-"))).filter(
                    Q(number__contains=word) | Q(digits__contains=word), office=OuterRef("pk")
                )
                here |= Q(Exists(number))
            found = found.filter(here)
        return found

    def city_wide(self) -> OfficeQuerySet:
        """Networks that belong to no single county."""
        return self.filter(county=None)

    def with_details(self) -> OfficeQuerySet:
        """Fetch city, county, hours and phones in a constant number of queries."""
        return self.select_related("city", "county__city").prefetch_related("opening_hours", "phones")


class OfficeManager(models.Manager["Office"]):
    """Finds an office by its city's slug and its key."""

    def get_by_natural_key(self, city: str, key: str) -> Office:
        return self.get(city__slug=city, key=key)


class Office(models.Model):
    """A counter with an address, or a network of places without one (各乡镇便民服务中心): ``kind`` says which."""

    city = models.ForeignKey(City, models.PROTECT, related_name="offices", verbose_name="城市")
    county = models.ForeignKey(
        County,
        models.PROTECT,
        related_name="offices",
        verbose_name="县（市、区）",
        null=True,
        blank=True,
        help_text="全市通用的网点留空。",
    )
    key = models.CharField(
        "识别名",
        max_length=120,
        help_text="首次导入时的名称，用来认出下一版手册里的同一处；改名称时不改这里。",
    )
    kind = models.CharField("类别", max_length=20, choices=vocabulary.office_kinds)
    name = models.CharField(
        "名称", max_length=120, help_text="例如 宣汉县医保窗口、各乡镇（街道）便民服务中心。"
    )
    address = models.CharField(
        "地址", max_length=200, blank=True, help_text="手册没有写就留空，页面会显示“手册未载明”。"
    )
    position = models.PositiveSmallIntegerField("排序", default=0)
    imported_document = models.JSONField("手册原记录", default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField("修改次数", default=0, editable=False, serialize=False)

    objects = OfficeManager.from_queryset(OfficeQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "办理点"
        ordering: ClassVar[list[str]] = ["city__position", "city__slug", "position", "key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["city", "key"], name="office_key_once_per_city"),
            models.CheckConstraint(
                condition=Q(kind__in=list(vocabulary.OFFICE_KINDS)), name="office_kind_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="office_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return (self.county or self.city).get_absolute_url()

    def natural_key(self) -> tuple[str, str]:
        return (self.city.slug, self.key)

    natural_key.dependencies = ["offices.city", "offices.county"]  # type: ignore[attr-defined]

    def document(self) -> dict[str, Any]:
        """The canonical document of this office, computed from its rows."""
        return {
            "city": self.city.slug,
            "county": self.county.slug if self.county else "",
            "key": self.key,
            "kind": self.kind,
            "name": self.name,
            "address": self.address,
            "hours": [hours.document() for hours in self.opening_hours.all()],
            "phones": [phone.document() for phone in self.phones.all()],
        }


class OpeningHoursManager(models.Manager["OpeningHours"]):
    """Finds a session by its office and place in the list."""

    def get_by_natural_key(self, city: str, key: str, position: int) -> OpeningHours:
        return self.get(office__city__slug=city, office__key=key, position=position)


class OpeningHours(models.Model):
    """One session of an office on some days (HSDS schedule): a day with a lunch break has two rows."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="opening_hours", verbose_name="办理点")
    days = models.CharField("日子", max_length=20, choices=vocabulary.day_kinds)
    opens = models.TimeField("开始")
    closes = models.TimeField("结束")
    note = models.CharField(
        "说明", max_length=100, blank=True, help_text="手册里的括注，例如 延时服务、法定节假日除外。"
    )
    position = models.PositiveSmallIntegerField("排序", default=0)

    objects = OpeningHoursManager()

    class Meta:
        verbose_name = verbose_name_plural = "办公时间"
        ordering: ClassVar[list[str]] = ["office", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["office", "position"], name="hours_position_once_per_office"),
            models.CheckConstraint(condition=Q(days__in=list(vocabulary.DAY_KINDS)), name="hours_days_known"),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes")),
                name="hours_open_before_they_close",
                violation_error_message="开始时间要早于结束时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_days_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"

    def natural_key(self) -> tuple[str, str, int]:
        return (*self.office.natural_key(), self.position)

    natural_key.dependencies = ["offices.office"]  # type: ignore[attr-defined]

    def document(self) -> dict[str, str]:
        """This session in a document: ``{"days": "workdays", "opens": "09:00", "closes": "12:00", "note": ""}``."""
        return {
            "days": self.days,
            "opens": f"{self.opens:%H:%M}",
            "closes": f"{self.closes:%H:%M}",
            "note": self.note,
        }


class PhoneManager(models.Manager["Phone"]):
    """Finds a phone by its office, purpose, number and audience."""

    def get_by_natural_key(self, city: str, key: str, purpose: str, number: str, for_whom: str) -> Phone:
        return self.get(
            office__city__slug=city, office__key=key, purpose=purpose, number=number, for_whom=for_whom
        )


class Phone(models.Model):
    """A number of one office, with its purpose and for whom; guides point here, so one fix reaches them all.

    ``questioned_at``: since when pages say that readers could not get through. It is no part of any document; another
    number in this row takes it away (``guides.editing``).
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="phones", verbose_name="办理点")
    purpose = models.CharField("用途", max_length=20, choices=vocabulary.phone_purposes)
    number = models.CharField(
        "号码", max_length=30, validators=[number_validator], help_text="带区号，例如 0818-2145266。"
    )
    for_whom = models.CharField(
        "适用人群", max_length=40, blank=True, help_text="例如 居民、职工；不分人群就留空。"
    )
    position = models.PositiveSmallIntegerField("排序", default=0)
    questioned_at = models.DateTimeField(
        "读者反映打不通", null=True, blank=True, editable=False, serialize=False
    )

    objects = PhoneManager()

    class Meta:
        verbose_name = verbose_name_plural = "电话"
        ordering: ClassVar[list[str]] = ["office", "position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["office", "purpose", "number", "for_whom"], name="phone_once_per_office_and_purpose"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=list(vocabulary.PHONE_PURPOSES)), name="phone_purpose_known"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="phone_has_number"),
        ]

    def __str__(self) -> str:
        return self.number + (f"（{self.for_whom}）" if self.for_whom else "")

    @property
    def tel(self) -> str:
        """The number as a ``tel:`` link wants it: ``+86-818-2145266``; short numbers and 400 lines stay as they are."""
        return f"tel:+86-{self.number[1:]}" if re.match(r"0\d{2,3}-", self.number) else f"tel:{self.number}"

    def natural_key(self) -> tuple[str, str, str, str, str]:
        return (*self.office.natural_key(), self.purpose, self.number, self.for_whom)

    natural_key.dependencies = ["offices.office"]  # type: ignore[attr-defined]

    def document(self) -> dict[str, str]:
        """This phone in the office's document."""
        return {"purpose": self.purpose, "number": self.number, "for": self.for_whom}

    def in_guide(self) -> dict[str, str]:
        """This phone in a guide's document, where the list it stands in tells the purpose."""
        return {"number": self.number, "for": self.for_whom}
