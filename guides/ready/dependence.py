"""Which stamps a page depends on, by its address alone."""

from __future__ import annotations

from guides.editing.stamps import LISTS, SITE, city_scope, guide_scope, matter_scope, shared_scope

OF_A_CITY = ("offices", "plan")


def scopes_of(path: str) -> tuple[str, ...]:
    """The scopes whose change makes the page at this path another one.

    A guide's pages: the guide, what the guides of a city share, which other cities have it. A city's pages: the
    city. All others show lists of the whole site.
    """
    parts = path.strip("/").split("/")
    if parts[0] == "guides" and len(parts) >= 3:
        city, matter = parts[1:3]
        return (SITE, guide_scope(city, matter), shared_scope(city), matter_scope(matter))
    if len(parts) >= 2 and parts[0] in (*OF_A_CITY, "guides"):
        return (SITE, city_scope(parts[1]))
    return (SITE, LISTS)
