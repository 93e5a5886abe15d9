"""What goes wrong on the way to a visit: paid twice, too late, a line that drops; and a customer's second matter."""

from collections.abc import Callable

import pytest

from tests.stories.visit.operators import Operator
from tests.stories.visit.people import SIX, Customer, Opens
from tests.support.browser import violations, without_browser
from tests.support.openings import accepts, calls_again
from tests.support.world import Everybody, World
from twilio_simulator import Handset

pytestmark = without_browser


def estimate_is_sent(olive: Operator) -> None:
    olive.talks_with_the_caller()
    olive.fills_in_the_six()
    olive.sends_the_estimate()


def test_a_customer_pays_in_two_tabs(world: World, olive: Operator, rosa: Customer) -> None:
    """One has stood at the till overnight, so the other is led to a page of its own; then she pays both at once."""
    estimate_is_sent(olive)
    rosa.hangs_up()
    olive.presses_nine()
    rosa.opens_the_letter()
    other = rosa.another_tab()
    rosa.goes_to_the_till("$650")

    world.is_now("2026-11-24 08:45:00")
    with world.jobs_held_back():
        other.pays("$650")
        rosa.pays_at_the_till("$650")
    back = "We'll send the second $650 back to the card or account you paid with"
    rosa.sees("We'll send money back to you", back)
    for tab in (rosa, other):
        tab.looks_again()
        tab.sees("Paid. Thank you.", back)

    olive.logs_in_again()
    olive.sees("The customer paid twice: $650 too much.", "The customer has credit")
    olive.board(visits=2, says="The customer paid twice: $650 too much. Refund it.")
    olive.closes_the_matter("Nothing more")
    olive.sees("There is a payment issue. Resolve it first, below under Money.")
    olive.badge("Paid")
    assert (world.state(), world.record()["paid_cents"]) == ("paid", 130_000)


def test_an_estimate_has_expired(world: World, olive: Operator, rosa: Customer) -> None:
    estimate_is_sent(olive)
    rosa.hangs_up()
    olive.presses_nine()

    world.is_now("2026-12-08 10:00:00")
    rosa.opens_the_letter()
    rosa.sees("This estimate has expired", "we'll send you a new one")
    olive.logs_in_again()
    olive.sees("Expired")
    olive.sends_the_estimate(hours=3, fold="New version")
    rosa.looks_again()
    rosa.sees("for $800 took its place")

    rosa.opens_the_letter()
    rosa.pays("$800")
    olive.badge("Paid")
    olive.board(visits=1, says="Paid: book the visit")
    rosa.looks_again()
    rosa.sees("Paid. Thank you.", "$800")
    record = world.record()
    assert (record["state"], record["quote_total_cents"], record["paid_cents"]) == ("paid", 80_000, 80_000)


def rings_again(people: Everybody) -> Handset:
    calls_again(people.customer).hears("Please hold")
    return accepts(people.dana if people.dana.phone.is_ringing else people.tomas)


def is_called_back(people: Everybody) -> Handset:
    staff = (people.olive, people.dana, people.tomas, people.pedro)
    people.customer.exchange.until(lambda: any(one.phone.is_ringing for one in staff), 120)
    first = accepts(next(one for one in staff if one.phone.is_ringing))
    people.customer.rings().answers().hears("Press 1 to be connected").presses("1").hears("being connected")
    return first


@pytest.mark.parametrize("talks", [rings_again, is_called_back])
def test_the_line_drops_on_hold(
    world: World, people: Everybody, olive: Operator, rosa: Customer, talks: Callable[[Everybody], Handset]
) -> None:
    estimate_is_sent(olive)
    olive.presses(olive.page.get_by_role("button", name="Hold", exact=True))
    olive.sees("The caller is on hold")
    rosa.telephone.loses_the_line()
    olive.telephone.hangs_up()
    olive.sees("The caller is not on the line", "The call dropped")
    olive.board(callbacks=1, says="The call dropped")
    assert [one["reason"] for one in world.record()["callbacks"]] == ["dropped"]

    staff = talks(people)
    olive.sees("On the line")
    rosa.opens_the_letter()
    rosa.pays("$650")
    olive.books("2026-12-01", "09:00", "11:00")
    rosa.hangs_up()
    staff.hears("9 if no callback is needed").presses("9")
    world.advance(60)
    olive.badge("Booked")
    rosa.looks_again()
    rosa.sees("We'll arrive")
    olive.board()
    record = world.record()
    assert (record["state"], record["paid_cents"]) == ("booked", 65_000)
    assert {one["state"] for one in record["callbacks"]} <= {"done", "closed"}


def test_the_second_matter_of_a_customer(world: World, olive: Operator, rosa: Customer) -> None:
    world.off_shift("tomas", "pedro")
    estimate_is_sent(olive)
    rosa.hangs_up()
    olive.presses_nine()

    olive.is_at_work_until("2026-11-23 13:00:00")
    olive.talks_with_the_caller()
    olive.sees("0 of 6 filled.")
    for label in ("Name", "Email", "Site address"):
        olive.takes_over(label, SIX[label])
    olive.sees("3 of 6 filled.")
    first, second = world.records()
    assert (second["contact_name"], second["contact_email"]) == (
        first["contact_name"],
        first["contact_email"],
    )
    assert second["site_address"] == first["site_address"]
    assert (second["contact_number"], second["system_number"]) == (None, None)
    assert (first["state"], second["state"]) == ("quoted", "with_operator")


def test_a_full_page_keeps_nobody_out(world: World, people: Everybody, opens: Opens) -> None:
    """In the call: booked, more time and a price promised, a question refused; for the operator and the customer."""
    olive = Operator(world, people.olive, opens(bypass_csp=True, viewport={"width": 360, "height": 800}))
    olive.page.goto("/")
    olive.logs_in()
    look = {"bypass_csp": True, "color_scheme": "dark", "viewport": {"width": 360, "height": 740}}
    rosa = Customer(world, people.customer, opens(**look))
    estimate_is_sent(olive)
    rosa.opens_the_letter()
    rosa.pays("$650")
    olive.books("2026-12-01", "09:00", "11:00")
    olive.asks_for_more_time(3)
    olive.promises_the_price("2026-11-23T15:00")
    olive.closes_the_matter("Nothing more")
    olive.sees("A visit is booked. Cancel it, or mark it as done")
    rosa.looks_again()
    rosa.sees("More time on site", "is still to pay", "We'll arrive")
    for page in (olive.page, rosa.page):
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
