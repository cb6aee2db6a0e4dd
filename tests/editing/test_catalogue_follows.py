"""A catalogue file that still says a former slug means the renamed row."""

from __future__ import annotations

import pytest

from guides import editing
from guides.models import Matter
from offices.models import City, County
from tests import books

pytestmark = pytest.mark.django_db


def test_loading_the_catalogue_again_brings_no_old_slug_back() -> None:
    words = books.short_catalogue()
    editing.load_catalogue(words, json_format=True)
    matter, city = Matter.objects.all()[0], City.objects.all()[0]
    county = city.counties.all()[0]
    counts = (Matter.objects.count(), City.objects.count(), County.objects.count())
    editing.rename_matter(matter, "new-matter")
    editing.rename_city(city, "new-city")
    editing.rename_county(county, "new-county")
    verdicts = editing.load_catalogue(words, json_format=True)
    assert (verdicts["added"], verdicts["changed"]) == (0, 0)
    assert (Matter.objects.count(), City.objects.count(), County.objects.count()) == counts
    matter.refresh_from_db()
    assert matter.slug == "new-matter"
