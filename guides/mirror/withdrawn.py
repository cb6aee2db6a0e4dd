"""Which guides were withdrawn, as files, so that nginx shows no page of them that it kept while the application is away.

They lie beside the versions, because they are there seconds after a takedown, and a version only when all its pages are made.
"""

from __future__ import annotations

from itertools import chain, product
from pathlib import Path

from guides.models import Guide, Matter
from offices.models import City

from .files import put

FOLDER = "withdrawn"
"""Inside the folder of the mirror; ``deploy/nginx/site.conf`` looks there."""


def note_withdrawn(folder: Path) -> None:
    """Have an empty file ``<city>/<matter>`` in ``folder`` for every withdrawn guide, and no other."""
    noted = {path.relative_to(folder).as_posix() for path in folder.glob("*/*")}
    names = names_of_withdrawn()
    for name in names - noted:
        put(folder / name, b"")
    for name in noted - names:
        (folder / name).unlink()


def names_of_withdrawn() -> set[str]:
    """What stands behind ``/guides/`` in the addresses of withdrawn guides, under former slugs as well."""
    guides = Guide.objects.withdrawn().select_related("city", "matter")
    known = guides.prefetch_related("city__former_slugs", "matter__former_slugs")
    pairs = (product(slugs_of(guide.city), slugs_of(guide.matter)) for guide in known)
    return {"/".join(pair) for pair in chain.from_iterable(pairs)}


def slugs_of(row: City | Matter) -> list[str]:
    """The slug of a row, and those that it once had."""
    return [row.slug, *(former.slug for former in row.former_slugs.all())]
