"""Handbooks for tests: the two real ones, and made-up ones in either layout for a city nobody knows."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from guides.ingest import (
    CityDescription,
    Correction,
    CountyDescription,
    HandbookReading,
    load_corrections,
    read_handbook,
)
from offices.models import City

FIXTURES = Path(__file__).parent.parent / "fixtures"
FILES = {"suining": "suining.txt", "dazhou": "dazhou-2024.txt"}
NOWHERE_TOML = """
[[cities]]
slug = "yunshan"
name = "云山市"
area_code = "0799"
counties = [
    { slug = "shibenji", name = "市本级", kind = "city_level" },
    { slug = "beihe", name = "北河区", kind = "district" },
    { slug = "nanling", name = "南岭县", kind = "county" },
]
"""


@cache
def catalogue() -> dict[str, Any]:
    """The catalogue file."""
    return tomllib.loads((FIXTURES / "catalogue.toml").read_text(encoding="utf-8"))


@cache
def short_catalogue() -> str:
    """The catalogue as JSON with two aliases a matter: all of it takes two seconds to load."""
    matters = [{**entry, "aliases": entry.get("aliases", [])[:2]} for entry in catalogue()["matters"]]
    return json.dumps({**catalogue(), "matters": matters})


@cache
def corrections() -> tuple[Correction, ...]:
    """The corrections file."""
    return load_corrections((FIXTURES / "handbooks" / "corrections.toml").read_text(encoding="utf-8"))


def handbook_bytes(city: str) -> bytes:
    """The bytes of a real handbook."""
    return (FIXTURES / "handbooks" / FILES[city]).read_bytes()


def description(city: str, toml: str = "") -> CityDescription:
    """A city of the catalogue, or of another description."""
    cities = (tomllib.loads(toml) if toml else catalogue())["cities"]
    entry = next(entry for entry in cities if entry["slug"] == city)
    counties = tuple(CountyDescription(c["slug"], c["name"], c["kind"]) for c in entry["counties"])
    return CityDescription(entry["slug"], entry["name"], entry["area_code"], counties)


def matter_names() -> list[str]:
    """The catalogue's matters, in the order of the handbooks."""
    return [matter["name"] for matter in catalogue()["matters"]]


def read(data: bytes, city: str) -> HandbookReading:
    """Read bytes as a handbook of a city of the catalogue, with its corrections."""
    return read_handbook(
        data,
        handbook=Path(FILES[city]).stem,
        city=description(city),
        corrections=corrections(),
        known_matters=matter_names(),
    )


@cache
def reading(city: str) -> HandbookReading:
    """The reading of a real handbook."""
    return read(handbook_bytes(city), city)


@dataclass(frozen=True)
class MadeUp:
    """A row of a made-up county table."""

    county: str
    address: str
    hours: str
    consult: str
    complaint: str


ROWS = (
    MadeUp("市本级", "北河区长安路 1 号政务中心", "9:00-12:00\n13:00-17:00", "0799-8000001", "0799-8000002"),
    MadeUp(
        "北河区", "北河区人民路 20 号 2 楼医保窗口", "8:30-12:00\n14:00-17:30", "0799-8100001", "0799-8100002"
    ),
    MadeUp("南岭县", "南岭县城关镇解放街 3 号", "9:00-17:00", "0799-8200001\n0799-8200003", "0799-8200002"),
)
SECTIONS = """一、事项名称
{name}
二、服务对象
参保人员。
三、办理渠道
经办机构窗口、云山医保APP。
四、办理材料
1.有效身份证件；
2.《{name}申请表》（加盖单位公章）。
五、办理时限
不超过7个工作日
六、办理流程
1.申请：参保人员提交申请材料；
2.办结：符合条件的予以办理。
七、办理进度和结果查询
可拨打咨询电话查询办理结果。
八、服务评价渠道
现场评价。
九、备注
代办的应提供委托书。
"""


def table_book(names: list[str], rows: tuple[MadeUp, ...] = ROWS) -> str:
    """A made-up handbook in the county-table layout, its cells broken the way PDF extraction breaks them."""
    book = "云山市医保办事手册\n\n（2027年版）\n"
    for name in names:
        book += SECTIONS.format(name=name)
        book += "\n办理地点\n办理时间\n\n（工作日）\n\n咨询\n\n电话\n\n投诉\n\n电话\n\n"
        for row in rows:
            county = "\n\n".join(row.county)
            address = "\n\n".join(row.address[i : i + 7] for i in range(0, len(row.address), 7))
            phones = (
                f"{row.consult}\n\n{row.complaint}"
                if "\n" in row.consult
                else f"{row.consult} {row.complaint}"
            )
            book += f"{county}\n\n{address}\n\n{row.hours}\n\n{phones}\n\n"
    return book


def inline_book(names: list[str]) -> str:
    """A made-up handbook in the inline layout."""
    book = ""
    for name in names:
        book += f" 一、{name}\n\n\n－1－\n\n" + SECTIONS.format(name=name)
        book += "\n办理地点：北河区长安路1号政务中心3楼医保窗口、各社区服务站（资料初审）\n办理时间：\n"
        book += "1.经办窗口：法定工作日上午09:00-12:00，14:00-17:00。\n2.其他办理地点以相关机构工作时间为准。"
        book += "咨询电话：0799-8000001、0799-8000003\n投诉电话：0799-8000002\n\n[image: 7]\n"
    return book


def load_real_books() -> None:
    """Load the catalogue and both real handbooks into an empty database: faster than the fixtures, and the same.

    (tests/test_commands.py proves that.) The commands run once in a process; after that the rows they made are
    written again, which takes a fifth of the time.
    """
    is_empty = not City.objects.exists()
    if _ROWS and is_empty:
        _write_again()
        return
    call_command("load_catalogue", verbosity=0)
    for city, file in FILES.items():
        call_command("import_handbook", FIXTURES / "handbooks" / file, city=city, stdout=StringIO())
    if is_empty:
        _ROWS.update({model: list(model._default_manager.order_by("pk")) for model in _models()})


_ROWS: dict[type[Model], list[Model]] = {}


def _models() -> list[type[Model]]:
    configs = [apps.get_app_config(name) for name in ("offices", "guides")]
    return [model for config in configs for model in config.get_models(include_auto_created=True)]


def _write_again() -> None:
    with transaction.atomic():
        for model, rows in _ROWS.items():
            model._default_manager.bulk_create(rows, batch_size=500)
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), list(_ROWS)):
                cursor.execute(sql)
