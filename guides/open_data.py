"""The canonical documents of published guides, however many there are: read matter by matter or city by city."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from offices.models import City

from .models import Guide, GuideQuerySet, Matter


def in_reading_order() -> Iterator[dict[str, Any]]:
    """Every published guide: matter by matter, the cities in their order."""
    for matter in Matter.objects.with_published_guides():
        yield from documents_of(Guide.objects.published().to_matter(matter))


def city_by_city() -> Iterator[dict[str, Any]]:
    """Every published guide: city by city, the matters in their order."""
    for city in City.objects.all():
        yield from of_city(city)


def of_city(city: City) -> Iterator[dict[str, Any]]:
    """The published guides of one city, in reading order."""
    return documents_of(Guide.objects.published().in_city(city))


def documents_of(guides: GuideQuerySet) -> Iterator[dict[str, Any]]:
    """These guides, in reading order, read all at once."""
    return (guide.document() for guide in guides.with_details().in_reading_order())


def as_json(documents: Iterable[dict[str, Any]]) -> Iterator[str]:
    """A JSON list with one document a line, piece by piece."""
    separator = "[\n"
    for document in documents:
        yield separator + json.dumps(document, ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"
