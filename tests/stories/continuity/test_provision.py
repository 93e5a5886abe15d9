"""An owner points the number at the service, and has the network answer while the service does not."""

import json
from typing import Any

import pytest
from click.testing import Result
from twilio.rest import Client

from ivr.backoffice.checks.finding import Finding, State, ok
from ivr.callcenter.continuity.service import kept_flow
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.core.config import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from ivr.operations.checks.continuity import check_continuity
from ivr.services import services
from tests.support.world import LINE, World
from twilio_simulator import InProcessTwilio

ON_CALL = "+14155550199"


def test_what_stands_there_already_is_not_written(world: World) -> None:
    told = flask(world, "provision")

    assert told.exit_code == 0
    assert f"{LINE} rings at {world.address}/voice/incoming already" in told.output
    assert "POST" not in {method for method, _ in world.asked.requests}


def test_what_is_to_be_written_is_shown_and_asked_about_first(world: World) -> None:
    number(world).update(voice_url="https://elsewhere.test/voice", voice_method="GET", status_callback="")

    refused = flask(world, "provision", answer="n\n")
    assert refused.exit_code == 1
    assert (
        f"{LINE} voice: GET https://elsewhere.test/voice -> POST {world.address}/voice/incoming"
        in refused.output
    )
    assert f"{LINE} status: nothing -> POST {world.address}/voice/status" in refused.output
    assert "fallback" not in refused.output
    assert number(world).voice_url == "https://elsewhere.test/voice"

    written = flask(world, "provision", answer="y\n")
    assert written.exit_code == 0
    assert number(world).voice_url == f"{world.address}/voice/incoming"
    assert number(world).voice_method == "POST"
    assert "there is nothing to write" in flask(world, "provision").output


def test_the_flow_is_made_once_and_changed_only_with_the_settings(world: World) -> None:
    made = flask(world, "provision", "--continuity", ON_CALL, "--yes")
    assert made.exit_code == 0, made.output
    assert f"1 calls {ON_CALL}" in made.output
    (flow,) = client(world).studio.v2.flows.list()
    assert number(world).voice_fallback_url == flow.webhook_url
    assert "there is nothing to write" in flask(world, "provision", "--yes").output

    with world.database.transaction():
        policy.change("company_name", "Sonder {{trigger.call.From}} & Sons", Command("the owner"))
    told = flask(world, "provision", answer="n\n").output
    assert "hosted flow: menu_en say: “Thank you for calling Onsite Support." in told
    assert flask(world, "provision", "--yes").exit_code == 0
    (flow,) = client(world).studio.v2.flows.list()
    assert flow.revision == 2
    words = json.dumps(client(world).studio.v2.flows(flow.sid).fetch().definition)
    assert "Thank you for calling Sonder trigger.call.From and Sons." in words


def test_a_company_that_speaks_english_alone_has_it_in_english_alone(world: World) -> None:
    with world.database.transaction():
        policy.change("languages", "en", Command("the owner"))
    assert flask(world, "provision", "--continuity", ON_CALL, "--yes").exit_code == 0

    (flow,) = client(world).studio.v2.flows.list()
    words = json.dumps(client(world).studio.v2.flows(flow.sid).fetch().definition)
    assert "es-US" not in words
    assert "Our hours are Monday to Friday, 7 a.m. to 4 p.m. Pacific." in words


def test_the_doctor_says_when_the_flow_is_older_than_the_settings(world: World) -> None:
    assert doctor(world)[0].state == State.WARNING
    assert flask(world, "provision", "--continuity", ON_CALL, "--yes").exit_code == 0
    well = ok("While this service is down the network takes its calls.")
    assert doctor(world) == [well]

    with world.database.transaction():
        policy.change("company_name", "Sonder", Command("the owner"))
    (old,) = doctor(world)
    assert old.state == State.WARNING
    assert "older than the settings" in old.words
    flask(world, "provision", "--yes")
    assert doctor(world) == [well]

    (flow,) = client(world).studio.v2.flows.list()
    flow.delete()
    (lost,) = doctor(world)
    assert lost.state == State.WRONG
    assert "has lost the flow" in lost.words
    flask(world, "provision", "--yes")
    assert doctor(world) == [well]


def test_a_flow_whose_sid_was_lost_is_found_by_its_name(world: World) -> None:
    flask(world, "provision", "--continuity", ON_CALL, "--yes")
    with world.database.transaction() as session:
        session.delete(kept_flow())

    told = flask(world, "provision", "--continuity", ON_CALL)
    assert told.exit_code == 0, told.output  # and there is nothing to write
    assert flask(world, "provision", "--continuity", "(415) 555-0198", "--yes").exit_code == 0
    (flow,) = client(world).studio.v2.flows.list()
    assert flow.revision == 2


def test_continuity_is_taken_back(world: World) -> None:
    flask(world, "provision", "--continuity", ON_CALL, "--yes")

    told = flask(world, "provision", "--no-continuity", answer="y\n")
    assert told.exit_code == 0
    assert number(world).voice_fallback_url == f"{world.address}/voice/fallback"
    assert "there is nothing to write" in flask(world, "provision").output
    assert len(client(world).studio.v2.flows.list()) == 1  # messages that it has taken are still fetched


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("911", "That isn't a phone number"),
        ("+19005551234", "costs extra"),
        (LINE, "this line's own number"),
        ("+442079460958", "call that country"),
        ("(415) 555-0199 ext. 12", "extension"),
    ],
)
def test_a_number_that_may_not_be_dialed_is_not_taken(world: World, given: str, why: str) -> None:
    refused = flask(world, "provision", "--continuity", given, "--yes")

    assert refused.exit_code == 1
    assert why in refused.output
    assert client(world).studio.v2.flows.list() == []


def test_a_network_that_does_not_take_the_flow_leaves_the_number_as_it_is(world: World) -> None:
    world.exchange.trouble.fail_rest("POST", "/v2/Flows/Validate", 500)
    told = flask(world, "provision", "--continuity", ON_CALL, "--yes")

    assert told.exit_code == 1
    assert number(world).voice_fallback_url == f"{world.address}/voice/fallback"


def flask(world: World, *command: str, answer: str = "") -> Result:
    return world.app.test_cli_runner().invoke(args=list(command), input=answer)


def doctor(world: World) -> list[Finding]:
    with world.app.app_context():
        return list(check_continuity(services()))


def client(world: World) -> Any:
    return Client(SIMULATED_ACCOUNT, SIMULATED_TOKEN, http_client=InProcessTwilio(world.exchange.rest))


def number(world: World) -> Any:
    return client(world).incoming_phone_numbers.list()[0]
