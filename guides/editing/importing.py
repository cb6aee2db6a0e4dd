"""Offices that come back from a table: each changed one waits for sign-off, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from guides.models import Proposal
from offices.models import County, Office

from .documents import Document
from .noting import note
from .proposals import propose
from .revisions import Change, Conflict, fresh


@dataclass(frozen=True)
class Wanted:
    """What an office should say, and the version the table was compared with."""

    office: Office
    seen: int
    document: Document
    county: County | None = None
    """The county its author answers for; None for the whole city."""


@transaction.atomic
def propose_all(wanted: Iterable[Wanted], change: Change) -> list[Proposal]:
    """One proposal for each office. Raises :class:`~.revisions.Conflict` when one was changed since, and writes nothing."""
    proposals = []
    for one in wanted:
        now = fresh(one.office)
        if now.version != one.seen:
            raise Conflict(now)
        proposals.append(propose(now, one.document, change, one.county))
    cities = {proposal.city.slug for proposal in proposals}
    place = cities.pop() if len(cities) == 1 else ""
    note(
        "import",
        change.author,
        f"表格：{len(proposals)} 条修改建议",
        place,
        proposals=[each.pk for each in proposals],
    )
    return proposals
