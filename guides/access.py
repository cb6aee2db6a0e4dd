"""Who may see and change what: the one place that knows.

Two questions, for rows of any model of the site: :func:`visible_to` and :func:`editable_by`. What somebody may do comes
from his groups (:data:`ROLES`), where he may do it from his duties (:class:`~guides.models.Duty`). A superuser may do
everything everywhere. Rows of another place are left out, so that every door answers 404 for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Model, Q, QuerySet

from guides import models as guides
from offices import models as offices

M = TypeVar("M", bound=Model)
Person = User | AnonymousUser

CITY_ADMIN, COUNTY_EDITOR, WINDOW_STAFF, AUDITOR = "市级管理员", "县区编辑", "窗口人员", "审计"
ROLES = (CITY_ADMIN, COUNTY_EDITOR, WINDOW_STAFF, AUDITOR)
"""The groups of staff, made by a migration."""


@dataclass(frozen=True)
class Place:
    """The ways from a model to its city and its county, ``pk`` where it is one itself.

    What has a city but no county (a guide's text) is every county's: a county editor sees it and proposes changes.
    """

    city: str
    county: str = ""


PLACES: dict[type[Model], Place] = {
    offices.City: Place("pk"),
    offices.County: Place("city", "pk"),
    offices.Office: Place("city", "county"),
    guides.Guide: Place("city"),
    guides.Handbook: Place("city"),
    guides.Correction: Place("handbook__city"),
    guides.Finding: Place("handbook__city", "county"),
    guides.Revision: Place("city", "office__county"),
    guides.Proposal: Place("city", "county"),
}


def visible_to(rows: QuerySet[M], user: Person) -> QuerySet[M]:
    """The rows this person may look at: those of the cities he answers for, wholly or in part, and what has no city."""
    place = PLACES.get(rows.model)
    if user.is_superuser or place is None:
        return rows
    return rows.filter(**{f"{place.city}__in": _cities(user)})


def editable_by(rows: QuerySet[M], user: Person) -> QuerySet[M]:
    """The rows this person may change himself, at once.

    A city admin: everything of his cities. A county editor: what belongs to his counties alone. Nobody else anything;
    what has no city (the catalogue, the calendar) is for superusers.
    """
    if user.is_superuser:
        return rows
    place = PLACES.get(rows.model)
    if place is None:
        return rows.none()
    mine = Q(pk__in=[])
    if has_role(user, CITY_ADMIN):
        mine |= Q(**{f"{place.city}__in": _whole_cities(user)})
    if has_role(user, COUNTY_EDITOR) and place.county:
        mine |= Q(**{f"{place.county}__in": _counties(user)})
    return rows.filter(mine)


def may_see(user: Person, row: Model) -> bool:
    """Whether this person may look at this row."""
    return visible_to(type(row)._default_manager.filter(pk=row.pk), user).exists()


def may_edit(user: Person, row: Model) -> bool:
    """Whether this person may change this row himself."""
    return editable_by(type(row)._default_manager.filter(pk=row.pk), user).exists()


def has_role(user: Person, *roles: str) -> bool:
    """Whether the person is in one of these groups."""
    return user.groups.filter(name__in=roles).exists()


def _cities(user: Person) -> QuerySet[Any]:
    return guides.Duty.objects.filter(user=user.pk).values("city")


def _whole_cities(user: Person) -> QuerySet[Any]:
    return guides.Duty.objects.filter(user=user.pk, county=None).values("city")


def _counties(user: Person) -> QuerySet[Any]:
    return guides.Duty.objects.filter(user=user.pk).exclude(county=None).values("county")
