"""Rows that are not documents (cities, matters, aliases…): checked, then saved or deleted here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models, transaction


@transaction.atomic
def save_entry(entry: models.Model) -> None:
    """Save one row. Raises ``ValidationError`` when a field or a constraint refuses it."""
    entry.full_clean()
    entry.save()


@transaction.atomic
def save_links(form: forms.ModelForm[Any], formsets: Sequence[Any]) -> None:
    """Save what hangs on a row that was just saved: its many-to-many links and the rows of its formsets."""
    form.save_m2m()
    for formset in formsets:
        formset.save()


@transaction.atomic
def delete_entry(entry: models.Model) -> None:
    """Delete one row. Raises ``ProtectedError`` when published content still needs it."""
    entry.delete()
