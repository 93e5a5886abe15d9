"""``make film``: the switchboard plays its call, and three phones and the board are filmed, into docs/film.svg.

It wants a browser: Debian's chromium-headless-shell.
"""

import base64
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from devtools.demo_clock import set_clock
from devtools.local_stack import ROOT, LocalStack
from devtools.moving_picture import Panel, Shot, moving_picture
from devtools.seed import PASSWORD, email
from devtools.simulator_command import CUSTOMER
from tests.support.browser import ARGUMENTS, CHROMIUM

FILM: Final = ROOT / "docs" / "film.svg"
TITLE: Final = (
    "A call crosses three phones: the customer's, a technician's and an operator's, and the board shows it."
)
#: Seconds that each change is seen, whatever it took: on a slow machine the film is the same.
HOLD: Final = 0.8
#: The moment of whoever wants no motion: two talk in private while the customer is on hold.
STILL: Final = "Technician: press * then 1 to hand over."
#: Seconds, of the camera: between two looks, and until it gives up.
LOOK: Final = 0.1
PATIENCE: Final = 300
QUALITY: Final = 68
PHONES: Final = (CUSTOMER[1], "Dana Cole", "Olive Hart")
#: Pixels, width and height.
PHONE: Final = (336, 276)
BOARD: Final = (1032, 272)
GAP: Final = 12


#: The board counts the seconds of a call; that is no change.
COUNTED: Final = re.compile(r"\d+:\d\d")


@dataclass
class Camera:
    """Photographs one place of a page, whenever other words stand there than before."""

    page: Page
    place: str
    size: tuple[int, int]
    shots: list[Shot] = field(default_factory=list)
    _words: str = ""

    def __post_init__(self) -> None:
        self._way = self.page.context.new_cdp_session(self.page)

    def look(self, at: float) -> bool:
        """Whether there was something to photograph."""
        words = COUNTED.sub("", self.page.locator(self.place).inner_text())
        if words == self._words:
            return False
        self._words = words
        box = self.page.locator(self.place).bounding_box()
        assert box
        clip = {"x": box["x"], "y": box["y"], "width": self.size[0], "height": self.size[1], "scale": 1}
        asked = {"format": "webp", "quality": QUALITY, "clip": clip}
        self.shots.append(Shot(at, base64.b64decode(self._way.send("Page.captureScreenshot", asked)["data"])))
        return True


def main() -> None:
    """Play, and film."""
    with _browser() as (browser, parts):
        phones = [_phone(browser, parts, name) for name in PHONES]
        cameras = [Camera(page, ".phone.chosen", PHONE) for page in phones]
        cameras.append(Camera(_board(browser, parts), "main", BOARD))
        captions, seconds = _play(_window(browser, parts.handset), cameras)
    still = next(shot.at for shot in captions if shot.seen == f"10. {STILL}") + 1
    FILM.write_text(moving_picture(TITLE, captions, _panels(cameras), seconds, still), encoding="utf-8")
    photographs = sum(len(one.shots) for one in cameras)
    sys.stdout.write(
        f"{FILM.relative_to(ROOT)}: {seconds:.0f} s, {photographs} photographs, {FILM.stat().st_size} bytes\n"
    )


@contextmanager
def _browser() -> Iterator[tuple[Browser, LocalStack]]:
    with tempfile.TemporaryDirectory(prefix="line-") as folder:
        parts = LocalStack(Path(folder))
        set_clock(Path(parts.environment["CLOCK_FILE"]), "2026-11-23 10:00", datetime.now(UTC))
        with parts, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
            yield browser, parts
            browser.close()


def _window(browser: Browser, address: str, width: int = 360, height: int = 900) -> Page:
    # Without motion: a phone that shakes would be photographed without end.
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    return page


def _phone(browser: Browser, parts: LocalStack, name: str) -> Page:
    page = _window(browser, parts.handset)
    page.get_by_role("navigation", name="Which phone").get_by_role("button", name=name).click()
    return page


def _board(browser: Browser, parts: LocalStack) -> Page:
    page = _window(browser, f"{parts.web}/login", BOARD[0], 800)
    page.get_by_label("Email").fill(email("Ruth"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Board").wait_for()
    return page


def _play(player: Page, cameras: list[Camera]) -> tuple[list[Shot], float]:
    """The step that is next, in words, as it changes; and how long the film is. Fails when the call does not end."""
    captions: list[Shot] = []
    at, deadline = 0.0, time.monotonic() + PATIENCE
    player.get_by_role("button", name="Play a call for me").click()
    while True:
        is_over = player.get_by_text("That was the whole call.").is_visible()
        caption = player.locator("#steps li.next").evaluate(
            "one => `${one.dataset.place}. ${one.firstChild.data}`"
        )
        is_new = not captions or captions[-1].seen != caption
        if is_new:
            captions.append(Shot(at, caption))
        looks = [camera.look(at) for camera in cameras]
        if is_new or any(looks):
            at += HOLD
        if is_over:
            return captions, at + HOLD
        if time.monotonic() > deadline or "another turn" in (player.locator("#playing").text_content() or ""):
            raise SystemExit(f"The call stopped at: {caption}")
        player.wait_for_timeout(LOOK * 1000)


def _panels(cameras: list[Camera]) -> list[Panel]:
    *phones, board = cameras
    return [
        *(Panel(GAP + place * (PHONE[0] + GAP), 0, *one.size, one.shots) for place, one in enumerate(phones)),
        Panel(GAP, PHONE[1] + GAP, *board.size, board.shots),
    ]


if __name__ == "__main__":
    main()
