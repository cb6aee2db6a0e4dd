"""The staff of the made-up cities: one account for each role, and what another city must never learn."""

from __future__ import annotations

import re
from html import unescape
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.urls import reverse

from guides.access import AUDITOR, CITY_ADMIN, COUNTY_EDITOR, WINDOW_STAFF
from guides.models import Duty
from offices.models import City, County

OF_SUINING = ("遂宁", "射洪", "0825-", "suining")


def role(name: str) -> Group:
    """A group of the migration; tests with real transactions empty its table, so it is made again there."""
    if not Group.objects.filter(name=name).exists():
        migration = import_module("guides.migrations.0009_roles")
        migration.make_roles(apps, SimpleNamespace(connection=connection))
        later = import_module("guides.migrations.0015_auditors_read_the_trail")
        later.allow(apps, SimpleNamespace(connection=connection))
        reports = import_module("reports.migrations.0002_roles")
        reports.give(apps, SimpleNamespace(connection=connection))
    return Group.objects.get(name=name)


def member(name: str, of_role: str, place: City | County) -> User:
    """Somebody with one role in one place."""
    user = User.objects.create_user(name, first_name=name, is_staff=True)
    user.groups.add(role(of_role))
    if isinstance(place, County):
        Duty.objects.create(user=user, city=place.city, county=place)
    else:
        Duty.objects.create(user=user, city=place)
    return user


def everyone(city: City, county: County) -> dict[str, User]:
    """One of each role, in the order of the table of who may do what."""
    return {
        CITY_ADMIN: member("陈市级", CITY_ADMIN, city),
        COUNTY_EDITOR: member("周县区", COUNTY_EDITOR, county),
        WINDOW_STAFF: member("吴窗口", WINDOW_STAFF, county),
        AUDITOR: member("郑审计", AUDITOR, city),
        "超级用户": User.objects.create_superuser("系统", first_name="系统"),
    }


def at_keyboard(user: User) -> Client:
    """A browser in which he is logged in."""
    client = Client()
    client.force_login(user)
    return client


def url(model: Any, page: str, *args: Any) -> str:
    """The address of an admin page."""
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=args)


def words(response: Any) -> str:
    """What a page says, without tags and blanks."""
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", response.content.decode())))


def hidden(response: Any, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'type="hidden"\s+name="{name}"\s+value="([^"]*)"', response.content.decode())
    assert found
    return unescape(found[1])
