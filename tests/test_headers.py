"""What every answer says to the browser about what it may do."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/",
        "/nothing/",
        "/data/guides.json",
        "/admin/login/",
        "/static/css/base.css",
    ],
)
def test_nothing_inline_and_nothing_from_another_host_may_run(
    client: Client, cast: Cast, address: str
) -> None:
    policy = client.get(address).headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert {*directives.values()} == {"'none'", "'self'"}
