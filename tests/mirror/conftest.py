"""One mirror of the small cast, written once; every test has its own copy of it and its own database."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from guides.mirror import Outcome, Wish, making, write
from guides.mirror.addresses import public_addresses
from tests.cast import Cast, assemble

QUICK = Wish(quality=0)
ENOUGH = re.compile(
    r"/(\?city=dazhou)?|/guides/(\?city=dazhou(&county=xuanhan(-xian)?(&channel=counter)?)?)?|/guides/dazhou/"
    r"|/guides/dazhou/(zhuyuan(-baoxiao)?|zhigong-canbao)/(xuanhan(-xian)?/)?(print/|text/|sheet\.pdf)?"
    r"|/offices/dazhou/xuanhan/(booklet\.pdf)?|/_errors/.*|/(data/guides|robots|sitemaps/dazhou|favicon|manifest)\..*"
)
"""The addresses in these mirrors; tests/mirror/test_addresses.py is about all of them."""


class Listener:
    """Notes what a run says, and does something when it has made so many pages."""

    def __init__(self, at: int = 0, do: Callable[[], object] | None = None) -> None:
        self.said: list[str] = []
        self.at, self.do = at, do

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def count(self, done: int, total: int) -> None:
        if self.do and done == self.at:
            do, self.do = self.do, None
            do()


class Mirror(NamedTuple):
    """The folder of a mirror, with what is asked of it most."""

    folder: Path

    def update(self, listener: Listener | None = None, wish: Wish = QUICK) -> Outcome:
        return write(self.folder, wish, listener or Listener())

    @property
    def current(self) -> Path:
        return (self.folder / "current").resolve()

    def read(self, name: str) -> str:
        return (self.current / name).read_text("utf-8")

    def files(self) -> dict[str, int]:
        """Every file with its inode: the same in two versions that share it."""
        paths = [path for path in self.current.rglob("*") if path.is_file()]
        return {path.relative_to(self.current).as_posix(): path.stat().st_ino for path in paths}


def blank_paper(*_: object) -> bytes:
    return b"%PDF-1.7\nnothing\n%%EOF\n"


@pytest.fixture(scope="module", autouse=True)
def papers_are_blank_and_disks_quick(
    one_connection: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Setting real paper is tested elsewhere; both take long. Blank papers stay off the shelf of other tests."""
    shelf = override_settings(PAPER_CACHE=tmp_path_factory.mktemp("blank"))
    with shelf, pytest.MonkeyPatch.context() as patch:
        patch.setattr("guides.mirror.press.StandingSetter.set", blank_paper)
        patch.setattr("guides.mirror.versions.os.sync", lambda: None)  # would wait for everybody else's files
        yield


def some_addresses() -> list[str]:
    return [address for address in public_addresses() if ENOUGH.fullmatch(address)]


@pytest.fixture(autouse=True, scope="module")
def few_addresses() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "public_addresses", some_addresses)
        yield


class Written(NamedTuple):
    """The mirror that all tests of a file begin with."""

    cast: Cast
    folder: Path
    outcome: Outcome


@pytest.fixture(scope="module")
def written(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Written]:
    """As the file's own ``WISH`` says, if it has one."""
    folder, wish = tmp_path_factory.mktemp("mirror"), getattr(request.module, "WISH", QUICK)
    with django_db_blocker.unblock(), transaction.atomic():
        cast = assemble()
        yield Written(cast, folder, write(folder, wish, Listener()))
        transaction.set_rollback(True)


@pytest.fixture
def cast(written: Written, db: None) -> Cast:
    return written.cast


@pytest.fixture
def mirror(written: Written, cast: Cast, tmp_path: Path) -> Mirror:
    """A copy that the test may change."""
    folder = tmp_path / "mirror"
    shutil.copytree(written.folder, folder, symlinks=True)
    return Mirror(folder)
