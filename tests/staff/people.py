"""Somebody at the door: accounts, passwords, and an authenticator app that shows codes."""

from __future__ import annotations

import re
import time
from base64 import b32decode
from html import unescape
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

PASSWORD = "Lv7-penguin-Tea"
SIGN_IN = "/admin/login/"
ENTRANCE = "/admin/second-factor/"
ENROL = "/admin/second-factor/enrol/"


def superuser(name: str = "chen") -> User:
    return User.objects.create_superuser(name, password=PASSWORD, first_name="陈一")


def sign_in(client: Client, name: str = "chen", password: str = PASSWORD, **headers: Any) -> Any:
    return client.post(SIGN_IN, {"username": name, "password": password, "next": "/admin/"}, **headers)


def code_of(key: bytes, *, steps: int = 0) -> str:
    """What the app shows, now or so many steps of 30 seconds later."""
    totp = TOTP(key)
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def key_on(page: Any) -> bytes:
    """The key that the page gives to type."""
    found = re.search(r'class="door-key">([A-Z2-7 ]+)<', page.content.decode())
    assert found
    return b32decode(found[1].replace(" ", ""))


def enrolled(client: Client) -> tuple[TOTPDevice, list[str]]:
    """Set up an app for who is signed in: it, and the codes for paper."""
    key = key_on(client.get(ENROL))
    page = client.post(ENROL, {"code": code_of(key, steps=-1)})
    codes = re.findall(r"<li>([a-z2-7]{8})</li>", page.content.decode())
    return TOTPDevice.objects.get(), codes


def words(response: Any) -> str:
    """What a page says, without tags and blanks."""
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", response.content.decode())))
