"""The owner at her settings."""

import pytest

from tests.support.windows import Window
from tests.support.world import World


@pytest.fixture
def ruth(world: World) -> Window:
    return Window(world, "Ruth")
