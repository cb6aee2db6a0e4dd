"""What is published, changed, restored, imported and exported is written down in the transaction that does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction

from guides.editing import (
    Change,
    PhoneEdit,
    Verdict,
    Wanted,
    apply_bulk,
    apply_guide,
    decide,
    propose,
    propose_all,
    rehearse,
    restore,
    restore_batch,
    save_entry,
    withdraw,
)
from guides.models import Guide, Matter, Proposal
from keeping.chain import canonical
from keeping.looking import verify
from keeping.models import AuditEntry
from offices.models import Office, Phone
from tests import books
from tests.admin.staff import at_keyboard
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def chen(cast: Cast) -> User:
    return User.objects.create_superuser("chen")


def guide_of(cast: Cast) -> Guide:
    return Guide.objects.with_details().get(pk=cast.enrolment.pk)


def newest(count: int = 1) -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.order_by("-number")[:count]
    return [(row.action, row.actor_name, row.place) for row in reversed(rows)]


def by(chen: User, **given: Any) -> Change:
    return Change(**{"source": "admin", "author": chen, **given})


def test_a_change_is_written_with_the_hash_of_what_the_guide_says_now(cast: Cast, chen: User) -> None:
    guide, _ = apply_guide(guide_of(cast).document() | {"audience": "改过"}, by(chen))
    row = AuditEntry.objects.latest("number")
    assert (row.action, row.actor_name, row.place, row.object) == ("apply", "chen", "dazhou", guide.name)
    (changed,) = json.loads(row.detail)["changed"]
    now = canonical(guide_of(cast).document())
    assert changed["sha256"] == hashlib.sha256(now.encode()).hexdigest()


def test_publishing_and_withdrawing_have_names_of_their_own(cast: Cast, chen: User) -> None:
    document = guide_of(cast).document()
    apply_guide(document, by(chen), status="withdrawn")
    apply_guide(document, by(chen), status="published")
    assert newest(2) == [("withdraw", "chen", "dazhou"), ("publish", "chen", "dazhou")]


def test_a_change_that_is_taken_back_or_changes_nothing_leaves_no_entry(cast: Cast, chen: User) -> None:
    count = AuditEntry.objects.count()
    apply_guide(guide_of(cast).document(), by(chen))
    with transaction.atomic():
        apply_guide(guide_of(cast).document() | {"audience": "改过"}, by(chen))
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == count


def test_restoring_is_written(cast: Cast, chen: User) -> None:
    apply_guide(guide_of(cast).document() | {"audience": "改过"}, by(chen))
    restore(guide_of(cast), guide_of(cast).version - 1, by(chen))
    assert newest() == [("restore", "chen", "dazhou")]


def test_deciding_and_taking_back_a_proposal_is_written(cast: Cast, chen: User) -> None:
    wanted = guide_of(cast).document() | {"audience": "建议"}
    decide(propose(guide_of(cast), wanted, by(chen)), {0: Verdict("accepted")}, by(chen))
    assert newest(2) == [("accept", "chen", "dazhou")] * 2
    decide(
        propose(guide_of(cast), wanted | {"audience": "又"}, by(chen)),
        {0: Verdict("declined", "不对")},
        by(chen),
    )
    assert json.loads(AuditEntry.objects.latest("number").detail)["verdicts"] == {"0": "declined"}
    withdraw(propose(guide_of(cast), wanted | {"audience": "再"}, by(chen)), chen)
    assert newest() == [("withdraw", "chen", "dazhou")]
    assert Proposal.objects.count() == 3


def test_a_bulk_edit_and_its_undoing_are_written_and_its_rehearsal_is_not(cast: Cast, chen: User) -> None:
    phone = Phone.objects.filter(guide_phones=None).first() or Phone.objects.all()[0]
    uses = {(phone.pk, 0)} | {(phone.pk, pk) for pk in Guide.objects.values_list("pk", flat=True)}
    edit, count = PhoneEdit(phone.number, "0818-9999999", frozenset(uses)), AuditEntry.objects.count()
    rehearse(edit)
    assert AuditEntry.objects.count() == count
    written = apply_bulk(edit, by(chen, source="bulk"))
    assert written
    assert newest()[0][:2] == ("bulk", "chen")
    assert written[0].batch
    restore_batch(written[0].batch, by(chen))
    assert newest()[0][:2] == ("restore", "chen")


def test_proposals_from_a_table_are_written_as_an_import(cast: Cast, chen: User) -> None:
    office = Office.objects.with_details().filter(city=cast.dazhou)[0]
    propose_all([Wanted(office, office.version, office.document() | {"name": "新名"})], by(chen))
    assert newest() == [("import", "chen", "dazhou")]


def test_a_row_of_the_catalogue_is_written(cast: Cast) -> None:
    save_entry(Matter.objects.all()[0])
    assert newest()[0][0] == "apply"
    assert AuditEntry.objects.latest("number").object.startswith("事项 ")


EXPORTS: list[Callable[[Any], Any]] = [
    lambda desk: desk.get("/admin/export/offices.xlsx"),
    lambda desk: desk.get("/admin/export/phones.csv"),
    lambda desk: b"".join(desk.get("/admin/keeping/auditentry/download/csv/")),
]


@pytest.mark.parametrize("take", EXPORTS, ids=["xlsx", "csv", "trail"])
def test_every_export_is_written(chen: User, take: Callable[[Any], Any]) -> None:
    take(at_keyboard(chen))
    row = AuditEntry.objects.latest("number")
    assert (row.action, row.actor_name) == ("export", "chen")


def test_an_imported_handbook_is_written_with_its_city_its_file_and_what_it_did(tmp_path: Path) -> None:
    description, book = tmp_path / "city.toml", tmp_path / "yunshan.txt"
    description.write_text(books.NOWHERE_TOML, "utf-8")
    book.write_text(books.table_book(["职工参保登记"]), "utf-8")
    call_command("import_handbook", book, city="yunshan", description=description, stdout=StringIO())
    written = AuditEntry.objects.filter(action="import", place="yunshan").order_by("number")
    assert all(row.actor_name.startswith("主机命令（") for row in written)
    revisions, handbook = (json.loads(row.detail) for row in written)
    assert "yunshan/zhi-gong-can-bao-deng-ji" in {each["what"] for each in revisions["changed"]}
    assert handbook["file"] == "yunshan.txt"
    assert handbook["guides"]["added"] == 1
    assert verify().is_whole


def test_commands_that_import_and_export_are_written(cast: Cast, tmp_path: Path) -> None:
    call_command("export_guides", tmp_path / "guides.json", stdout=StringIO())
    assert newest()[0][0] == "export"
    call_command("load_guides", tmp_path / "guides.json", stdout=StringIO())
    assert newest()[0][0] == "import"
    call_command("seed_workdays", "--replace", stdout=StringIO())
    assert newest()[0][0] == "import"
    assert verify().is_whole
