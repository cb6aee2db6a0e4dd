"""Which stamps a page depends on, by its address alone."""

from __future__ import annotations

from urllib.parse import parse_qs

from guides.editing.stamps import LISTS, SITE, TEXTS, city_scope, guide_scope, matter_scope, shared_scope


def scopes_of(path: str, query: str = "") -> tuple[str, ...]:
    """The scopes whose change makes the page at this address another one.

    A guide's pages: the guide, what the guides of a city share, which other cities have it. A city's pages: the
    city; that of a trip also where else its matters are handled. Lists of guides: what they show of each, the numbers
    of the city that an empty one gives, and every text when words are looked for. All others: every text.
    """
    parts = path.strip("/").split("/")
    if parts[0] == "guides" and len(parts) >= 3:
        city, matter = parts[1:3]
        return (SITE, guide_scope(city, matter), shared_scope(city), matter_scope(matter))
    if parts[0] == "plan" and len(parts) >= 2:
        return (SITE, city_scope(parts[1]), LISTS)
    if parts[0] == "offices" and len(parts) >= 2:
        return (SITE, city_scope(parts[1]))
    if parts[0] == "guides" and len(parts) == 2:
        return scopes_of("/guides/", f"city={parts[1]}")  # where it leads; the mirror has that page here
    asked = parse_qs(query)
    if parts[0] in ("", "guides") and "q" not in asked:
        return (SITE, LISTS, *map(shared_scope, asked.get("city", ())))
    return (SITE, LISTS, TEXTS)
