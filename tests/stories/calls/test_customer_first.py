"""Where the owner has set it so, a callback rings the customer first: music for at most 20 seconds, then a person.

Nobody is lost: the promise is kept only when they talk, or choose another one.
"""

from datetime import timedelta

import pytest

from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from tests.support.openings import accepts, are_talking, gets_in_line, has_left, talk
from tests.support.world import LINE, Everybody, World, pacific
from twilio_simulator import Handset, voicemail

FINDING = "One moment, I'm finding a technician for you"
CHOICES = "nobody could take your call yet"


@pytest.fixture(autouse=True)
def _customer_first(world: World) -> None:
    with world.database.transaction():
        policy.change("ring_customer_first", "yes", Command("the owner"))


def states(world: World) -> list[str]:
    return [callback.state for callback in world.callbacks()]


def drops_in_line(people: Everybody) -> None:
    gets_in_line(people.customer).hears("To be called back")
    people.customer.hangs_up()


def wants_a_callback(people: Everybody) -> None:
    """The customer leaves the queue for a callback, while Dana and Tomas ring."""
    gets_in_line(people.customer).hears("keep your place, press 1").presses("1").hears("We'll call you back")
    assert has_left(people.customer)


def is_rung_first(people: Everybody, *, within: float = 60) -> Handset:
    """The customer is rung, answers and presses 1; no member of staff was rung before."""
    people.customer.rings(within=within).answers().hears("Press 1")
    assert not any(one.phone.is_ringing for one in (people.dana, people.tomas))
    return people.customer.presses("1").hears(FINDING)


def test_the_customer_is_rung_first_and_hears_music_until_a_technician_is_there(
    world: World, people: Everybody
) -> None:
    drops_in_line(people)

    is_rung_first(people)
    assert states(world) == ["placed"]
    assert world.state() in {"waiting", "ringing"}
    accepts(people.dana)

    people.customer.hears("You're being connected")
    are_talking(people.dana, people.customer)
    assert states(world) == ["closed"]
    assert world.record()["technician"] == "Dana"


def test_a_callback_that_was_asked_for_is_kept_when_they_talk_and_not_before(
    world: World, people: Everybody
) -> None:
    wants_a_callback(people)

    is_rung_first(people)
    assert states(world) == ["placed"]
    accepts(people.dana)
    are_talking(people.dana, people.customer)

    assert states(world) == ["done"]


def test_the_technician_they_were_talking_with_is_rung_for_them(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings().declines()
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)
    people.customer.hangs_up()
    people.tomas.hears("The caller hung up").hangs_up()

    is_rung_first(people)
    accepts(people.tomas)
    are_talking(people.tomas, people.customer)


def test_a_customer_who_does_not_answer_is_tried_twice_and_no_technician_is_rung(
    world: World, people: Everybody
) -> None:
    drops_in_line(people)
    people.customer.rings(within=60).ignores()
    people.customer.rings(within=20 * 60).ignores()

    assert states(world) == ["task"]
    assert not [line for line in str(world.exchange.transcript).splitlines() if " Dana " in line][2:]


def test_a_mailbox_gets_the_message_and_no_technician_is_rung(world: World, people: Everybody) -> None:
    drops_in_line(people)
    people.customer.phone.behaviour = voicemail("Please leave a message after the tone", after=5)

    people.customer.hears("We tried to call you back. Your reference is", within=120)
    people.dana.does_not_ring(for_seconds=20)
    assert states(world) == ["promised"]


def test_a_customer_who_drops_in_the_music_is_owed_the_call_still(world: World, people: Everybody) -> None:
    wants_a_callback(people)
    is_rung_first(people)
    people.dana.rings()
    people.customer.hangs_up()
    world.advance(1)

    assert not people.dana.phone.is_ringing
    assert states(world) == ["promised"]
    assert world.callbacks()[0].tries == 1
    assert world.state() == "message"
    is_rung_first(people, within=20 * 60)
    accepts(people.dana)
    are_talking(people.dana, people.customer)


def test_who_was_cut_off_and_drops_again_counts_as_cut_off(world: World, people: Everybody) -> None:
    drops_in_line(people)
    is_rung_first(people)
    people.customer.hangs_up()
    world.advance(1)

    assert (world.state(), states(world)) == ("abandoned", ["promised"])
    is_rung_first(people, within=20 * 60)
    people.customer.hangs_up()
    world.advance(1)

    assert states(world) == ["task"]
    people.customer.does_not_ring(for_seconds=3600)


def test_after_less_than_20_seconds_of_music_they_are_told_and_stay_in_line(
    world: World, people: Everybody
) -> None:
    drops_in_line(people)
    is_rung_first(people)
    pressed = world.clock.now()
    people.dana.rings()

    people.customer.hears(CHOICES, within=20)
    assert world.clock.now() - pressed <= timedelta(seconds=22)
    people.dana.answers().hears("Press 1 to accept").presses("1")
    are_talking(people.dana, people.customer)


def test_who_stays_on_the_line_waits_like_any_caller(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    drops_in_line(people)
    is_rung_first(people).hears(CHOICES, within=25)

    people.dana.ignores()
    people.customer.hears("To be called back and keep your place, press 1", within=60)
    accepts(people.dana)
    are_talking(people.dana, people.customer)


def test_who_has_waited_in_vain_is_rung_again_only_for_a_person_who_is_there(
    world: World, people: Everybody
) -> None:
    drops_in_line(people)
    is_rung_first(people).hears(CHOICES, within=25).presses("1").hears("as soon as somebody is free")
    assert has_left(people.customer)

    people.dana.rings(within=60).answers().hears("Callback.").presses("1").hears("Calling the")
    people.customer.rings().answers().hears("Press 1").presses("1")
    are_talking(people.dana, people.customer)
    assert states(world) == ["done"]


@pytest.mark.parametrize(("key", "due"), [("2", timedelta(hours=1)), ("3", None)])
def test_they_choose_when_to_be_called_again(
    world: World, people: Everybody, key: str, due: timedelta | None
) -> None:
    drops_in_line(people)
    is_rung_first(people).hears(CHOICES, within=25).presses(key)
    pressed = world.clock.now()
    people.customer.hears("We'll call you back")
    assert has_left(people.customer)

    (callback,) = world.callbacks()
    assert callback.state == "promised"
    if due is None:
        assert callback.due_at == pacific("2026-11-24 07:00:00")
    else:
        assert abs(callback.due_at - pressed - due) < timedelta(seconds=5)
    people.dana.does_not_ring(for_seconds=50 * 60)


def test_when_everybody_has_been_asked_they_are_told_and_called_back(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    drops_in_line(people)
    is_rung_first(people)
    for _ in range(2):
        people.dana.rings(within=30).ignores()

    people.customer.hears("I'm sorry, everybody is busy", within=30).presses("1").hears("We'll call you back")
    assert has_left(people.customer)
    people.dana.rings(within=60).answers().hears("Callback.")


def test_nobody_is_rung_back_while_everybody_is_engaged(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    drops_in_line(people)
    second = world.handset("+12125550188", "Second")
    second.dials(LINE).hears("For an onsite visit").presses("0").hears("Please hold")
    accepts(people.dana)

    people.customer.does_not_ring(for_seconds=120)
    second.hangs_up()
    people.dana.hears("caller hung up").presses("9")

    is_rung_first(people, within=60)


def test_a_telephone_is_kept_free_for_the_customer_who_is_being_rung(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    drops_in_line(people)
    people.customer.rings(within=60)
    second = world.handset("+12125550188", "Second")
    second.dials(LINE).hears("For an onsite visit").presses("0").hears("Please hold")

    people.dana.does_not_ring(for_seconds=5)
    people.customer.answers().hears("Press 1").presses("1")
    people.dana.rings().answers().hears("4 1 5, 5 5 5, 2 6 7 1").presses("1")
    are_talking(people.dana, people.customer)


def test_one_free_technician_is_enough_for_one_customer_and_not_for_two(
    world: World, people: Everybody
) -> None:
    world.off_shift("tomas")
    second = world.handset("+12125550188", "Second")
    for one in (people.customer, second):
        one.dials(LINE).hears("For an onsite visit").presses("0").hears("Please hold").waits(2)
    for one in (people.customer, second):
        one.hangs_up()

    people.customer.rings(within=60)
    second.does_not_ring(for_seconds=10)


def test_a_customer_whose_language_nobody_free_speaks_is_not_rung(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("For an onsite visit").presses("9").hears("oprima").presses("0")
    people.customer.waits(3).hangs_up()
    world.off_shift("tomas")
    people.customer.does_not_ring(for_seconds=60)


def test_a_member_of_staff_who_asks_for_the_call_is_rung_first(world: World, people: Everybody) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("The caller hung up").presses("1").hears("Calling the caller")

    people.customer.rings().answers().hears("Press 1").presses("1")
    are_talking(people.dana, people.customer)


def test_outside_hours_nobody_is_rung(world: World, people: Everybody) -> None:
    world.is_now("2026-11-23 15:59:50")
    drops_in_line(people)

    people.customer.does_not_ring(for_seconds=3600)
    world.is_now("2026-11-24 07:00:00")
    is_rung_first(people, within=15)


def test_a_spanish_speaker_hears_it_in_spanish(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("For an onsite visit").presses("9").waits(4).presses("0").waits(
        8
    ).hangs_up()

    people.customer.rings(within=60).answers().waits(3)
    people.customer.presses("1").hears("Un momento, estoy buscando a un técnico")
    people.customer.hears("todavía nadie puede atenderle", within=25)
