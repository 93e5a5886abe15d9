"""What a customer does about a visit, at the telephone and in the browser, with real clicks."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from tests.support.world import World
from twilio_simulator import Handset

ROSA: Final = "rosa@example.com"
#: The six things that an operator asks for, by their labels.
SIX: Final = {
    "Name": "Rosa Diaz",
    "Contact number": "(415) 555-2671",
    "Email": ROSA,
    "Site address": "1 Main Street, Oakland, CA 94607",
    "Main number of that system": "(510) 555-0199",
    "Issue details": "All handsets at the front desk are dead since this morning.",
}


Opens = Callable[..., Page]


class Person:
    """Somebody with a telephone and a browser."""

    def __init__(self, world: World, telephone: Handset, page: Page) -> None:
        self.world = world
        self.telephone = telephone
        self.page = page

    def sees(self, *words: str) -> None:
        """On the page, now or as soon as it follows."""
        for one in words:
            expect(self.page.get_by_role("main")).to_contain_text(one)

    def does_not_see(self, words: str) -> None:
        expect(self.page.get_by_role("main")).not_to_contain_text(words)

    def presses(self, button: Locator) -> None:
        """The line answers, and does what there is to do. A page that is an hour old first asks for a new token."""
        action = button.evaluate("one => one.form.action")
        with self.page.expect_response(
            lambda one: (
                one.request.method == "POST" and one.url == action and one.status != HTTPStatus.BAD_REQUEST
            )
        ):
            button.click()
        self.world.exchange.settle()


class Customer(Person):
    """Rosa, whose letters come to her telephone."""

    def opens_the_letter(self, about: str = "estimate") -> None:
        """The link in the latest letter with this in its subject."""
        letters = [one for one in self.world.letters() if about in one.subject.lower()]
        assert letters, [one.subject for one in self.world.letters()]
        link = re.search(r"\S+/pay/\S+", letters[-1].text)
        assert link, letters[-1].text
        self.page.goto(link[0])
        self.world.exchange.settle()

    def goes_to_the_till(self, total: str) -> None:
        self.page.get_by_role("button", name=f"Pay {total}").click()
        expect(self.page.get_by_text("THIS IS A TEST")).to_be_visible()

    def pays(self, total: str) -> None:
        self.goes_to_the_till(total)
        self.pays_at_the_till(total)
        expect(self.page.get_by_role("heading", name="Thank you")).to_be_visible()

    def pays_at_the_till(self, total: str) -> None:
        self.presses(self.page.get_by_role("button", name=f"Pay {total}"))

    def another_tab(self) -> "Customer":
        """Of the same browser, at the same page."""
        tab = Customer(self.world, self.telephone, self.page.context.new_page())
        tab.page.goto(self.page.url)
        return tab

    def calendar_file(self, link: str = "Add to calendar") -> Any:
        """The visit in the file that her page gives out."""
        with self.page.expect_download() as got:
            self.page.get_by_role("link", name=link).click()
        (visit,) = Calendar.from_ical(got.value.path().read_bytes()).walk("VEVENT")
        return visit

    def looks_again(self) -> None:
        """At the page of her letter."""
        if self.page.get_by_role("link", name="Back to the estimate").is_visible():
            self.page.get_by_role("link", name="Back to the estimate").click()
        else:
            self.page.reload()

    def hangs_up(self) -> None:
        self.telephone.hangs_up()
