"""The number of the company leads elsewhere until it is taken over: what has its calls is named."""

import pytest
from twilio.rest import Client

from ivr.core.config import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from tests.support.world import LINE, Everybody, World
from twilio_simulator import InProcessTwilio


@pytest.mark.parametrize(
    ("elsewhere", "words"),
    [
        ({"voice_application_sid": "AP" + "1" * 32}, "the TwiML application AP1"),
        ({"trunk_sid": "TK" + "1" * 32}, "the SIP trunk TK1"),
        ({"voice_receive_mode": "fax"}, "the fax mode takes its calls"),
    ],
)
def test_a_number_that_ignores_our_addresses_is_taken_over_when_asked(
    world: World, people: Everybody, elsewhere: dict[str, str], words: str
) -> None:
    client = Client(SIMULATED_ACCOUNT, SIMULATED_TOKEN, http_client=InProcessTwilio(world.exchange.rest))
    client.incoming_phone_numbers.list()[0].update(**elsewhere)
    people.customer.dials(LINE)
    assert people.customer.ended

    flask = world.app.test_cli_runner()
    provisioned = flask.invoke(args=["provision"])
    assert provisioned.exit_code == 1
    assert words in provisioned.output
    assert flask.invoke(args=["provision", "--take-over", "--yes"]).exit_code == 0
    people.customer.dials(LINE).hears("Thank you for calling")
