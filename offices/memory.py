"""What a worker remembers between two requests, for as long as the content has not changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, TypeVar, cast

T = TypeVar("T")

MOST = 2000
"""Things remembered at once, the largest a guide with its lists (60 KB); the longest unused is forgotten first."""
_state: ContextVar[int | None] = ContextVar("state", default=None)
_remembered: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
_lock = Lock()


@contextmanager
def in_state(number: int) -> Iterator[None]:
    """Within the block the content is taken to be in this state: the number of its last change.

    Whoever opens the block makes sure afterwards that the content did not change meanwhile.
    """
    token = _state.set(number)
    try:
        yield
    finally:
        _state.reset(token)


def forget() -> None:
    """Begin with nothing remembered."""
    with _lock:
        _remembered.clear()


def remembered(key: Hashable, find: Callable[[], T]) -> T:
    """What ``find`` gives, asked once in each state of the content; asked each time where the state is not known.

    The result is shared by all requests, so nobody may change it. ``None`` (not there) is not remembered.
    """
    state = _state.get()
    if state is None:
        return find()
    with _lock:
        known = _remembered.get(key)
        if known is not None and known[0] == state:
            _remembered.move_to_end(key)
            return cast("T", known[1])
    found = find()
    if found is not None:
        with _lock:
            _remembered[key] = (state, found)
            _remembered.move_to_end(key)
            if len(_remembered) > MOST:
                _remembered.popitem(last=False)
    return found
