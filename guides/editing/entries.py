"""Rows that are not documents (cities, matters, aliases…): checked, then saved or deleted here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models, transaction

from guides.models import Alias, Duty, Guide, LifeEvent, Matter
from offices.models import County, Office

from .noting import note
from .revisions import BY_COMMAND, Change, record_deletion
from .search_index import index_names
from .spread import by_editing
from .stamps import SITE, stamp


@transaction.atomic
def save_entry(entry: models.Model) -> None:
    """Save one row. Raises ``ValidationError`` when a field or a constraint refuses it."""
    entry.full_clean()
    entry.save()
    stamp([SITE])
    _index(entry)
    _note("apply", entry, None)


@transaction.atomic
def save_links(form: forms.ModelForm[Any], formsets: Sequence[Any]) -> None:
    """Save what hangs on a row that was just saved: its many-to-many links and the rows of its formsets."""
    form.save_m2m()
    for formset in formsets:
        formset.save()
    stamp([SITE])
    _index(form.instance)


@transaction.atomic
def save_order(entries: Sequence[Any]) -> None:
    """Number rows that have a ``position`` in the order they are given; those in place are left alone."""
    for position, entry in enumerate(entries):
        if entry.position != position:
            entry.position = position
            entry.save(update_fields=["position"])
    stamp([SITE])


class StillPublishedError(ValueError):
    """What the public has once seen may be withdrawn, not deleted: its address must never lead nowhere."""


def why_kept(entry: models.Model) -> str:
    """Why this row may not be deleted now, and what to do instead; "" when it may."""
    if isinstance(entry, Guide) and entry.status == "published":
        return f"“{entry}”已经发布，不能删除。不再办理的，请把状态改为“撤下”并保存。"
    if isinstance(entry, Guide) and entry.status == "withdrawn":
        return f"“{entry}”发布过，不能删除：群众收藏的网址还要告诉他已经撤下、改看哪里。留着即可，列表里可以按状态筛掉。"
    if isinstance(entry, County) and Guide.objects.ever_published().in_city(entry.city).exists():
        return f"“{entry}”的网址已经公开，不能删除。名称变了的，改名称即可，网址不用变。"
    if isinstance(entry, LifeEvent):
        return f"“{entry}”的网址已经公开，不能删除。内容不对的，改名称、说明和要办的事项即可。"
    return ""


@transaction.atomic
def delete_entry(entry: models.Model, change: Change = BY_COMMAND) -> None:
    """Delete one row; of a guide or an office a last revision stays behind.

    Raises ``ProtectedError`` when published content still needs it, :class:`StillPublishedError` for what the
    public has once seen, and :class:`~.revisions.Conflict`.
    """
    if why := why_kept(entry):
        raise StillPublishedError(why)
    if isinstance(entry, (Guide, Office)):
        record_deletion(entry, change)
    with by_editing():
        entry.delete()
    stamp([SITE])
    if isinstance(entry, Alias):
        index_names(entry.matter)
    _note("delete", entry, change)


def _note(action: str, entry: models.Model, change: Change | None) -> None:
    """What leaves a revision or a signal has its own entry."""
    if not isinstance(entry, Guide | Office | Duty):
        note(
            action,
            change.author if change else None,
            f"{entry._meta.verbose_name} {entry}",
            row=str(entry.pk),
        )


def _index(entry: models.Model) -> None:
    """Bring search up to date when what a matter is called has changed."""
    matter = entry.matter if isinstance(entry, Alias) else entry
    if isinstance(matter, Matter):
        index_names(matter)
