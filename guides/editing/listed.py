"""Keeps on every guide what the list filters, counts and orders by: its kinds of channel and limit, its longest limit.

Derived from the guide's own rows; without it every count would have to read all channels and limits of the country.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from guides.models import Channel, Guide, TimeLimit
from guides.models.guide import UNKNOWN_DAYS
from guides.vocabulary import CHANNEL_KINDS, TIME_LIMIT_KINDS

Limits = Iterable[tuple[str, int | None]]
"""Kind and working days of each time limit."""


def listed(channels: Iterable[str], limits: Limits) -> dict[str, Any]:
    """The fields of a guide with these kinds of channels and these limits."""
    limits = list(limits)
    return {
        "channel_kinds": as_words(channels, CHANNEL_KINDS),
        "limit_kinds": as_words((kind for kind, _ in limits), TIME_LIMIT_KINDS),
        "longest_days": max((days_of(kind, days) for kind, days in limits), default=UNKNOWN_DAYS),
    }


def as_words(kinds: Iterable[str], known: Mapping[str, str]) -> str:
    """Each kind once, in the order of the vocabulary, with a blank before and after: `` counter app ``."""
    found = set(kinds)
    return "".join(f" {kind}" for kind in known if kind in found) + (" " if found else "")


def days_of(kind: str, days: int | None) -> int:
    """How long a limit is: 即时办结 takes no working day."""
    return 0 if kind == "instant" else days if kind == "workdays" and days else UNKNOWN_DAYS


def listed_in(document: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a guide that says what the document says."""
    return listed(
        (channel["kind"] for channel in document["channels"]),
        ((limit["kind"], limit["days"]) for limit in document["time_limits"]),
    )


def keep_listed(instance: Channel | TimeLimit, **_signal: Any) -> None:
    """After a channel or limit came, changed or went on its own (``loaddata``): its guide's fields anew."""
    fields = listed(
        Channel.objects.filter(guide=instance.guide_id).values_list("kind", flat=True),
        TimeLimit.objects.filter(guide=instance.guide_id).values_list("kind", "days"),
    )
    Guide.objects.filter(pk=instance.guide_id).update(**fields)
    held = instance._meta.get_field("guide").get_cached_value(instance, default=None)
    for name, value in fields.items() if held else ():
        setattr(held, name, value)
