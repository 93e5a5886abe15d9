"""A visit that is booked is canceled: for the operator, on the board, in the customer's letters, page and calendar."""

import pytest
from playwright.sync_api import expect

from tests.stories.visit.operators import Operator
from tests.stories.visit.people import Customer, Opens
from tests.support.browser import EVERY_LOOK, LOOKS, keeps_out, without_browser
from tests.support.world import Everybody, World

pytestmark = without_browser


def is_booked(olive: Operator, rosa: Customer) -> None:
    olive.talks_with_the_caller()
    olive.fills_in_the_six()
    olive.sends_the_estimate()
    rosa.opens_the_letter()
    rosa.pays("$650")
    olive.books("2026-11-30", "09:00", "11:00")
    rosa.hangs_up()
    olive.presses_nine()
    rosa.looks_again()


def test_a_visit_is_canceled_and_booked_on_another_day(world: World, olive: Operator, rosa: Customer) -> None:
    is_booked(olive, rosa)
    before = rosa.calendar_file()
    with olive.without_reload():
        olive.cancels_the_visit("We cannot come at that time", "The van broke down.")
        olive.badge("Paid")
        olive.sees("Olive canceled the visit of Mon, Nov 30, 2026, 9:00 AM PST: we cannot come at that time")
        expect(olive.page.get_by_role("button", name="Visit done")).to_have_count(0)
    olive.board(visits=1, says="Paid: book the visit")
    olive.closes_the_matter("Nothing more")
    olive.sees("The customer has paid $650. Book the visit, or refund the payment first.")

    letter = world.letters()[-1]
    assert letter.subject.startswith("Your onsite visit is canceled: Monday, November 30, 2026, 9:00 AM")
    for words in ("Our technician cannot come", "The van broke down.", "Your payment of $650 stays with us"):
        assert words in letter.text
    rosa.looks_again()
    rosa.sees("Canceled", "Our technician cannot come", "The van broke down.", "Your payment of $650 stays")
    rosa.does_not_see("We'll arrive")
    gone = rosa.calendar_file("Take it out of your calendar")
    assert (gone["uid"], gone["status"]) == (before["uid"], "CANCELLED")

    olive.opens_from_the_board()
    olive.books("2026-12-01", "09:00", "11:00")
    olive.badge("Booked")
    olive.board()
    rosa.looks_again()
    rosa.sees("We'll arrive", "Tuesday, December 1, 2026, 9:00 AM to 11:00 AM")
    rosa.does_not_see("Canceled")
    again = rosa.calendar_file()
    assert (again["uid"], again["status"]) == (before["uid"], "CONFIRMED")
    assert [one["sequence"] for one in (before, gone, again)] == [0, 1, 2]
    assert world.letters()[-1].subject.startswith("Your onsite visit: Tuesday, December 1")


def test_a_colleague_cancels_while_the_day_is_moved(world: World, olive: Operator, rosa: Customer) -> None:
    """The form that Olive types into is left alone; she is told when she sends it, and may send it again."""
    is_booked(olive, rosa)
    colleague = Operator(world, olive.telephone, olive.page.context.new_page())
    colleague.page.goto(olive.page.url)
    olive.page.get_by_label("Day", exact=True).fill("2026-12-02")

    colleague.cancels_the_visit("The customer asked for it")
    olive.sees("Canceled: Mon, Nov 30, 2026, 9:00 AM to 11:00 AM")
    olive.presses(olive.page.get_by_role("button", name="Save the visit"))
    olive.sees("Someone else has just booked, moved or canceled the visit.")
    assert world.state() == "paid"
    expect(olive.page.get_by_label("Day", exact=True)).to_have_value("2026-12-02")

    olive.presses(olive.page.get_by_role("button", name="Book the visit"))
    olive.badge("Booked")
    olive.sees("Wed, Dec 2, 2026, 9:00 AM to 11:00 AM")


def test_everybody_can_read_and_use_it(
    world: World, people: Everybody, opens: Opens, pytestconfig: pytest.Config
) -> None:
    """The form, what it refuses, and what both see afterwards, wide and narrow, light and dark."""
    olive = Operator(world, people.olive, opens(bypass_csp=True))
    olive.page.goto("/")
    olive.logs_in()
    rosa = Customer(world, people.customer, opens(bypass_csp=True))
    is_booked(olive, rosa)

    looks = EVERY_LOOK if pytestconfig.getoption("--whole") else LOOKS

    def is_usable(*pages: Operator | Customer) -> None:
        for one in pages:
            assert keeps_out(one.page, looks) == []

    olive.page.get_by_text("Cancel the visit", exact=True).click()
    olive.presses(olive.page.get_by_role("button", name="Cancel this visit"))
    olive.sees("Pick the reason.")
    expect(olive.page.get_by_label("Why it is canceled")).to_be_focused()
    is_usable(olive)
    olive.page.get_by_label("Why it is canceled").select_option("Solved without a visit")
    olive.presses(olive.page.get_by_role("button", name="Cancel this visit"))
    olive.sees("Canceled: Mon, Nov 30, 2026")
    rosa.looks_again()
    rosa.sees("The problem was solved without a visit.")
    is_usable(olive, rosa)
