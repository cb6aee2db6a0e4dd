"""Who may see and change what: the one place that knows.

Two questions, for rows of any model of the site: :func:`visible_to` and :func:`editable_by`. What somebody may do comes
from his groups (:data:`ROLES`), where he may do it from his duties (:class:`~guides.models.Duty`). A superuser may do
everything everywhere. Rows of another place are left out, so that every door answers 404 for them.

The same question for documents is :meth:`Reach.allows`: it is asked again for every change that is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast

from guides import models as guides
from keeping.models import AuditEntry
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
    offices.OpeningHours: Place("office__city", "office__county"),
    offices.Phone: Place("office__city", "office__county"),
    guides.Guide: Place("city"),
    guides.GuideOffice: Place("guide__city", "office__county"),
    guides.Duty: Place("city"),
    guides.Handbook: Place("city"),
    guides.Correction: Place("handbook__city"),
    guides.Finding: Place("handbook__city", "county"),
    guides.Revision: Place("city", "office__county"),
    guides.Proposal: Place("city"),
    guides.SettledAdvice: Place("city", "office__county"),
}
OF_PLACES: tuple[type[Model], ...] = (offices.City, offices.County, offices.Office)
"""What a form may choose as the place of something: only where the person may change things."""


class NotAllowedError(PermissionDenied):
    """Somebody would have changed what is not his to change; nothing was written."""


def visible_to(rows: QuerySet[M], user: Person) -> QuerySet[M]:
    """The rows this person may look at: those of the cities he answers for, wholly or in part, and what has no city.

    Nothing for somebody without a role.
    """
    place = PLACES.get(rows.model)
    if user.is_superuser:
        return rows
    if not has_role(user, *ROLES):
        return rows.none()
    if rows.model is AuditEntry:
        return rows.filter(_of_his_cities(user))
    return rows.filter(**{f"{place.city}__in": _cities(user)}) if place else rows


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


def choosable_by(rows: QuerySet[M], user: Person) -> QuerySet[M]:
    """The rows this person may choose in a form: places where he may change things, otherwise what he may see."""
    return editable_by(rows, user) if rows.model in OF_PLACES else visible_to(rows, user)


def may_see(user: Person, row: Model) -> bool:
    """Whether this person may look at this row."""
    return visible_to(type(row)._default_manager.filter(pk=row.pk), user).exists()


def may_edit(user: Person, row: Model) -> bool:
    """Whether this person may change this row himself."""
    return editable_by(type(row)._default_manager.filter(pk=row.pk), user).exists()


def may_propose(user: Person, guide: guides.Guide) -> bool:
    """Whether this person may change his county's places in this guide, and propose the rest: a county editor of its city."""
    return (
        has_role(user, COUNTY_EDITOR)
        and guides.Duty.objects.filter(user=user.pk, city=guide.city_id).exclude(county=None).exists()
    )


def has_role(user: Person, *roles: str) -> bool:
    """Whether the person is in one of these groups; they are read once for each request, as Django's permissions are."""
    if "roles" not in vars(user):
        vars(user)["roles"] = set(user.groups.values_list("name", flat=True)) if user.is_active else set()
    return not vars(user)["roles"].isdisjoint(roles)


@dataclass(frozen=True)
class Reach:
    """Where somebody may change what, by the slugs that documents carry: whole cities, and (city, county)."""

    is_everywhere: bool = False
    cities: frozenset[str] = frozenset()
    places: frozenset[tuple[str, str]] = frozenset()

    def counties(self, city: str) -> set[str]:
        """The counties of this city he answers for."""
        return {county for of_city, county in self.places if of_city == city}

    def allows(
        self, before: Mapping[str, Any], after: Mapping[str, Any], *, is_status_kept: bool = True
    ) -> bool:
        """Whether he may make the one document of the other himself; {} stands for nothing before, or nothing after."""
        cities = {document["city"] for document in (before, after) if document}
        if self.is_everywhere or cities <= self.cities:
            return True
        if not before or not after or len(cities) > 1 or not is_status_kept:
            return False
        counties = self.counties(*cities)
        if "matter" in after:
            return own_part(before, after, counties) == after
        return {before["county"], after["county"]} <= counties


def reach_of(user: Person) -> Reach:
    """Where this person may change what."""
    duties = list(
        guides.Duty.objects.filter(user=user.pk).values_list("city__slug", "county__slug")
        if user.is_active and not user.is_superuser
        else []
    )
    whole = {city for city, county in duties if not county} if has_role(user, CITY_ADMIN) else set()
    parts = {(city, county) for city, county in duties if county} if has_role(user, COUNTY_EDITOR) else set()
    return Reach(user.is_active and user.is_superuser, frozenset(whole), frozenset(parts))


def own_part(before: Mapping[str, Any], wanted: Mapping[str, Any], counties: set[str]) -> dict[str, Any]:
    """A guide's document before, with what the wanted one says of the places in these counties."""
    mine = {place["key"]: place for place in wanted["offices"] if place["county"] in counties}
    places = [
        mine.get(place["key"], place) if place["county"] in counties else place for place in before["offices"]
    ]
    return {**before, "offices": places}


def without_others(
    before: Mapping[str, Any], wanted: Mapping[str, Any], counties: set[str]
) -> dict[str, Any]:
    """The wanted document of a guide with the places outside these counties as they were."""
    was = {place["key"]: place for place in before["offices"] if place["county"] not in counties}
    places = []
    for place in wanted["offices"]:
        if place["county"] in counties:
            places.append(place)
        elif place["key"] in was:
            places.append(was.pop(place["key"]))
    for place in was.values():
        places.insert(before["offices"].index(place), place)
    return {**wanted, "offices": places}


def _of_his_cities(user: Person) -> Q:
    """Of the audit trail: what happened in the cities he answers for, and what their people did that has no city."""
    cities = guides.Duty.objects.filter(user=user.pk)
    people = guides.Duty.objects.filter(city__in=_cities(user))
    colleagues = people.values(key=Cast("user_id", CharField(max_length=40)))
    return Q(place__in=cities.values("city__slug")) | Q(place="", actor_id__in=colleagues)


def _cities(user: Person) -> QuerySet[Any]:
    return guides.Duty.objects.filter(user=user.pk).values("city")


def _whole_cities(user: Person) -> QuerySet[Any]:
    return guides.Duty.objects.filter(user=user.pk, county=None).values("city")


def _counties(user: Person) -> QuerySet[Any]:
    return guides.Duty.objects.filter(user=user.pk).exclude(county=None).values("county")
