"""Going live: point the number here, and know that all is well, or what is not."""

from pathlib import Path

import pytest
from twilio.rest import Client

from devtools.local_stack import LocalStack, PartFailedError
from ivr.core.config import SIMULATED_ACCOUNT, SIMULATED_TOKEN
from twilio_simulator import AtAddress

pytestmark = pytest.mark.slow


def test_a_number_is_pointed_here_and_the_doctor_finds_nothing_until_something_is_wrong(
    tmp_path: Path,
) -> None:
    with LocalStack(tmp_path) as parts:
        provisioned = parts.flask("provision")
        findings = parts.flask("doctor")
        network = Client(SIMULATED_ACCOUNT, SIMULATED_TOKEN, http_client=AtAddress(parts.handset))
        network.incoming_phone_numbers.list()[0].update(trunk_sid="TK" + "1" * 32)
        with pytest.raises(PartFailedError) as trunk:
            parts.flask("doctor")
        parts.flask("provision", "--take-over", "--yes")
        taken_over = parts.flask("doctor")
        parts.environment["PUBLIC_URL"] = "http://127.0.0.1:9"
        with pytest.raises(PartFailedError) as refused:
            parts.flask("doctor")

    assert f"rings at {parts.web}/voice/incoming" in provisioned
    assert "FAULT" not in findings
    for words in (
        "up to date",
        "rings here",
        "answers a signed request",
        "refuses a stranger",
        "2 technicians",
    ):
        assert words in findings
    assert "ignores its addresses, because the SIP trunk TK1" in str(trunk.value)
    assert "--take-over" in str(trunk.value)
    assert "rings here" in taken_over
    assert "rings elsewhere" in str(refused.value)
    assert "cannot be reached" in str(refused.value)
