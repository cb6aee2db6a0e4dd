"""Many rows of one model at once, without an object for each: what a country of guides is loaded with.

``bulk_create`` makes a model instance, and asks every field about every value, for each of four million rows; that was
two thirds of the work. Constraints are the database's and hold here as well. Nothing else may write SQL by hand
(tests/test_architecture.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models

AS_THEY_ARE = (
    models.AutoField,
    models.BooleanField,
    models.CharField,
    models.ForeignKey,
    models.IntegerField,
    models.TextField,
)
"""Fields whose values both databases take from Python as they are."""


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows: values in the order of ``names`` (fields; a foreign key takes the key). Keys are the database's to give.

    Every field without a default of the database must be named. Raises ``IntegrityError`` like ``bulk_create``.
    """
    fields = [model._meta.get_field(name) for name in names]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)  # type: ignore[union-attr]
    ready = _prepared(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream,
            ):
                for row in ready:
                    stream.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - names of ours
            cursor.executemany(statement, ready)  # type: ignore[arg-type] # takes any iterable


def insert_objects(rows: Sequence[models.Model]) -> None:
    """Write objects of one model; unlike ``bulk_create`` it leaves them without keys.

    For rows with documents: psycopg writes the arrays of Django's ``UNNEST`` quote by quote, which took most of a batch.
    """
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    insert(
        type(rows[0]),
        [field.name for field in fields],
        ([field.pre_save(row, add=True) for field in fields] for row in rows),
    )


def _prepared(fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The rows with each value as the database takes it."""
    own: list[tuple[int, Callable[..., Any]]] = [
        (place, field.get_db_prep_save)
        for place, field in enumerate(fields)
        if not isinstance(field, AS_THEY_ARE)
    ]
    if not own:
        yield from rows
        return
    for row in rows:
        values = list(row)
        for place, prepare in own:
            values[place] = prepare(values[place], connection)
        yield values
