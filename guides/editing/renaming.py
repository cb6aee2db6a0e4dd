"""A new slug for a matter, a county or a city; the old one leads to it for ever.

Slugs stand in documents, so a renaming changes every document that holds one, and each gets a revision (no news for residents). Documents kept
from before (revisions, proposals, what somebody typed meanwhile) still apply: :func:`as_called_now` brings them up to date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from guides.models import Guide, Matter
from offices.former_slugs import FormerCountySlug
from offices.models import City, County, Office

from .documents import Document
from .revisions import BY_COMMAND, Change, recorded
from .search_index import index_offices
from .stamps import SITE, stamp


@transaction.atomic
def rename_matter(matter: Matter, slug: str, change: Change = BY_COMMAND) -> None:
    """Give a matter another slug. Raises ``ValidationError`` when it is taken, or was once another's."""
    guides = Guide.objects.to_matter(matter)
    _rename(matter, slug, change, guides, Office.objects.none())
    _follow_in_books(guides)


@transaction.atomic
def rename_city(city: City, slug: str, change: Change = BY_COMMAND) -> None:
    """Give a city another slug. Raises ``ValidationError`` when it is taken, or was once another's."""
    guides, offices = Guide.objects.in_city(city), Office.objects.in_city(city)
    _rename(city, slug, change, guides, offices)
    _follow_in_books(guides, offices)
    index_offices(offices.with_details())


@transaction.atomic
def rename_county(county: County, slug: str, change: Change = BY_COMMAND) -> None:
    """Give a county another slug. Raises ``ValidationError`` when the city has it, or once had it for another."""
    offices = Office.objects.in_county(county)
    guides = Guide.objects.filter(guide_offices__office__in=offices).distinct()
    _rename(county, slug, change, guides, offices)
    _follow_in_books(Guide.objects.in_city(county.city), Office.objects.in_city(county.city))
    index_offices(offices.with_details())


def _rename(
    row: Matter | City | County, slug: str, change: Change, guides: QuerySet[Guide], offices: QuerySet[Office]
) -> None:
    """Save the row under its new slug, remember the old one, and write the revisions of these guides and offices."""
    old, row.slug = row.slug, slug
    if old == slug:
        return
    row.full_clean()
    with recorded(_because(change, old, slug), guides, offices, is_news=False):
        row.save()
    row.former_slugs.filter(slug=slug).delete()
    where = {"city": row.city} if isinstance(row, County) else {}
    row.former_slugs.create(slug=old, **where)
    stamp([SITE])


def _because(change: Change, old: str, new: str) -> Change:
    return replace(change, reason=change.reason or f"网址名由 {old} 改为 {new}")


def _follow_in_books(*rows: QuerySet[Any]) -> None:
    """What the rows keep of the last import says the present slugs too: pages ask it for counties."""
    for row in (row for some in rows for row in some):
        if row.imported_document:
            row.imported_document = as_called_now(row.imported_document)
            row.save(update_fields=["imported_document"])


def city_called(slug: str) -> City:
    """The city of this slug, present or former. Raises ``City.DoesNotExist``."""
    return City.objects.filter(slug=slug).first() or City.objects.once_called(slug).get()


def matter_called(slug: str) -> Matter:
    """The matter of this slug, present or former. Raises ``Matter.DoesNotExist``."""
    return Matter.objects.filter(slug=slug).first() or Matter.objects.once_called(slug).get()


def county_called(city: City, slug: str) -> County:
    """The city's county of this slug, present or former. Raises ``County.DoesNotExist``."""
    counties = County.objects.filter(city=city)
    return counties.filter(slug=slug).first() or counties.once_called(slug).get()


def as_called_now(document: Mapping[str, Any]) -> Document:
    """The document of a guide or an office with the slugs its city, matter and counties have now.

    Raises ``DoesNotExist`` for a city or matter that never had such a slug.
    """
    city = city_called(document["city"])
    now: Document = {**document, "city": city.slug}
    if "matter" in now:
        now["matter"] = matter_called(now["matter"]).slug
    renamed = dict(FormerCountySlug.objects.filter(city=city).values_list("slug", "county__slug"))
    if "county" in now:
        now["county"] = renamed.get(now["county"], now["county"])
    if "offices" in now:
        now["offices"] = [
            {**place, "county": renamed.get(place["county"], place["county"])} for place in now["offices"]
        ]
    return now
