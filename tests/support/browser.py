"""Debian's browser, and whether a page keeps anybody out."""

from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.support.paths import ROOT

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
AXE = ROOT / "packages/twilio-simulator/tests/vendor/axe-core-4.14.1/axe.min.js"
#: What WCAG 2.2 AA asks for, as far as a program can tell, and axe's own advice on top.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

without_browser = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}")

expect.set_options(timeout=20_000)  # for a machine with other things to do

#: How a customer's browser calls itself. The one of the tests says that nobody sees it, as mail scanners' do.
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def note_complaints(page: Page, complaints: list[str]) -> None:
    """Errors and warnings of a page. What the browser only mentions, such as a focus that it leaves alone, is none."""

    def heard(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            complaints.append(said.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))


#: Only what is wrong comes back whole: to describe each element that is right was most of the work.
LOOK = """async (rules) => {
    const { violations, passes } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
    return { violations, passed: passes.map((one) => one.id) };
}"""


#: No color is on its way to another. They are not waited for: a page that is not drawn may never end one.
SETTLE: Final = (
    """() => document.getAnimations().forEach((one) => { if (one instanceof CSSTransition) one.finish(); })"""
)


def violations(page: Page) -> list[str]:
    """What axe finds, a line each, of the page at rest: after a tap a button is still on its way to its color."""
    page.wait_for_load_state()  # a click waits for the document alone: its stylesheets may still be on the way
    if not page.evaluate("'axe' in window"):
        # Evaluated, not added as a script, which a page's policy may forbid.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(SETTLE)
    found = page.evaluate(LOOK, RULES)
    assert len(found["passed"]) > 10, "axe has looked"
    return [
        f"{one['id']}: {node['html']} {node['any'] and node['any'][0]['message']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


#: A desk in the light and a phone in the dark: of what axe looks at nothing else depends on the look.
Look = tuple[int, Literal["light", "dark"]]
LOOKS: Final[tuple[Look, ...]] = ((1280, "light"), (360, "dark"))
EVERY_LOOK: Final[tuple[Look, ...]] = (*LOOKS, (1280, "dark"), (360, "light"))


def keeps_out(page: Page, looks: tuple[Look, ...] = LOOKS) -> list[str]:
    """What axe finds in these looks of the page, a line each, and in which of them the page is too wide.

    It is loaded once. It stays in the last look.
    """
    found = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width}, {scheme}: {line}" for line in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{width}, {scheme}: wider than the window")
    return found
