"""The operator promises to call with the price: it is kept, kept late, forgotten, or kept by a call."""

from tests.stories.visit.operators import Operator
from tests.stories.visit.people import ROSA, Customer
from tests.support.browser import without_browser
from tests.support.world import World

pytestmark = without_browser


def price_is_promised_at_three(olive: Operator, rosa: Customer) -> None:
    """In the call, of which nothing else is left."""
    olive.talks_with_the_caller()
    olive.fills_in_the_six()
    olive.promises_the_price("2026-11-23T15:00")
    rosa.hangs_up()
    olive.presses_nine()
    olive.badge("With an operator")
    olive.board(prices=1, says="in 6 h")


def promises(world: World) -> list[tuple[str, str]]:
    return [(one["reason"], one["state"]) for one in world.record()["callbacks"]]


def test_the_price_is_told_late(world: World, olive: Operator, rosa: Customer) -> None:
    price_is_promised_at_three(olive, rosa)
    olive.is_at_work_until("2026-11-23 15:40:00")
    olive.board(prices=1, says="overdue 40 min")
    olive.page.reload()
    olive.sees("Overdue: the customer is waiting for the price")

    with olive.without_reload():
        olive.sends_the_estimate()
        olive.badge("Quoted")
        olive.does_not_see("Overdue: the customer is waiting for the price")
    olive.board()
    rosa.opens_the_letter()
    rosa.sees("Pay $650")
    assert world.state() == "quoted"
    assert promises(world) == [("estimate", "done")]


def test_the_price_is_forgotten_until_the_next_day(world: World, olive: Operator, rosa: Customer) -> None:
    price_is_promised_at_three(olive, rosa)
    world.is_now("2026-11-24 09:00:00")
    olive.logs_in_again()
    olive.sees("Overdue: the customer is waiting for the price")
    olive.board(prices=1, says="overdue 18 h")
    intake = olive.page.url

    olive.closes_the_callback("They have bought a new system")
    olive.board()
    olive.page.goto(intake)
    olive.sees("They have bought a new system")
    olive.does_not_see("Overdue")
    assert promises(world) == [("estimate", "closed")]
    assert not [one for one in world.letters() if one.to == ROSA], "there is no page of the customer's"


def test_the_price_is_told_by_telephone(world: World, olive: Operator, rosa: Customer) -> None:
    price_is_promised_at_three(olive, rosa)
    olive.is_at_work_until("2026-11-23 14:50:00")
    olive.rings_the_customer_now()
    with olive.without_reload():
        olive.badge("With an operator")
        olive.sends_the_estimate()
        olive.badge("With an operator", "Quoted")
        rosa.hangs_up()
        olive.presses_nine()
        olive.badge("Quoted")
    olive.board()
    rosa.opens_the_letter()
    rosa.sees("Pay $650")
    assert world.state() == "quoted"
    assert promises(world) == [("estimate", "done")]
