"""What is known of a guide beside its document: when it was checked, when it will be again, what to read instead.

None of it changes the text, the version or the record of updates.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from guides.models import Guide

from .revisions import author_name
from .stamps import guide_scope, stamp

REVIEW_EVERY = dt.timedelta(days=183)
"""Half a year: how long a guide found right counts as checked, unless an editor sets another day."""
BESIDE = ("successor_id", "review_on")


@transaction.atomic
def confirm(guide: Guide, author: User | None, today: dt.date) -> Guide:
    """Note that somebody has checked the guide today and found it still right; the next review is in half a year."""
    guide.verified_on, guide.verified_by = today, author_name(author)
    guide.review_on = today + REVIEW_EVERY
    guide.save(update_fields=["verified_on", "verified_by", "review_on"])
    stamp([guide_scope(guide.city.slug, guide.matter.slug)])
    return guide


@transaction.atomic
def set_beside(guide: Guide, **values: Any) -> bool:
    """Set the successor (``successor_id``) or the day of the next review; whether anything changed."""
    rows = Guide.objects.filter(pk=guide.pk)
    known = rows.values(*BESIDE).get()
    changed = {key: value for key, value in values.items() if known[key] != value}
    if changed:
        rows.update(**changed)
    return bool(changed)
