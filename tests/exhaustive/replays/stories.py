"""Whole stories, each told to its end: what is replayed. One of every kind of call."""

from ivr.company.policy import service as policy
from tests.exhaustive.walks.line import Line
from tests.support.openings import (
    accepts,
    are_talking,
    calls_again,
    consult,
    gets_in_line,
    hand_over,
    has_left,
    talk,
)
from tests.support.owners import PIN, closes
from tests.support.world import LINE
from twilio_simulator import voicemail


def a_whole_call(line: Line) -> None:
    """From the first ring through the transfer to the caller's goodbye."""
    people = line.people
    hand_over(people)
    people.customer.hangs_up()
    people.olive.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def a_drop_and_a_callback(line: Line) -> None:
    """The caller is cut off and rung back by the same technician, who then says goodbye."""
    people = line.people
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up", within=60).presses("1").hears("Calling the caller")
    people.customer.rings(within=60).answers().hears("Press 1 to be connected").presses("1")
    people.customer.hears("You're being connected")
    line.advance(30)
    people.customer.hangs_up()
    people.dana.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def nobody_comes(line: Line) -> None:
    """Everybody is rung twice, and the caller leaves a request to be called back."""
    people = line.people
    line.off_shift("tomas")
    gets_in_line(people.customer)
    people.customer.hears("everybody is busy", within=300)
    line.off_shift("dana")
    people.customer.presses("1").hears("We'll call you back")
    assert has_left(people.customer)


def a_transfer_that_is_given_up(line: Line) -> None:
    """No operator takes the call; the technician goes back to the caller and promises a callback."""
    people = line.people
    line.off_shift("pedro", "tomas")
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    people.olive.rings().answers().hears("9 to decline").presses("9")
    people.dana.hears("2", within=60).presses("2")
    line.advance(30)
    line.off_shift("dana", "tomas")
    people.customer.hangs_up()


def a_technician_who_drops(line: Line) -> None:
    """The caller is found the next one."""
    people = line.people
    talk(people)
    people.dana.hangs_up()
    people.customer.hears("The other person was disconnected", within=60)
    line.off_shift("dana")
    accepts(people.tomas)
    people.customer.hears("You're being connected")
    line.off_shift("tomas")
    line.advance(30)
    people.customer.hangs_up()
    people.tomas.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def a_drop_at_the_menu(line: Line) -> None:
    """Before anybody is rung."""
    people = line.people
    line.off_shift("dana", "tomas")
    people.customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you back")
    people.customer.loses_the_line()


def a_drop_while_a_telephone_rings(line: Line) -> None:
    """Nobody's telephone rings on."""
    people = line.people
    line.off_shift("tomas")
    gets_in_line(people.customer)
    people.dana.rings()
    line.off_shift("dana")
    people.customer.loses_the_line()


def a_drop_on_hold(line: Line) -> None:
    """The operator hears the brief meanwhile; the technician is told, and lets it be."""
    people = line.people
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
    people.olive.rings().answers().hears("Press 1 to accept")
    line.off_shift("dana", "tomas")
    people.customer.loses_the_line()
    people.dana.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def a_drop_while_the_two_consult(line: Line) -> None:
    """Technician and operator are told, one after the other."""
    people = line.people
    consult(people)
    line.off_shift("dana", "tomas")
    people.customer.loses_the_line()
    for staff in (people.dana, people.olive):
        staff.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def a_callback_in_vain(line: Line) -> None:
    """Nobody answers, then a voicemail does: it is left to a person."""
    people = line.people
    line.off_shift("tomas")
    gets_in_line(people.customer).hears("To be called back")
    people.customer.loses_the_line()
    line.advance(10)  # until the telephone that rang for the caller in line has stopped
    for wait in (90, 20 * 60):
        people.dana.rings(within=wait).answers().hears("Callback.").presses("1").hears("Calling the")
        people.customer.rings()
        if wait == 90:
            people.customer.ignores()
            people.customer.phone.behaviour = voicemail("Please leave a message after the tone", after=5)
        people.dana.hears("couldn't reach the caller", within=120).hangs_up()


def a_customer_who_is_rung_first(line: Line) -> None:
    """They drop in the music, wait in vain the next time, and talk the third time."""
    people = line.people
    line.off_shift("tomas")
    with line.database.transaction():
        policy.change("ring_customer_first", "yes", policy.Command("the owner"))
    gets_in_line(people.customer).hears("To be called back")
    people.customer.loses_the_line()
    finding = "I'm finding a technician"
    people.customer.rings(within=120).answers().hears("Press 1 to be").presses("1").hears(finding, within=60)
    line.advance(10)
    people.customer.loses_the_line()
    caller = people.customer.rings(within=20 * 60).answers().hears("Press 1 to be").presses("1")
    caller.hears("nobody could take your call yet", within=90).presses("2").hears("We'll call you back")
    assert has_left(caller)
    people.dana.rings(within=70 * 60).answers().hears("Callback.").presses("1").hears("Calling the")
    people.customer.rings(within=60).answers().hears("Press 1 to be").presses("1")
    line.off_shift("dana")
    are_talking(people.dana, people.customer)
    people.customer.hangs_up()
    people.dana.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def a_technician_who_declines_and_one_who_is_engaged(line: Line) -> None:
    """So that the first is asked a second time, and takes it."""
    people = line.people
    people.tomas.phone.behaviour = "busy"
    gets_in_line(people.customer)
    people.dana.rings().answers().hears("9 to decline").presses("9").hears("Thank you")
    people.dana.rings(within=90)
    accepts(people.dana)
    are_talking(people.dana, people.customer)
    people.customer.hangs_up()
    people.dana.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def a_technicians_voicemail(line: Line) -> None:
    """It takes nobody; the next technician does."""
    people = line.people
    people.dana.phone.behaviour = voicemail("You have reached Dana, please leave a message", after=5)
    gets_in_line(people.customer)
    people.tomas.rings(within=90)
    accepts(people.tomas)
    line.off_shift("dana", "tomas")
    are_talking(people.tomas, people.customer)
    people.customer.hangs_up()
    people.tomas.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def everybody_is_rung_at_once(line: Line) -> None:
    """The first to press 1 has the caller, the other telephone stops."""
    people = line.people
    with line.database.transaction():
        policy.change("ring_all_at_once", "yes", policy.Command("the owner"))
    gets_in_line(people.customer)
    people.dana.rings()
    accepts(people.tomas)
    line.off_shift("dana", "tomas")
    are_talking(people.tomas, people.customer)
    people.customer.hangs_up()
    people.tomas.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def a_caller_who_rings_in_meanwhile(line: Line) -> None:
    """They were promised a callback, and are with the technician who waits before it is kept."""
    people = line.people
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("caller hung up", within=60)
    calls_again(people.customer).hears("You're being connected", within=90)
    line.advance(30)
    are_talking(people.dana, people.customer)
    line.off_shift("dana", "tomas")
    people.customer.hangs_up()
    people.dana.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def an_operator_who_drops(line: Line) -> None:
    """The caller has more to say after the hand-over, and is found another one."""
    people = line.people
    hand_over(people)
    line.off_shift("dana", "tomas")
    people.olive.loses_the_line()
    people.customer.hears("The operator has left", within=60).hears("I'm finding somebody", within=60)
    accepts(people.pedro)
    are_talking(people.pedro, people.customer)
    people.customer.hangs_up()
    people.pedro.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def a_colleague_of_whoever_was_cut_off(line: Line) -> None:
    """They show the same number, and have a matter of their own; the first one's callback stands."""
    people = line.people
    gets_in_line(people.customer)
    line.off_shift("dana", "tomas")
    people.customer.hangs_up()
    line.advance(30)
    people.customer.dials(LINE).hears("Is this about the call").presses("2").hears("All right")
    people.customer.hears("For an onsite visit", within=60).hangs_up()


def an_operator_who_says_that_it_is_settled(line: Line) -> None:
    """Nobody is found for the caller, because nothing is left to say."""
    people = line.people
    hand_over(people)
    people.olive.presses("*").hears("9 if everything is settled").presses("9").hears("Goodbye", within=60)


def a_recorded_call(line: Line) -> None:
    """Told, begun, paused by nobody, whole."""
    people = line.people
    line.records_calls()
    talk(people)
    line.off_shift("dana", "tomas")
    line.advance(30)
    people.customer.hangs_up()
    people.dana.hears("caller hung up", within=60).presses("9").hears("Goodbye")


def a_message_after_hours(line: Line) -> None:
    """It is recorded, written down and mailed."""
    line.is_now("2026-11-23 18:30:00")
    with line.database.transaction():
        policy.change("operations_email", "operations@example.com", policy.Command("tests"))
    caller = line.people.customer.dials(LINE).hears("To leave a message, press 2").presses("2")
    caller.hears("after the tone").says("Anna Berg, the phones on floor two are dead").hears("Goodbye")


def a_callback_asked_for_after_hours(line: Line) -> None:
    """It is due when the line opens."""
    line.is_now("2026-11-23 18:30:00")
    caller = line.people.customer.dials(LINE).hears("To be called back then, press 1").presses("1")
    caller.hears("may we").presses("1").hears("what is going wrong").says("no dial tone")
    assert has_left(caller.hears("We'll call you back"))


def a_line_closed_by_telephone(line: Line) -> None:
    """The owner closes it, and a caller hears so."""
    closes(line.owner(PIN)).hangs_up()
    line.people.customer.dials(LINE).hears("We're closed at the moment").hangs_up()


STORIES = (
    a_whole_call,
    a_drop_and_a_callback,
    nobody_comes,
    a_transfer_that_is_given_up,
    a_technician_who_drops,
    a_drop_at_the_menu,
    a_drop_while_a_telephone_rings,
    a_drop_on_hold,
    a_drop_while_the_two_consult,
    a_callback_in_vain,
    a_customer_who_is_rung_first,
    a_technician_who_declines_and_one_who_is_engaged,
    a_technicians_voicemail,
    everybody_is_rung_at_once,
    a_caller_who_rings_in_meanwhile,
    a_colleague_of_whoever_was_cut_off,
    an_operator_who_drops,
    an_operator_who_says_that_it_is_settled,
    a_recorded_call,
    a_message_after_hours,
    a_callback_asked_for_after_hours,
    a_line_closed_by_telephone,
)
