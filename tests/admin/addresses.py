"""Every address of the site, found in the resolver, made concrete with rows of one's own place and of others'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils import timezone

from guides.editing import Change, apply_guide, count_unfound, propose, settle_advice
from guides.models import (
    Alias,
    Audience,
    Category,
    Correction,
    Duty,
    Finding,
    Guide,
    Handbook,
    LifeEvent,
    Matter,
    Proposal,
    Revision,
    SettledAdvice,
    Term,
    UnfoundQuery,
)
from keeping.models import AuditEntry
from keeping.trail import record
from offices.models import City, County, Office
from offices.work_calendar import CalendarYear
from reports.models import Report
from staff.models import Lockout, SecondFactor
from tests.cast import Cast

OWN, OTHER_COUNTY, OTHER_CITY = "本县", "外县", "外市"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
VALUES = {
    "city": "dazhou",
    "county": "xuanhan",
    "matter": "zhuyuan-baoxiao",
    "event": "shengbing-zhuyuan",
    "path": "yidi",
    "one": "zhuyuan-baoxiao",
    "other": "zhigong-canbao",
    "number": "0",
    "app_label": "guides",
    "url": "nothing-here",
    "table": "offices",
    "form": "csv",
    "kind": "office",
    "receipt": "10000000",
}
OF_THE_DESK: dict[str, type[Model]] = {
    "admin/bulk/": Revision,
    "admin/health/<int:pk>/": Finding,
    "admin/health/<slug:kind>/": Office,
    "admin/health/advice/": SettledAdvice,
}
"""The pages that belong to no model, and whose rows they lead to."""
QUERIES = {"admin/autocomplete/": "?app_label=guides&model_name=finding&field_name=county&term="}
"""What an address needs to answer at all."""


@dataclass(frozen=True)
class Address:
    """One address of the site: the pattern it comes from, whose row it leads to ("" for none), and itself."""

    route: str
    whose: str
    url: str = field(compare=False)


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every route of the resolver, as it is written."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + _written(pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        else:
            yield route


def _written(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    return text if isinstance(pattern.pattern, RoutePattern) else text.removeprefix("^").removesuffix("$")


def addresses(rows: dict[type[Model], dict[str, Model]]) -> Iterator[Address]:
    """Each route with a row of one's own, of another county and of another city, where its model has such rows.

    Raises ``KeyError`` for a model without rows and for a parameter without a value: add it here.
    """
    for route in dict.fromkeys(patterns()):
        names = [one or other for one, other in PARAMETER.findall(route)]
        if not {"object_id", "pk", "id", "batch"} & set(names):
            yield Address(route, "", _concrete(route, VALUES))
            continue
        model = Guide if "content_type_id" in names else _model(route)
        for whose, row in rows[model].items():
            key = {name: str(row.pk) for name in ("object_id", "pk", "id")}
            key["content_type_id"] = str(ContentType.objects.get_for_model(model).pk)
            key["batch"] = str(getattr(row, "batch", ""))
            yield Address(route, whose, _concrete(route, VALUES | key))


def _concrete(route: str, values: dict[str, str]) -> str:
    path = PARAMETER.sub(lambda found: values[found[1] or found[2]], route)
    return "/" + path.replace("\\", "") + QUERIES.get(route, "")


def _model(route: str) -> type[Model]:
    for beginning, model in OF_THE_DESK.items():
        if route.startswith(beginning):
            return model
    app, name = route.split("/")[1:3]
    return next(
        model
        for model in admin.site._registry  # noqa: SLF001 - Django offers no other list
        if (model._meta.app_label, model._meta.model_name) == (app, name)
    )


def rows_of(cast: Cast, people: dict[str, User]) -> dict[type[Model], dict[str, Model]]:
    """A row of every registered model; three where a city has it."""
    offices = [Office.objects.get(county=county) for county in (cast.xuanhan, cast.dazhu)]
    offices.append(Office.objects.get(city=cast.suining, kind="counter"))
    books = [Handbook.objects.get(city=city) for city in (cast.dazhou, cast.suining)]
    guides = [cast.enrolment, cast.credential_in_suining]
    for guide in guides:
        document = Guide.objects.with_details().get(pk=guide.pk).document()
        apply_guide(document | {"audience": "改过一次"}, Change(batch=uuid4()))
        propose(guide, document, Change(source="admin"))
    Correction.objects.create(handbook=books[1], line=1, found="住", replacement="住", reason="试")
    for position, (book, county) in enumerate(
        [(books[0], cast.xuanhan), (books[0], cast.dazhu), (books[1], cast.shehong)]
    ):
        Finding.objects.create(
            handbook=book, county=county, position=position, line=1, kind="missing_step", message="试"
        )
    for office in offices:
        settle_advice(office, "试", None, "看过", timezone.now())
    for number, office in enumerate(offices):
        place = {"city": office.city, "county": office.county, "page": office.get_absolute_url()}
        now = timezone.now()
        Report.objects.create(receipt=f"{10_000_000 + number}", kind="other", text="试", sent_at=now, **place)
    Term.objects.create(word="备案", meaning="先登记。")
    year = CalendarYear.objects.create(year=2026, source="试")
    year.days.create(date="2026-01-01", name="元旦")
    count_unfound("找不到的词")
    Lockout.objects.create(username="试", ip_address="192.0.2.1", failures_since_start=5)
    SecondFactor.objects.create(user=people["审计"], name="试")
    trail = [record("apply", actor=None, place=city.slug) for city in (cast.dazhou, cast.suining)]
    three: dict[type[Model], list[Any]] = {
        Office: offices,
        County: [cast.xuanhan, cast.dazhu, cast.shehong],
        Finding: list(Finding.objects.order_by("position")),
        SettledAdvice: list(SettledAdvice.objects.order_by("pk")),
        Report: list(Report.objects.order_by("pk")),
    }
    two: dict[type[Model], list[Any]] = {
        City: [cast.dazhou, cast.suining],
        Guide: guides,
        Handbook: books,
        Correction: [Correction.objects.get(handbook=book) for book in books],
        Revision: [Revision.objects.get(guide=guide) for guide in guides],
        AuditEntry: trail,
        Proposal: [Proposal.objects.get(guide=guide) for guide in guides],
    }
    one: list[type[Model]] = [
        Alias,
        Audience,
        CalendarYear,
        Category,
        Group,
        LifeEvent,
        Lockout,
        Matter,
        SecondFactor,
        Term,
        UnfoundQuery,
    ]
    found: dict[type[Model], dict[str, Model]] = {
        model: dict(zip((OWN, OTHER_COUNTY, OTHER_CITY), each, strict=True)) for model, each in three.items()
    }
    found |= {model: dict(zip((OWN, OTHER_CITY), each, strict=True)) for model, each in two.items()}
    found |= {model: {"": model._default_manager.all()[0]} for model in one}
    return found | {User: {"": people["审计"]}, Duty: {"": Duty.objects.all()[0]}}
