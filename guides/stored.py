"""A guide with all its lists from one query: what ``with_details()`` fetches, out of its snapshot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from offices.memory import remembered
from offices.models import City, Office

from .models import (
    Channel,
    Guide,
    GuideOffice,
    GuidePhone,
    Handbook,
    Material,
    Matter,
    Note,
    Snapshot,
    Step,
    TimeLimit,
)

LISTS: Mapping[str, type[models.Model]] = {
    "channels": Channel,
    "materials": Material,
    "time_limits": TimeLimit,
    "steps": Step,
    "notes": Note,
}
Table = dict[str, Any]
"""Rows of one model: ``{"fields": […], "rows": [[…], …]}``, so that a field added later does no harm."""


def packed(guide: Guide) -> str:
    """The lists of a guide (fetched with details) as one text."""
    places = guide.guide_offices.all()
    tables = {name: _table(model, getattr(guide, name).all()) for name, model in LISTS.items()}
    tables["guide_offices"] = _table(GuideOffice, places)
    tables["guide_phones"] = _table(
        GuidePhone, (link for place in places for link in place.guide_phones.all())
    )
    return json.dumps(tables, ensure_ascii=False, separators=(",", ":"))


def _table(model: type[models.Model], rows: Iterable[models.Model]) -> Table:
    names = [field.attname for field in model._meta.concrete_fields]
    return {"fields": names, "rows": [[getattr(row, name) for name in names] for row in rows]}


def published_guide(city: City, slug: str) -> Guide | None:
    """The city's published guide to this matter, with all its lists; None when there is none. Shared: not to be changed."""
    return remembered(("guide", city.pk, slug), lambda: _published_guide(city, slug))


def _published_guide(city: City, slug: str) -> Guide | None:
    matter = remembered(
        ("matter", slug), lambda: Matter.objects.select_related("category").filter(slug=slug).first()
    )
    if matter is None:
        return None
    of_city = Guide.objects.published().in_city(city).to_matter(matter)
    guide = of_city.select_related("snapshot").defer("imported_document").order_by().first()
    if guide is None or _unpack(guide, city, matter):
        return guide
    return of_city.with_details().get()


def _unpack(guide: Guide, city: City, matter: Matter) -> bool:
    """Give the guide its lists; says False when its snapshot is missing, old, or not of these offices."""
    snapshot: Snapshot | None = getattr(guide, "snapshot", None)
    if snapshot is None or snapshot.version != guide.version:
        return False
    offices = remembered(("offices", city.pk), lambda: _offices(city))
    phones = {phone.pk: phone for office in offices.values() for phone in office.phones.all()}
    tables: dict[str, Table] = json.loads(snapshot.rows)
    places, links = _rows(GuideOffice, tables["guide_offices"]), _rows(GuidePhone, tables["guide_phones"])
    if any(place.office_id not in offices for place in places):
        return False
    if any(link.phone_id not in phones for link in links):
        return False
    for link in links:
        link.phone = phones[link.phone_id]
    for place in places:
        place.guide, place.office = guide, offices[place.office_id]
        _give(place, "guide_phones", GuidePhone, [link for link in links if link.guide_office_id == place.pk])
    for name, model in LISTS.items():
        _give(guide, name, model, _rows(model, tables[name]))
    _give(guide, "guide_offices", GuideOffice, places)
    guide.city, guide.matter = city, matter
    if key := guide.handbook_id:
        guide.handbook = remembered(("handbook", key), lambda: _handbook(key))
    return True


def _handbook(key: int) -> Handbook:
    return Handbook.objects.without_text().select_related("city").get(pk=key)


def _offices(city: City) -> dict[int, Office]:
    return {office.pk: office for office in Office.objects.in_city(city).with_details()}


def _rows(model: type[models.Model], table: Table) -> list[Any]:
    return [model.from_db(None, table["fields"], values) for values in table["rows"]]


class Fetched(models.QuerySet[Any]):
    """Rows that are there already, to be read with ``.all()``; a further condition would ask the database."""

    def _chain(self) -> Fetched:
        raise TypeError(
            "the lists of a snapshot are read whole: select in Python, or ask the model's manager"
        )


def _give(owner: models.Model, name: str, model: type[models.Model], rows: list[Any]) -> None:
    """What ``prefetch_related(name)`` would have left."""
    fetched = Fetched(model)
    fetched._result_cache = rows  # noqa: SLF001 (Django has no public way to hand over rows)
    vars(owner).setdefault("_prefetched_objects_cache", {})[name] = fetched
