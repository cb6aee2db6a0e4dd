"""Where an office is on a map, without a key and without coordinates: a search for its address."""

from __future__ import annotations

from urllib.parse import urlencode

from .models import Office

SEARCH = "https://uri.amap.com/search"
"""高德地图's address for links from other sites; it opens the map with the words already searched for."""


def map_url(office: Office) -> str:
    """The map's search for the office's address in its city; empty where the handbook gives no address."""
    if not office.address:
        return ""
    return f"{SEARCH}?{urlencode({'keyword': office.address, 'city': office.city.name})}"
