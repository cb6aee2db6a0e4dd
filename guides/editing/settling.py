"""A person's word on what the checks noticed: settled, with who, when and why. Findings never change the data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from guides.models import Finding, Guide, SettledAdvice
from offices.models import Office

from .changes import note_doubt
from .revisions import author_name
from .stamps import SITE, stamp


@transaction.atomic
def settle_finding(finding: Finding, author: User | None, note: str, when: datetime) -> None:
    """Somebody looked at a finding: it is listed as settled, and pages no longer mark its number as in doubt."""
    finding.settled_on, finding.settled_by, finding.settled_note = when, author_name(author), note
    _keep(finding)


@transaction.atomic
def unsettle_finding(finding: Finding) -> None:
    """A finding is open again."""
    finding.settled_on, finding.settled_by, finding.settled_note = None, "", ""
    _keep(finding)


def settle_advice(
    subject: Guide | Office, text: str, author: User | None, note: str, when: datetime
) -> SettledAdvice:
    """Somebody looked at a piece of advice on a guide or an office, given in its own words."""
    about: dict[str, Any] = {"guide" if isinstance(subject, Guide) else "office": subject, "text": text}
    said = {"settled_on": when, "settled_by": author_name(author), "settled_note": note}
    settled, _ = SettledAdvice.objects.update_or_create(city_id=subject.city_id, **about, defaults=said)
    return settled


def unsettle_advice(settled: SettledAdvice) -> None:
    """A piece of advice is open again."""
    settled.delete()


def _keep(finding: Finding) -> None:
    finding.save(update_fields=["settled_on", "settled_by", "settled_note"])
    stamp([SITE])
    note_doubt(finding)
