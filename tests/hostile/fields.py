"""Every text field of the site, found by introspection, filled with hostile words; whatever is not, has a reason here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.validators import RegexValidator
from django.db import models

from guides.editing import (
    Change,
    apply_guide,
    apply_office,
    complete_snapshots,
    propose,
    rebuild_search,
    rebuild_spread,
)
from guides.models import Guide, GuideOffice, Proposal, Snapshot
from keeping.trail import record
from offices.models import City, Office
from reports.models import Report
from tests.admin.addresses import Address, addresses, rows_of
from tests.admin.staff import everyone
from tests.cast import Cast, assemble

from .payloads import words

ROOMS = ("offices", "guides", "reports", "staff", "keeping")
Field = Any
"""A CharField, a TextField or a JSONField."""
SPARED = {
    "keeping.AuditEntry": "written by keeping.trail.record alone, so that the chain holds: see further_rows",
    "staff.PasswordRecord": "a hash",
    "staff.SecondFactor.key": "a hexadecimal key",
    "staff.Lockout.ip_address": "no text",
    "offices.FormerCitySlug": "a slug once, by the validator of slugs",
    "offices.FormerCountySlug": "a slug once, by the validator of slugs",
    "guides.FormerMatterSlug": "a slug once, by the validator of slugs",
    "guides.Handbook.sha256": "computed",
    "offices.Office.imported_document": "a document: see further_rows",
    "guides.Guide.imported_document": "a document: see further_rows",
    "guides.GuideOffice.own_hours": "sessions: see further_rows",
    "guides.Posting": "computed from the other fields",
    "guides.OfficePosting": "computed from the other fields",
    "guides.CitySpread": "computed from the other fields",
    "guides.MatterSpread": "computed from the other fields",
    "guides.Snapshot": "computed from the other fields",
    "guides.Stamp": "computed from the other fields",
    "reports.Report.receipt": "made by the site",
    "reports.Report.form_key": "made by the site",
    "reports.Report.client": "a hash",
    "reports.Report.voice": "a hash",
    "reports.Sender": "a hash",
}


def text_fields() -> Iterator[tuple[type[models.Model], Field]]:
    """Each field of our rooms, and of an account, in which words of people or handbooks can stand."""
    ours: list[type[models.Model]] = [
        model for room in ROOMS for model in apps.get_app_config(room).get_models()
    ]
    ours.append(User)
    for model in ours:
        for field in model._meta.concrete_fields:
            if isinstance(field, (models.CharField, models.TextField, models.JSONField)):
                yield model, field


def is_filled(model: type[models.Model], field: Field) -> bool:
    """Whether hostile words are put into it: not where only a few values or letters of an address are possible."""
    if model is User:
        return field.name in {"first_name", "last_name"}
    spared = {model._meta.label, f"{model._meta.label}.{field.name}"} & SPARED.keys()
    return not spared and not field.choices and not (field.name == "slug" and is_checked(field))


def is_checked(field: Field) -> bool:
    """Whether a form takes only words of one shape."""
    return any(isinstance(each, RegexValidator) for each in field.validators)


class Crowd:
    """The cast with every field hostile: ``places`` says which field each number in the words is.

    ``first`` turns the words (see :func:`tests.hostile.payloads.words`); ``changed`` is what is done to them, for a
    database of the same shape with harmless words. Without ``is_wild`` every value is one that forms take.
    """

    def __init__(self, first: int = 0, changed: Callable[[str], str] = str, *, is_wild: bool = True) -> None:
        self.places: list[str] = []
        self.first, self.changed, self.is_wild = first, changed, is_wild
        self.cast: Cast = assemble()
        self.people = everyone(self.cast.dazhou, self.cast.xuanhan)
        self.cast.enrolment.guide_offices.update(hours_text="工作日上午")
        self.rows = rows_of(self.cast, self.people)
        self.fill()

    def words(self, place: str, longest: int | None = None) -> str:
        """Words for one more place."""
        self.places.append(place)
        return self.changed(words(len(self.places) - 1, self.first, longest))

    def fill(self) -> None:
        """Put words into every field of every row, and compute anew what follows from them.

        Last into those that a form would refuse: no change of a document could be made any more.
        """
        filled = [(model, field) for model, field in text_fields() if is_filled(model, field)]
        for model, field in filled:
            if not is_checked(field):
                self.fill_field(model, field)
        self.further_rows()
        for model, field in filled:
            if is_checked(field) and self.is_wild:
                self.fill_field(model, field)
        rebuild_search()
        rebuild_spread()
        Snapshot.objects.all().delete()
        complete_snapshots()

    def fill_field(self, model: type[models.Model], field: Field) -> None:
        """Every row gets its own; one report keeps its page, so that what it leads to is shown as well."""
        name = f"{model._meta.label}.{field.name}"
        keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        for key in keys[1:] if name == "reports.Report.page" else keys:
            value = self.words(name, field.max_length)
            model._default_manager.filter(pk=key).update(**{field.name: value})

    def further_rows(self) -> None:
        """What is not a field of its own: documents, sessions, a change and its proposal, the trail, the admin's log."""
        hours = {
            "days": "workdays",
            "opens": "09:00",
            "closes": "12:00",
            "note": self.words("own_hours", 100),
        }
        GuideOffice.objects.filter(guide=self.cast.enrolment).update(own_hours=[hours])
        for guide in Guide.objects.with_details():
            before = guide.document() | {"audience": self.words("Guide.imported_document")}
            Guide.objects.filter(pk=guide.pk).update(imported_document=before)
        for office in Office.objects.with_details():
            before_it = office.document() | {"address": self.words("Office.imported_document", 200)}
            Office.objects.filter(pk=office.pk).update(imported_document=before_it)
        self.changes()
        proposal = Proposal.objects.get(guide=self.cast.enrolment, state="waiting")
        names = ("label", "was", "wanted", "made", "reason", "decided_name")
        said = {name: self.words(f"guides.ProposalLine.{name}", 150) for name in names}
        proposal.lines.create(number=0, verdict="accepted", decided_at=proposal.created_at, **said)
        report = Report.objects.order_by("pk")[0]
        by, answer = (
            self.words("reports.ReportChange.made_by", 150),
            self.words("reports.ReportChange.answer"),
        )
        report.changes.create(
            made_at=report.sent_at, made_by=by, state_before="new", state_after="new", answer=answer
        )
        record(
            "apply",
            actor=self.words("AuditEntry.actor_name", 100),
            object=self.words("AuditEntry.object", 200),
            detail={"why": self.words("AuditEntry.detail")},
            place=self.words("AuditEntry.place", 50),
        )
        Group.objects.create(name=self.words("Group.name", 150))
        LogEntry.objects.create(
            user=self.people["超级用户"],
            content_type=ContentType.objects.get_for_model(Guide),
            object_id=str(self.cast.enrolment.pk),
            object_repr=self.words("LogEntry.object_repr", 200),
            action_flag=2,
            change_message=self.words("LogEntry.change_message"),
        )

    def changes(self) -> None:
        """Something to show the difference of: from hostile words to others."""
        change = Change(
            reason=self.words("Change.reason", 200),
            public_note=self.words("Change.public_note", 200),
            batch=uuid4(),
        )
        for guide in (self.cast.enrolment, self.cast.credential_in_suining):
            document = Guide.objects.with_details().get(pk=guide.pk).document()
            Proposal.objects.filter(guide=guide, state="waiting").delete()
            later = document | {"progress": self.words("document.progress"), "notes": [self.words("notes")]}
            apply_guide(later, change)
            propose(guide, later | {"audience": self.words("document.audience")}, Change(source="admin"))
        office = Office.objects.with_details().filter(county=self.cast.xuanhan).get()
        apply_office(office.document() | {"name": self.words("document.name", 120)}, change)

    def addresses(self) -> list[Address]:
        """An address of every route, with rows that are there."""
        return list(addresses(self.rows))


def documents() -> dict[str, Any]:
    """Everything that is published, as its documents say it."""
    guides = {f"guide {guide.pk}": guide.document() for guide in Guide.objects.with_details()}
    return guides | {f"office {office.pk}": office.document() for office in Office.objects.with_details()}


__all__ = ["SPARED", "City", "Crowd", "Report", "documents", "is_filled", "text_fields"]
