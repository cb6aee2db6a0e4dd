"""How the importer's cost grows: ``make bench`` imports 2 books, then 200, into one database in memory.

The 200 are the two real books under the names of other cities. Prints CPU seconds, as ratios too: machines differ.
"""

from __future__ import annotations

import dataclasses
import os
import sys
from time import process_time

STARTED = process_time()
os.environ["DATABASE_URL"] = "sqlite://:memory:"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django  # noqa: E402 - the database has to be chosen first

django.setup()

from django.core.management import call_command  # noqa: E402

from guides.editing import describe_city, load_handbook  # noqa: E402
from guides.ingest import read_handbook  # noqa: E402
from offices.models import City, County  # noqa: E402
from tests import books  # noqa: E402

SIZES = (2, 200)


def import_books(first: int, count: int) -> float:
    """CPU seconds for reading and loading ``count`` books, two of each made-up city."""
    start = process_time()
    for number in range(first, first + count // 2):
        for original in ("suining", "dazhou"):
            entry = books.description(original)
            city = City.objects.create(
                slug=f"{original}-{number}", name=f"{entry.name}{number}", area_code=entry.area_code
            )
            County.objects.bulk_create(
                County(city=city, slug=county.slug, name=county.name, kind=county.kind, position=position)
                for position, county in enumerate(entry.counties)
            )
            handbook = f"{original}-{number}"
            data = books.handbook_bytes(original)
            corrections = [
                dataclasses.replace(correction, handbook=handbook)
                for correction in books.corrections()
                if correction.handbook == books.reading(original).handbook
            ]
            reading = read_handbook(
                data,
                handbook=handbook,
                city=describe_city(city),
                corrections=corrections,
                known_matters=books.matter_names(),
            )
            load_handbook(reading, file_name=books.FILES[original], data=data)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{(number - first + 1) * 2}/{count} 本")
    return process_time() - start


def main() -> None:
    """Print a line per size and the ratio of the cost of one book."""
    started = process_time() - STARTED
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0)
    for city in books.FILES:
        books.reading(city)
    sys.stdout.write(
        f"启动、建表、载入目录：{started:.2f} 秒启动，{process_time() - STARTED - started:.2f} 秒准备（CPU）\n"
    )
    costs = []
    first = 0
    for size in SIZES:
        seconds = import_books(first, size)
        first += size
        costs.append(seconds / size)
        sys.stdout.write(f"导入 {size:>3} 本：{seconds:.2f} 秒 CPU，每本 {seconds / size:.3f} 秒\n")
    sys.stdout.write(
        f"每本的开销，{SIZES[-1]} 本与 {SIZES[0]} 本之比：{costs[-1] / costs[0]:.2f}（线性为 1）\n"
    )


if __name__ == "__main__":
    main()
