"""An office shows one number for all its people, and caller ID can be forged: each caller says whose call it is."""

import pytest
from sqlalchemy import select

from ivr.callcenter.calls.models import CustomerCall
from ivr.callcenter.intake.models import Intake
from ivr.platform.timeline.models import CallEvent
from tests.support.openings import accepts, are_talking, gets_in_line, has_left, talk
from tests.support.sales import Desk
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset

OFFICE = "+14155552671"
KEYED = "4155550188"
SPOKEN = "4 1 5, 5 5 5, 0 1 8 8"
ASKED = "Is this about the call of a few minutes ago? Press 1 for yes, or 2 for something else."


def keys_a_number_and_drops(world: World, people: Everybody) -> None:
    """The first person of the office: a number of their own, an issue, and then the line drops."""
    people.customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you").presses(
        "2"
    )
    people.customer.hears("ten digits").presses(KEYED).hears(f"I have {SPOKEN}").presses("1")
    people.customer.hears("what is going wrong").says("the vault door will not close").hears("Please hold")
    people.customer.hangs_up()
    world.advance(5)


def from_the_office(world: World) -> Handset:
    """Somebody else, whose call shows the office's number."""
    return world.handset("+14155552672", "Colleague").dials(LINE, caller_id=OFFICE)


def promises(world: World) -> list[tuple[str, str | None]]:
    return [(one.state, one.number) for one in world.callbacks()]


def timeline(world: World, kind: str) -> int:
    with world.database.reading() as session:
        return len(session.scalars(select(CallEvent.id).where(CallEvent.kind == kind)).all())


def rows(world: World) -> tuple[int, int]:
    """How many intakes and calls there are."""
    with world.database.reading() as session:
        return len(session.scalars(select(Intake.id)).all()), len(
            session.scalars(select(CustomerCall.id)).all()
        )


def test_whoever_was_cut_off_answers_one_question_with_one_key(world: World, people: Everybody) -> None:
    keys_a_number_and_drops(world, people)

    people.customer.dials(LINE).hears(ASKED).presses("1").hears("Welcome back").hears("Please hold")
    accepts(people.dana)

    are_talking(people.dana, people.customer)
    assert world.record()["issue"] == "the vault door will not close"
    assert promises(world) == [("closed", f"+1{KEYED}")]


def test_a_colleague_says_no_and_has_a_matter_of_their_own(world: World, people: Everybody) -> None:
    keys_a_number_and_drops(world, people)

    colleague = from_the_office(world).hears(ASKED).presses("2").hears("All right. For an onsite visit")
    colleague.presses("1").hears("may we call you back at 4 1 5, 5 5 5, 2 6 7 1").presses("1")
    colleague.hears("what is going wrong").says("no dial tone").hears("Please hold")

    first, second = world.records()
    assert (first["issue"], second["issue"]) == ("the vault door will not close", "no dial tone")
    assert first["state"] == "abandoned"
    assert promises(world) in ([("promised", f"+1{KEYED}")], [("placed", f"+1{KEYED}")])


@pytest.mark.parametrize(
    ("answer", "hears"), [("yes", "Welcome back"), ("no", "All right"), ("No.", "All right")]
)
def test_the_question_is_answered_in_words_too(
    world: World, people: Everybody, answer: str, hears: str
) -> None:
    keys_a_number_and_drops(world, people)

    from_the_office(world).hears(ASKED).says(answer).hears(hears)


def test_hello_is_no_answer(world: World, people: Everybody) -> None:
    keys_a_number_and_drops(world, people)

    from_the_office(world).hears("Is this about").says("Hello?").hears(ASKED).presses("1").hears(
        "Welcome back"
    )


def test_silence_at_the_question_is_a_new_matter(world: World, people: Everybody) -> None:
    keys_a_number_and_drops(world, people)

    colleague = from_the_office(world).hears(ASKED).stays_silent().stays_silent()

    colleague.hears("For an onsite visit")
    assert [one["state"] for one in world.records()] == ["abandoned", "collecting"]


def test_a_person_asked_for_at_the_question_comes_for_a_new_matter(world: World, people: Everybody) -> None:
    keys_a_number_and_drops(world, people)

    from_the_office(world).hears(ASKED).presses("0").hears("Please hold")

    assert [one["state"] for one in world.records()][1] in {"waiting", "ringing"}
    assert promises(world) == [("promised", f"+1{KEYED}")]


def test_before_the_answer_nothing_has_changed(world: World, people: Everybody) -> None:
    keys_a_number_and_drops(world, people)
    before = rows(world)

    from_the_office(world).hears(ASKED)

    assert world.record()["state"] == "abandoned"
    assert rows(world) == before
    assert promises(world) == [("promised", f"+1{KEYED}")]


def test_a_stranger_with_the_number_hears_nothing_and_closes_nothing(world: World, people: Everybody) -> None:
    world.off_shift("tomas")
    keys_a_number_and_drops(world, people)
    (reference,) = [one["reference"] for one in world.records()]

    stranger = from_the_office(world).hears(ASKED).presses("1").hears("Please hold")
    world.off_shift("dana")
    stranger.hears("everybody is busy", within=1300).hears("To be called back at the number you gave us")
    stranger.presses("1").hears("We'll call you back").hears("at the number you gave us. Goodbye")

    assert has_left(stranger)
    told = " ".join(entry.text for entry in world.exchange.transcript.of("+14155552672"))
    for secret in (SPOKEN, "vault", ", ".join(reference)):
        assert secret not in told
    assert promises(world) == [("promised", f"+1{KEYED}")]


def test_a_stranger_who_says_yes_and_hangs_up_leaves_the_promise_as_it_was(
    world: World, people: Everybody
) -> None:
    people.customer.dials(LINE).hears("For an onsite visit").hangs_up()
    world.advance(5)

    stranger = from_the_office(world).hears(ASKED).presses("1").hears("For an onsite visit").presses("1")
    stranger.does_not_hear("may we call you back").hears("what is going wrong").hangs_up()

    assert promises(world) == [("promised", OFFICE)]


def test_a_yes_when_the_line_is_closed_leaves_the_promise_with_its_number(
    world: World, people: Everybody
) -> None:
    world.is_now("2026-11-23 15:58:00")
    keys_a_number_and_drops(world, people)
    world.is_now("2026-11-23 16:10:00")

    stranger = from_the_office(world).hears(ASKED).presses("1").hears("We open again").presses("1")
    stranger.hears("We'll call you back tomorrow").hears("at the number you gave us. Goodbye")

    assert promises(world) == [("promised", f"+1{KEYED}")]


def test_whoever_hangs_up_at_the_question_is_owed_the_one_callback(world: World, people: Everybody) -> None:
    gets_in_line(people.customer).hangs_up()
    world.advance(5)

    people.customer.dials(LINE).hears(ASKED).hangs_up()

    assert rows(world) == (1, 1)
    assert promises(world) == [("promised", OFFICE)]
    assert timeline(world, "same_matter_unanswered") == 1
    assert timeline(world, "unknown_leg") == 0


def test_whoever_hangs_up_at_the_question_about_a_closed_matter_is_called_back(
    world: World, people: Everybody
) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("9 if no callback is needed").hangs_up()
    Desk(world).closes("A wrong number")

    people.customer.dials(LINE).hears("Is this about the call").hangs_up()

    assert [state for state, _ in promises(world)] == ["closed", "promised"]
    assert rows(world) == (2, 2)


def test_of_two_who_both_say_yes_the_first_has_it(world: World, people: Everybody) -> None:
    gets_in_line(people.customer).hangs_up()
    world.advance(5)
    first, second = (world.handset(f"+1415555269{n}", f"Colleague {n}") for n in (1, 2))
    first.dials(LINE, caller_id=OFFICE).hears(ASKED)
    second.dials(LINE, caller_id=OFFICE).hears(ASKED)

    first.presses("1").hears("Welcome back").hears("Please hold")
    second.presses("1").hears("For an onsite visit")

    assert len(world.records()) == 2
    third = world.handset("+14155552693", "Colleague 3").dials(LINE, caller_id=OFFICE)
    third.hears("Thank you for calling").hears("For an onsite visit")
    assert len(world.records()) == 3


def test_a_colleague_does_not_join_the_technician_who_waits_for_another(
    world: World, people: Everybody
) -> None:
    talk(people)
    people.customer.hangs_up()
    people.dana.hears("The caller hung up")

    colleague = from_the_office(world).hears(ASKED).presses("2").hears("For an onsite visit")

    assert not people.dana.is_talking_to(colleague)
    assert promises(world) == [("promised", OFFICE)]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (14, "the call of a few minutes ago"),
        (40, "the call of less than an hour ago"),
        (90, "the call of more than an hour ago"),
    ],
)
def test_the_question_says_which_call_it_means(
    world: World, people: Everybody, minutes: int, words: str
) -> None:
    world.off_shift("dana", "tomas")
    people.customer.dials(LINE).hears("For an onsite visit").hangs_up()
    world.advance(minutes * 60)

    people.customer.dials(LINE).hears(f"Is this about {words}?")


def test_the_question_is_asked_in_the_language_of_the_earlier_call(world: World, people: Everybody) -> None:
    people.customer.dials(LINE).hears("oprima el 9").presses("9").hears("Para una visita").hangs_up()
    world.advance(5)

    people.customer.dials(LINE).hears("¿Llama por la llamada de hace unos minutos?").presses("1")

    people.customer.hears("Gracias por llamar de nuevo")


@pytest.mark.parametrize("kind", ["voice", "voice.continue", "number.status_callback"])
@pytest.mark.parametrize("key", ["1", "2"])
def test_the_question_and_its_answer_may_come_twice(
    world: World, people: Everybody, kind: str, key: str
) -> None:
    gets_in_line(people.customer).hangs_up()
    world.advance(5)
    for _ in range(3):
        world.exchange.trouble.duplicate(kind, after=2)

    people.customer.dials(LINE).hears(ASKED).presses(key).hears("press 1" if key == "2" else "Please hold")
    people.customer.hangs_up()

    assert rows(world) == ((1, 2) if key == "1" else (2, 2))
    assert [state for state, _ in promises(world)] == ["promised"] * int(key)


def test_a_yes_that_comes_after_its_caller_has_left_moves_nothing(world: World, people: Everybody) -> None:
    gets_in_line(people.customer).hangs_up()
    world.advance(5)
    people.customer.dials(LINE).hears(ASKED)
    sid = people.customer.sid
    people.customer.hangs_up()
    with world.database.reading() as session:
        intake_id = session.scalars(select(Intake.id)).one()

    path = f"/voice/arrival/same_matter_chosen?intake={intake_id}&attempt=1"
    late = {"CallSid": sid, "From": OFFICE, "To": LINE, "CallStatus": "in-progress", "Digits": "1"}
    answer = world.app.test_client().post(path, **world.signed(path, **late))

    assert "<Hangup" in answer.text
    assert rows(world) == (1, 1)
    assert promises(world) == [("promised", OFFICE)]
