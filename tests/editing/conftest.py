"""The catalogue in the database, and a small book to load."""

from __future__ import annotations

import pytest

from guides.editing import Loading, describe_city, load_catalogue, load_handbook
from guides.ingest import read_handbook
from guides.models import Matter
from offices.models import City
from tests.books import NOWHERE_TOML, inline_book, short_catalogue, table_book

NAMES = ["住院费用报销", "门诊费用报销"]


@pytest.fixture
def catalogue(db: None) -> None:
    """Cities, counties, categories and matters of the catalogue file, and the made-up city."""
    load_catalogue(short_catalogue(), json_format=True)
    load_catalogue(NOWHERE_TOML)


def load(text: str, handbook: str = "yunshan") -> Loading:
    """Read and load a book of the made-up city."""
    city = City.objects.with_counties().get(slug="yunshan")
    names = set(Matter.objects.values_list("name", flat=True))
    data = text.encode()
    reading = read_handbook(data, handbook=handbook, city=describe_city(city), known_matters=names)
    return load_handbook(reading, file_name="yunshan.txt", data=data)


@pytest.fixture
def loaded(catalogue: None) -> Loading:
    """The made-up city's table book, loaded once."""
    return load(table_book(NAMES))


@pytest.fixture
def loaded_inline(catalogue: None) -> Loading:
    """The made-up city's inline book, loaded once."""
    return load(inline_book(NAMES))
