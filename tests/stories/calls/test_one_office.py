"""Two people of one office, which shows one number, are cut off: each is brought to their own call."""

from typing import Final

from tests.support.callers import A
from tests.support.openings import accepts, are_talking, has_left
from tests.support.windows import Window
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset

OFFICE: Final = "+14155552671"
DOOR, TONE = "the vault door will not close", "no dial tone"
FIRST, SECOND = "+14155552691", "+14155552692"
EARLIER = "For your call of 2 minutes ago, press 1."


def dials(world: World, number: str, *, name: str = "Somebody of the office") -> Handset:
    """A phone that shows the office's number."""
    return world.handset(number, name).dials(LINE, caller_id=OFFICE, stir_verstat=A)


def gets_in_line(person: Handset, words: str) -> Handset:
    person.hears("For an onsite visit").presses("1").hears("may we call you").presses("1")
    return person.hears("what is going wrong").says(words).hears("Please hold")


def are_cut_off(world: World, people: Everybody) -> None:
    """Dana talks with the first since four minutes, Tomas with the second, when the office's lines drop."""
    first = gets_in_line(dials(world, FIRST), DOOR)
    accepts(people.dana)
    are_talking(people.dana, first)
    world.advance(240)
    second = gets_in_line(dials(world, SECOND), TONE)
    accepts(people.tomas)
    are_talking(people.tomas, second)
    first.hangs_up()
    second.hangs_up()
    for technician in (people.dana, people.tomas):
        technician.hears("The caller hung up").hangs_up()


def states(world: World) -> list[str]:
    return [one.state for one in world.callbacks()]


def test_the_office_is_called_for_one_of_them_at_a_time(world: World, people: Everybody) -> None:
    are_cut_off(world, people)

    people.dana.rings(within=60).answers().hears(DOOR).hears("Press 1 to accept").presses("1")
    people.customer.rings()
    world.advance(10)
    assert not people.tomas.phone.is_ringing
    assert states(world) == ["placed", "promised"]

    people.customer.answers().hears("calling you back").presses("1")
    are_talking(people.dana, people.customer)
    world.advance(120)
    assert not people.tomas.phone.is_ringing

    people.customer.hangs_up()
    people.dana.hears("The caller hung up").presses("9").hears("Goodbye")
    people.tomas.rings().answers().hears(TONE).hears("Press 1 to accept").presses("1")
    people.customer.rings().answers().hears("calling you back").presses("1")
    are_talking(people.tomas, people.customer)
    assert {one.tries for one in world.callbacks()} == {0}


def test_where_nobody_answers_for_the_first_the_second_is_called_next(
    world: World, people: Everybody
) -> None:
    are_cut_off(world, people)
    people.dana.rings(within=60).answers().hears(DOOR).hears("Press 1 to accept").presses("1")

    people.customer.rings()
    people.dana.hears("We couldn't reach the caller", within=60)

    people.tomas.rings().answers().hears(TONE)
    assert [one.last_try for one in world.callbacks()] == ["no_answer", None]


def test_nobody_of_staff_calls_the_office_meanwhile_for_the_other(world: World, people: Everybody) -> None:
    are_cut_off(world, people)
    people.dana.rings(within=60).answers().hears("Press 1 to accept").presses("1")
    people.customer.rings()

    _, second = world.callbacks()
    refused = Window(world, "Olive").sends(f"/callbacks/{second.id}/call")

    assert (refused.status_code, "called for another intake" in refused.text) == (409, True)
    assert states(world) == ["placed", "promised"]
    assert not people.olive.phone.is_ringing


def test_each_says_which_call_is_theirs(world: World, people: Everybody) -> None:
    are_cut_off(world, people)

    first = dials(world, FIRST).hears(EARLIER)
    first.hears("For the one of 5 minutes ago, press 2").presses("2").hears("Welcome back")
    second = dials(world, SECOND).hears("Is this about the call of a few minutes ago?")
    second.presses("1").hears("Welcome back")

    people.dana.rings(within=30).answers().hears(DOOR).hears("Press 1").presses("1").hears("Connecting")
    are_talking(people.dana, first)
    people.tomas.rings(within=30).answers().hears(TONE).hears("Press 1").presses("1").hears("Connecting")
    are_talking(people.tomas, second)
    assert len(world.records()) == 2
    assert states(world) == ["closed", "closed"]


def test_whoever_called_last_presses_1(world: World, people: Everybody) -> None:
    are_cut_off(world, people)

    second = dials(world, SECOND).hears(EARLIER).says("yes").hears(EARLIER).says("one").hears("Welcome back")

    people.tomas.rings(within=60).answers().hears(TONE).hears("Press 1").presses("1").hears("Connecting")
    are_talking(people.tomas, second)
    assert sorted(states(world)) == ["closed", "placed"]


def test_a_third_has_something_else_and_both_are_still_owed(world: World, people: Everybody) -> None:
    are_cut_off(world, people)

    dials(world, "+14155552693").hears(EARLIER).presses("3").hears("All right. For an onsite visit")

    assert len(world.records()) == 3
    assert states(world) == ["promised", "promised"]


def test_silence_at_the_question_is_a_new_intake(world: World, people: Everybody) -> None:
    are_cut_off(world, people)

    dials(world, "+14155552693").hears(EARLIER).stays_silent().hears("Sorry").stays_silent()

    assert len(world.records()) == 3


def test_of_two_who_say_the_same_the_first_has_it(world: World, people: Everybody) -> None:
    are_cut_off(world, people)
    first, second = dials(world, FIRST).hears(EARLIER), dials(world, SECOND).hears(EARLIER)

    first.presses("2").hears("Welcome back")
    second.presses("2").hears("For an onsite visit")

    assert len(world.records()) == 3
    assert states(world) == ["promised", "promised"]


def test_both_leave_the_line_for_a_callback_and_each_gets_one(world: World, people: Everybody) -> None:
    first, second = gets_in_line(dials(world, FIRST), DOOR), gets_in_line(dials(world, SECOND), TONE)
    for one in (first, second):
        one.hears("keep your place, press 1", within=60).presses("1").hears("We'll call you back")
        assert has_left(one)

    for technician in (people.dana, people.tomas):
        accepts(technician)
        people.customer.rings().answers().hears("you asked us to call back").presses("1")
        are_talking(technician, people.customer)
        technician.presses("*").hears("9 if everything is settled").presses("9")
        assert has_left(people.customer)
    assert states(world) == ["done", "done"]
