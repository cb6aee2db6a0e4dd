"""A whole country of guides, made from the two real books: ``python -m tests.country --guides 68000``.

68 guides are the two real cities, 11,560 are 340 cities with the 34 real matters, 68,000 are 340 cities with
200 matters. Made-up cities are copies of Dazhou under other names, with offices, hours and phones of their own;
made-up matters are the real ones for special groups. Rows are copied inside the database (``INSERT … SELECT``), each
copy's keys moved by one distance, so foreign keys move along. The same command gives the same rows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import django
from pypinyin import lazy_pinyin

if __name__ == "__main__":
    for index, argument in enumerate(sys.argv):
        if argument == "--database-url":
            os.environ["DATABASE_URL"] = sys.argv[index + 1]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from guides.editing import rebuild_search, rebuild_spread
from guides.models import (
    Alias,
    Channel,
    Guide,
    GuideOffice,
    GuidePhone,
    Handbook,
    Material,
    Matter,
    Note,
    Step,
    TimeLimit,
)
from guides.open_data import city_by_city
from offices.models import City, County, Office, OpeningHours, Phone
from tests import books

M = TypeVar("M", bound=models.Model)

TEMPLATE = "dazhou"
HANDBOOKS = ("suining", "dazhou-2024", "")
REAL_CITIES, REAL_MATTERS = 2, 34
MATTER_DISTANCE, CITY_DISTANCE = 10_000, 1_000_000
"""How far the keys of a copy lie from the original's."""
CHARACTERS = "云墨晴雾霜砚柚棠鹭蓝暖溪岚汀屿枫荷菱芷竹松柏梅杏桃雁鹤鹿麓岭峰泉湖泽渡津桥渠塘坪垭坝箐沱碛堰湾滩洲浦锦绣瑞祥丰永宁康福禄寿宝珠瑶琼玉翠碧丹朱"
GROUPS = ("大学生", "退役军人", "新业态从业人员", "港澳台居民", "随迁子女")
ALIASES_OF_A_COPY = 4
PARTS_OF_A_GUIDE: tuple[type[models.Model], ...] = (Channel, Material, TimeLimit, Step, Note)


@dataclass(frozen=True)
class Size:
    """How many cities and matters a country has."""

    cities: int
    matters: int

    @property
    def guides(self) -> int:
        """Every city has a guide to every matter."""
        return self.cities * self.matters


SIZES = {size.guides: size for size in (Size(2, 34), Size(340, 34), Size(340, 200))}


def build(size: Size) -> None:
    """Fill an empty, migrated database with a country of this size, search postings too."""
    with transaction.atomic():
        books.load_real_books()
        grow(size)
    freshen_statistics()
    rebuild_search()


def grow(size: Size) -> None:
    """Add matters and cities to the two real books."""
    add_matters(size.matters - REAL_MATTERS)
    add_cities(size.cities - REAL_CITIES)
    reset_sequences()
    rebuild_spread()


# --- Matters


def add_matters(wanted: int) -> None:
    """Copies of the real matters for special groups (职工参保登记（大学生）), with each real city's guides to them."""
    originals = list(Matter.objects.prefetch_related("aliases", "audiences"))
    pairs = islice(product(enumerate(GROUPS, 1), originals), wanted)
    copies = [
        (
            original,
            group,
            Matter(pk=original.pk + number * MATTER_DISTANCE, **copied(original, number, group)),
        )
        for (number, group), original in pairs
    ]
    Matter.objects.bulk_create(matter for _, _, matter in copies)
    Alias.objects.bulk_create(
        Alias(matter=matter, text=f"{group}{alias.text}"[:60])
        for original, group, matter in copies
        for alias in original.aliases.all()[:ALIASES_OF_A_COPY]
    )
    links = Matter.audiences.through
    links.objects.bulk_create(
        links(matter_id=matter.pk, audience_id=audience.pk)
        for original, _, matter in copies
        for audience in original.audiences.all()
    )
    moved = "SELECT m.id AS matter, m.id - o.id AS distance, m.name AS name FROM guides_matter m "
    moved += f"JOIN guides_matter o ON m.id > {MATTER_DISTANCE} AND o.id = m.id % {MATTER_DISTANCE}"
    copy(
        Guide,
        f"JOIN ({moved}) s ON s.matter - s.distance = t.matter_id",
        {"matter_id": "s.matter", "name": "s.name"},
    )
    of_guide = (
        f"JOIN guides_guide g ON g.id = t.guide_id JOIN ({moved}) s ON s.matter - s.distance = g.matter_id"
    )
    for model in PARTS_OF_A_GUIDE:
        copy(model, of_guide, {"guide_id": "t.guide_id + s.distance"})
    copy(GuideOffice, of_guide, {"guide_id": "t.guide_id + s.distance"})
    of_place = (
        "JOIN guides_guideoffice p ON p.id = t.guide_office_id JOIN guides_guide g ON g.id = p.guide_id "
    )
    of_place += f"JOIN ({moved}) s ON s.matter - s.distance = g.matter_id"
    copy(GuidePhone, of_place, {"guide_office_id": "t.guide_office_id + s.distance"})


def copied(original: Matter, number: int, group: str) -> dict[str, Any]:
    """The fields of a matter's copy for one group."""
    return {
        "slug": f"{original.slug[:50]}-{number}",
        "name": f"{original.name}（{group}）",
        "category_id": original.category_id,
        "position": original.position + number * REAL_MATTERS,
    }


# --- Cities


def add_cities(wanted: int) -> None:
    """Copies of Dazhou under other names."""
    template = City.objects.get(slug=TEMPLATE)
    names = made_up_names()
    cities = [
        City(
            pk=template.pk + number * CITY_DISTANCE,
            slug="".join(lazy_pinyin(name)) + "shi",
            name=f"{name}市",
            province="云山省",
            area_code=f"0{300 + number}",
            position=template.position + number,
        )
        for number, name in enumerate(islice(names, wanted), 1)
    ]
    City.objects.bulk_create(cities)
    add_places(template, cities, names)
    copy_guides(template)


def made_up_names() -> Iterator[str]:
    """Names of two characters, none of them twice, neither in writing nor in sound."""
    seen: set[str] = set()
    for step in range(1, len(CHARACTERS)):
        for first, character in enumerate(CHARACTERS):
            name = character + CHARACTERS[(first + step) % len(CHARACTERS)]
            sound = "".join(lazy_pinyin(name))
            if sound not in seen:
                seen.add(sound)
                yield name


def add_places(template: City, cities: list[City], spare: Iterator[str]) -> None:
    """The counties, offices, sessions and phones of the made-up cities, each under its own names and numbers."""
    counties, offices, sessions, phones = [], [], [], []
    originals = list(template.counties.all())
    details = list(template.offices.prefetch_related("opening_hours", "phones"))
    for city in cities:
        distance = city.pk - template.pk
        other = {template.name: city.name, template.name[:-1]: city.name[:-1]}
        for county in originals:
            new = county_of(city, county, distance, spare)
            counties.append(new)
            other |= {county.name: new.name} if new.name != county.name else {}
        for office in details:
            offices.append(office_of(city, office, distance, other))
            sessions += [moved_to(hours, distance, "office_id") for hours in office.opening_hours.all()]
            phones += [phone_of(city, phone, distance) for phone in office.phones.all()]
    County.objects.bulk_create(counties, batch_size=500)
    Office.objects.bulk_create(offices, batch_size=500)
    OpeningHours.objects.bulk_create(sessions, batch_size=500)
    Phone.objects.bulk_create(phones, batch_size=500)


def county_of(city: City, original: County, distance: int, spare: Iterator[str]) -> County:
    """A county of a made-up city; 市本级 and 经开区 are called so everywhere."""
    name, slug = original.name, original.slug
    if original.kind not in {"city_level", "functional_zone"}:
        short = next(spare)
        name, slug = short + original.name[-1], "".join(lazy_pinyin(short))
    return County(
        pk=original.pk + distance,
        city=city,
        slug=slug,
        name=name,
        kind=original.kind,
        position=original.position,
    )


def office_of(city: City, original: Office, distance: int, other: dict[str, str]) -> Office:
    """The same office with the names of its new place."""
    key, name, address = (renamed(text, other) for text in (original.key, original.name, original.address))
    return Office(
        pk=original.pk + distance,
        city=city,
        county_id=original.county_id and original.county_id + distance,
        key=key,
        kind=original.kind,
        name=name,
        address=address,
        position=original.position,
        imported_document=original.imported_document,
    )


def renamed(text: str, other: dict[str, str]) -> str:
    """The text with every name of the template replaced."""
    for old, new in other.items():
        text = text.replace(old, new)
    return text


def phone_of(city: City, original: Phone, distance: int) -> Phone:
    """The same phone under the city's area code, with a number of its own."""
    _, _, digits = original.number.partition("-")
    own = (int(digits) * 7919 + city.pk // CITY_DISTANCE * 104_729) % 8_000_000 + 1_000_000
    phone = moved_to(original, distance, "office_id")
    phone.number = f"{city.area_code}-{own}"
    return phone


def moved_to(row: M, distance: int, parent: str) -> M:
    """A copy of the row with its key and its parent's moved."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values |= {"id": row.pk + distance, parent: values[parent] + distance}
    return type(row)(**values)


def copy_guides(template: City) -> None:
    """Every guide of the template city with all its rows, once for each made-up city."""
    made_up = f"SELECT id - {template.pk} AS distance FROM offices_city WHERE id > {CITY_DISTANCE}"  # noqa: S608
    copies = f"JOIN ({made_up}) s ON true"
    of_city = f"t.city_id = {template.pk}"
    copy(
        Handbook,
        copies,
        {"city_id": "t.city_id + s.distance", "slug": "t.slug || '-' || s.distance"},
        where=of_city,
    )
    both = {"city_id": "t.city_id + s.distance", "handbook_id": "t.handbook_id + s.distance"}
    copy(Guide, copies, both, where=of_city)
    guides = f"(SELECT id FROM guides_guide WHERE city_id = {template.pk})"  # noqa: S608
    for model in PARTS_OF_A_GUIDE:
        copy(model, copies, {"guide_id": "t.guide_id + s.distance"}, where=f"t.guide_id IN {guides}")
    both = {"guide_id": "t.guide_id + s.distance", "office_id": "t.office_id + s.distance"}
    copy(GuideOffice, copies, both, where=f"t.guide_id IN {guides}")
    places = f"(SELECT id FROM guides_guideoffice WHERE guide_id IN {guides})"  # noqa: S608
    both = {"guide_office_id": "t.guide_office_id + s.distance", "phone_id": "t.phone_id + s.distance"}
    copy(GuidePhone, copies, both, where=f"t.guide_office_id IN {places}")


# --- Rows


def copy(model: type[models.Model], copies: str, changed: dict[str, str], *, where: str = "true") -> None:
    """``INSERT … SELECT``: rows ``t`` once for each row ``s`` joined by ``copies``, keys moved by ``s.distance``."""
    table = model._meta.db_table
    columns = [str(field.column) for field in model._meta.concrete_fields]
    values = {column: f"t.{column}" for column in columns} | {"id": "t.id + s.distance"} | changed
    chosen = ", ".join(values[column] for column in columns)
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} t {copies} "  # noqa: S608 - names of ours
            f"WHERE {where} ORDER BY s.distance, t.id"
        )


def reset_sequences() -> None:
    """Let new rows get keys above the copied ones."""
    tables = [
        City,
        County,
        Office,
        OpeningHours,
        Phone,
        Matter,
        Alias,
        Handbook,
        Guide,
        GuideOffice,
        GuidePhone,
    ]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [*tables, *PARTS_OF_A_GUIDE]):
            cursor.execute(statement)


def freshen_statistics() -> None:
    """What autovacuum does on a real server; SQLite gets no statistics there either."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.get_autocommit() else "ANALYZE")


def write(folder: Path) -> None:
    """The country as files, for a site that has the two real books: ``catalogue.json`` and ``guides.json.gz``.

    Guides of made-up cities name no handbook, because there is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = json.dumps(catalogue_of_now(), ensure_ascii=False, indent=1)
    (folder / "catalogue.json").write_text(catalogue, encoding="utf-8")
    with gzip.open(folder / "guides.json.gz", "wt", compresslevel=3, encoding="utf-8") as file:
        for document in city_by_city():
            if document["source"]["handbook"] not in HANDBOOKS:
                document["source"] = {"handbook": "", "first_line": None, "last_line": None}
            file.write(json.dumps(document, ensure_ascii=False) + "\n")


def catalogue_of_now() -> dict[str, Any]:
    """Cities, counties and matters of the database as ``load_catalogue`` reads them."""
    cities = [
        {
            **{key: getattr(city, key) for key in ("slug", "name", "province", "area_code")},
            "counties": [
                {"slug": county.slug, "name": county.name, "kind": county.kind}
                for county in city.counties.all()
            ],
        }
        for city in City.objects.with_counties()
    ]
    matters = [
        {
            "slug": matter.slug,
            "name": matter.name,
            "category": matter.category.slug,
            "audiences": [audience.slug for audience in matter.audiences.all()],
            "aliases": [alias.text for alias in matter.aliases.all()],
        }
        for matter in Matter.objects.select_related("category").prefetch_related("audiences", "aliases")
    ]
    return {"cities": cities, "matters": matters}


def main() -> None:
    """Migrate, build, and print what there is now."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guides", type=int, choices=SIZES, required=True)
    parser.add_argument("--database-url", default="", help="default: DATABASE_URL, else var/db.sqlite3")
    parser.add_argument("--write", type=Path, help="write the country into files of this folder too")
    options = parser.parse_args()
    start = perf_counter()
    call_command("migrate", verbosity=0)
    if City.objects.exists():
        sys.exit("The database is not empty.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
    build(SIZES[options.guides])
    freshen_statistics()
    if options.write:
        write(options.write)
    sys.stdout.write(
        f"{Guide.objects.count()} guides, {GuideOffice.objects.count()} guide offices, "
        f"{Office.objects.count()} offices, {Matter.objects.count()} matters, {perf_counter() - start:.0f} s\n"
    )


if __name__ == "__main__":
    main()
