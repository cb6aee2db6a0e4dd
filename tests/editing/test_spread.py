"""What the list counts by says the same as the guides, whatever is edited and by whom."""

from __future__ import annotations

import random
import threading
from collections import Counter
from io import StringIO
from itertools import product
from typing import Any

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import connections
from django.http import QueryDict

from guides.editing import (
    apply_guide,
    apply_office,
    count_if_unknown,
    delete_entry,
    rebuild_spread,
    rename_county,
    spread_problems,
)
from guides.editing.spread import facts_of
from guides.filters import GuideFilterSet
from guides.models import Audience, Category, Channel, Guide, GuideOffice, MatterSpread
from guides.outline import Outline, column_sums, paper_lines
from guides.vocabulary import CHANNEL_KINDS, LIMIT_KIND_OF_SPEED, SPEEDS
from offices.models import Office
from tests.cast import Cast, assemble
from tests.editing.test_many_at_once import database

__all__ = ["database"]
Says = dict[str, Any]
KINDS = ("counter", "website", "app")


@pytest.fixture
def cast(db: None) -> Cast:
    cast = assemble()
    count_if_unknown()
    return cast


def listed(query: str) -> GuideFilterSet:
    return GuideFilterSet(QueryDict(query), queryset=Guide.objects.published())


# --- Counting live: every published guide read as its document


def everything() -> list[Says]:
    guides = Guide.objects.published().with_details().in_reading_order()
    offices = {office.county_id for office in Office.objects.all()}
    return [
        {
            "guide": guide,
            "document": guide.document(),
            "city": guide.city.slug,
            "county": counties_of(guide, offices),
            "channel": {channel.kind for channel in guide.channels.all()},
            "limit": {limit.kind for limit in guide.time_limits.all()},
            "audience": {audience.slug for audience in guide.matter.audiences.all()},
            "category": {guide.matter.category.slug},
        }
        for guide in guides
    ]


def counties_of(guide: Guide, named: set[int | None]) -> set[str]:
    """The counties that can use the guide: the rule of ``GuideQuerySet.in_county`` once more, guide by guide."""
    own = {place.office.county.slug if place.office.county else "" for place in guide.guide_offices.all()}
    return {
        county.slug
        for county in guide.city.counties.all()
        if county.slug in own or "" in own or county.pk not in named
    }


def meets(says: Says, asked: dict[str, str]) -> bool:
    for name, value in asked.items():
        wanted = LIMIT_KIND_OF_SPEED[value] if name == "limit" else value
        if wanted != says[name] if name == "city" else wanted not in says[name]:
            return False
    return True


def live(guides: list[Says], asked: dict[str, str], name: str) -> Counter[str]:
    """How many guides each value of one filter would leave."""
    others = {key: value for key, value in asked.items() if key != name and (name, key) != ("city", "county")}
    found: Counter[str] = Counter()
    for says in guides:
        if meets(says, others):
            found.update([says[name]] if name == "city" else says[name])
    return found


def outline_of(asked: dict[str, str]) -> Outline:
    return listed("&".join(f"{key}={value}" for key, value in asked.items())).outline


def kept(outline: Outline, name: str) -> Counter[str]:
    """The same from the sets of cities."""
    if name == "city":
        return +Counter({slug: size for slug, _, size in outline.counts_by_city()})
    if name == "county":
        counties = outline.chosen["city"].counties.all()
        return +Counter({slug: size for slug, _, size in outline.counts_by_county(counties)})
    counts = outline.counts(name)
    rows: dict[str, Any] = {"audience": Audience, "category": Category}
    if name in rows:
        slugs = dict(rows[name].objects.values_list("pk", "slug"))
        return Counter({slugs[key]: size for key, size in counts.items()})
    return Counter(counts)


PLACES: tuple[dict[str, str], ...] = (
    {},
    {"city": "dazhou"},
    {"city": "dazhou", "county": "xuanhan"},
    {"city": "suining", "county": "shehong"},
)
CHOICES = [
    place | {name: value for name, value in zip(("channel", "limit", "audience", "category"), values, strict=True) if value}
    for place, *values in product(PLACES, ("", "app"), ("", *SPEEDS), ("", "geren"), ("", "baoxiao"))
]  # fmt: skip


def assert_all_is_true(choices: list[dict[str, str]]) -> None:
    assert spread_problems() == []
    guides = everything()
    for asked in choices:
        outline = outline_of(asked)
        for name in ("city", "county", "channel", "limit", "audience", "category"):
            if name != "county" or "city" in asked:
                assert kept(outline, name) == live(guides, asked, name), (asked, name)
        assert outline.count == sum(meets(says, asked) for says in guides)


def test_every_combination_of_filters_counts_as_counting_live_does(cast: Cast) -> None:
    assert set(CHANNEL_KINDS) >= set(KINDS)
    assert_all_is_true(CHOICES)


def edited(document: Says, chance: random.Random) -> Says:
    """The document with other channels, limits, papers, name or places."""
    kinds = chance.sample(KINDS, chance.randint(0, 3))
    days = chance.choice([None, 3, 20])
    limit = {"applies_to": "", "kind": "workdays" if days else "instant", "days": days, "text": "时限"}
    return {
        **document,
        "name": chance.choice([document["name"], "另一个名称"]),
        "channels": [{"name": kind, "kind": kind, "applies_to": ""} for kind in kinds],
        "time_limits": [limit][: chance.randint(0, 1)],
        "materials": document["materials"][: chance.randint(0, 5)],
        "offices": [place for place in document["offices"] if chance.random() < 0.7],
    }


@pytest.mark.parametrize("seed", range(3))
def test_any_row_of_edits_keeps_it_true(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same edits each time
    for _ in range(6):
        guide = chance.choice(list(Guide.objects.with_details().order_by("pk")))
        status = chance.choice(["published", "published", "withdrawn"])
        apply_guide(edited(guide.document(), chance), status=status)
        assert MatterSpread.objects.exists()
        assert_all_is_true(chance.sample(CHOICES, 3))


def test_an_office_that_moves_and_a_county_that_is_renamed_keep_it_true(cast: Cast) -> None:
    office = Office.objects.with_details().get(county=cast.xuanhan)
    apply_office({**office.document(), "county": "dazhu"})
    rename_county(cast.dazhu, "dazhuxian")
    assert MatterSpread.objects.exists()
    assert_all_is_true([{"city": "dazhou", "county": "xuanhan"}, {"city": "dazhou", "county": "dazhuxian"}])


def test_a_draft_that_is_deleted_never_counted(cast: Cast) -> None:
    Guide.objects.filter(pk=cast.enrolment.pk).update(status="draft")
    rebuild_spread()
    cast.enrolment.refresh_from_db()
    delete_entry(cast.enrolment)
    assert MatterSpread.objects.exists()
    assert_all_is_true([{}])


def test_rows_that_come_past_the_editing_room_are_counted_by_whoever_needs_them_next(cast: Cast) -> None:
    assert "bank" not in kept(outline_of({}), "channel")
    Channel.objects.create(guide=cast.inpatient, name="银行网点", kind="bank", position=9)
    assert kept(outline_of({}), "channel")["bank"] == 1
    fixture = serializers.serialize("json", GuideOffice.objects.filter(guide=cast.inpatient))
    cast.inpatient.guide_offices.all().delete()
    for row in serializers.deserialize("json", fixture):
        row.save()
    assert_all_is_true([{"city": "dazhou", "county": "xuanhan"}])


def test_papers_are_known_city_by_city(cast: Cast) -> None:
    apply_guide({**fresh(cast.inpatient), "materials": []})
    papers = {
        (line.text, line.cities.bit_count()) for line in paper_lines() if line.matter == cast.inpatient.matter
    }
    assert ("出院记录", 1) in papers
    assert not [line for line in paper_lines(cast.dazhou) if line.matter == cast.inpatient.matter]


def fresh(guide: Guide) -> Says:
    return Guide.objects.with_details().get(pk=guide.pk).document()


def test_wrong_counts_are_named_and_made_right(cast: Cast) -> None:
    Guide.objects.filter(pk=cast.enrolment.pk).update(status="withdrawn")  # past everything
    with pytest.raises(CommandError, match=r"事项“职工参保登记”(.|\n)*达州市各县(.|\n)*rebuild_spread"):
        call_command("rebuild_spread", "--check")
    call_command("rebuild_spread", stdout=StringIO())
    call_command("rebuild_spread", "--check", stdout=StringIO())


def test_sums_of_sets_stand_upright() -> None:
    chance = random.Random(7)  # noqa: S311 - the same sets each time
    sets = [chance.getrandbits(70) for _ in range(50)]
    sums = column_sums(sets)
    assert [sums(bit) for bit in range(70)] == [sum(each >> bit & 1 for each in sets) for bit in range(70)]


@pytest.mark.parametrize(
    ("limits", "days"),
    [([], 9999), ([("instant", None)], 0), ([("workdays", 7), ("instant", None)], 7), ([("workdays", 7), ("other", None)], 9999)],
)  # fmt: skip
def test_the_longest_limit_decides(limits: list[tuple[str, int | None]], days: int) -> None:
    assert facts_of("名称", ["app", "app"], limits) == {
        "published", "name:名称", f"days:{days}", "channel:app", *(f"limit:{kind}" for kind, _ in limits)
    }  # fmt: skip


def test_two_editors_of_different_guides_both_come_through(database: None) -> None:
    """Guides of one matter in two cities, edited in opposite orders: the sets they share never lock them in a circle."""
    count_if_unknown()
    failures: list[str] = []

    def edit(cities: list[str]) -> None:
        try:
            for round_ in range(4):
                for city in cities:
                    guide = Guide.objects.with_details().get(city__slug=city, matter__slug="zhuyuan-baoxiao")
                    kind = KINDS[round_ % len(KINDS)]
                    channel = {"name": kind, "kind": kind, "applies_to": ""}
                    apply_guide({**guide.document(), "channels": [channel]})
        except Exception as error:  # noqa: BLE001 - the test shows what it was
            failures.append(repr(error))
        finally:
            connections.close_all()

    orders = (["dazhou", "suining"], ["suining", "dazhou"])
    threads = [threading.Thread(target=edit, args=[order]) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [failure for failure in failures if "Conflict" not in failure] == []
    assert spread_problems() == []
