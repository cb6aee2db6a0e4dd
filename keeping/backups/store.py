"""What both engines can do: copy everything as it stood at one moment, put it back, and give each table's checksum."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import environ

from .saying import BackupError


class Table(NamedTuple):
    """How many rows a table has, and the SHA-256 over all of them in the order of their key."""

    rows: int
    sha256: str


Tables = dict[str, Table]


class Store(Protocol):
    """A database of one engine."""

    engine: str
    member: str
    """The name of its copy in the archive."""

    def copy(self, target: Path) -> Tables:
        """Copy it into a file while others go on writing; the tables as they stood in the copy."""

    def tables(self) -> Tables:
        """All tables as they stand."""

    def is_empty(self) -> bool:
        """Whether there is no table in it."""

    def scratch(self, folder: Path) -> AbstractContextManager[Store]:
        """Another, empty one to try a copy in, taken away afterwards."""

    def fill(self, source: Path, expected: Tables) -> str:
        """Become what the copy says, or stay as it is; what became of what was there before, in words ("" for nothing)."""


@dataclass(frozen=True)
class Place:
    """A database by its address, as DATABASE_URL writes it."""

    engine: str
    name: str
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def at(cls, url: str) -> Place:
        """Raises :class:`BackupError` for an address that is none of ours."""
        if not url.startswith(("postgres://", "postgresql://", "sqlite:///")):
            raise BackupError("数据库地址读不懂，应当像 postgres://用户@主机/库名 或 sqlite:////路径。")
        try:
            return cls.of_django(environ.Env.db_url_config(url))
        except ValueError as error:
            raise BackupError("数据库地址里有读不懂的地方（例如端口不是数字），请核对。") from error

    @classmethod
    def of_django(cls, given: dict[str, Any]) -> Place:
        """From one of Django's DATABASES; our own limits of time are left out."""
        engine = str(given.get("ENGINE", "")).rpartition(".")[2]
        if engine not in ("sqlite3", "postgresql"):
            raise BackupError("只能备份和恢复 SQLite 和 PostgreSQL。")
        kept = dict(_for_libpq(given.get("OPTIONS", {})))
        names = ("HOST", "PORT", "USER", "PASSWORD")
        host, port, user, password = (str(given.get(name) or "") for name in names)
        return cls(engine, str(given["NAME"]), host, port, user, password, tuple(sorted(kept.items())))


def _for_libpq(options: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What libpq is to know of OPTIONS: certificates and the like."""
    for name, value in options.items():
        if name.startswith("ssl") or name in (
            "service",
            "passfile",
            "gssencmode",
            "channel_binding",
            "host",
            "port",
        ):
            yield name, str(value)


def store_at(place: Place) -> Store:
    """The database there."""
    from .postgresql import PostgreSQL  # noqa: PLC0415 - each of the two knows this module
    from .sqlite import SQLite  # noqa: PLC0415

    return PostgreSQL(place) if place.engine == "postgresql" else SQLite(Path(place.name))


def compare(expected: Tables, found: Tables) -> list[str]:
    """Every table that is not as it should be, in words."""
    problems = [f"{name}：没有这个表" for name in sorted(expected.keys() - found.keys())]
    problems += [f"{name}：多出来的表" for name in sorted(found.keys() - expected.keys())]
    for name in sorted(expected.keys() & found.keys()):
        was, now = expected[name], found[name]
        if was.rows != now.rows:
            problems.append(f"{name}：应有 {was.rows} 行，现有 {now.rows} 行")
        elif was != now:
            problems.append(f"{name}：行数相同，内容不同")
    return problems
