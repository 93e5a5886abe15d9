"""Call control from the window: what the star menu does, by click, and the telephones follow."""

import re
from typing import Any

import pytest

from ivr.callcenter.transfers.rules import Action, CallSituation, TransferState, why_not
from tests.support.openings import accepts, are_talking, consult, gets_in_line, has_left, talk
from tests.support.windows import Window
from tests.support.world import Everybody, World


def works(answer: object) -> None:
    assert getattr(answer, "status_code", None) == 204, getattr(answer, "text", "")


def test_hold_and_resume(world: World, people: Everybody) -> None:
    talk(people)
    dana = Window(world, "Dana")

    works(dana.call("hold"))
    assert people.customer.is_held
    assert people.customer.hears_music
    works(dana.call("hold"))
    assert people.customer.is_held, "a click that comes twice changes nothing"

    works(dana.call("hold", undo=True))
    are_talking(people.dana, people.customer)
    works(dana.call("hold", undo=True))


def test_back_to_the_caller_from_the_star_menu(world: World, people: Everybody) -> None:
    """The telephone is at the menu: it must be brought back, or the caller would talk to nobody."""
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer")

    works(Window(world, "Dana").call("hold", undo=True))

    world.advance(1)
    are_talking(people.dana, people.customer)


def test_a_whole_transfer_by_click(world: World, people: Everybody) -> None:
    talk(people)
    dana = Window(world, "Dana")

    works(dana.call("transfer"))
    assert people.customer.is_held
    people.dana.hears("Calling the operators")
    works(dana.call("transfer"))
    accepts(people.olive)
    people.dana.hears("The caller can't hear you")
    are_talking(people.dana, people.olive)
    assert people.customer.is_held

    works(dana.call("hand-over"))
    assert has_left(people.dana)
    are_talking(people.olive, people.customer)
    assert world.state() == "with_operator"
    works(dana.call("hand-over"))


def test_all_three_talk_by_click(world: World, people: Everybody) -> None:
    consult(people)
    people.olive.presses("*").hears("Press 1 to hand over")

    works(Window(world, "Dana").call("bring-in"))

    world.advance(1)
    are_talking(people.dana, people.customer)
    are_talking(people.olive, people.customer)


def test_taking_the_caller_back_stops_the_ringing(world: World, people: Everybody) -> None:
    talk(people)
    dana = Window(world, "Dana")
    works(dana.call("transfer"))
    people.olive.rings()

    works(dana.call("hold", undo=True))

    world.advance(1)
    assert not people.olive.phone.is_ringing
    are_talking(people.dana, people.customer)


def test_an_operator_at_the_menu_is_brought_back_when_the_caller_is_handed_over(
    world: World, people: Everybody
) -> None:
    consult(people)
    people.olive.presses("*").hears("Press 1 to hand over")

    works(Window(world, "Dana").call("hand-over"))

    world.advance(1)
    are_talking(people.olive, people.customer)


def test_hanging_up_by_click_leaves_nobody_alone(world: World, people: Everybody) -> None:
    talk(people)
    dana = Window(world, "Dana")

    works(dana.call("hang-up"))
    works(dana.call("hang-up"))

    assert people.dana.ended
    people.customer.hears("The other person was disconnected")
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)


def test_the_caller_who_has_gone_is_rung_by_click(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("The caller hung up")

    works(Window(world, "Dana").call("call-back"))

    people.dana.hears("Calling the caller")
    people.customer.rings().answers().hears("calling you back").presses("1")
    are_talking(people.dana, people.customer)
    assert [one.state for one in world.callbacks()] == ["done"]


def test_an_operator_who_is_on_no_call_rings_the_number_back(world: World, people: Everybody) -> None:
    """Their own telephone first, as with every callback; the customer when they have pressed 1."""
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up").presses("9")
    world.advance(40)
    olive = Window(world, "Olive")
    assert world.state() == "closed"

    works(olive.call("call-back"))
    assert olive.call("call-back").status_code == 409, "it is being done"

    people.olive.rings().answers().hears("Callback. Onsite. 4 1 5").presses("1").hears("Calling the caller")
    people.customer.rings().answers().hears("calling you back").presses("1")
    are_talking(people.olive, people.customer)
    people.olive.presses("*").hears("9 if everything is settled").presses("9")
    assert has_left(people.customer)
    assert [(one.reason, one.state) for one in world.callbacks()] == [
        ("dropped", "closed"),
        ("asked", "done"),
    ]


def test_nobody_is_rung_back_outside_hours(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hangs_up()
    world.is_now("2026-11-23 18:00:00")

    refused = Window(world, "Olive").call("call-back")

    assert refused.status_code == 409
    assert "The line is closed" in refused.text


def test_only_who_is_on_the_call_controls_it_and_the_owner(world: World, people: Everybody) -> None:
    talk(people)

    refused = Window(world, "Olive").call("hold")
    assert (refused.status_code, refused.text) == (409, "You are not on this call.")
    assert not people.customer.is_held

    works(Window(world, "Ruth").call("hold"))
    assert people.customer.is_held
    assert Window(world, "Ruth").sends("/calls/NOBODY/hold").status_code == 404


def test_the_strip_says_what_can_be_done_and_why_the_rest_cannot(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    accepts(people.dana)
    world.advance(5)
    reference = world.record()["reference"]

    page = Window(world, "Dana").client.get(f"/intakes/{reference}").text
    for action, can in (("hold", True), ("resume", False), ("transfer", True), ("bring_in", False)):
        button = page.split(f'id="control-{action}"')[1].split(">")[0]
        assert ("aria-disabled" not in button) == can, button
    assert 'title="The caller is not on hold."' in page
    assert page.count("You are not on this call.") == 0
    assert "You are not on this call." in Window(world, "Olive").sees(f"/intakes/{reference}")


def test_when_nobody_is_on_the_line_there_is_one_button(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    page = f"/intakes/{world.record()['reference']}"
    shown = re.findall(r'id="control-(\w+)"', Window(world, "Dana").client.get(page).text)
    assert shown == ["call_back", "hang_up"], "her telephone is still in the call"

    people.dana.hears("caller hung up").presses("9")
    world.advance(40)
    for name in ("Dana", "Olive"):
        assert re.findall(r'id="control-(\w+)"', Window(world, name).client.get(page).text) == ["call_back"]


@pytest.mark.parametrize("action", Action)
def test_every_action_is_possible_at_some_time_and_refused_to_a_stranger_of_an_empty_call(
    action: Action,
) -> None:
    at_best: dict[Action, dict[str, Any]] = {
        Action.HOLD: {},
        Action.RESUME: {"is_held": True},
        Action.TRANSFER: {},
        Action.BRING_IN: {"transfer": TransferState.CONSULTING},
        Action.HAND_OVER: {"transfer": TransferState.TOGETHER, "began_transfer": True},
        Action.HANG_UP: {},
        Action.CALL_BACK: {"is_on_line": False, "is_live": False, "has_number": True},
    }
    on_the_call = {"is_theirs": True, "is_live": True, "is_on_line": True}
    assert why_not(action, CallSituation(**{**on_the_call, **at_best[action]})) is None
    assert why_not(action, CallSituation()) is not None
