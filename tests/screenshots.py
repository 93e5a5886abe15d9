"""``make screenshots``: one call is played on a line of its own, and the main pages are photographed as it goes.

They are written to docs/screenshots, for docs/screenshots.md. It wants a browser: Debian's chromium-headless-shell.
"""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from devtools.demo import ring_technician, technician_accepts, transfer_to_operator
from devtools.demo_clock import set_clock
from devtools.demo_stage import Stage
from devtools.handset_client import Handsets
from devtools.local_stack import ROOT, LocalStack
from devtools.seed import PASSWORD, PEOPLE, email
from devtools.simulator_command import CUSTOMER
from devtools.transcript_columns import TranscriptColumns
from ivr.company.staff.models import Role
from tests.support.browser import ARGUMENTS, CHROMIUM

FOLDER: Final = ROOT / "docs" / "screenshots"
SIX: Final = {
    "Name": "Rosa Diaz",
    "Contact number": "(415) 555-2671",
    "Email": "rosa@example.com",
    "Site address": "1 Main Street, Oakland, CA 94607",
    "Main number of that system": "(510) 555-0199",
    "Issue details": "All handsets at the front desk are dead since this morning. The fax line works.",
}


def main() -> None:
    """Play, and photograph."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="line-") as folder:
        parts = LocalStack(Path(folder), speed=2)  # a phone rings long enough to be photographed
        set_clock(Path(parts.environment["CLOCK_FILE"]), "2026-11-23 10:00", datetime.now(UTC))
        with parts, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
            everybody = [CUSTOMER[0], *(number for _, _, number, _ in PEOPLE)]
            lanes = TranscriptColumns([("EVERYBODY", everybody)], columns=80, write=lambda _: None)
            stage = Stage(Handsets(parts.handset), lanes, beside=parts.check, patience=40)
            _one_call(Studio(browser, parts), stage, parts)
            browser.close()


class Studio:
    """Windows of the console, and photographs of them."""

    def __init__(self, browser: Browser, parts: LocalStack) -> None:
        self._browser = browser
        self._web = parts.web

    def window(
        self, name: str = "", *, width: int = 1280, scheme: Literal["light", "dark"] = "light"
    ) -> Page:
        """Somebody's window, logged in; without a name a stranger's."""
        height = 800 if width > 400 else 780
        context = self._browser.new_context(
            base_url=self._web, viewport={"width": width, "height": height}, color_scheme=scheme
        )
        page = context.new_page()
        if name:
            page.goto("/login")
            page.get_by_label("Email").fill(email(name))
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.get_by_role("heading", name="Board").wait_for()
        return page

    def take(self, page: Page, name: str, path: str = "") -> None:
        """The window as it is, or at another address."""
        if path:
            page.goto(path)
        page.wait_for_timeout(700)
        page.screenshot(path=FOLDER / f"{name}.png")
        sys.stdout.write(f"{name}.png\n")


def _one_call(studio: Studio, stage: Stage, parts: LocalStack) -> None:
    boards = {name: studio.window(name) for name in ("Olive", "Pedro")}
    phones = {number: name.split()[0] for name, _, number, _ in PEOPLE}
    own_pages = {number: studio.window(width=360) for _, role, number, _ in PEOPLE if role == Role.TECHNICIAN}
    for number, page in own_pages.items():
        page.goto(parts.flask("staff", "link", number).split()[-1])
    technician = ring_technician(stage)
    own_pages[technician].get_by_text("Your phone is ringing.").wait_for()
    studio.take(own_pages[technician], "ringing")
    technician_accepts(stage, technician)
    own_pages[technician].get_by_text("With you now").wait_for()
    studio.take(own_pages[technician], "talking")
    studio.take(studio.window("Ruth", scheme="dark"), "board")
    operator = transfer_to_operator(stage, technician)
    switchboard = studio.window(width=1500)
    studio.take(switchboard, "switchboard", parts.handset)
    stage.do(technician, "press", keys="*")
    stage.wait_for_question(technician, "the technician hears the star menu of the consultation")
    stage.do(technician, "press", keys="1")
    stage.wait_until_joined([CUSTOMER[0], operator], "the caller and the operator talk")

    desk = boards[phones[operator]]
    desk.wait_for_url("**/intakes/*")
    for label, value in SIX.items():
        desk.get_by_label(label, exact=True).fill(value)
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.get_by_text("All 6 filled.").wait_for()
    desk.evaluate("scrollTo(0, 0)")
    studio.take(desk, "intake")
    desk.get_by_label("Extra hours").fill("2")
    desk.get_by_text("$350 and 12").wait_for()
    desk.locator("#estimate-title").evaluate("one => one.scrollIntoView()")
    studio.take(desk, "estimate")
    desk.get_by_role("button", name="Send to rosa@example.com").click()
    desk.get_by_role("list", name="Progress of version 1").wait_for()
    _open_letter(desk, "Your estimate")
    link = desk.locator("a[href*='/pay/']").first.get_attribute("href") or ""
    studio.take(studio.window(width=360), "portal", link)

    mobile = studio.window(width=360, scheme="dark")
    studio.take(mobile, "technician", parts.flask("staff", "link", technician).split()[-1])
    owner = studio.window("Ruth")
    for name, path in (
        ("search", "/search?q=rosa+oakland"),
        ("hours", "/settings/hours"),
        ("prompts", "/settings/prompts"),
        ("reports", "/reports"),
        ("checklist", "/settings/checklist"),
        ("alarms", "/settings/alarms"),
    ):
        studio.take(owner, name, path)


def _open_letter(page: Page, subject: str) -> None:
    """It is in the outbox as soon as the worker has put it there."""
    letter = page.get_by_role("link", name=subject).first
    for _ in range(50):
        page.goto("/outbox")
        if letter.is_visible():
            break
        page.wait_for_timeout(200)
    letter.click()


if __name__ == "__main__":
    main()
