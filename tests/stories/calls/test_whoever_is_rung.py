"""Whoever is rung says hello, has a telephone that screens calls, or is a machine: only people are reached.

The whole cast against every leg: tests/stories/reached. Here is how it sounds.
"""

import pytest

from ivr.callcenter.callbacks.rules import CallbackState
from ivr.web.console.intake.timeline import describe
from tests.support.openings import are_talking, gets_in_line, has_left
from tests.support.world import Everybody, World
from twilio_simulator import Handset, Robot

FIRST = "Onsite Support, calling you back. Reference"


def is_rung_back(people: Everybody) -> Handset:
    """The customer was cut off; Dana waits in the conference while their telephone rings."""
    gets_in_line(people.customer).hears("To be called back")
    people.customer.hangs_up()
    people.dana.rings().answers().hears("Callback.").presses("1").hears("Calling the")
    return people.customer.rings()


def asked_for(people: Everybody) -> Handset:
    """The customer chose a callback over waiting, and is rung back."""
    gets_in_line(people.customer).hears("To be called back").presses("1").hears("We'll call you back")
    assert has_left(people.customer)
    people.dana.rings(within=90).answers().hears("Callback.").presses("1").hears("Calling the")
    return people.customer.rings()


def states(world: World) -> list[CallbackState]:
    return [callback.state for callback in world.callbacks()]


def timeline(world: World) -> str:
    class Event:
        def __init__(self, record: dict[str, object]) -> None:
            self.kind, self.at = str(record["kind"]), record["at"]
            self.data = {key: value for key, value in record.items() if key not in {"kind", "at"}}

    return " ".join(one.words for one in describe(map(Event, world.record()["events"]), str))  # type: ignore[arg-type]  # rows of the export


def heard(handset: Handset) -> str:
    return " ".join(one.text for one in handset.phone.transcript if one.kind == "heard-say")


def test_who_says_hello_hears_who_is_calling_and_is_joined(world: World, people: Everybody) -> None:
    customer = is_rung_back(people).answers().hears(FIRST)
    customer.says("Hello?").hears("Onsite Support, calling you back.").hears("Press 1, or say one")
    customer.says("Hello? Who is this?").hears("Onsite Support, calling you back.").hears("say one").presses(
        "1"
    )

    are_talking(people.dana, customer)
    assert states(world) == ["done"]


def test_no_word_cuts_the_first_sentence_off(people: Everybody) -> None:
    customer = is_rung_back(people).answers().hears(FIRST)
    spoken = customer.exchange.clock.now()
    customer.phone.say("Hello?")
    customer.waits(1)
    customer.phone.say("Hello? Who is this?")

    customer.hears("Press 1 to be connected")
    assert 5 <= (customer.exchange.clock.now() - spoken).total_seconds() <= 8


def test_who_asked_for_the_call_is_told_so(people: Everybody) -> None:
    asked_for(people).answers().hears("This is Onsite Support, you asked us to call back. Reference").presses(
        "1"
    )
    are_talking(people.dana, people.customer)


def test_a_yes_that_silence_follows_is_a_persons(world: World, people: Everybody) -> None:
    customer = is_rung_back(people).answers().hears("Press 1 to be connected").says("Yes.")
    customer.hears("Thank you. One moment.").hears("You're being connected")

    are_talking(people.dana, customer)
    assert states(world) == ["done"]


def test_who_says_one_is_joined_at_once(people: Everybody) -> None:
    customer = is_rung_back(people).answers().hears("Press 1 to be connected").says("One.")

    customer.hears("You're being connected", within=5)


@pytest.mark.parametrize(
    "sentences",
    [
        ("Yes.",),
        ("Hello?", "Yes."),
        ("Yes.", "Hello?", "Yes.", "OK."),
        ("Hello?", "Who is this?", "Yes.", "Yes."),
        ("Thank you for calling.", "Yes.", "Press one.", "OK."),
    ],
)
def test_a_robot_is_never_joined(world: World, people: Everybody, sentences: tuple[str, ...]) -> None:
    people.customer.phone.behaviour = Robot(sentences)
    is_rung_back(people).hears("We tried to call you back", within=90)

    assert has_left(people.customer)
    assert states(world) == ["promised"]
    assert "You're being connected" not in heard(people.customer).partition(FIRST)[2]


def test_a_telephone_that_screens_is_answered_once_and_its_owner_is_joined_on_that_call(
    world: World, people: Everybody
) -> None:
    customer = is_rung_back(people).answers().hears("Press 1 to be connected")
    asks = "If you record your name and reason for calling, I'll see if this person is available."
    customer.says(asks).hears("Onsite Support, calling you back.").says("Thanks. One moment.")
    customer.waits(30).says("Hello?").hears("Press 1, or say one").presses("1")

    are_talking(people.dana, customer)
    assert states(world) == ["done"]


def test_a_person_behind_a_companys_menu_hears_who_is_calling_and_the_key(
    world: World, people: Everybody
) -> None:
    customer = is_rung_back(people).answers().hears("Press 1 to be connected")
    customer.says("Thank you for calling Acme. For sales, press 1. For service, press 2.").waits(12)
    before = len(heard(customer))
    customer.says("Front desk, hello?").waits(9)

    told = heard(customer)[before:]
    assert "Onsite Support, calling you back. Press 1 to be connected to Onsite Support." in told
    assert "say one" not in told
    customer.presses("1")
    are_talking(people.dana, customer)


def test_a_screen_that_lets_nobody_through_is_told_in_the_timeline(world: World, people: Everybody) -> None:
    customer = is_rung_back(people).answers().hears("Press 1 to be connected")
    customer.says("Go ahead and say your name and why you're calling.").hears("calling you back").hangs_up()
    world.advance(1)

    assert states(world) == ["promised"]
    assert "The callback failed (the customer screened the call)." in timeline(world)


def test_who_hangs_up_is_told_in_the_timeline(world: World, people: Everybody) -> None:
    is_rung_back(people).answers().hears(FIRST).hangs_up()
    world.advance(1)

    assert "The callback failed (the customer declined)." in timeline(world)


def test_a_mailbox_is_told_goodbye_after_the_patience_and_not_before(world: World, people: Everybody) -> None:
    customer = is_rung_back(people).answers().hears("Press 1 to be connected")
    customer.says("Please leave a message after the tone.")
    customer.does_not_hear("We tried", for_seconds=20).hears("We tried to call you back", within=20)

    assert has_left(customer)
    world.advance(1)
    assert "The callback failed (the customer went to voicemail)." in timeline(world)


def test_a_key_in_the_goodbye_still_connects(world: World, people: Everybody) -> None:
    customer = is_rung_back(people).answers().hears("We tried to call you back").presses("1")

    are_talking(people.dana, customer)
    assert states(world) == ["done"]


@pytest.mark.parametrize("keys", ["11", "71", "1#", "01"])
def test_keys_of_a_bad_line_lose_nobody(world: World, people: Everybody, keys: str) -> None:
    world.records_calls()
    customer = is_rung_back(people).answers().hears("Press 1 to be connected")
    for key in keys:
        customer.presses(key, anyway=True)

    are_talking(people.dana, customer)


def test_a_technician_who_says_hello_accepts_in_their_own_time(people: Everybody) -> None:
    gets_in_line(people.customer)
    dana = people.dana.rings().answers().hears("Press 1 to accept").says("Hello?")
    dana.hears("Onsite Support, a call for you.").hears("Press 1, or say one").says("One.")

    are_talking(dana, people.customer)


def test_a_screen_of_a_technician_hears_nothing_more_of_the_customer(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    dana = people.dana.rings().answers().hears("Press 1 to accept").says("Who is calling, please?")
    before = len(heard(dana))
    dana.hears("Onsite Support, a call for you.").says("Please stay on the line.").waits(12)

    assert "4 1 5" not in heard(dana)[before:]
    assert "front desk" not in heard(dana)[before:]
    dana.says("Hi").hears("say one").presses("1")
    are_talking(dana, people.customer)


def test_an_operators_screen_that_lets_nobody_through_is_told_apart(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    people.dana.rings().answers().hears("Press 1 to accept").says(
        "Say your name and why you're calling"
    ).hears("a call for you").hangs_up()

    people.tomas.rings().answers().presses("1")
    are_talking(people.tomas, people.customer)
    assert "Dana screened the call." in timeline(world)


def test_in_spanish(world: World, people: Everybody) -> None:
    people.customer.dials("+18779437675").hears("For an onsite visit").presses("9").hears("oprima 0").presses(
        "0"
    )
    people.customer.hears("oprima 1").presses("1").hears("Le llamaremos")
    assert has_left(people.customer)
    people.tomas.rings(within=90).answers().presses("1").hears("Llamando")
    customer = people.customer.rings().answers()
    customer.hears("Le llama Onsite Support, usted lo pidió. Referencia").says("¿Bueno? ¿Quién habla?")
    customer.hears("usted pidió que le llamáramos").hears("diga uno").says("uno").hears("comunicando")

    are_talking(people.tomas, customer)
