"""Debian's browser, and whether a page keeps anybody out."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Not ``chromium``, which makes a whole window for each context: seven times the work.
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
#: Beside ``executable_path``: without a screen, and without a network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
AXE = Path(__file__).parents[1] / "vendor/axe-core-4.14.1/axe.min.js"
#: What WCAG 2.2 AA asks for, as far as a program can tell, and axe's own advice on top.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

without_browser = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}")


#: Only what is wrong comes back whole: to describe each element that is right was most of the work.
LOOK = """async (rules) => {
    const { violations, passes } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
    return { violations, passed: passes.map((one) => one.id) };
}"""


def violations(page: "Page") -> list[str]:
    """What axe finds, a line each."""
    page.wait_for_load_state()  # a click waits for the document alone: its stylesheets may still be on the way
    # Evaluated, not added as a script, which the policy of the page forbids.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(LOOK, RULES)
    assert len(found["passed"]) > 10, "axe has looked"
    return [
        f"{one['id']}: {node['html']} {node['any'] and node['any'][0]['message']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
