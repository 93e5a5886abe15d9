"""A person at a browser: what an errand costs them in presses, fields and waiting, and the network in requests."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, Final

from playwright.sync_api import Browser, Locator, Page, Request

from devtools.demo_stage import Stage

#: Milliseconds in which what a page fetches after its outcome is counted, and seconds until an outcome is given up.
_AFTERWARDS: Final = 300
_LONGEST: Final = 30_000


@dataclass
class Cost:
    """Of one errand. ``presses`` are clicks and keys; ``keys`` are those of them on a keyboard or a telephone."""

    presses: float = 0
    keys: float = 0
    fields: float = 0
    pages: float = 0
    requests: float = 0
    bytes: float = 0
    seconds: float = 0


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*(statistics.median(getattr(one, field.name) for one in costs) for field in fields(Cost)))


class Person:
    """Somebody at a window of their own. ``address`` is where its pages are."""

    def __init__(self, browser: Browser, address: str, **look: Any) -> None:
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800}, **look)
        self.page: Page = context.new_page()
        self.cost = Cost()
        self.page.on("request", self._asked)
        way = context.new_cdp_session(self.page)
        way.send("Network.enable")
        # A stream does not end, and what the browser has kept costs nothing.
        way.on("Network.loadingFinished", lambda told: self._fetched(told["encodedDataLength"]))

    @contextmanager
    def errand(self, *, is_under_way: bool = False) -> Iterator[Cost]:
        """Count anew, until the end of the block and of what the page still fetches."""
        if not is_under_way:
            self.page.wait_for_timeout(_AFTERWARDS)
        self.cost = cost = Cost()
        yield cost
        self.page.wait_for_load_state()
        self.page.wait_for_timeout(_AFTERWARDS)
        self.cost = Cost()

    def clicks(self, what: Locator, sees: Locator) -> None:
        """Click, and wait for what comes of it."""
        self._add(presses=1)
        self._waits(what.click, sees)

    def presses(self, keys: str, sees: Locator) -> None:
        """Press a key of the keyboard, and wait for what comes of it."""
        self._add(presses=1, keys=1)
        self._waits(lambda: self.page.keyboard.press(keys), sees)

    def presses_on(self, telephone: str, keys: str, stage: Stage, sees: Locator) -> None:
        """Press a key of a telephone, and wait for what the window shows of it."""
        self._add(presses=1, keys=1)
        self._waits(lambda: stage.do(telephone, "press", keys=keys), sees)

    def opens(self, link: str, sees: Locator) -> None:
        """Click a link in a letter."""
        self._add(presses=1)
        self._waits(lambda: self.page.goto(link), sees)

    def waits_for(self, sees: Locator) -> None:
        """Wait for what comes by itself."""
        self._waits(lambda: None, sees)

    def types(self, **values: str) -> None:
        """Fill in fields by their labels, an underline for a space. Typing takes no time here."""
        for label, value in values.items():
            self.fills(self.field(label.replace("_", " ")), value)

    def fills(self, field: Locator, value: str) -> None:
        """Type into a field, or choose from its list."""
        self._add(fields=1)
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name).first

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name).first

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name).first

    def words(self, words: str) -> Locator:
        return self.page.get_by_text(words).locator("visible=true").first

    def _waits(self, act: Callable[[], object], sees: Locator) -> None:
        began = time.perf_counter()
        act()
        sees.wait_for(timeout=_LONGEST)
        self._add(seconds=time.perf_counter() - began)

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request() and not request.redirected_from:
            self._add(pages=1)

    def _fetched(self, size: float) -> None:
        if size:
            self._add(requests=1, bytes=size)

    def _add(self, **more: float) -> None:
        for name, value in more.items():
            setattr(self.cost, name, getattr(self.cost, name) + value)
