"""A guide out of its snapshot is the guide of its rows, and never an older one."""

from __future__ import annotations

import pytest
from django.core.exceptions import ObjectDoesNotExist
from pytest_django import DjangoAssertNumQueries

from guides.editing import apply_guide, apply_office, complete_snapshots
from guides.models import Guide, Material, Snapshot
from guides.stored import published_guide
from offices.models import City, Office
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    found = assemble()
    assert complete_snapshots() == Guide.objects.published().count()
    return found


def stored(matter: str = "zhuyuan-baoxiao", city: str = "dazhou") -> Guide:
    guide = published_guide(City.objects.get(slug=city), matter)
    assert guide is not None
    return guide


def of_rows(guide: Guide) -> Guide:
    return Guide.objects.with_details().get(pk=guide.pk)


def test_a_guide_takes_the_same_few_queries_and_its_lists_none(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    city = City.objects.get(slug="dazhou")
    with django_assert_num_queries(6):  # matter, guide with snapshot, handbook; offices, hours, phones
        guide = published_guide(city, "zhuyuan-baoxiao")
        assert guide is not None
        guide.document()
        assert str(guide.handbook)


def test_a_change_of_the_guide_writes_its_snapshot_anew(cast: Cast) -> None:
    document = stored().document()
    apply_guide(document | {"audience": "所有参保人员"})
    assert stored().audience == "所有参保人员"
    assert Snapshot.objects.get(guide=stored()).version == stored().version
    apply_guide(document | {"notes": ["新的备注"]})
    assert [note.text for note in stored().notes.all()] == ["新的备注"]


def test_a_change_of_an_office_shows_in_all_its_guides(cast: Cast) -> None:
    office = Office.objects.with_details().get(city__slug="dazhou", county__slug="xuanhan")
    document = office.document()
    document["phones"] = [{"purpose": "consult", "number": "0818-7654321", "for": ""}]
    apply_office(document)
    for guide in (
        Guide.objects.published().filter(guide_offices__office=office).select_related("city", "matter")
    ):
        now = stored(guide.matter.slug, guide.city.slug)
        assert now.document() == of_rows(guide).document()
        assert "0818-7654321" in str(now.document())


def test_rows_written_without_it_are_not_hidden_by_an_old_snapshot(cast: Cast) -> None:
    guide = stored()
    Material.objects.filter(guide=guide).delete()
    Guide.objects.filter(pk=guide.pk).update(version=guide.version + 1)
    assert list(stored().materials.all()) == []
    assert complete_snapshots() == 1


def test_a_guide_without_a_snapshot_is_read_from_its_rows(cast: Cast) -> None:
    before = stored().document()
    Snapshot.objects.all().delete()
    with pytest.raises(ObjectDoesNotExist):
        _ = of_rows(stored()).snapshot
    assert stored().document() == before


def test_a_list_out_of_a_snapshot_refuses_a_further_condition(cast: Cast) -> None:
    with pytest.raises(TypeError, match="read whole"):
        stored().materials.filter(text="出院记录").first()
