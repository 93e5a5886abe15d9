"""All our machines are dead. Callers hear the network, and once we are back each has a matter with its callback."""

import pytest
from sqlalchemy import select
from twilio.rest import Client

from ivr.callcenter.continuity import service as continuity
from ivr.callcenter.continuity.models import HostedCall
from ivr.callcenter.intake.models import Clip
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.core.config import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from tests.support.dead import Dead
from tests.support.openings import accepts, are_talking, gets_in_line
from tests.support.world import LINE, Everybody, World
from twilio_simulator import Handset, InProcessTwilio

GREETING = "Thank you for calling Onsite Support"


def test_three_callers_reach_somebody_or_leave_word_and_each_is_owed_a_callback(
    world: World, people: Everybody, on_call: Handset, dead: Dead
) -> None:
    anna, luis = world.handset("+14155552672", "Anna"), world.handset("+14155552673", "Luis")
    with dead():
        people.customer.dials(LINE).hears(GREETING, within=10).hears("7 a.m. to 4 p.m. Pacific").presses("1")
        on_call.rings().answers()
        assert people.customer.is_talking_to(on_call)
        world.advance(90)
        people.customer.hangs_up()

        anna.dials(LINE).hears(GREETING, within=10).presses("2")
        anna.hears("after the tone").says("Anna Berg, no dial tone on floor two").hears("We'll call you back")

        luis.dials(LINE).hears(GREETING, within=10).hears("Gracias por llamar", within=40).presses("2")
        luis.hears("después del tono").says("No hay línea en la oficina").hears("Le devolveremos la llamada")
        world.advance(30)
    # Anna is first in line: nobody is rung by itself for whoever has talked.
    people.dana.rings(within=130).answers().hears("Callback. A caller. 4 1 5, 5 5 5, 2 6 7 2. A recording")

    talked, left, spanish = world.records()
    assert [one["caller_number"] for one in world.records()] == [
        "+14155552671",
        "+14155552672",
        "+14155552673",
    ]
    assert [one["language"] for one in world.records()] == ["en", "en", "es"]
    assert {one["state"] for one in world.records()} == {"message"}
    assert [len(one["callbacks"]) for one in world.records()] == [1, 1, 1]
    assert (talked["callbacks"][0]["state"], talked["callbacks"][0]["reason"]) == ("task", "asked")
    assert left["callbacks"][0]["reason"] == spanish["callbacks"][0]["reason"] == "message"
    assert talked["created_at"] < left["created_at"] < spanish["created_at"]
    with world.database.reading() as session:
        assert 85 <= (session.scalars(select(HostedCall.talked_seconds)).first() or 0) <= 95
        assert all(session.scalars(select(Clip.audio)))
        assert len(session.scalars(select(Clip.id)).all()) == 2


def test_whoever_gets_no_answer_there_is_asked_for_a_message(
    world: World, people: Everybody, on_call: Handset, dead: Dead
) -> None:
    with dead():
        people.customer.dials(LINE).hears(GREETING).presses("1")
        on_call.rings().declines()
        people.customer.hears("everybody is busy").hears("after the tone").hangs_up()
        world.advance(30)
    people.dana.rings(within=130)

    record = world.record()
    assert [one["reason"] for one in record["callbacks"]] == ["nobody_came"]


@pytest.mark.parametrize(("found", "state"), [("TN-Validation-Passed-A", "promised"), ("", "task")])
def test_whoever_stays_on_the_line_as_they_are_told_is_called_back(
    world: World, on_call: Handset, dead: Dead, found: str, state: str
) -> None:
    """Nobody is rung by itself for a caller who has pressed no key and for whom nobody vouches: robots talk, too."""
    people = world.people
    world.off_shift("dana", "tomas")
    with dead():
        people.customer.dials(LINE, stir_verstat=found).hears(GREETING)
        people.customer.hears("mensaje después del tono", within=60)
        people.customer.says("This is Anna, please call me").hears("Thank you. We'll call you back").hears(
            "Gracias"
        )
        world.advance(30)
    world.advance(130)

    assert [(one["reason"], one["state"]) for one in world.record()["callbacks"]] == [("message", state)]


def test_a_message_is_kept_when_the_line_is_lost_in_the_middle_of_it(
    world: World, people: Everybody, on_call: Handset, dead: Dead
) -> None:
    with dead():
        people.customer.dials(LINE).hears(GREETING).presses("2").hears("after the tone")
        people.customer.says("The elevator phone is dead since this morning")
        world.advance(8)
        people.customer.loses_the_line()
        world.advance(30)
    world.advance(130)

    assert [one["reason"] for one in world.record()["callbacks"]] == ["message"]
    with world.database.reading() as session:
        assert session.scalars(select(Clip.audio)).one()


def test_silence_is_a_robots_and_is_not_called_back(
    world: World, people: Everybody, on_call: Handset, dead: Dead
) -> None:
    with dead():
        people.customer.dials(LINE).hears(GREETING)
        world.advance(120)
    world.advance(130)

    assert world.record()["callbacks"] == []
    assert people.customer.ended


def test_a_call_that_we_had_begun_to_answer_keeps_its_matter(
    world: World, people: Everybody, on_call: Handset, dead: Dead
) -> None:
    people.customer.dials(LINE).hears("For an onsite visit, press 1")
    with dead():
        people.customer.presses("1").hears(GREETING).presses("2")
        people.customer.hears("after the tone").says("The phones at the front desk are dead").hears("Goodbye")
        world.advance(30)
    world.advance(130)

    record = world.record()
    assert len(record["callbacks"]) == 1
    assert record["issue_recording_url"]
    assert record["state"] == "message"


def test_a_withheld_number_leaves_a_message_and_operations_get_it(
    world: World, people: Everybody, on_call: Handset, dead: Dead
) -> None:
    with world.database.transaction():
        policy.change("operations_email", "operations@example.com", Command("tests"))
    with dead():
        people.customer.dials(LINE, caller_id="+266696687").hears(GREETING).presses("2")
        people.customer.hears("after the tone").says("Call my office, you have the number").hears("Goodbye")
        world.advance(30)
    world.advance(400)

    assert world.record()["caller_number"] is None
    assert "left a message" in world.letters()[0].subject


def test_what_was_fetched_is_never_fetched_again(
    world: World, people: Everybody, on_call: Handset, dead: Dead
) -> None:
    """The worker dies after the commit, or another asks at the same moment: the network still has the execution."""
    with dead():
        people.customer.dials(LINE).hears(GREETING).presses("2")
        people.customer.hears("after the tone").says("No dial tone").hears("Goodbye")
        world.advance(30)
    world.exchange.trouble.fail_rest("DELETE", "/v2/Flows/*/Executions/*", 500)
    world.advance(400)

    assert len(world.records()) == 1
    assert len(world.callbacks()) == 1
    client = Client(SIMULATED_ACCOUNT, SIMULATED_TOKEN, http_client=InProcessTwilio(world.exchange.rest))
    (flow,) = client.studio.v2.flows.list()
    assert flow.executions.list() == []


def test_a_worker_that_begins_asks_at_once(
    world: World, people: Everybody, on_call: Handset, dead: Dead
) -> None:
    world.advance(70)
    with dead():
        people.customer.dials(LINE).hears(GREETING).presses("2")
        people.customer.hears("after the tone").says("No dial tone").hears("Goodbye")
        world.advance(20)
    with world.database.transaction():
        continuity.look_at_once()
    world.advance(1)

    assert len(world.callbacks()) == 1


def test_in_quiet_times_the_network_is_asked_seldom(world: World, on_call: Handset) -> None:
    world.advance(3600)

    asked = [url for method, url in world.asked.requests if method == "GET" and "/Executions" in url]
    assert len(asked) == 12


def test_messages_from_before_continuity_was_taken_back_are_fetched_and_then_nothing_is_asked(
    world: World, people: Everybody, on_call: Handset, dead: Dead
) -> None:
    with dead():
        people.customer.dials(LINE).hears(GREETING).presses("2")
        people.customer.hears("after the tone").says("No dial tone").hears("Goodbye")
    world.app.test_cli_runner().invoke(args=["provision", "--no-continuity", "--yes"])
    world.advance(7200)

    assert len(world.callbacks()) == 1
    asked = len(world.asked.requests)
    world.advance(3600)
    assert not [url for _, url in world.asked.requests[asked:] if "/Executions" in url]


def test_a_caller_who_waited_in_line_is_moved_on_from_the_hosted_flow_when_we_are_back(
    world: World, people: Everybody, on_call: Handset, dead: Dead
) -> None:
    world.off_shift("tomas")
    gets_in_line(people.customer)
    people.dana.rings().declines()
    with dead():
        people.customer.hears(GREETING, within=120)

    accepts(people.dana)
    are_talking(people.dana, people.customer)
