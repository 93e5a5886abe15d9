"""The owner closes the line from her own telephone, and callers hear it."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.backoffice.reports import queries as reports_queries
from ivr.callcenter.intake.models import Clip
from ivr.company.hours import service as hours
from ivr.company.hours.models import Closing
from ivr.core import clock
from ivr.core.db import session
from ivr.operations.retention import service as retention
from tests.support.openings import accepts, are_talking, gets_in_line
from tests.support.owners import PIN, audited, closes, closings, is_open, lets_in
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TUESDAY_AT_SEVEN = datetime(2026, 11, 24, 15, tzinfo=UTC)


def test_closed_for_the_rest_of_the_day_and_open_again_by_itself(
    world: World, people: Everybody, ruth: Handset
) -> None:
    closes(ruth).hangs_up()
    assert closings(world) == [(TUESDAY_AT_SEVEN, False)]
    assert audited(world) == [
        ("Ruth", "The line, manually", "not closed", "closed until 2026-11-24 07:00, by phone")
    ]

    caller = people.customer.dials(LINE).hears(
        "We're closed at the moment. We open again tomorrow, Tuesday, at 7"
    )
    caller.hears("To be called back then, press 1").presses("1").hears("may we call you back").presses("1")
    caller.hears("what is going wrong").says("no dial tone").hears("We'll call you back tomorrow, Tuesday")
    (callback,) = world.callbacks()
    assert callback.due_at == TUESDAY_AT_SEVEN
    people.dana.does_not_ring(for_seconds=600)

    world.is_now("2026-11-24 06:59:00")
    assert not is_open(world)
    world.is_now("2026-11-24 07:00:00")
    assert is_open(world)
    people.dana.rings().answers().hears("no dial tone")


def test_the_owners_own_call_owes_nothing_and_is_nobody_in_the_reports(world: World, ruth: Handset) -> None:
    closes(ruth).hangs_up()
    world.advance(7200)

    record = world.record()
    assert (record["state"], world.callbacks()) == ("closed", [])
    assert "owner_rang" in [event["kind"] for event in record["events"]]
    with world.database.reading():
        today = hours.calendar(), datetime(2026, 11, 23, tzinfo=UTC).date()
        assert list(reports_queries.facts(*today)) == []


def test_the_owner_who_is_only_a_caller_is_one(world: World, ruth: Handset) -> None:
    ruth.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you back").hangs_up()

    assert (world.state(), len(world.callbacks())) == ("abandoned", 1)


@pytest.mark.parametrize(
    ("steps", "is_closed"),
    [
        ([], False),
        ([("4 for another time", "1")], False),
        ([("4 for another time", "4"), ("four digits", "")], False),
        (
            [
                ("4 for another time", "4"),
                ("four digits", "1330"),
                ("today at 1:30 p.m. Pacific. If that is right", ""),
            ],
            False,
        ),
        ([("Press 1 to close", "1"), ("If that is right", "1"), ("3 to record", "")], True),
        (
            [
                ("Press 1 to close", "1"),
                ("If that is right", "1"),
                ("3 to record", "3"),
                ("After the tone", ""),
            ],
            True,
        ),
    ],
)
def test_a_hang_up_at_any_step_owes_nothing(
    world: World, ruth: Handset, steps: list[tuple[str, str]], *, is_closed: bool
) -> None:
    lets_in(ruth)
    for words, keys in steps:
        ruth.hears(words)
        if keys:
            ruth.presses(keys)
    ruth.hangs_up()
    world.advance(600)

    assert (is_open(world), world.state(), world.callbacks()) == (not is_closed, "closed", [])


def test_silence_after_the_read_back_changes_nothing(world: World, ruth: Handset) -> None:
    lets_in(ruth).hears("for your own calls").presses("2").hears(
        "open again Wednesday, November 25th, at 7 a.m."
    ).stays_silent()
    ruth.hears("I didn't get that").stays_silent().hears("Nothing was changed. Goodbye")

    assert is_open(world)


def test_until_a_time_that_is_keyed_and_it_ends_by_itself(
    world: World, people: Everybody, ruth: Handset
) -> None:
    lets_in(ruth).hears("4 for another time").presses("4").hears("four digits on a 24 hour clock").presses(
        "2515"
    )
    ruth.hears("I didn't get that").presses("1130").hears("open again today at 11:30 a.m. Pacific").presses(
        "1"
    )
    ruth.hears("The line is closed until today at 11:30 a.m. Pacific").hangs_up()
    people.customer.dials(LINE).hears("We open again today at 11:30 a.m. Pacific").hangs_up()

    world.is_now("2026-11-23 11:30:00")
    people.customer.dials(LINE).hears("For an onsite visit")


def test_a_time_after_hours_is_read_back_as_the_next_opening(ruth: Handset) -> None:
    lets_in(ruth).hears("4 for another time").presses("4").hears("four digits").presses("1730")
    ruth.hears("open again tomorrow, Tuesday, at 7 a.m. Pacific")


def test_opened_again_by_hand(world: World, people: Everybody, ruth: Handset) -> None:
    closes(ruth).hears("Press star to open, 3 to record a message").presses("*")
    ruth.hears("We're open until 4 p.m.").does_not_hear("3 to record", for_seconds=20).hangs_up()

    assert closings(world) == [(TUESDAY_AT_SEVEN, True)]
    assert audited(world)[-1][2:] == ("closed until 2026-11-24 07:00", "not closed, by phone")
    people.customer.dials(LINE).hears("For an onsite visit")


def test_a_promise_that_the_closing_put_off_is_kept_when_it_opens_early(
    world: World, people: Everybody, ruth: Handset
) -> None:
    people.customer.dials(LINE).hears("For an onsite visit").presses("1").hears(
        "may we call you back"
    ).hangs_up()
    closes(ruth)
    world.advance(10)
    later = world.handset("+12125550188", "Later").dials(LINE).hears("press 1").presses("1")
    later.hears("may we call you back").presses("1").hears("what is going wrong").says("hiss").hears(
        "Goodbye"
    )
    assert [one.due_at for one in world.callbacks()] == [TUESDAY_AT_SEVEN, TUESDAY_AT_SEVEN]

    ruth.hears("To record").presses("*").hears("We're open until").hangs_up()

    assert [one.due_at == TUESDAY_AT_SEVEN for one in world.callbacks()] == [False, True]
    people.dana.rings().answers().hears("4 1 5, 5 5 5, 2 6 7 1")


def test_she_may_ring_when_it_is_closed_and_close_the_next_day_too(world: World, ruth: Handset) -> None:
    world.is_now("2026-11-23 20:00:00")
    ruth.dials(LINE).hears("We're closed now").presses("*").hears("Enter your PIN").presses(f"{PIN}#")
    ruth.hears("The line is closed until tomorrow, Tuesday, at 7 a.m. Pacific")
    ruth.hears("Press 1 to close until Wednesday, 2 until Friday").presses("1")
    ruth.hears("If that is right").presses("1").hears("The line is closed until Wednesday").hangs_up()

    world.is_now("2026-11-24 10:00:00")
    assert not is_open(world)


def test_another_end_moves_the_closing_and_keeps_one(world: World, ruth: Handset) -> None:
    closes(ruth).hears("for your own calls").presses("2").hears("If that is right").presses("1")
    ruth.hears("The line is closed until Wednesday").hangs_up()

    assert closings(world) == [(TUESDAY_AT_SEVEN + timedelta(days=1), False)]


def test_whoever_waits_as_it_closes_is_served(world: World, people: Everybody, ruth: Handset) -> None:
    gets_in_line(people.customer)
    people.dana.rings()
    closes(ruth).hangs_up()

    people.dana.answers().hears("Press 1 to accept").presses("1").hears("Connecting")
    are_talking(people.dana, people.customer)
    assert world.callbacks() == []


def test_whoever_is_being_asked_as_it_closes_gets_in_line(people: Everybody, ruth: Handset) -> None:
    caller = (
        people.customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call you back")
    )
    caller.presses("1").hears("what is going wrong")
    closes(ruth).hangs_up()

    caller.says("the phones are dead").hears("Please hold for a technician")
    accepts(people.dana)


def records_a_message(ruth: Handset) -> None:
    closes(ruth).hears("3 to record a message").presses("3").hears("After the tone")
    ruth.says("The road is flooded, we are back tomorrow").presses("#", anyway=True)
    ruth.hears("Callers hear it from now on").hangs_up()


def test_callers_hear_the_owners_own_words_first(world: World, people: Everybody, ruth: Handset) -> None:
    records_a_message(ruth)

    caller = people.customer.dials(LINE).hears("Thank you for calling Onsite Support")
    caller.hears("https://line.test/clips/").hears("We open again tomorrow").presses("9")
    caller.hears("Gracias por llamar").hears("/clips/").hears("Abrimos de nuevo mañana martes")
    caller.stays_silent().does_not_hear("/clips/", for_seconds=20)
    assert audited(world)[-1][1:] == (
        "What callers hear while it is closed manually",
        "our own words",
        "a new recording",
    )


def test_a_message_is_kept_when_the_recording_ends_by_hanging_up(
    world: World, people: Everybody, ruth: Handset
) -> None:
    closes(ruth).hears("To record").presses("3").hears("After the tone").says("back tomorrow").hangs_up()

    people.customer.dials(LINE).hears("/clips/").hears("We open again")
    assert [callback.reason for callback in world.callbacks()] == []


def test_the_message_in_force_is_spared_by_the_purge_and_an_old_one_is_not(
    world: World, ruth: Handset
) -> None:
    records_a_message(ruth)
    with world.database.transaction():
        closing = session.query(Closing).one()
        closing.until_at = clock.now() + timedelta(days=4000)
    for days, ended, left in ((3000, False, 1), (3000, True, 0)):
        world.is_now(f"{2026 + days // 365}-11-23 09:00:00" if not ended else "2035-11-23 09:00:00")
        with world.database.transaction():
            session.query(Closing).one().ended_at = clock.now() if ended else None
            retention.purge()
            assert session.query(Clip).count() == left


def test_star_in_spanish_is_answered_in_spanish(ruth: Handset) -> None:
    ruth.dials(LINE).hears("oprima el 9").presses("9").hears("Para una visita").presses("*")
    ruth.hears("Marque su PIN").presses(f"{PIN}#").hears("Estamos abiertos").hears(
        "Oprima 1 para cerrar hasta mañana, 2 hasta el miércoles"
    )
