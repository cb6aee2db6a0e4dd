"""Another number or other hours for many rows: choosing what, and the new value. What follows is in ``batches``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from guides import editing
from guides.models import Guide, GuideOffice
from offices.models import City, County, Office, Phone, number_validator

from .batches import preview
from .lines import HoursLinesField, hours_lines
from .pages import asked, offices_to_edit, page

MOST_ROWS = 800
"""So many tick boxes are shown at once; with more, a city has to be chosen."""
MOST_USED = 12


class NumberUse(NamedTuple):
    """A number at one office, and the guides that show it there (none: it stands in the office's list only)."""

    phone: Phone
    guides: list[Guide]


class NumberForm(forms.Form):
    """The number to be replaced, and the new one."""

    number = forms.CharField(max_length=30, widget=forms.HiddenInput)
    new = forms.CharField(
        label="新号码",
        max_length=30,
        validators=[number_validator],
        error_messages={"required": "请填写新号码。"},
        widget=forms.TextInput(attrs={"class": "vTextField", "inputmode": "tel"}),
        help_text="带区号，例如 0818-2145266。",
    )

    def clean(self) -> dict[str, Any]:
        """Raises ``ValidationError`` when nothing would change."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("new") and cleaned.get("new") == cleaned.get("number"):
            self.add_error("new", "新号码与原来的一样。")
        return cleaned


class HoursForm(forms.Form):
    """The new hours."""

    hours = HoursLinesField(
        label="新的办理时间",
        help_text="每行一段，例如 工作日 09:00-12:00；所选办理点原有的时间全部换成这里写的。",
    )

    def clean_hours(self) -> Any:
        """Raises ``ValidationError`` when there are none."""
        hours = self.cleaned_data["hours"]
        if not hours:
            raise forms.ValidationError("请写新的办理时间。")
        return hours


@require_GET
def bulk_phone(request: HttpRequest) -> HttpResponse:
    """Which number, then every row it stands in."""
    return _phone_page(request, request.GET.get("number", "").replace("\0", "").strip(), None)


@require_POST
def bulk_phone_preview(request: HttpRequest) -> HttpResponse:
    """What the new number would change, row by row; the choice again when something is wrong."""
    form = NumberForm(request.POST)
    number = request.POST.get("number", "").strip()
    found = uses_of(number, offices_to_edit(request))
    known = {(use.phone.pk, guide) for use in found for guide in [row.pk for row in use.guides] or [0]}
    uses = known & set(pairs(request.POST.getlist("use")))
    if not uses:
        form.add_error(None, "请至少勾选一行。")
    if not form.is_valid():
        return _phone_page(request, number, form, uses)
    edit = editing.PhoneEdit(number, form.cleaned_data["new"], frozenset(uses))
    return preview(request, edit)


@require_GET
def bulk_hours(request: HttpRequest) -> HttpResponse:
    """Which offices of a city or county."""
    return _hours_page(request, HoursForm(), numbers(request.GET.getlist("office")), set())


@require_POST
def bulk_hours_preview(request: HttpRequest) -> HttpResponse:
    """What the new hours would change, row by row; the choice again when something is wrong."""
    form = HoursForm(request.POST)
    offices = offices_to_edit(request)
    chosen = set(offices.filter(pk__in=numbers(request.POST.getlist("office"))).values_list("pk", flat=True))
    own = {pair for pair in pairs(request.POST.getlist("own")) if pair[0] in chosen}
    if not chosen:
        form.add_error(None, "请至少勾选一个办理点。")
    if form.is_valid():
        edit = editing.HoursEdit(form.cleaned_data["hours"], frozenset(chosen), frozenset(own))
        return preview(request, edit)
    return _hours_page(request, form, chosen, own)


def uses_of(number: str, offices: QuerySet[Office]) -> list[NumberUse]:
    """Every row of these offices in which a number stands."""
    phones = Phone.objects.filter(number=number, office__in=offices) if number else Phone.objects.none()
    rows = phones.select_related("office__city", "office__county").order_by(
        "office__city__position", "office__county__position", "office__position", "-purpose", "position"
    )
    links = Phone.objects.filter(pk__in=phones).values_list("guide_offices__guide", "pk")
    phones_of: dict[int | None, list[int]] = {}
    for guide_pk, phone in links:
        phones_of.setdefault(guide_pk, []).append(phone)
    by_phone: dict[int, list[Guide]] = {}
    guides = Guide.objects.filter(pk__in=filter(None, phones_of)).select_related("city", "matter")
    for guide in guides.order_by("matter__position", "matter__slug"):
        for phone in phones_of[guide.pk]:
            by_phone.setdefault(phone, []).append(guide)
    return [NumberUse(phone, by_phone.get(phone.pk, [])) for phone in rows]


def pairs(values: Iterable[str]) -> list[tuple[int, int]]:
    """``12-34`` → (12, 34); what is something else is left out."""
    parts = [value.split("-") for value in values]
    return [
        (int(a), int(b)) for a, b in (part for part in parts if len(part) == 2) if _is_key(a) and _is_key(b)
    ]


def numbers(values: Iterable[str]) -> set[int]:
    """The keys among these values."""
    return {int(value) for value in values if _is_key(value)}


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 18


def _phone_page(
    request: HttpRequest, number: str, form: NumberForm | None, ticked: set[tuple[int, int]] | None = None
) -> HttpResponse:
    offices = offices_to_edit(request)
    cities = list(City.objects.filter(offices__in=offices).distinct())
    city, _ = asked(request, cities)
    mine = offices.filter(city=city) if city else offices
    found = uses_of(number, mine)
    rows = sum(len(use.guides) or 1 for use in found)
    context = {
        "number": number,
        "form": form or NumberForm(initial={"number": number}),
        "uses": [_ticks(use, ticked) for use in found] if rows <= MOST_ROWS else [],
        "too_many": rows > MOST_ROWS,
        "guide_count": len({guide.pk for use in found for guide in use.guides}),
        "office_count": len({use.phone.office_id for use in found}),
        "most_used": [] if number else most_used(mine),
        "cities": cities if len(cities) > 1 else [],
        "city": city,
    }
    return page(request, "bulk_phone", "一个电话改多处", context, 200 if form is None else 422)


def _ticks(use: NumberUse, ticked: set[tuple[int, int]] | None) -> dict[str, Any]:
    """One number at one office for the page; everything is ticked at first."""
    keys: Sequence[Guide | None] = use.guides or [None]
    rows = [(f"{use.phone.pk}-{guide.pk if guide else 0}", guide) for guide in keys]
    boxes = [(key, guide, ticked is None or pairs([key])[0] in ticked) for key, guide in rows]
    return {"phone": use.phone, "boxes": boxes}


def most_used(offices: QuerySet[Office]) -> list[Any]:
    """The numbers that stand in most guides, with how many."""
    found = Phone.objects.filter(office__in=offices).order_by().values("number")
    counted = found.annotate(
        guide_count=Count("guide_phones__guide_office__guide", distinct=True),
        office_count=Count("office", distinct=True),
    )
    return list(counted.order_by("-guide_count", "number")[:MOST_USED])


def _hours_page(
    request: HttpRequest, form: HoursForm, chosen: set[int], own: set[tuple[int, int]]
) -> HttpResponse:
    offices = offices_to_edit(request)
    cities = list(City.objects.filter(offices__in=offices).distinct())
    city, county = asked(request, cities)
    if not city and chosen:
        city = cities[0] if len(cities) == 1 else City.objects.filter(offices__in=chosen).first()
    mine = offices.filter(city=city, **({"county": county} if county else {})) if city else offices.none()
    context = {
        "form": form,
        "cities": cities,
        "city": city,
        "county": county,
        "counties": County.objects.filter(city=city, offices__in=offices).distinct() if city else [],
        "offices": _choices(mine[:MOST_ROWS], chosen, own),
    }
    return page(request, "bulk_hours", "办理时间改多处", context, 422 if form.is_bound else 200)


def _choices(offices: QuerySet[Office], chosen: set[int], own: set[tuple[int, int]]) -> list[dict[str, Any]]:
    """Offices with their hours, and the guides that have hours of their own there."""
    rows = list(offices.with_details())  # type: ignore[attr-defined]
    places: dict[int, list[dict[str, Any]]] = {}
    for place in GuideOffice.objects.filter(office__in=rows).exclude(own_hours=[]).select_related("guide"):
        box = {
            "key": f"{place.office_id}-{place.guide_id}",
            "guide": place.guide,
            "lines": hours_lines(place.own_hours).split("\n"),
            "ticked": (place.office_id, place.guide_id) in own,
        }
        places.setdefault(place.office_id, []).append(box)
    return [
        {
            "office": office,
            "lines": hours_lines([each.document() for each in office.opening_hours.all()]).split("\n"),
            "own": places.get(office.pk, []),
            "ticked": office.pk in chosen,
        }
        for office in rows
    ]
