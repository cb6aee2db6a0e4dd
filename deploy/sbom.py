"""What the site is made of, from the production lock and the metadata of what is installed: ``make sbom``.

Writes ``requirements/sbom.cdx.json`` (CycloneDX 1.6) and the tables of ``docs/licences.md``. Same lock, same bytes: neither holds
a time or a number of chance. ``--check`` writes nothing and says whether both are up to date.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
LOCK = PROJECT / "requirements" / "production.txt"
SBOM = PROJECT / "requirements" / "sbom.cdx.json"
LICENCES = PROJECT / "docs" / "licences.md"
FONTS = PROJECT / "guides" / "sheets" / "fonts"
BEGIN, END = "<!-- made by `make sbom` -->\n", "<!-- end -->\n"

AS_SPDX = {
    "Apache License 2.0": "Apache-2.0",
    "Apache-2.0": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
    "MIT": "MIT",
    "MIT License": "MIT",
    "PSFL": "PSF-2.0",
}
"""What packages write in ``License``, and the SPDX name for it."""
READ = dict.fromkeys(["django-csp", "django-filter", "segno", "sqlparse"], "BSD-3-Clause") | {"pyrage": "MIT"}
"""Packages whose metadata says "BSD" or nothing; read in the licence files they bring along."""


class Package(NamedTuple):
    """A line of the lock."""

    name: str
    version: str
    licence: str
    needed_by: tuple[str, ...]
    home: str


def packages(lock: str) -> list[Package]:
    """Every package of a lock, in its order. Raises ``LookupError`` for one whose licence is not clear."""
    found = []
    for block in re.split(r"\n(?=[a-z0-9])", lock):
        if named := re.match(r"([a-z0-9-]+)==([^\s;]+)", block):
            name, version = named[1], named[2]
            comments = re.findall(r"^    #\s+(?:via\s+)?([a-z0-9-]+(?:\[[a-z,]+\])?)", block, re.MULTILINE)
            needed_by = {re.sub(r"\[.*", "", comment) for comment in comments} - {"via", "-c"}
            found.append(Package(name, version, licence_of(name), tuple(sorted(needed_by)), home_of(name)))
    return found


def licence_of(name: str) -> str:
    """The SPDX expression of an installed package's licence."""
    try:
        said = metadata(name).json
    except PackageNotFoundError as error:
        raise LookupError(f"{name} is in the lock and not installed: make install-development") from error
    licence = READ.get(name) or said.get("license_expression") or AS_SPDX.get(str(said.get("license") or ""))
    if not licence:
        raise LookupError(f"{name}: read its licence and add it to READ in {Path(__file__).name}")
    return str(licence)


def home_of(name: str) -> str:
    """Where a package comes from, as it says itself."""
    said = metadata(name).json
    urls = dict(line.split(", ", 1) for line in said.get("project_url") or [])
    named = [
        urls[key]
        for key in sorted(urls, key=str.lower)
        if re.search(r"source|repo|home|github|code", key, re.I)
    ]
    return str(said.get("home_page") or (named or [*urls.values(), ""])[0])


def fonts() -> list[Path]:
    """The font files the project carries."""
    return sorted(FONTS.glob("*.ttf"))


def bill(found: list[Package]) -> str:
    """The bill of materials."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    root = f"{project['name']}@{project['version']}"
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    needs = {root: [p for p in found if project["name"] in p.needed_by]}
    needs |= {ref(p): [other for other in found if p.name in other.needed_by] for p in found}
    bom: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": project["name"],
                "version": project["version"],
            },
            "properties": [{"name": "lock:sha256", "value": lock}],
        },
        "components": [*map(component, found), *map(font, fonts())],
        "dependencies": [
            {"ref": name, "dependsOn": sorted(map(ref, others))} for name, others in needs.items()
        ],
    }
    return json.dumps(bom, ensure_ascii=False, indent=1) + "\n"


def ref(package: Package) -> str:
    """A package's purl."""
    return f"pkg:pypi/{package.name}@{package.version}"


def component(package: Package) -> dict[str, Any]:
    """A package in the bill."""
    return {
        "type": "library",
        "bom-ref": ref(package),
        "name": package.name,
        "version": package.version,
        "licenses": [{"expression": package.licence}],
        "purl": ref(package),
    }


def font(file: Path) -> dict[str, Any]:
    """A font file in the bill."""
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return {
        "type": "data",
        "name": file.name,
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": [{"expression": "OFL-1.1"}],
    }


def tables(found: list[Package]) -> str:
    """The tables of docs/licences.md."""
    lines = ["| package | version | licence | where |", "|---|---|---|---|"]
    lines += [f"| {p.name} | {p.version} | {p.licence} | {p.home} |" for p in found]
    lines += ["", "| file | licence | where |", "|---|---|---|"]
    lines += [
        f"| `guides/sheets/fonts/{file.name}` | OFL-1.1 | Google Fonts, text in `OFL.txt` |"
        for file in fonts()
    ]
    return "\n".join(lines) + "\n"


def made() -> dict[Path, str]:
    """Both files as they should be."""
    found = packages(LOCK.read_text("utf-8"))
    before, _, rest = LICENCES.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return {SBOM: bill(found), LICENCES: f"{before}{BEGIN}{tables(found)}{END}{after}"}


def main(arguments: list[str]) -> int:
    """Write, or check."""
    for path, text in made().items():
        if "--check" not in arguments:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            print(f"{path.relative_to(PROJECT)} 和依赖锁不一致，请运行 make sbom。")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
