"""Telling one reader from another without knowing who he is: no address is stored, only what a secret key makes of it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from staff.client import client_network


def client_of(request: HttpRequest, about: str) -> str:
    """64 hexadecimal digits: the same for one address and one thing it is counted for (a day, a number), else another."""
    return salted_hmac(
        "reports.client", f"{about}|{client_network(request) or ''}", algorithm="sha256"
    ).hexdigest()
