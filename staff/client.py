"""Who is at the other end of a request, as far as the network says."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

HOUSEHOLD = 64
"""Bits of an IPv6 address that a provider gives to one customer, who changes the rest as he likes."""


def client_address(request: HttpRequest) -> str:
    """The client's IP address; "" when there is none to believe.

    Behind nginx the connection is nginx's own (and on a unix socket has no address at all), so the address stands in
    ``X-Forwarded-For``, which nginx overwrites (deploy/nginx/proxy.conf). Where nobody overwrites it
    (``BEHIND_NGINX`` off) it is the client's own tale and is not looked at; nor is a list of addresses, which nginx never writes.
    """
    name = "HTTP_X_FORWARDED_FOR" if settings.BEHIND_NGINX else "REMOTE_ADDR"
    try:
        return str(ip_address(request.META.get(name, "").strip()))
    except ValueError:
        return ""


def client_network(request: HttpRequest) -> str | None:
    """The network that failures are counted for: an IPv4 address, or the /64 of an IPv6 one; None without an address."""
    address = client_address(request)
    if ":" not in address:
        return address or None
    return str(ip_network(f"{address.partition('%')[0]}/{HOUSEHOLD}", strict=False).network_address)
