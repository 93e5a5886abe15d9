"""For pytest: the fixture ``twilio_exchange``, and three that a project may replace by its own of the same name."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from twilio_simulator import HeldClock, InProcessExchange, Switches

# Whoever does not ask for a fixture does not wait for Flask and Twilio's SDK: they are imported inside.


@pytest.fixture
def twilio_clock() -> "HeldClock":
    """The clock of the network. It stands at the moment at which the test began until the test moves it."""
    from twilio_simulator import HeldClock  # noqa: PLC0415  # see above

    return HeldClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def twilio_switches() -> "Switches":
    """What nobody outside Twilio knows for certain, in its likeliest positions."""
    from twilio_simulator import Switches  # noqa: PLC0415  # see above

    return Switches()


@pytest.fixture
def twilio_credentials() -> tuple[str, str]:
    """Account SID and auth token, which the application must know."""
    from twilio_simulator import ACCOUNT_SID, AUTH_TOKEN  # noqa: PLC0415  # see above

    return ACCOUNT_SID, AUTH_TOKEN


@pytest.fixture
def twilio_exchange(
    twilio_clock: "HeldClock", twilio_switches: "Switches", twilio_credentials: tuple[str, str]
) -> "Iterator[InProcessExchange]":
    """A telephone network in this process, without a number yet: ``connect`` gives one to an application.

    What Twilio would refuse or warn of fails the test, at the latest when it is over. Calls that are still up then end
    with the network itself: nobody is told.
    """
    from twilio_simulator import InProcessExchange  # noqa: PLC0415  # see above

    exchange = InProcessExchange(twilio_clock, twilio_switches, *twilio_credentials)
    yield exchange
    exchange.network.check()
