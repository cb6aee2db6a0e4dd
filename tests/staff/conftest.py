"""Passwords are hashed quickly here: how slowly is Django's business."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings


@pytest.fixture(autouse=True)
def quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def second_factor_wanted() -> Iterator[None]:
    with override_settings(REQUIRE_SECOND_FACTOR=True):
        yield
