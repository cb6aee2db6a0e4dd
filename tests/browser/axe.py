"""axe-core, the accessibility checker, on a page in the browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds wrong on the page: one line for each element, with the rule and how to mend it."""
    page.evaluate(AXE.read_text("utf-8"))
    violations = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(r => r.violations)",
        STANDARDS,
    )
    return [
        f"{violation['id']}: {node['html']} — {node['failureSummary']}"
        for violation in violations
        for node in violation["nodes"]
    ]
