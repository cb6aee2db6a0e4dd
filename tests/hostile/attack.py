"""Texts made to keep a pattern busy, and a process of its own to try them in: ``python -m tests.hostile.attack [size]``.

Every compiled pattern in a module of ours is found, wherever it hides, and with it every plain function of such a module that
takes one text. Prints a line of JSON for each: its name and the seconds of its worst text; one that takes longer than
``PATIENCE`` is broken off.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import os
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

SIZE = 100_000
"""Characters of a text."""
PATIENCE = 10.0
"""Seconds for one text."""
ROOMS = ("offices", "guides", "keeping", "reports", "staff")
NO_ROOM = re.compile(r"\.migrations|\.management|make_fonts")
BITS = (
    "0", "1", "13", "a", "Z", " ", "\t", "\n", "\u3000", "（", "）", "(", ")", "（（）", "《", "》", "“", "、", "，",
    "；", "。", "：", ":", "-", "－", "@", "=", "&q=", "?", "[image:", "[", "]", "住", "一", "①", "或", "和", "加盖", "（加盖",
    "工作日", "不超过", "可通过", "1-", "0-", "1.", "1、", "09:00", "09:00-", "138 ", "1380000 ", "5", "\\", "%", "_x000D_",
    "<", "<a", "password", "password=", "://a:", "://", "第1页", "第 ", "证明", "若", "的，", "包括", "第", "\x00", "\ufeff", "ng", "号",
)  # fmt: skip
ENDS = ("", "!", "\n", "）", "1")


class TooSlow(Exception):
    """A text took longer than the patience."""


@dataclass(frozen=True)
class Target:
    """What a text is tried on."""

    name: str
    run: Callable[[str], object]


def modules() -> Iterator[ModuleType]:
    """Every module of our rooms."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not NO_ROOM.search(found.name):
                yield importlib.import_module(found.name)


def patterns_in(value: Any, depth: int = 3) -> Iterator[re.Pattern[Any]]:
    """The patterns of a value: itself, or what a list, a tuple or a dictionary holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from patterns_in(each, depth - 1)
    elif depth and isinstance(value, dict):
        for each in (*value, *value.values()):
            yield from patterns_in(each, depth - 1)


def written_patterns(module: ModuleType) -> Iterator[tuple[re.Pattern[str], str]]:
    """Patterns that stand in a call, with the way they are used: ``re.sub("…", …)``, ``re.split(…)``."""
    called = r"""\bre\.(sub|split|search|match|fullmatch|findall|finditer)\(\s*r?(["'])(.*?)(?<!\\)\2"""
    source = Path(module.__file__ or "").read_text("utf-8")  # inspect finds none in an empty file
    for found in re.finditer(called, source):
        with contextlib.suppress(re.error):
            yield re.compile(found[3]), found[1]


def built_patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Patterns that functions build, of the characters of our fonts and of the terms that pages explain."""
    from guides.glossary import any_of  # noqa: PLC0415 - Django is set up by now
    from guides.sheets.glyphs import rare, unprintable  # noqa: PLC0415
    from tests.books import catalogue  # noqa: PLC0415

    yield "guides.sheets.glyphs.rare", rare()
    yield "guides.sheets.glyphs.unprintable", unprintable()
    yield "guides.glossary.any_of", any_of(tuple(entry["word"] for entry in catalogue()["terms"]))


def ways_used() -> dict[tuple[str, str], set[str]]:
    """How each constant is used in a module, by the module's name and its own."""
    used: dict[tuple[str, str], set[str]] = {}
    for module in modules():
        source = Path(module.__file__ or "").read_text("utf-8")
        for name, way in re.findall(
            r"\b([A-Z_]+)\.(fullmatch|match|search|sub|split|findall|finditer)\(", source
        ):
            used.setdefault((module.__name__, name), set()).add(way)
    return used


def targets() -> list[Target]:
    """Each pattern with the ways it can be used, and each function."""
    found: dict[Any, Target] = {}
    used = ways_used()
    for module in modules():
        for name, value in vars(module).items():
            for number, pattern in enumerate(patterns_in(value)):
                found.setdefault(
                    pattern,
                    of_pattern(
                        f"{module.__name__}.{name}[{number}]", pattern, used.get((module.__name__, name))
                    ),
                )
        for pattern, way in written_patterns(module):
            found.setdefault(pattern, of_pattern(f"{module.__name__}: {pattern.pattern}", pattern, {way}))
        for name, value in vars(module).items():
            if inspect.isfunction(value) and value.__module__ == module.__name__ and takes_one_text(value):
                found.setdefault(value, Target(f"{module.__name__}.{name}()", of_function(value)))
    for name, pattern in built_patterns():
        found.setdefault(pattern, of_pattern(name, pattern, {"finditer"}))
    return list(found.values())


def of_pattern(name: str, pattern: re.Pattern[Any], ways: Collection[str] | None = None) -> Target:
    """The pattern at the beginning of the text, and, unless it is never looked for elsewhere, from every place of it."""

    def run(text: str) -> None:
        given: Any = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
        pattern.fullmatch(given)
        pattern.match(given)
        if not ways or set(ways) - {"fullmatch", "match"}:
            for _ in pattern.finditer(given):
                pass

    return Target(name, run)


def takes_one_text(function: Callable[..., Any]) -> bool:
    """Whether the function can be called with a text alone, in a module that has to do with patterns."""
    if not re.search(r"\bre\b", " ".join(vars(sys.modules[function.__module__]))):
        return False
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].annotation not in {"str", "Text"}:
        return False
    return all(each.default is not inspect.Parameter.empty for each in parameters[1:])


def of_function(function: Callable[..., Any]) -> Callable[[str], object]:
    """The function for a text; what it refuses it refuses quickly."""
    first = next(iter(inspect.signature(function).parameters.values()))

    def run(text: str) -> object:
        given: Any = text
        if first.annotation == "Text":
            from guides.ingest.source import Text  # noqa: PLC0415 - Django is set up by now

            given = Text(text, tuple(range(len(text))))
        try:
            found = function(given)
            return list(found) if inspect.isgenerator(found) else found
        except TooSlow:
            raise
        except Exception:  # noqa: BLE001 - only the time counts
            return None

    return run


def texts(size: int) -> Iterator[str]:
    """Long runs of everything the patterns look for, with an end that spoils them."""
    for number, bit in enumerate(BITS):
        end = ENDS[number % len(ENDS)]
        yield bit * (size // len(bit)) + end
    for one, other in zip(BITS, BITS[7:], strict=False):
        yield (one + other) * (size // len(one + other))
        yield one * (size // 2 // len(one)) + other * (size // 2 // len(other))


def worst(target: Target, size: int) -> tuple[float, str]:
    """Seconds and the beginning of the text that took longest; infinite when the patience ended."""
    found = (0.0, "")
    for text in texts(size):
        began = time.process_time()
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        try:
            target.run(text)
            found = max(found, (time.process_time() - began, text[:30]))
        except TooSlow:
            return float("inf"), text[:30]
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return found


def main(size: int, *names: str) -> None:
    """Try every target, or those with one of these in their names."""
    import django  # noqa: PLC0415 - only in the process of its own

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    def ring(*_: Any) -> None:
        raise TooSlow

    signal.signal(signal.SIGALRM, ring)
    for target in targets():
        if names and not any(name in target.name for name in names):
            continue
        seconds, text = worst(target, size)
        said = {
            "name": target.name,
            "seconds": None if seconds == float("inf") else round(seconds, 3),
            "text": text,
        }
        print(json.dumps(said, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE, *sys.argv[2:])
