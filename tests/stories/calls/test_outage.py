"""The database is away for a moment, or a web dies in mid-request: the caller waits, and nothing is lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from tests.support.openings import accepts, are_talking, gets_in_line
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset

SORRY = "something went wrong on our side"


def test_a_caller_is_asked_again_once_the_database_is_back(world: World, people: Everybody) -> None:
    customer = asked_for_the_number(people)
    away(world, times=2)

    customer.presses("1").hears(SORRY).hears("tuvimos un problema").hears(SORRY).hears("may we call").presses(
        "1"
    )
    customer.hears("what is going wrong").says("no dial tone").hears("Please hold for a technician")
    accepts(people.dana)
    are_talking(people.dana, customer)


def test_a_message_left_while_the_database_was_away_is_kept(world: World, people: Everybody) -> None:
    world.is_now("2026-11-26 10:00:00")  # Thanksgiving
    customer = people.customer.dials(LINE).hears("press 2").presses("2").hears("after the tone")
    away(world, times=1)

    customer.says("please ring me").hears(SORRY).hears("Thank you")

    assert world.record()["issue_recording_url"]


def test_an_outage_without_end_ends_in_words_and_goodbye(world: World, people: Everybody) -> None:
    world.faults_expected = True
    world.exchange.forgive(15003, 11200)  # nor can the report of the hang-up be written
    customer = asked_for_the_number(people)
    away(world, times=1000)

    customer.presses("1").hears(SORRY).hears("Please call again in a few minutes", within=300)
    world.advance(60)
    assert customer.ended


def test_a_web_that_dies_in_the_middle_costs_an_apology(world: World, people: Everybody) -> None:
    world.exchange.forgive(11205)
    customer = asked_for_the_number(people)
    for _ in range(2):
        world.exchange.trouble.fail_fetch("*_chosen*", "connect")

    customer.presses("1").hears(SORRY).hears("may we call")


def test_a_key_that_was_lost_spends_no_try(world: World, people: Everybody) -> None:
    world.exchange.forgive(11205)
    customer = people.customer.dials(LINE, stir_verstat="TN-Validation-Failed").hears("To reach us, press 1")
    customer.stays_silent().hears("To reach us, press 1")
    for _ in range(2):
        world.exchange.trouble.fail_fetch("*/robots/pressed*", "connect")

    customer.presses("1").hears(SORRY).hears("To reach us, press 1").presses("1").hears("For an onsite visit")


def test_words_that_were_lost_spend_no_try(world: World, people: Everybody) -> None:
    world.exchange.forgive(11205)
    customer = asked_for_the_number(people).presses("1").hears("what is going wrong").stays_silent()
    customer.hears("Please tell me in a few words")
    for _ in range(2):
        world.exchange.trouble.fail_fetch("*/issue_heard*", "connect")

    customer.says("no dial tone").hears(SORRY).hears("Please tell me in a few words")
    customer.says("no dial tone").hears("Please hold for a technician")


def test_a_technician_whose_brief_cannot_be_had_hears_it_a_moment_later(
    world: World, people: Everybody
) -> None:
    world.exchange.forgive(11205)
    gets_in_line(people.customer)
    for _ in range(2):
        world.exchange.trouble.fail_fetch("*/screening/brief*", "connect")

    people.dana.rings().answers().hears(SORRY).hears("Press 1 to accept").presses("1").hears("Connecting")
    are_talking(people.dana, people.customer)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite knows no deadlock
def test_a_turn_that_must_give_way_to_another_is_done_again_without_a_word(
    world: World, people: Everybody
) -> None:
    customer = asked_for_the_number(people)
    with in_the_way(world.database.engine, has="given_answer", wants="intake"):
        customer.presses("1")

    customer.does_not_hear(SORRY, for_seconds=1).hears("what is going wrong").says("no dial tone")
    accepts(people.dana)
    are_talking(people.dana, customer)
    assert world.record()["callback_number"] == people.customer.phone.number


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_report_that_must_give_way_to_another_is_written_again(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    form = {"CallSid": people.customer.sid, "CallStatus": "completed"}

    with in_the_way(world.database.engine, has="call", wants="given_answer"):
        answer = world.app.test_client().post("/voice/status", **world.signed("/voice/status", **form))

    assert answer.status_code == 204
    assert world.record()["state"] == "abandoned"


def test_a_report_that_cannot_be_written_is_no_fault_of_ours(world: World, people: Everybody) -> None:
    gets_in_line(people.customer)
    away(world, times=1)
    form = {"CallSid": people.customer.sid, "CallStatus": "completed"}

    answer = world.app.test_client().post("/voice/status", **world.signed("/voice/status", **form))

    assert answer.status_code == 503


@pytest.mark.parametrize(
    "url", ["", "https://elsewhere.test/other", "/voice/fallback", "/voice/x?outage=ten"]
)
def test_the_fallback_sends_nobody_where_it_does_not_know(world: World, url: str) -> None:
    signed = world.signed("/voice/fallback", CallSid="CA" + "1" * 32, ErrorUrl=url)

    answer = world.app.test_client().post("/voice/fallback", **signed).get_data(as_text=True)

    assert "Redirect" not in answer
    assert "Please call again" in answer


def asked_for_the_number(people: Everybody) -> Handset:
    return people.customer.dials(LINE).hears("For an onsite visit").presses("1").hears("may we call")


@contextmanager
def in_the_way(engine: Engine, *, has: str, wants: str) -> Iterator[None]:
    """Another transaction has a table, and wants one that a webhook has as soon as that waits for the first."""
    with engine.begin() as other, ThreadPoolExecutor(1) as beside:
        other.execute(text("SET LOCAL deadlock_timeout = '1min'"))  # so that it is the webhook that gives way
        other.execute(text(f"LOCK TABLE {has} IN EXCLUSIVE MODE"))
        gave_way = beside.submit(goes_on, engine, other, has, wants)
        yield
        gave_way.result(timeout=30)


def goes_on(engine: Engine, other: Connection, has: str, wants: str) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = to_regclass(:table)")
    with engine.connect() as looking:
        for _ in range(1000):  # twenty seconds, then the test shall fail rather than hang
            if looking.scalar(waiting, {"table": has}):
                break
            Event().wait(0.02)
    other.execute(text(f"LOCK TABLE {wants} IN EXCLUSIVE MODE"))
    other.commit()


def away(world: World, *, times: int) -> None:
    """The next so many transactions find no database."""
    healthy = world.database.transaction
    left = iter(range(times))

    @contextmanager
    def refused() -> Iterator[None]:
        raise OperationalError("BEGIN", None, ConnectionError("the server is starting up"))
        yield

    world.breaks(lambda: healthy() if next(left, None) is None else refused())
