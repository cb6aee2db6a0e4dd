"""Which stamps a page depends on, by its address alone."""

from __future__ import annotations

from guides.editing.stamps import LISTS, SITE, TEXTS, city_scope, guide_scope, matter_scope, shared_scope

OF_A_CITY = ("offices", "plan")


def scopes_of(path: str, query: str = "") -> tuple[str, ...]:
    """The scopes whose change makes the page at this address another one.

    A guide's pages: the guide, what the guides of a city share, which other cities have it. A city's pages: the
    city. Lists of guides: what they show of each, and every text when words are looked for. All others: every text.
    """
    parts = path.strip("/").split("/")
    if parts[0] == "guides" and len(parts) >= 3:
        city, matter = parts[1:3]
        return (SITE, guide_scope(city, matter), shared_scope(city), matter_scope(matter))
    if len(parts) >= 2 and parts[0] in (*OF_A_CITY, "guides"):
        return (SITE, city_scope(parts[1]))
    if parts[0] in ("", "guides") and not any(pair.startswith("q=") for pair in query.split("&")):
        return (SITE, LISTS)
    return (SITE, LISTS, TEXTS)
