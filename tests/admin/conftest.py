"""A small city in the database and an admin at the keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from guides.editing import load_catalogue
from tests.books import NOWHERE_TOML, short_catalogue, table_book
from tests.editing.conftest import load


@pytest.fixture
def editor(client: Client, db: None) -> Client:
    """An admin who is logged in, with one guide of the made-up city."""
    load_catalogue(short_catalogue(), json_format=True)
    load_catalogue(NOWHERE_TOML)
    load(table_book(["住院费用报销"]))
    client.force_login(User.objects.create_superuser("admin"))
    return client


def typed(response: Any) -> dict[str, Any]:
    """What a browser would send back if the editor pressed save at once."""
    context = response.context_data
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data[bound.html_name] = value
    return data
