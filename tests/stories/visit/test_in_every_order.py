"""A visit is estimated, paid and booked in each order in which people do it, in the call and after it."""

from typing import Any

from playwright.sync_api import expect

from tests.stories.visit.operators import Operator
from tests.stories.visit.people import Customer
from tests.support.browser import without_browser
from tests.support.world import World

pytestmark = without_browser

DECEMBER_1 = "Tuesday, December 1, 2026, 9:00 AM to 11:00 AM, Pacific time"


def in_the_record(world: World) -> tuple[Any, ...]:
    """The state, what was asked and paid in dollars, and how many promises are open."""
    record = world.record()
    owed = [one for one in record["callbacks"] if one["state"] not in {"done", "closed"}]
    return record["state"], (record["quote_total_cents"] or 0) / 100, record["paid_cents"] / 100, len(owed)


def is_booked_everywhere(world: World, olive: Operator, rosa: Customer) -> None:
    """On the operator's page, on the board, on the customer's page and in the record."""
    olive.badge("Booked")
    olive.sees("Tue, Dec 1, 2026, 9:00 AM to 11:00 AM", "Settled")
    olive.board()
    rosa.looks_again()
    rosa.sees("Paid. Thank you.", "We'll arrive", DECEMBER_1, "Add to calendar")
    assert in_the_record(world) == ("booked", 650, 650, 0)


def test_estimate_payment_and_booking_in_the_call(world: World, olive: Operator, rosa: Customer) -> None:
    """All of it is seen on the page that popped up, which nobody reloads."""
    olive.talks_with_the_caller()
    with olive.without_reload():
        olive.badge("With an operator")
        olive.sees("0 of 6 filled.", "Olive pressed 1 and takes the call.")
        olive.fills_in_the_six()
        olive.sends_the_estimate(hours=2)
        olive.badge("With an operator", "Quoted")
        olive.sees("Not opened yet", "Nothing was paid yet.")
        rosa.opens_the_letter()
        olive.sees("version 1, was opened within a minute of the email: perhaps by a mail scanner.")
        rosa.pays("$650")
        olive.badge("With an operator", "Paid")
        olive.sees("The customer has paid version 1 of the estimate: $650.", "Settled")
        olive.books("2026-12-01", "09:00", "11:00")
        olive.badge("With an operator", "Booked")
        olive.sees("Olive booked the visit for Tue, Dec 1, 2026")
        rosa.hangs_up()
        olive.badge("Booked")
        olive.sees("The caller is not on the line")
        olive.presses_nine()
        is_booked_everywhere(world, olive, rosa)


def test_estimate_in_the_call_and_payment_after_it(world: World, olive: Operator, rosa: Customer) -> None:
    olive.talks_with_the_caller()
    olive.fills_in_the_six()
    olive.sends_the_estimate()
    rosa.hangs_up()
    olive.presses_nine()
    olive.badge("Quoted")
    olive.board()

    rosa.opens_the_letter()
    rosa.pays("$650")
    olive.board(visits=1, says="Paid: book the visit")
    rosa.looks_again()
    rosa.sees("Paid. Thank you.", "We'll call you to agree on the day of your visit.")

    olive.opens_from_the_board()
    olive.books("2026-12-01", "09:00", "11:00")
    is_booked_everywhere(world, olive, rosa)


def test_estimate_payment_and_booking_after_the_call(world: World, olive: Operator, rosa: Customer) -> None:
    olive.talks_with_the_caller()
    olive.fills_in_the_six()
    rosa.hangs_up()
    olive.presses_nine()
    olive.badge("Closed")

    olive.sends_the_estimate()
    olive.badge("Quoted")
    rosa.opens_the_letter()
    rosa.pays("$650")
    olive.badge("Paid")
    olive.books("2026-12-01", "09:00", "11:00")
    is_booked_everywhere(world, olive, rosa)


def test_the_estimate_two_days_later(world: World, olive: Operator, rosa: Customer) -> None:
    olive.talks_with_the_caller()
    olive.fills_in_the_six()
    rosa.hangs_up()
    olive.presses_nine()

    world.is_now("2026-11-25 09:00:00")
    olive.logs_in_again()
    olive.board()
    olive.sends_the_estimate()
    rosa.opens_the_letter()
    rosa.pays("$650")
    olive.books("2026-12-01", "09:00", "11:00")
    is_booked_everywhere(world, olive, rosa)


def test_a_closed_matter_is_reopened_by_the_payment(world: World, olive: Operator, rosa: Customer) -> None:
    olive.talks_with_the_caller()
    olive.fills_in_the_six()
    olive.sends_the_estimate()
    rosa.hangs_up()
    olive.presses_nine()
    olive.closes_the_matter("Too expensive, they say")
    olive.badge("Closed")
    olive.sees("Closed: Too expensive, they say")
    rosa.opens_the_letter()
    rosa.sees("We closed this request. Please call us before you pay.")

    with olive.without_reload():
        rosa.pays("$650")
        olive.badge("Paid")
        olive.sees("A payment arrived: the intake is open again.")
        olive.does_not_see("Closed: Too expensive, they say")
    olive.board(visits=1, says="Paid: book the visit")
    rosa.looks_again()
    rosa.sees("We'll call you to agree on the day of your visit.")
    rosa.does_not_see("closed")
    assert in_the_record(world) == ("paid", 650, 650, 0)


def test_a_closed_matter_is_reopened_by_a_click(world: World, olive: Operator, rosa: Customer) -> None:
    olive.talks_with_the_caller()
    olive.fills_in_the_six()
    rosa.hangs_up()
    olive.presses_nine()
    olive.closes_the_matter("")
    olive.sees("Enter a short reason")
    olive.page.get_by_label("Reason for closing it").fill("They will think about it")
    olive.presses(olive.page.get_by_role("button", name="Close the intake").last)
    olive.sees("Closed: They will think about it")

    olive.reopens()
    olive.sees("Olive reopened the intake.")
    olive.sends_the_estimate()
    rosa.opens_the_letter()
    rosa.pays("$650")
    olive.books("2026-12-01", "09:00", "11:00")
    is_booked_everywhere(world, olive, rosa)


def test_a_visit_that_is_booked_in_the_call_is_moved_after_it(
    world: World, olive: Operator, rosa: Customer
) -> None:
    olive.talks_with_the_caller()
    olive.fills_in_the_six()
    olive.sends_the_estimate()
    rosa.opens_the_letter()
    rosa.pays("$650")
    olive.books("2026-11-30", "13:00", "15:00")
    rosa.hangs_up()
    olive.presses_nine()
    rosa.looks_again()
    rosa.sees("Monday, November 30, 2026, 1:00 PM to 3:00 PM")
    before = rosa.calendar_file()

    olive.moves_the_visit("2026-12-01", "09:00", "11:00")
    olive.sees("Olive moved the visit from Mon, Nov 30, 2026, 1:00 PM PST to Tue, Dec 1, 2026")
    is_booked_everywhere(world, olive, rosa)
    rosa.sees("Moved from", "Monday, November 30, 2026, 1:00 PM to 3:00 PM")
    after = rosa.calendar_file()
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert f"{after['dtstart'].dt:%Y-%m-%d %H:%M %Z}" == "2026-12-01 17:00 UTC"


def test_more_time_on_the_day_of_the_visit(world: World, olive: Operator, rosa: Customer) -> None:
    olive.talks_with_the_caller()
    olive.fills_in_the_six()
    olive.sends_the_estimate()
    rosa.opens_the_letter()
    rosa.pays("$650")
    olive.books("2026-11-23", "13:00", "15:00")
    rosa.hangs_up()
    olive.presses_nine()

    olive.is_at_work_until("2026-11-23 14:30:00")
    olive.asks_for_more_time(3)
    olive.badge("Booked")
    rosa.opens_the_letter(about="more time")
    rosa.sees("3 more hours at $150 each")
    rosa.pays("$450")
    olive.badge("Booked")
    olive.board()

    olive.is_at_work_until("2026-11-23 18:30:00")
    olive.board(visits=1, says="Visit over: mark it as done")
    olive.notes_that_the_visit_is_done()
    olive.badge("Closed", "Visit done")
    expect(olive.page.get_by_role("button", name="The visit is not done")).to_be_visible()
    olive.board()
    rosa.looks_again()
    rosa.sees("The visit is done.", "Total paid", "$1,100")
    assert in_the_record(world) == ("closed", 1_100, 1_100, 0)
