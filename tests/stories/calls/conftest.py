"""The owner at her telephone."""

import pytest

from tests.support.owners import PIN
from tests.support.world import World
from twilio_simulator import Handset


@pytest.fixture
def ruth(world: World) -> Handset:
    """The owner's telephone; she has a PIN."""
    return world.owner(PIN)
