"""What tests measure, as a table at the end of a run: ``figures.total("requests", 1000)``.

A figure stands once for each test, however many parameters that has and whichever process ran them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, cast

import pytest

KEY: Final = "figure"
"""Under which a report carries a figure; pytest-xdist hands on what a report carries."""
TOGETHER: Final[dict[str, Callable[[Iterable[float]], float]]] = {"total": sum, "most": max, "least": min}
"""How the figures of a test with parameters become one."""
Noted = tuple[str, str, float, str]
"""How it becomes one, name, number, unit: plain values, because they travel between processes."""


class Figures:
    """Takes down what one test measures, in any unit."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self.properties = properties

    def total(self, name: str, number: float, unit: str = "") -> None:
        """A number that is summed up."""
        self.note("total", name, number, unit)

    def most(self, name: str, number: float, unit: str = "") -> None:
        """A number of which the greatest counts."""
        self.note("most", name, number, unit)

    def least(self, name: str, number: float, unit: str = "") -> None:
        """A number of which the smallest counts."""
        self.note("least", name, number, unit)

    def note(self, together: str, name: str, number: float, unit: str) -> None:
        noted: Noted = (together, name, number, unit)
        self.properties.append((KEY, noted))


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """For a test that asserts a figure, to have it printed as well."""
    return Figures(request.node.user_properties)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table, where there is anything to print."""
    ran = (report for reports in terminalreporter.stats.values() for report in reports)
    rows = list(table(report for report in ran if getattr(report, "when", "") == "call"))
    if not rows:
        return
    terminalreporter.section("figures")
    width = max(len(number) for number, _, _ in rows)
    for number, name, test in rows:
        terminalreporter.write_line(f"{number:>{width}}  {name}  ({test})")


def table(reports: Iterable[pytest.TestReport]) -> Iterator[tuple[str, str, str]]:
    """Number with unit, name and test, in the order of the tests' names."""
    found: dict[tuple[str, str, str, str], list[float]] = {}
    for report in reports:
        test = report.nodeid.split("[")[0]
        for key, noted in report.user_properties:
            if key == KEY:
                together, name, number, unit = cast("Noted", noted)
                found.setdefault((test, name, unit, together), []).append(number)
    for (test, name, unit, together), numbers in sorted(found.items(), key=lambda item: item[0][0]):
        yield f"{written(TOGETHER[together](numbers))} {unit}".strip(), name, test


def written(number: float) -> str:
    """Thousands with commas; what is no whole number to three places."""
    return f"{number:,}" if isinstance(number, int) else f"{number:,.3f}"
