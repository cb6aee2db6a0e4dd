"""What the list counts by is kept on the guide, whoever writes it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers

from guides.editing import Loading, apply_guide
from guides.editing.listed import listed
from guides.models import Channel, Guide, TimeLimit


def of(guide: Guide) -> dict[str, Any]:
    return Guide.objects.values("channel_kinds", "limit_kinds", "longest_days").get(pk=guide.pk)


@pytest.fixture
def guide(loaded: Loading) -> Guide:
    return Guide.objects.with_details().get(city__slug="yunshan", matter__slug="zhuyuan-baoxiao")


@pytest.mark.parametrize(
    ("channels", "limits", "expected"),
    [
        ([], [], ("", "", 9999)),
        (["app", "counter", "app"], [("instant", None)], (" counter app ", " instant ", 0)),
        (["counter"], [("workdays", 7), ("instant", None)], (" counter ", " instant workdays ", 7)),
        (["bank"], [("workdays", 7), ("other", None)], (" bank ", " workdays other ", 9999)),
    ],
)
def test_kinds_stand_once_in_the_vocabularys_order_and_the_longest_limit_decides(
    channels: list[str], limits: list[tuple[str, int | None]], expected: tuple[str, str, int]
) -> None:
    assert tuple(listed(channels, limits).values()) == expected


def test_an_import_keeps_it(guide: Guide) -> None:
    assert of(guide) == {"channel_kinds": " counter app ", "limit_kinds": " workdays ", "longest_days": 7}


def test_an_edit_keeps_it(guide: Guide) -> None:
    document = guide.document()
    document["channels"] = [{"name": "云山医保网", "kind": "website", "applies_to": ""}]
    document["time_limits"] = [{"applies_to": "", "kind": "instant", "days": None, "text": "即时办结"}]
    apply_guide(document)
    assert of(guide) == {"channel_kinds": " website ", "limit_kinds": " instant ", "longest_days": 0}


def test_rows_written_one_by_one_keep_it_and_fixtures_need_not_carry_it(guide: Guide) -> None:
    before = of(guide)
    rows = serializers.serialize("json", [guide, *guide.channels.all(), *guide.time_limits.all()])
    assert "channel_kinds" not in rows
    guide.channels.all().delete()
    guide.time_limits.all().delete()
    assert of(guide) == {"channel_kinds": "", "limit_kinds": "", "longest_days": 9999}
    for row in serializers.deserialize("json", rows):
        row.save()
    assert of(guide) == before


def test_a_row_held_in_memory_does_not_write_old_kinds_back(guide: Guide) -> None:
    Channel.objects.create(guide=guide, name="云山医保网", kind="website", position=9)
    TimeLimit.objects.create(guide=guide, kind="workdays", days=20, text="20个工作日", position=9)
    guide.save()
    assert of(guide)["channel_kinds"] == " counter website app "
    assert of(guide)["longest_days"] == 20


def test_the_migration_fills_it_in(guide: Guide) -> None:
    before = of(guide)
    Guide.objects.update(channel_kinds="", limit_kinds="", longest_days=1)
    import_module("guides.migrations.0002_list_outline").fill(apps, None)
    assert of(guide) == before
