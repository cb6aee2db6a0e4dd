from __future__ import annotations

import pytest
from django.test import Client

from guides.models import Guide
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def test_the_data_are_the_canonical_documents_in_reading_order(client: Client, cast: Cast) -> None:
    response = client.get("/data/guides.json")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == [guide.document() for guide in Guide.objects.published().in_reading_order()]


def test_chinese_is_written_as_chinese(client: Client, cast: Cast) -> None:
    assert "住院费用报销" in client.get("/data/guides.json").content.decode()


def test_withdrawn_guides_are_not_published(client: Client, cast: Cast) -> None:
    cast.inpatient.status = "withdrawn"
    cast.inpatient.save()
    assert len(client.get("/data/guides.json").json()) == 3
