"""What a page would say: a document is applied, looked at and taken back. Nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from guides.models import Guide
from offices.models import Office

from .applying import apply_guide, apply_office
from .documents import Document
from .revisions import fresh


@contextmanager
def guide_as_if(document: Document) -> Iterator[Guide]:
    """The guide as it would stand, published, if the document were saved; the page has to be made inside the block.

    The rows are locked meanwhile. Raises :class:`~.documents.DocumentError`; what publishing asks for is not asked.
    """
    with transaction.atomic():
        guide, _ = apply_guide(document, status="published")
        yield fresh(guide)  # type: ignore[misc] # a guide stays a guide
        transaction.set_rollback(True)


@contextmanager
def office_as_if(document: Document) -> Iterator[Office]:
    """The same for an office."""
    with transaction.atomic():
        office, _ = apply_office(document)
        yield fresh(office)  # type: ignore[misc]
        transaction.set_rollback(True)
