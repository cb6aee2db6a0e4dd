"""What is in a database, as digests by name: ``python -m tests.safety.contents [COMMAND as JSON | --export FILE]``.

Documents, every row with a natural key (what the fixtures hold), revisions, search postings, snapshots and counts; keys that
only count rows, and the time of day, are left out. With a command, which runs first; with ``--export``, the documents into a
file for a database that has no handbooks.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()

from guides.editing import many
from guides.fixtures import fixture_texts
from guides.models import CitySpread, Guide, MatterSpread, OfficePosting, Posting, Revision, Snapshot
from guides.models.spread import read_facts
from guides.open_data import city_by_city
from guides.stored import published_guide
from offices.models import Office


def texts() -> Iterator[tuple[str, str]]:
    """Every part under its name."""
    for guide in Guide.objects.with_details().in_reading_order():
        document = guide.document()
        yield f"guide {document['city']}/{document['matter']}", json.dumps(document, ensure_ascii=False)
    for office in Office.objects.with_details().order_by("city", "key"):
        yield f"office {office.city.slug}/{office.key}", json.dumps(office.document(), ensure_ascii=False)
    for name, text in fixture_texts().items():
        yield f"rows {name}", text
    for name, rows in rows_without_natural_keys().items():
        yield name, "\n".join(sorted(map(repr, rows)))


def rows_without_natural_keys() -> dict[str, list[tuple[object, ...]]]:
    """History and what is derived."""
    subject = (
        "kind",
        "guide__city__slug",
        "guide__matter__slug",
        "office__key",
        "number",
        "source",
        "reason",
    )
    rows = {
        "revisions": Revision.objects.values_list(*subject, "after"),
        "postings": Posting.objects.values_list("matter__slug", "token", "from_names", "weight"),
        "office postings": OfficePosting.objects.values_list("office__key", "token", "weight"),
        "spread of cities": CitySpread.objects.values_list("city__slug", "counties"),
    }
    derived = {"snapshots": snapshots(), "spread of matters": spread()}
    return {name: list(found.order_by()) for name, found in rows.items()} | derived


def spread() -> list[tuple[object, ...]]:
    """Which facts and papers hold in which cities; a city's own number is one that only counts rows."""
    slugs = dict(CitySpread.objects.values_list("pk", "city__slug"))
    return [
        (
            row.matter.slug,
            kind,
            fact,
            cities.bit_count(),
            sorted(slug for number, slug in slugs.items() if cities >> number & 1),
        )
        for row in MatterSpread.objects.select_related("matter")
        for kind, words in (("fact", row.facts), ("paper", row.papers))
        for fact, cities in read_facts(words).items()
    ]


def snapshots() -> list[tuple[object, ...]]:
    """Which there are, and what pages read out of each; its own text names rows by keys."""
    found = Snapshot.objects.select_related("guide__city", "guide__matter")
    return [
        (str(snapshot.guide), snapshot.version, guide and guide.document())
        for snapshot in found
        for guide in [published_guide(snapshot.guide.city, snapshot.guide.matter.slug)]
    ]


def export(file: Path) -> None:
    """All published documents, without the handbooks they come from."""
    with gzip.open(file, "wt", encoding="utf-8") as into:
        for document in city_by_city():
            document["source"] = {"handbook": "", "first_line": None, "last_line": None}
            into.write(json.dumps(document, ensure_ascii=False) + "\n")


def main(arguments: list[str]) -> None:
    """Print the digests."""
    if arguments[:1] == ["--export"]:
        export(Path(arguments[1]))
        return
    if arguments:
        command = json.loads(arguments[0])
        if command[0] == "-m":  # the name of small_batches, the size, the command itself
            many.AT_A_TIME = int(command[2])
        call_command(*command[1 if command[0] != "-m" else 3 :], stdout=StringIO())
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts()}
    sys.stdout.write(json.dumps(digests, ensure_ascii=False, sort_keys=True))


if __name__ == "__main__":
    main(sys.argv[1:])
