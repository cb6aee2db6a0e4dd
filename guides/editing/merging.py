"""Three documents into one: what the last import wrote, what stands now, what the next edition says.

A field nobody edited takes the new edition's value; an edited field stays, and is reported when the new
edition changed it too. Absence never deletes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .differences import LABELS
from .documents import Document

ALWAYS_NEW = ("source",)


def merge(
    base: Mapping[str, Any], current: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[Document, list[str]]:
    """(merged document, labels of the edited fields that were kept although the new edition says otherwise).

    ``base`` is {} for an entry that no import ever wrote: then everything in it counts as edited.
    """
    merged: Document = {}
    kept: list[str] = []
    for key in new:
        if key == "offices":
            merged[key], kept_here = _merge_offices(base.get(key, []), current[key], new[key])
            kept += kept_here
        elif key in ALWAYS_NEW or current[key] == new[key] or (base and current[key] == base.get(key)):
            merged[key] = new[key]
        else:
            merged[key] = current[key]
            if not base or base.get(key) != new[key]:
                kept.append(LABELS.get(key, key))
    return merged, kept


def _merge_offices(
    base: Sequence[Mapping[str, Any]], current: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> tuple[list[Document], list[str]]:
    """Places matched by their key; a place an editor removed stays removed, one the edition lacks stays."""
    was = {place["key"]: place for place in base}
    now = {place["key"]: place for place in current}
    places: list[Document] = []
    kept: list[str] = []
    for place in new:
        key = place["key"]
        if key in now:
            merged, kept_here = merge(was.get(key, {}), now[key], place)
            places.append(merged)
            kept += [f"{place['name']}·{label}" for label in kept_here]
        elif key in was:
            kept.append(f"{place['name']}（编辑已移除）")
        else:
            places.append(dict(place))
    coming = {place["key"] for place in new}
    return places + [dict(place) for place in current if place["key"] not in coming], kept
