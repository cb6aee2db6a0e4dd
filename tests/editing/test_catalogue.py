"""The catalogue file: added, changed, never deleted; a bad one changes nothing."""

from __future__ import annotations

import pytest

from guides.editing import CatalogueError, load_catalogue
from guides.models import Matter
from offices.models import City, County
from tests.books import FIXTURES, NOWHERE_TOML

pytestmark = pytest.mark.django_db


def test_the_catalogue_loads_once() -> None:
    words = (FIXTURES / "catalogue.toml").read_text(encoding="utf-8")
    assert load_catalogue(words)["added"] > 100
    assert load_catalogue(words)["added"] == load_catalogue(words)["changed"] == 0
    assert Matter.objects.count() == 34


def test_a_corrected_name_keeps_its_address() -> None:
    load_catalogue(NOWHERE_TOML)
    assert load_catalogue(NOWHERE_TOML.replace("北河区", "北河新区"))["changed"] == 1
    assert County.objects.get(slug="beihe").name == "北河新区"


def test_json_works_too() -> None:
    load_catalogue(
        '{"cities": [{"slug": "x", "name": "某市", "area_code": "010", "counties": []}]}', json_format=True
    )
    assert City.objects.get().name == "某市"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("cities = [", "不是有效的 TOML"),
        ('[[cities]]\nslug = "x"\nname = "某市"\ncounties = []', r"\[\[cities\]\] 第 1 条缺少 'area_code'"),
        (NOWHERE_TOML.replace('"county" }', '"village" }'), r"\[\[cities\]\] 第 1 条：.*village"),
        (NOWHERE_TOML.replace('slug = "beihe"', 'slug = "Bei He"'), "只能用小写字母"),
        ('[[matters]]\nslug = "a"\nname = "甲"\ncategory = "none"', "没有的类别"),
    ],
)
def test_a_bad_file_names_the_entry_and_changes_nothing(toml: str, message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(toml)
    assert not City.objects.exists()
