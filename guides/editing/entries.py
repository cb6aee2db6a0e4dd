"""Rows that are not documents (cities, matters, aliases…): checked, then saved or deleted here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models, transaction

from guides.models import Alias, Matter

from .search_index import index_names


@transaction.atomic
def save_entry(entry: models.Model) -> None:
    """Save one row. Raises ``ValidationError`` when a field or a constraint refuses it."""
    entry.full_clean()
    entry.save()
    _index(entry)


@transaction.atomic
def save_links(form: forms.ModelForm[Any], formsets: Sequence[Any]) -> None:
    """Save what hangs on a row that was just saved: its many-to-many links and the rows of its formsets."""
    form.save_m2m()
    for formset in formsets:
        formset.save()
    _index(form.instance)


@transaction.atomic
def save_order(entries: Sequence[Any]) -> None:
    """Number rows that have a ``position`` in the order they are given; those in place are left alone."""
    for position, entry in enumerate(entries):
        if entry.position != position:
            entry.position = position
            entry.save(update_fields=["position"])


@transaction.atomic
def delete_entry(entry: models.Model) -> None:
    """Delete one row. Raises ``ProtectedError`` when published content still needs it."""
    entry.delete()
    if isinstance(entry, Alias):
        index_names(entry.matter)


def _index(entry: models.Model) -> None:
    """Bring search up to date when what a matter is called has changed."""
    matter = entry.matter if isinstance(entry, Alias) else entry
    if isinstance(matter, Matter):
        index_names(matter)
