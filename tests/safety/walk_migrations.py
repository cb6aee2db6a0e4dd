"""Every migration of ours back and forward again on a filled database: ``python -m tests.safety.walk_migrations``.

Works on the empty database at ``DATABASE_URL`` and leaves it as new migrations leave an empty one. Walks from the newest
migration down to nothing, one step back and forward again at each; prints what was lost on the way, and ends with an error
when there was anything that :data:`LOST` does not name.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import django

if __name__ == "__main__":
    django.setup()

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from guides.editing import (
    Change,
    Verdict,
    apply_guide,
    apply_office,
    complete_snapshots,
    decide,
    fresh,
    lines_of,
    propose,
    rebuild_search,
    rebuild_spread,
)
from guides.models import Guide, Matter, Snapshot
from offices.models import Office
from tests import books, cast
from tests.admin.staff import everyone

Step = tuple[str, str]
LOST = {
    (
        "guides.0007_people_and_proposals",
        "guides_revision",
        "source",
    ): "before it nobody could accept a proposal: such a "
    "revision counts as one made in the admin, and stays so",
}
"""Columns that a step back and forward may change, and why there is no better way."""


TABLES_OF_PAIRS = {
    model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.auto_created
}


class Table(NamedTuple):
    """What is in a table: a digest for each column, and how it is built."""

    columns: dict[str, str]
    rows: int
    built: frozenset[str]


Contents = dict[str, Table]


def ours() -> set[str]:
    """The apps of this project, whichever there are."""
    return {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(settings.BASE_DIR) and ".venv" not in Path(config.path).parts
    }


def steps() -> list[Step]:
    """All migrations of ours in an order in which they can be run."""
    graph = MigrationExecutor(connection).loader.graph
    plan: list[Step] = []
    for target in sorted(graph.leaf_nodes()):
        plan += [node for node in graph.forwards_plan(target) if node not in plan]
    return [step for step in plan if step[0] in ours()]


def migrate(step: Step, *, back: bool) -> None:
    """Apply the step, or take it back."""
    executor = MigrationExecutor(connection)
    app = step[0]
    if back:
        before = [node for node in executor.loader.graph.node_map[step].parents if node.key[0] == app]
        executor.migrate([before[0].key if before else (app, None)])
    else:
        executor.migrate([step])


def contents() -> Contents:
    """Every table with its columns, constraints and indexes; ``django_migrations`` counts its own."""
    found: Contents = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name != "django_migrations":
                found[name] = table(cursor, name)
    return found


def table(cursor: Any, name: str) -> Table:
    """One table. Rows are put in the order of their own text, so that no order of the engine matters.

    A table of pairs is its pairs: a pair that comes again has another key, and nothing points to that.
    """
    described = connection.introspection.get_table_description(cursor, name)
    key = connection.introspection.get_primary_key_column(cursor, name)
    if name in TABLES_OF_PAIRS:
        described, key = [column for column in described if column.name != key], None
    columns = sorted(column.name for column in described)
    chosen = ", ".join(connection.ops.quote_name(column) for column in columns)
    cursor.execute(f"SELECT {chosen} FROM {connection.ops.quote_name(name)}")  # noqa: S608 - names of ours
    place = columns.index(key) if key else 0
    rows = sorted(cursor.fetchall(), key=lambda row: repr(row[place]) if key else repr(row))
    digests = {
        column: hashlib.sha256(repr([row[number] for row in rows]).encode()).hexdigest()
        for number, column in enumerate(columns)
    }
    kinds = {f"{c.name}: {c.type_code} {c.display_size} null={c.null_ok}" for c in described}
    constraints = {
        f"{sorted(built['columns'] or [])} {built['primary_key']} {built['unique']} {built['foreign_key']} "
        f"{built['check']} {built['index']}"
        for built in connection.introspection.get_constraints(cursor, name).values()
    }
    return Table(digests, len(rows), frozenset(kinds | constraints))


def differences(step: Step, earlier: Contents, later: Contents) -> list[str]:
    """Columns that both have and that do not say the same any more."""
    name = ".".join(step)
    return [
        f"{name}: {table}.{column}"
        for table in earlier.keys() & later.keys()
        for column in earlier[table].columns.keys() & later[table].columns.keys()
        if earlier[table].columns[column] != later[table].columns[column]
        and (name, table, column) not in LOST
    ]


def back_and_forward(step: Step, before: Contents) -> tuple[Contents, list[str]]:
    """Take the newest step back, make it again, take it back: what is there then, and what was lost or is built otherwise.

    What the older version has no word for may be called otherwise while it is taken back, if it then comes again as it was.
    """
    migrate(step, back=True)
    without = contents()
    migrate(step, back=False)
    again = contents()
    name = ".".join(step)
    problems = differences(step, before, of_both(again, without))
    problems += [f"{name}: {table} is not there again" for table in before.keys() ^ again.keys()]
    problems += [
        f"{name}: {table} is built otherwise: {sorted(before[table].built ^ again[table].built)}"
        for table in before.keys() & again.keys()
        if before[table].built != again[table].built
    ]
    migrate(step, back=True)
    now = contents()
    return now, problems + differences(step, without, now)


def of_both(again: Contents, without: Contents) -> Contents:
    """Leaves out tables and columns that the step makes: what people wrote into them is gone with them."""
    return {
        name: table._replace(columns={c: d for c, d in table.columns.items() if c in without[name].columns})
        for name, table in again.items()
        if name in without
    }


# --- A filled database


def fill(*, with_books: bool) -> None:
    """Both books or the small cast, people, edits with their revisions, proposals, a withdrawn guide."""
    if with_books:
        books.load_real_books()
    else:
        cast.assemble()
    guide = Guide.objects.with_details().published().in_reading_order()[0]
    office = Office.objects.filter(city=guide.city, county__isnull=False)[0]
    people = everyone(guide.city, office.county or guide.city.counties.all()[0])
    edit(guide, office, people["超级用户"])
    call_command("seed_workdays", stdout=sys.stderr)
    make_derived()


def invent_the_rest() -> None:
    """A row in every table that is still empty, whoever has added it."""
    for model in sorted(models_of_ours(), key=lambda model: model._meta.label):
        if not model._default_manager.exists() and not any(invented(model)):
            print(f"empty: {model._meta.db_table}")


def edit(guide: Guide, office: Office, editor: User) -> None:
    """An edit of each kind, a proposal that was accepted, one that waits, a guide taken down and a draft."""
    change = Change(source="admin", author=editor, reason="演练")
    apply_guide({**guide.document(), "audience": "演练改过的人。"}, change)
    apply_office({**office.document(), "address": "演练路1号"}, change)
    for words in ("演练提出的。", "演练等着的。"):
        now = fresh(guide)
        proposal = propose(now, {**now.document(), "progress": words}, change)
        if words == "演练提出的。":
            lines = lines_of(proposal.before, proposal.after)
            accepted = {number: Verdict("accepted") for number in range(len(lines))}
            decide(proposal, accepted, replace(change, source="proposal"))
    other = Guide.objects.with_details().published().exclude(pk=guide.pk).in_reading_order()[0]
    apply_guide(other.document(), change, status="withdrawn")
    matter = Matter.objects.create(slug="yanlian", name="演练事项", category=guide.matter.category)
    apply_guide({**other.document(), "matter": matter.slug, "name": matter.name}, change, status="draft")


def make_derived() -> None:
    """What can be made anew from the rest, and nothing that edits have left beside it."""
    rebuild_search()
    Snapshot.objects.all().delete()
    complete_snapshots()
    rebuild_spread()


def models_of_ours() -> Iterable[type[models.Model]]:
    """Every model with a table of its own."""
    models_of = (apps.get_app_config(app).get_models() for app in ours())
    return (model for found in models_of for model in found if not model._meta.proxy)


def invented(model: type[models.Model]) -> Iterator[bool]:
    """Whether a row could be put there: with all it may point to, or with one thing only, as constraints want it."""
    fields = [f for f in model._meta.concrete_fields if not f.primary_key or f.remote_field]
    left_out = [f for f in fields if f.remote_field and f.null]
    for kept in [None, *left_out]:
        given = [f for f in fields if kept is None or f not in left_out or f is kept]
        try:
            with transaction.atomic():
                model._default_manager.bulk_create([model(**{f.attname: value_for(f) for f in given})])
        except (DatabaseError, LookupError, ValueError, TypeError):
            yield False
        else:
            yield True
            return


def value_for(field: Any) -> Any:
    """Something a field can hold: a row that is there, the default, the first choice, or a plain value of its kind."""
    if field.remote_field:
        return field.remote_field.model._default_manager.values_list("pk", flat=True)[0]
    if field.has_default():
        return field.get_default()
    if field.choices:
        return field.choices[0][0]
    plain = {
        models.IntegerField: 1,
        models.BooleanField: True,
        models.DateTimeField: datetime(2026, 1, 2, tzinfo=UTC),
        models.DateField: date(2026, 1, 2),
        models.JSONField: {"演": 1},
        models.GenericIPAddressField: "127.0.0.1",
        models.BinaryField: b"1",
    }
    for kind, value in plain.items():
        if isinstance(field, kind):
            return value
    return "演练"[: field.max_length]


# --- The walk


def walk(*, with_books: bool) -> list[str]:
    """All that went wrong."""
    call_command("migrate", verbosity=0)
    fill(with_books=with_books)
    wanted = derived()
    problems = derived_again(wanted)
    invent_the_rest()
    full = contents()
    print(f"{len(full)} tables, {sum(table.rows for table in full.values())} rows", flush=True)
    plan = steps()
    now = full
    for step in reversed(plan):
        now, lost = back_and_forward(step, now)
        problems += lost
        print(f"{step[0]}.{step[1]}: back and forward, {len(lost)} lost", flush=True)
    left = {model._meta.db_table for model in models_of_ours()} & contents().keys()
    problems += [f"{table} is left behind" for table in sorted(left)]
    call_command("migrate", verbosity=0)
    fresh = contents()
    problems += [
        f"{name} is built otherwise from nothing" for name in full if full[name].built != fresh[name].built
    ]
    return problems


DERIVED = ("guides_posting", "guides_snapshot", "guides_matterspread", "guides_cityspread")


def derived() -> dict[str, list[str]]:
    """The derived tables as their rows, without the keys that only count them."""
    found = {}
    with connection.cursor() as cursor:
        for name in DERIVED:
            described = connection.introspection.get_table_description(cursor, name)
            chosen = ", ".join(sorted(column.name for column in described if column.name != "id"))
            cursor.execute(f"SELECT {chosen} FROM {name}")  # noqa: S608 - names of ours
            found[name] = sorted(map(repr, cursor.fetchall()))
    return found


def derived_again(wanted: dict[str, list[str]]) -> list[str]:
    """Back to before the first derived table but the postings, forward, and what a start of the site then makes anew."""
    made_by = ("guides", "0011_batches_and_settled_advice")
    MigrationExecutor(connection).migrate([made_by])
    call_command("migrate", verbosity=0)
    call_command("setup_site", verbosity=0, stdout=sys.stderr)
    found = derived()
    return [
        f"{name} is made otherwise: {len(wanted[name])} rows, {len(found[name])} rows"
        for name in DERIVED
        if found[name] != wanted[name]
    ]


def main() -> int:
    """The exit code says whether nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", action="store_true", help="fill the database with both real books")
    problems = walk(with_books=parser.parse_args().books)
    print("\n".join(problems) or "Nothing lost.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
