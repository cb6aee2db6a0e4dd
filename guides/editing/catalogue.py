"""The catalogue file (TOML) → cities, counties, categories, matters and their other names."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models, transaction

from guides.models import (
    Alias,
    Audience,
    Category,
    FormerMatterSlug,
    LifeEvent,
    LifeEventStep,
    Matter,
    Term,
)
from guides.search.tokens import sounds
from offices.models import City, County

from .noting import note
from .renaming import matter_called
from .search_index import index_names
from .stamps import SITE, stamp

UNSORTED = {
    "slug": "weifenlei",
    "name": "未分类",
    "summary": "手册里有、目录还没有归类的事项",
    "position": 99,
}


class CatalogueError(ValueError):
    """A catalogue file that cannot be loaded; the message says where and why."""


@transaction.atomic
def load_catalogue(words: str, *, json_format: bool = False) -> dict[str, int]:
    """Add or change every entry of a catalogue file (TOML or JSON), by its slug; nothing is ever deleted.

    A small file with one city and its counties is enough to import a third city's handbook. Gives how many
    entries were ``added``, ``changed`` and ``same``. Raises :class:`CatalogueError` and writes nothing when
    the file cannot be read, or an entry lacks a key, has a bad value or names something unknown.
    """
    try:
        data = json.loads(words) if json_format else tomllib.loads(words)
    except ValueError as error:
        raise CatalogueError(f"不是有效的 {'JSON' if json_format else 'TOML'}：{error}") from error
    verdicts: Counter[str] = Counter({"added": 0, "changed": 0, "same": 0})
    for section, put in (
        ("cities", _put_city),
        ("audiences", _put_audience),
        ("categories", _put_category),
        ("matters", _put_matter),
        ("life_events", _put_life_event),
        ("terms", _put_term),
    ):
        for position, entry in enumerate(data.get(section, [])):
            try:
                verdicts.update(put(position, entry))
            except KeyError as error:
                raise CatalogueError(f"[[{section}]] 第 {position + 1} 条缺少 {error}") from error
            except ValidationError as error:
                raise CatalogueError(
                    f"[[{section}]] 第 {position + 1} 条：{'；'.join(error.messages)}"
                ) from error
            except models.ObjectDoesNotExist as error:
                raise CatalogueError(
                    f"[[{section}]] 第 {position + 1} 条提到了没有的类别、主体或事项"
                ) from error
    if verdicts["added"] or verdicts["changed"]:
        stamp([SITE])
        note("import", None, "目录", entries=dict(verdicts))
    return dict(verdicts)


def matter_named(name: str) -> Matter:
    """The matter of this name, made under 未分类 with a pinyin slug when the catalogue does not have it."""
    found = Matter.objects.filter(name=name).first()
    if found:
        return found
    category, _ = Category.objects.get_or_create(slug=UNSORTED["slug"], defaults=UNSORTED)
    slug = pinyin_slug(name)
    taken = set(Matter.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    taken |= set(FormerMatterSlug.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    free = next(candidate for candidate in _candidates(slug) if candidate not in taken)
    matter = Matter(slug=free, name=name, category=category, position=Matter.objects.count())
    matter.full_clean()
    matter.save()
    index_names(matter)
    return matter


def pinyin_slug(name: str, longest: int = 50) -> str:
    """``医保证明打印`` → ``yi-bao-zheng-ming-da-yin``: whole syllables, at most ``longest`` characters."""
    syllables = [part for part in sounds(name) if part.isascii() and part.isalnum()]
    slug = ""
    for syllable in syllables or ["shixiang"]:
        if len(slug) + len(syllable) + 1 > longest:
            break
        slug = f"{slug}-{syllable.lower()}" if slug else syllable.lower()
    return slug


def _candidates(slug: str) -> Sequence[str]:
    return [slug, *(f"{slug}-{number}" for number in range(2, 100))]


def _put(
    model: type[models.Model], keys: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[models.Model, str]:
    known = model._default_manager.filter(**keys).first() or _once_called(model, keys)
    row = known or model(**keys, **values)
    changed = [field for field, value in values.items() if known and getattr(known, field) != value]
    for field in changed:
        setattr(row, field, values[field])
    if changed or not known:
        row.full_clean()
        row.save()
    return row, "changed" if changed else "same" if known else "added"


def _once_called(model: type[models.Model], keys: Mapping[str, Any]) -> models.Model | None:
    """The row that had this slug before it was renamed: a file that still says the old one means it."""
    if model not in (City, County, Matter):
        return None
    rows: Any = model._default_manager.filter(**{key: value for key, value in keys.items() if key != "slug"})
    found: models.Model | None = rows.once_called(keys["slug"]).first()
    return found


def _put_city(position: int, entry: Mapping[str, Any]) -> list[str]:
    values = {"name": entry["name"], "area_code": entry["area_code"]}
    values |= {key: entry.get(key, "") for key in ("province", "code")}
    known: Any = City.objects.filter(slug=entry["slug"]).first() or _once_called(
        City, {"slug": entry["slug"]}
    )
    values["position"] = known.position if known else City.objects.count()
    city, verdict = _put(City, {"slug": entry["slug"]}, values)
    verdicts = [verdict]
    for order, county in enumerate(entry["counties"]):
        facts = {
            "name": county["name"],
            "kind": county["kind"],
            "code": county.get("code", ""),
            "position": order,
        }
        verdicts.append(_put(County, {"city": city, "slug": county["slug"]}, facts)[1])
    return verdicts


def _put_audience(position: int, entry: Mapping[str, Any]) -> list[str]:
    return [_put(Audience, {"slug": entry["slug"]}, {"name": entry["name"], "position": position})[1]]


def _put_category(position: int, entry: Mapping[str, Any]) -> list[str]:
    values = {"name": entry["name"], "summary": entry.get("summary", ""), "position": position}
    return [_put(Category, {"slug": entry["slug"]}, values)[1]]


def _put_matter(position: int, entry: Mapping[str, Any]) -> list[str]:
    category = Category.objects.get(slug=entry["category"])
    values = {"name": entry["name"], "category": category, "position": position}
    matter, verdict = _put(Matter, {"slug": entry["slug"]}, values)
    audiences = [Audience.objects.get(slug=slug) for slug in entry.get("audiences", [])]
    matter.audiences.add(*audiences)  # type: ignore[attr-defined]
    verdicts = _put_aliases(cast("Matter", matter), entry.get("aliases", []))
    if {verdict, *verdicts} != {"same"}:
        index_names(cast("Matter", matter))
    return [verdict, *verdicts]


def _put_aliases(matter: Matter, texts: Sequence[str]) -> list[str]:
    """Add the names that are new, all at once: a matter has dozens."""
    known = set(matter.aliases.values_list("text", flat=True))
    new = [Alias(matter=matter, text=text) for text in dict.fromkeys(texts) if text not in known]
    for alias in new:
        alias.clean_fields(exclude=["matter"])
    Alias.objects.bulk_create(new)
    return ["added" if text not in known else "same" for text in dict.fromkeys(texts)]


def _put_life_event(position: int, entry: Mapping[str, Any]) -> list[str]:
    values = {"name": entry["name"], "summary": entry["summary"], "position": position}
    event, verdict = _put(LifeEvent, {"slug": entry["slug"]}, values)
    verdicts = [verdict]
    for order, step in enumerate(entry["steps"]):
        matter = matter_called(step["matter"])
        facts = {"advice": step.get("advice", ""), "position": order}
        verdicts.append(_put(LifeEventStep, {"life_event": event, "matter": matter}, facts)[1])
    return verdicts


def _put_term(position: int, entry: Mapping[str, Any]) -> list[str]:
    return [_put(Term, {"word": entry["word"]}, {"meaning": entry["meaning"]})[1]]
