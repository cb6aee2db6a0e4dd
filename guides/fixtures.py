"""The fixture files: which rows go where, written the same way every time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from guides import models as guides
from offices.models import City, County, Office, OpeningHours, Phone

CATALOGUE = (
    City,
    County,
    guides.Category,
    guides.Audience,
    guides.Matter,
    guides.Alias,
    guides.LifeEvent,
    guides.LifeEventStep,
    guides.Term,
)
# Model, the way to its city, and what its natural key and foreign keys need fetched along.
BY_CITY: tuple[tuple[type[models.Model], str, tuple[str, ...]], ...] = (
    (guides.Handbook, "city", ("city",)),
    (guides.Correction, "handbook__city", ("handbook",)),
    (Office, "city", ("city", "county__city")),
    (OpeningHours, "office__city", ("office__city",)),
    (Phone, "office__city", ("office__city",)),
    (guides.Guide, "city", ("city", "matter", "handbook")),
    *(
        (model, "guide__city", ("guide__city", "guide__matter"))
        for model in (guides.Channel, guides.Material, guides.TimeLimit, guides.Step, guides.Note)
    ),
    (guides.GuideOffice, "guide__city", ("guide__city", "guide__matter", "office__city")),
    (
        guides.GuidePhone,
        "guide_office__guide__city",
        (
            "guide_office__guide__city",
            "guide_office__guide__matter",
            "guide_office__office",
            "phone__office__city",
        ),
    ),
    (guides.Finding, "handbook__city", ("handbook", "guide__city", "guide__matter", "county__city")),
)


def fixture_names() -> list[str]:
    """The fixtures that are there, in the order ``loaddata`` needs them: the catalogue, then the cities."""
    folders = [Path(folder) for folder in settings.FIXTURE_DIRS]
    cities = sorted(
        path.stem for folder in folders for path in folder.glob("*.json") if path.stem != "catalogue"
    )
    return ["catalogue", *cities]


def fixture_texts() -> dict[str, str]:
    """File name → contents for everything in the database: the catalogue, then one file per city."""
    texts = {
        "catalogue.json": _serialized(row for model in CATALOGUE for row in model._default_manager.all())
    }
    for city in City.objects.all():
        texts[f"{city.slug}.json"] = _serialized(_rows_of(city))
    return texts


def _rows_of(city: City) -> Iterator[models.Model]:
    for model, path, related in BY_CITY:
        yield from model._default_manager.filter(**{path: city}).select_related(*related)


def _serialized(rows: Iterable[models.Model]) -> str:
    """JSON with natural keys only, sorted by natural key within each model; keys sorted too, as engines differ."""
    ordered = sorted(rows, key=_place)
    options: dict[str, Any] = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    rows = serializers.serialize("python", ordered, **options)
    return json.dumps(rows, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _place(row: models.Model) -> tuple[int, tuple[Any, ...]]:
    order = [*CATALOGUE, *(model for model, _, _ in BY_CITY)]
    natural_key: tuple[Any, ...] = row.natural_key()  # type: ignore[attr-defined]
    return order.index(type(row)), natural_key
