"""What the production site is made of is listed, pinned, and free to use as it is used."""

from __future__ import annotations

import json
import re

import pytest

from deploy import sbom

LOCK = sbom.LOCK.read_text("utf-8")
ALLOWED = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "Unlicense", "OFL-1.1"}
UNDER_THE_LGPL = {"psycopg", "psycopg-binary", "psycopg-pool"}


def locked(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", lock, re.MULTILINE))


def not_allowed(packages: list[sbom.Package]) -> list[str]:
    """Packages under a licence that asks more of us than to name it."""
    return [
        f"{package.name}: {package.licence}"
        for package in packages
        if not {*re.split(r" (?:OR|AND) ", package.licence)} <= ALLOWED
        and not (package.name in UNDER_THE_LGPL and package.licence == "LGPL-3.0-only")
    ]


def test_the_bill_of_materials_and_the_list_of_licences_say_what_the_lock_says() -> None:
    for path, text in sbom.made().items():
        assert path.read_text("utf-8") == text, f"{path}: run make sbom"


def test_every_locked_package_is_listed_with_its_version() -> None:
    bill = json.loads(sbom.SBOM.read_text("utf-8"))
    listed = {part["name"]: part.get("version") for part in bill["components"] if part["type"] == "library"}
    assert listed == locked(LOCK)
    table = sbom.LICENCES.read_text("utf-8")
    assert all(f"| {name} | {version} |" in table for name, version in locked(LOCK).items())


def test_every_locked_package_is_pinned_by_hashes() -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", LOCK)[1:]
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert len(blocks) == len(locked(LOCK))


def test_every_part_is_needed_by_something_that_is_listed() -> None:
    bill = json.loads(sbom.SBOM.read_text("utf-8"))
    needed = {name for entry in bill["dependencies"] for name in entry["dependsOn"]}
    assert needed == {part["bom-ref"] for part in bill["components"] if part["type"] == "library"}


def test_no_package_is_under_the_gpl() -> None:
    assert not_allowed(sbom.packages(LOCK)) == []


@pytest.mark.parametrize(
    ("name", "licence"),
    [
        ("ours", "GPL-3.0-or-later"),
        ("ours", "AGPL-3.0-only"),
        ("ours", "LGPL-3.0-only"),
        ("psycopg", "GPL-2.0"),
    ],
)
def test_a_package_under_another_licence_would_be_found(name: str, licence: str) -> None:
    package = sbom.Package(name, "1", f"MIT AND {licence}" if name == "ours" else licence, (), "")
    assert not_allowed([package]) == [f"{name}: {package.licence}"]


def test_a_package_whose_licence_is_not_clear_stops_the_list() -> None:
    with pytest.raises(LookupError, match="install-development"):
        sbom.packages("no-such-package==1.0 \\\n    --hash=sha256:0\n    # via x\n")
