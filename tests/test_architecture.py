"""The rooms of the house, and who may know whom.

Each rule reads one file's syntax tree and returns what is wrong with it. The second half of this file
shows every rule a bad file, so that a rule which sees nothing fails too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SKIPPED_FOLDERS = {".venv", ".git", "var", "node_modules"}

# Rooms that may write published content; everywhere else history, version and cache would be by-passed.
WRITERS = ("guides.editing", "guides.migrations", "offices.migrations")
WRITES = {
    "save",
    "delete",
    "create",
    "update",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
WRITES |= {f"a{name}" for name in WRITES}

# Words shared by parser, models and filters: plain dictionaries, under the same rule as the parser.
VOCABULARIES = ("guides.vocabulary", "offices.vocabulary")


def is_in(module: str, *rooms: str) -> bool:
    """Whether the module is one of the rooms or lies inside one."""
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def imports(tree: ast.Module, module: str, *, is_package: bool) -> Iterator[tuple[ast.AST, str, str]]:
    """Every import as (node, module, name): ``import a.b`` gives ``a.b`` and an empty name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name, ""
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                parts = module.split(".")
                parents = parts[: len(parts) - node.level + is_package]
                source = ".".join([*parents, *filter(None, [source])])
            for alias in node.names:
                yield node, source, alias.name
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).split(".")[-1] in {"import_module", "__import__"}
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node, str(node.args[0].value), ""


class File:
    """One Python file: its dotted name and what it imports."""

    def __init__(self, path: str, source: str) -> None:
        self.path = path
        self.tree = ast.parse(source, path)
        parts = path.removesuffix(".py").split("/")
        is_package = parts[-1] == "__init__"
        self.module = ".".join(parts[:-1] if is_package else parts)
        self.imports = list(imports(self.tree, self.module, is_package=is_package))

    def imports_from(self, *rooms: str) -> Iterator[str]:
        """The imports that reach into one of the rooms, as ``path:line module.name``."""
        for node, source, name in self.imports:
            full = f"{source}.{name}" if name else source
            if is_in(full, *rooms) or is_in(source, *rooms):
                yield self.at(node, full)

    def at(self, node: ast.AST, what: str) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 0)} {what}"


def offices_do_not_know_guides(file: File) -> list[str]:
    """``offices`` never imports ``guides``."""
    return list(file.imports_from("guides")) if is_in(file.module, "offices") else []


MAY_NOT_KNOW = {
    "keeping": ("staff", "offices", "guides", "reports"),
    "staff": ("offices", "guides", "reports"),
    "offices": ("reports",),
    "guides": ("reports",),
}


def the_safe_and_the_door_know_no_contents(file: File) -> list[str]:
    """``keeping`` knows nobody, ``staff`` only ``keeping``; nobody knows ``reports``, which knows all."""
    others = MAY_NOT_KNOW.get(file.module.split(".")[0], ())
    return list(file.imports_from(*others)) if others else []


def ingest_is_standard_library_only(file: File) -> list[str]:
    """``guides.ingest`` and the vocabularies import the standard library, themselves, and nothing else."""
    if not is_in(file.module, "guides.ingest", *VOCABULARIES):
        return []
    return [
        file.at(node, source)
        for node, source, name in file.imports
        if source.split(".")[0] not in sys.stdlib_module_names
        and not is_in(f"{source}.{name}", "guides.ingest", *VOCABULARIES)
        and not is_in(source, "guides.ingest", *VOCABULARIES)
    ]


def only_the_public_names_of_ingest(file: File) -> list[str]:
    """Views, admin and tags take from ``guides.ingest`` only what its ``__all__`` offers."""
    behind_the_pages = ("guides.ingest", "guides.editing", "guides.management", "offices.management")
    if not is_in(file.module, "guides", "offices") or is_in(file.module, *behind_the_pages):
        return []
    public = {f"guides.ingest.{name}" for name in public_names_of_ingest()}
    return [
        problem for problem in file.imports_from("guides.ingest") if problem.split(" ", 1)[1] not in public
    ]


def public_names_of_ingest() -> list[str]:
    """``__all__`` of ``guides.ingest``, read without importing it."""
    tree = ast.parse((PROJECT / "guides" / "ingest" / "__init__.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names: list[str] = ast.literal_eval(node.value)
            return names
    return []


def only_editing_writes(file: File) -> list[str]:
    """Outside ``guides.editing`` and migrations nobody calls a method that writes rows.

    ``guides.ingest`` is left out: it can reach no model (see above), and ``update`` is also a method of
    dictionaries. ``make_fonts`` saves font files. ``super().save()`` extends a write that somebody else started.
    """
    if not is_in(file.module, "guides", "offices") or is_in(
        file.module, *WRITERS, "guides.ingest", "guides.sheets.make_fonts"
    ):
        return []
    return [
        file.at(node, f".{node.func.attr}()")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and ast.unparse(node.func.value) != "super()"
    ]


BY_PASSES = {"raw", "cursor", "execute", "executemany", "RunSQL", "raw_query", "extra"}


def nobody_by_passes_the_models(file: File) -> list[str]:
    """Raw SQL would write content without a revision: nobody in the site's rooms uses it, migrations apart.

    ``guides.editing.rows`` is what the editing room inserts thousands of rows with; who calls it writes the revisions.
    ``guides.models.stamps`` reads one number, twice for every page that is made anew.
    """
    allowed = (*WRITERS[1:], "guides.ingest", "guides.editing.rows", "guides.models.stamps")
    if not is_in(file.module, "guides", "offices") or is_in(file.module, *allowed):
        return []
    return [
        file.at(node, f"{name}()")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func).split(".")[-1]) in BY_PASSES
    ]


def nobody_imports_config(file: File) -> list[str]:
    """``config`` is reached through ``django.conf.settings`` only."""
    return list(file.imports_from("config"))


Rule = Callable[[File], list[str]]
RULES: list[Rule] = [
    offices_do_not_know_guides,
    the_safe_and_the_door_know_no_contents,
    ingest_is_standard_library_only,
    only_the_public_names_of_ingest,
    only_editing_writes,
    nobody_by_passes_the_models,
    nobody_imports_config,
]


@cache
def python_files() -> list[File]:
    """Every Python file of the project, read once."""
    folders = [
        path for path in sorted(PROJECT.iterdir()) if path.is_dir() and path.name not in SKIPPED_FOLDERS
    ]
    paths = [
        *sorted(PROJECT.glob("*.py")),
        *(path for folder in folders for path in sorted(folder.rglob("*.py"))),
    ]
    return [File(path.relative_to(PROJECT).as_posix(), path.read_text("utf-8")) for path in paths]


@pytest.mark.parametrize("rule", RULES)
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    assert [problem for file in python_files() for problem in rule(file)] == []


def test_every_room_is_walked() -> None:
    modules = {file.module for file in python_files()}
    assert {"manage", "config.settings", "offices.models", "guides.ingest", "guides.editing"} <= modules


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        (
            the_safe_and_the_door_know_no_contents,
            "guides/views/guide.py",
            "from reports.models import Report",
        ),
        (the_safe_and_the_door_know_no_contents, "keeping/trail.py", "from staff.models import Device"),
        (the_safe_and_the_door_know_no_contents, "staff/views.py", "from guides import models"),
        (offices_do_not_know_guides, "offices/models.py", "import guides.models"),
        (offices_do_not_know_guides, "offices/views.py", "from guides import models"),
        (offices_do_not_know_guides, "offices/admin.py", "def f():\n    from guides.models import Guide"),
        (offices_do_not_know_guides, "offices/apps.py", "import_module('guides.models')"),
        (ingest_is_standard_library_only, "guides/ingest/parse.py", "import django"),
        (ingest_is_standard_library_only, "guides/ingest/parse.py", "from pypinyin import pinyin"),
        (ingest_is_standard_library_only, "guides/ingest/parse.py", "from guides.models import Guide"),
        (ingest_is_standard_library_only, "guides/ingest/parse.py", "from ..models import Guide"),
        (ingest_is_standard_library_only, "guides/ingest/__init__.py", "from .. import models"),
        (ingest_is_standard_library_only, "guides/vocabulary.py", "from django.db import models"),
        (only_the_public_names_of_ingest, "guides/views.py", "import guides.ingest"),
        (only_the_public_names_of_ingest, "guides/views.py", "from guides import ingest"),
        (only_the_public_names_of_ingest, "guides/admin.py", "from . import ingest"),
        (only_the_public_names_of_ingest, "guides/admin.py", "from guides.ingest.parse import sections"),
        (only_the_public_names_of_ingest, "guides/templatetags/guide.py", "from ..ingest import parse"),
        (only_the_public_names_of_ingest, "offices/views.py", "from guides.ingest import *"),
        (only_editing_writes, "guides/views.py", "guide.save()"),
        (only_editing_writes, "guides/admin.py", "Guide.objects.filter(pk=1).update(name='')"),
        (only_editing_writes, "offices/models.py", "self.phones.all().delete()"),
        (only_editing_writes, "guides/management/commands/load.py", "Guide.objects.bulk_create([])"),
        (only_editing_writes, "guides/views.py", "async def f():\n    await guide.asave()"),
        (only_editing_writes, "guides/admin/guide.py", "Guide.objects.bulk_update(rows, ['name'])"),
        (only_editing_writes, "guides/admin/office.py", "queryset.update(address='')"),
        (nobody_by_passes_the_models, "guides/views.py", "with connection.cursor() as cursor: pass"),
        (nobody_by_passes_the_models, "guides/admin/guide.py", "Guide.objects.raw('UPDATE guides_guide')"),
        (nobody_by_passes_the_models, "guides/management/commands/fix.py", "migrations.RunSQL('UPDATE x')"),
        (nobody_by_passes_the_models, "guides/editing/applying.py", "cursor.execute('UPDATE x')"),
        (nobody_by_passes_the_models, "offices/models.py", "connection.cursor()"),
        (nobody_imports_config, "guides/views.py", "from config import settings"),
        (nobody_imports_config, "tests/test_pages.py", "import config.settings"),
        (nobody_imports_config, "config/urls.py", "from . import settings"),
    ],
)
def test_the_rule_notices_a_file_that_breaks_it(rule: Rule, path: str, source: str) -> None:
    assert rule(File(path, source))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("guides/models.py", "from offices.models import Office"),
        (
            "guides/ingest/parse.py",
            "import re\nfrom . import lines\nfrom .lines import read\nrecord.update({})",
        ),
        (
            "guides/ingest/parse.py",
            "from guides.vocabulary import CHANNEL_KINDS\nfrom guides import vocabulary",
        ),
        ("guides/ingest/parse.py", "from offices import vocabulary"),
        ("guides/management/commands/check.py", "from guides.ingest.report import findings"),
        ("guides/editing/apply.py", "guide.save()\nGuide.objects.create()"),
        ("offices/models.py", "super().save()"),
        ("guides/migrations/0009_words.py", "migrations.RunSQL('UPDATE x')"),
        ("offices/migrations/0001_initial.py", "City.objects.create()"),
        ("guides/views.py", "from django.conf import settings"),
    ],
)
def test_a_file_that_keeps_the_rules_is_left_alone(path: str, source: str) -> None:
    file = File(path, source)
    assert [problem for rule in RULES for problem in rule(file)] == []
