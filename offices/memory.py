"""What a worker remembers between two requests, for as long as the content has not changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any, TypeVar, cast

K = TypeVar("K", bound=Hashable)
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
    known = _recall(key)
    if known is not None:
        return cast("T", known)
    found = find()
    if found is not None:
        _keep(key, found)
    return found


def remembered_each(name: str, keys: Iterable[K], find: Callable[[list[K]], Mapping[K, T]]) -> dict[K, T]:
    """What ``find`` gives for each of the keys, asked only for those that are not remembered under this name."""
    wanted = list(keys)
    known = {key: cast("T", value) for key in wanted if (value := _recall((name, key))) is not None}
    missing = [key for key in wanted if key not in known]
    found = find(missing) if missing else {}
    for key, value in found.items():
        _keep((name, key), value)
    return {**known, **found}


def _recall(key: Hashable) -> object | None:
    state = _state.get()
    if state is None:
        return None
    with _lock:
        known = _remembered.get(key)
        if known is None or known[0] != state:
            return None
        _remembered.move_to_end(key)
        return cast("object", known[1])


def _keep(key: Hashable, found: object) -> None:
    state = _state.get()
    if state is None:
        return
    with _lock:
        _remembered[key] = (state, found)
        _remembered.move_to_end(key)
        if len(_remembered) > MOST:
            _remembered.popitem(last=False)
