"""Which matters are published where, as sets of cities: what the list counts and pages by, whatever is chosen.

Derived from guides, channels, limits and places by ``guides.editing.spread``. An empty table is one that has to be made anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import ClassVar

from django.db import models

from offices.models import City

from .catalogue import Matter

PUBLISHED = "published"
"""The fact that every published guide has; the others are those of ``guides.editing.spread.facts_of``."""


class CitySpread(models.Model):
    """A city's number among the cities of :class:`MatterSpread` (its key), and which matters its counties handle.

    ``counties`` maps the slug of a county, "" for city-wide places, to the keys of the matters handled there.
    """

    city = models.OneToOneField(City, models.CASCADE, related_name="spread", verbose_name="城市")
    counties = models.JSONField("各县区的事项", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "城市的事项分布"

    def __str__(self) -> str:
        return str(self.city)


class MatterSpread(models.Model):
    """In which cities a matter has a published guide, with which channels, limits, longest limit and name.

    ``facts`` maps each fact to a set of cities: a number in hexadecimal whose bit *n* stands for the city of number *n*.
    A row of 340 cities has about 2 KB; 200 of them answer every count of the list. ``papers`` maps the lines of material lists
    (see :func:`paper_line`) likewise.
    """

    matter = models.OneToOneField(
        Matter, models.CASCADE, related_name="spread", verbose_name="事项", primary_key=True
    )
    facts = models.TextField("各类城市", default="{}")
    papers = models.TextField("各种材料的城市", default="{}")

    class Meta:
        verbose_name = verbose_name_plural = "事项的城市分布"
        ordering: ClassVar[list[str]] = ["matter__position", "matter__slug"]

    def __str__(self) -> str:
        return str(self.matter)


@lru_cache(maxsize=2_000)
def read_facts(words: str) -> Mapping[str, int]:
    """The sets of cities by fact; a row that has not changed is read once a process."""
    return {fact: int(cities, 16) for fact, cities in json.loads(words).items()}


def write_facts(facts: Mapping[str, int]) -> str:
    """The same as text: empty sets left out, sorted, so that equal sets are equal texts."""
    return json.dumps(
        {fact: f"{cities:x}" for fact, cities in sorted(facts.items()) if cities}, ensure_ascii=False
    )


def paper_line(text: str, form: str) -> str:
    """A line of a material list as a key: its text, and the form it names after a tab."""
    return f"{text}\t{form}"


def read_paper_line(line: str) -> tuple[str, str]:
    """Text and form of such a key."""
    text, _, form = line.rpartition("\t")
    return text, form
