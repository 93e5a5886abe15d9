"""What an operator does about a visit, at the telephone and in the browser, with real clicks."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from playwright.sync_api import Page, expect

from tests.stories.visit.people import ROSA, SIX, Person
from tests.support.console import PASSWORD
from tests.support.openings import accepts, are_talking, hand_over, has_left
from tests.support.world import pacific

HOUR: Final = timedelta(hours=1)
#: The lanes of the board in which something is to be done, by how their titles begin.
LANES: Final = {
    "callbacks": "Callbacks and tasks",
    "prices": "Calls with a price",
    "visits": "Visits to book",
}


class Operator(Person):
    """Olive, whose window shows the intake as soon as she has accepted the call."""

    def logs_in(self) -> None:
        self.page.get_by_label("Email").fill("olive@example.com")
        self.page.get_by_label("Password").fill(PASSWORD)
        with self.page.expect_response("**/stream*"):
            self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("button", name="Log out")).to_be_visible()

    def is_at_work_until(self, wall_clock: str) -> None:
        """Her page is open all the time, and asks for something by itself: so her log-in goes on."""
        clock = self.world.clock
        while (clock.now() + HOUR) < pacific(wall_clock):
            clock.move_to(clock.now() + HOUR)
            self.page.request.get("/account")
        self.world.is_now(wall_clock)

    def logs_in_again(self) -> None:
        """A log-in lasts twelve hours: the page asks for it, and is there again."""
        before = self.page
        # In a tab of its own: the script of the page before would lead it to the log-in while she types there.
        self.page = before.context.new_page()
        self.page.goto(before.url)
        before.close()
        self.logs_in()
        self.is_at_an_intake()

    def talks_with_the_caller(self) -> None:
        """A technician has transferred the call: its intake is before her without a click."""
        before = self.page.url
        hand_over(self.world.people)
        self.is_at_an_intake(besides=before)

    def is_at_an_intake(self, besides: str = "") -> None:
        self.page.wait_for_url(lambda url: "/intakes/" in url and url != besides)
        expect(
            self.page.locator("#trouble")
        ).to_be_attached()  # its script has run: a click sends no whole page

    def fills_in_the_six(self) -> None:
        for label, value in SIX.items():
            self.page.get_by_label(label, exact=True).fill(value)
        self.page.get_by_label("Extra hours").focus()
        self.sees("All 6 filled.")

    def sends_the_estimate(self, hours: int = 2, fold: str = "") -> None:
        """``fold`` is what the form is folded under once an estimate was sent."""
        if fold:
            self.page.get_by_text(fold, exact=True).click()
        self.page.get_by_label("Extra hours").fill(str(hours))
        self.presses(self.page.get_by_role("button", name=f"Send to {ROSA}"))
        self.sees("Sent. Its progress is shown here.")

    def asks_for_more_time(self, hours: int) -> None:
        self.page.get_by_text("More time on site", exact=True).click()
        self.page.get_by_label("More hours").fill(str(hours))
        self.page.get_by_label("Agreed by").fill("Rosa Diaz")
        self.presses(self.page.get_by_role("button", name=f"Send to {ROSA}"))
        self.sees("Sent. Its progress is shown here.")

    def promises_the_price(self, due_at: str) -> None:
        self.page.get_by_text("Call back with the price").click()
        self.page.get_by_label("Call at").fill(due_at)
        self.presses(self.page.get_by_role("button", name="Schedule callback"))
        self.sees("Scheduled. It's on the board", "A call with the price is scheduled")

    def books(self, day: str, starts: str, ends: str, button: str = "Book the visit") -> None:
        for label, value in (("Day", day), ("From", starts), ("To", ends)):
            self.page.get_by_label(label, exact=True).fill(value)
        self.page.get_by_label("Technician", exact=True).select_option(index=1)
        self.presses(self.page.get_by_role("button", name=button))
        said = "Moved" if button == "Save the visit" else "Booked"
        self.sees(f"{said}. The customer is emailed a confirmation with a calendar file.")
        expect(self.page.get_by_role("button", name="Save the visit")).to_be_visible()

    def moves_the_visit(self, day: str, starts: str, ends: str) -> None:
        self.books(day, starts, ends, button="Save the visit")

    def cancels_the_visit(self, because: str, words: str = "") -> None:
        self.page.get_by_text("Cancel the visit", exact=True).click()
        self.page.get_by_label("Why it is canceled").select_option(because)
        self.page.get_by_label("Message to the customer").fill(words)
        self.presses(self.page.get_by_role("button", name="Cancel this visit"))
        self.sees("Canceled. The customer is emailed why")

    def closes_the_matter(self, why: str) -> None:
        self.page.get_by_text("Close the intake").first.click()
        self.page.get_by_label("Reason for closing it").fill(why)
        self.presses(self.page.get_by_role("button", name="Close the intake").last)

    def reopens(self) -> None:
        self.presses(self.page.get_by_role("button", name="Reopen"))
        self.sees("Open again.")

    def notes_that_the_visit_is_done(self) -> None:
        self.presses(self.page.get_by_role("button", name="Visit done"))
        self.sees("The visit is marked as done.")

    def presses_nine(self) -> None:
        """The customer has hung up, and no callback is needed."""
        self.telephone.hears("9 if no callback is needed").presses("9").hears("Goodbye")
        assert has_left(self.telephone)

    def takes_over(self, label: str, value: str) -> None:
        """What an earlier matter has for this field, by its key; nothing was there before."""
        field = self.page.get_by_label(label, exact=True)
        expect(field).to_have_value("")
        known = self.page.get_by_role("button", name=re.compile(f"^Same as .* for {label}$"))
        self.page.keyboard.press(known.get_attribute("aria-keyshortcuts") or "no key")
        expect(field).to_have_value(value)

    def rings_the_customer_now(self) -> None:
        """From the page of callbacks; her own telephone rings first."""
        self.page.goto("/callbacks")
        self.presses(self.page.get_by_role("button", name="Call now"))
        accepts(self.telephone)
        self.is_at_an_intake()
        people = self.world.people
        people.customer.rings().answers().hears("Press 1 to be connected").presses("1")
        are_talking(people.olive, people.customer)

    def closes_the_callback(self, why: str) -> None:
        self.page.goto("/callbacks")
        self.page.get_by_role("button", name="Close").click()
        self.page.get_by_label("Why no callback is needed").fill(why)
        self.presses(self.page.get_by_role("button", name="Close", exact=True).last)
        self.sees("No callbacks to make")

    def opens_from_the_board(self, name: str = "Rosa Diaz") -> None:
        self.page.goto("/")
        self.page.get_by_role("link", name=name).click()
        self.is_at_an_intake()

    def badge(self, *words: str) -> None:
        """What the head of the page says of the call and of the matter."""
        expect(self.page.locator("#intake-heading .state")).to_have_text(list(words))

    def board(self, says: str = "", **counts: int) -> None:
        """So many things to be done in these lanes, and nothing in the others."""
        with self._second_tab("/") as board:
            for lane, title in LANES.items():
                there = board.get_by_role("region", name=re.compile(f"^{title}"))
                expect(there.locator(".count")).to_have_text(str(counts.get(lane, 0)))
            expect(board.get_by_role("main")).to_contain_text(says)

    @contextmanager
    def without_reload(self) -> Iterator[None]:
        """All of this happens on the page as it stands."""
        began, address = self.page.evaluate("performance.timeOrigin"), self.page.url
        yield
        assert (self.page.evaluate("performance.timeOrigin"), self.page.url) == (began, address)

    @contextmanager
    def _second_tab(self, path: str) -> Iterator[Page]:
        tab = self.page.context.new_page()
        tab.goto(path)
        yield tab
        tab.close()
