"""Offices, phones, guides and materials as files for Excel: only what this person may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from guides import tables
from guides.access import visible_to
from guides.editing.elements import missing_elements
from guides.models import Guide
from keeping.trail import record
from offices.models import Office, Phone
from offices.vocabulary import PHONE_PURPOSES

from .lines import hours_lines
from .pages import asked, cities_in_sight, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_GUIDES = 2_000
MOST_OFFICES = 5_000
CITY_WIDE = "全市"
TABLES = {
    "offices": tables.OFFICES,
    "phones": tables.PHONES,
    "guides": tables.GUIDES,
    "materials": tables.MATERIALS,
}
BOOKS = {"offices": ("offices", "phones"), "guides": ("guides", "materials")}
"""Which tables a workbook holds; as CSV each is a file of its own."""


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """What can be had, for which city."""
    cities = cities_in_sight(request)
    city, county = asked(request, cities)
    counties = city.counties.all() if city else []
    context = {"cities": cities, "city": city, "county": county, "counties": counties}
    return page(request, "export", "导出表格", context)


@require_GET
def export_file(request: HttpRequest, table: str, form: str) -> HttpResponse:
    """One file; 404 for what there is no such file of."""
    offered = {"xlsx": set(BOOKS), "csv": set(TABLES)}
    if table not in offered.get(form, ()):
        raise Http404("没有这个表格")
    cities = cities_in_sight(request)
    city, county = asked(request, cities)
    chosen: dict[str, Any] = {"city": city} if city else {}
    guides = visible_to(Guide.objects.filter(**chosen), request.user)
    offices = visible_to(
        Office.objects.filter(**chosen, **({"county": county} if county else {})), request.user
    )
    if guides.count() > MOST_GUIDES or offices.count() > MOST_OFFICES:
        words = {"problem": "内容太多，请先选一个城市再导出。", "cities": cities}
        return page(request, "export", "导出表格", words, 422)
    name = "-".join([TABLES[table].name, *([str(county or city)] if city else [])])
    rows = offices if table in BOOKS["offices"] else guides
    return file_of(table, form, rows, name, localtime())


@admin.action(description="导出所选为 Excel", permissions=["view"])
def export_chosen(model_admin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
    """The ticked rows of an admin list as a workbook."""
    table = "offices" if queryset.model is Office else "guides"
    return file_of(table, "xlsx", visible_to(queryset, request.user), TABLES[table].name, localtime())


def file_of(
    table: str, form: str, rows: QuerySet[Office] | QuerySet[Guide], name: str, when: datetime
) -> HttpResponse:
    """The rows as a download."""
    if form == "xlsx":
        filled = [(TABLES[each], rows_of(each, rows)) for each in BOOKS[table]]
        response = HttpResponse(tables.write_xlsx(filled, when), content_type=XLSX)
    else:
        data = tables.write_csv(TABLES[table], rows_of(table, rows))
        response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    file_name = f"{name}-{when:%Y-%m-%d}.{form}"
    record("export", actor=None, object=file_name, detail={"rows": rows.count()})
    disposition = content_disposition_header(as_attachment=True, filename=file_name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response


def rows_of(table: str, rows: QuerySet[Any]) -> Iterator[tables.Row]:
    """The rows of one table."""
    make: dict[str, Callable[[Any], Iterator[tables.Row]]] = {
        "offices": office_rows,
        "phones": phone_rows,
        "guides": guide_rows,
        "materials": material_rows,
    }
    return make[table](rows.with_details())  # type: ignore[attr-defined]


def office_rows(offices: Iterable[Office]) -> Iterator[tables.Row]:
    """One row for each office."""
    for office in offices:
        yield {
            **_known_by(office),
            "county": office.county.name if office.county else CITY_WIDE,
            "kind": office.get_kind_display(),
            "name": office.name,
            "address": office.address,
            "hours": hours_lines([hours.document() for hours in office.opening_hours.all()]),
        }


def phone_rows(offices: Iterable[Office]) -> Iterator[tables.Row]:
    """One row for each number of each office; its place in the office's document is its key."""
    offices = list(offices)
    counted = Phone.objects.filter(office__in=offices).annotate(uses=Count("guide_phones"))
    uses = dict(counted.values_list("pk", "uses"))
    for office in offices:
        for position, phone in enumerate(office.phones.all(), 1):
            yield {
                **_known_by(office),
                "position": str(position),
                "office": office.name,
                "county": office.county.name if office.county else CITY_WIDE,
                "purpose": PHONE_PURPOSES[phone.purpose],
                "number": phone.number,
                "for": phone.for_whom,
                "guides": str(uses[phone.pk]),
            }


def guide_rows(guides: Iterable[Guide]) -> Iterator[tables.Row]:
    """One row for each guide; lists as lines."""
    for guide in guides:
        document = guide.document()
        yield {
            "city": guide.city.slug,
            "matter": guide.matter.slug,
            "name": guide.name,
            "status": guide.get_status_display(),
            "category": guide.matter.category.name,
            "audience": guide.audience,
            "channels": _lines((each["name"], each["applies_to"]) for each in document["channels"]),
            "time_limits": _lines((each["text"], each["applies_to"]) for each in document["time_limits"]),
            "steps": "\n".join(f"{each['title']}：{each['text']}" for each in document["steps"]),
            "notes": "\n".join(document["notes"]),
            "progress": guide.progress,
            "evaluation": guide.evaluation,
            "offices": "\n".join(place["name"] for place in document["offices"]),
            "missing": "、".join(missing_elements(document)),
            "source": _source(guide),
        }


def material_rows(guides: Iterable[Guide]) -> Iterator[tables.Row]:
    """One row for each paper of each guide."""
    for guide in guides:
        for position, material in enumerate(guide.materials.all(), 1):
            yield {
                "city": guide.city.slug,
                "matter": guide.matter.slug,
                "guide": guide.name,
                "position": str(position),
                "applies_to": material.applies_to,
                "text": material.text,
                "form": material.form,
                "stamp": "是" if material.needs_stamp else "",
            }


def _known_by(office: Office) -> tables.Row:
    return {"city": office.city.slug, "key": office.key, "version": str(office.version)}


def _lines(entries: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{text}（{case}）" if case else text for text, case in entries)


def _source(guide: Guide) -> str:
    if not guide.handbook or not guide.first_line:
        return ""
    return f"{guide.handbook.printed_title} 第 {guide.first_line}-{guide.last_line} 行"
