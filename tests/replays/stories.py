"""Whole stories, each told to its end: what is replayed."""

from tests.calls.openings import accepts, gets_in_line, hand_over, has_left, talk
from tests.walks.line import Line


def a_whole_call(line: Line) -> None:
    """From the first ring through the transfer to the caller's goodbye."""
    people = line.people
    hand_over(people)
    people.customer.hangs_up()
    people.olive.hears("no longer on the line", within=60).presses("9").hears("Goodbye")


def a_drop_and_a_callback(line: Line) -> None:
    """The caller is cut off and rung back by the same technician, who then says goodbye."""
    people = line.people
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("no longer on the line", within=60).presses("1").hears("Ringing the caller")
    people.customer.rings(within=60).answers().hears("Press 1 to be connected").presses("1")
    people.customer.hears("You are being connected")
    line.advance(30)
    people.customer.hangs_up()
    people.dana.hears("no longer on the line", within=60).presses("9").hears("Goodbye")


def nobody_comes(line: Line) -> None:
    """Everybody is rung twice, and the caller leaves a request to be called back."""
    people = line.people
    line.off_shift("tomas")
    gets_in_line(people.customer)
    people.customer.hears("everybody is busy", within=300)
    line.off_shift("dana")
    people.customer.presses("1").hears("We will call you back")
    assert has_left(people.customer)


def a_transfer_that_is_given_up(line: Line) -> None:
    """No operator takes the call; the technician goes back to the caller and promises a callback."""
    people = line.people
    line.off_shift("pedro")
    talk(people)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Ringing the operators")
    people.olive.rings().answers().hears("9 to decline").presses("9")
    people.dana.hears("2", within=60).presses("2")
    line.advance(60)
    people.customer.hangs_up()


def a_technician_who_drops(line: Line) -> None:
    """The caller is found the next one."""
    people = line.people
    talk(people)
    people.dana.hangs_up()
    people.customer.hears("We have lost the other side", within=60)
    line.off_shift("dana")
    accepts(people.tomas)
    people.customer.hears("You are being connected")
    line.advance(30)
    people.customer.hangs_up()
    people.tomas.hears("no longer on the line", within=60).presses("9").hears("Goodbye")


STORIES = (
    a_whole_call,
    a_drop_and_a_callback,
    nobody_comes,
    a_transfer_that_is_given_up,
    a_technician_who_drops,
)
