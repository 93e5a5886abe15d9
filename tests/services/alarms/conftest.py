"""A line whose alarms go to a chat server on this machine, and somebody who looks when the story says so."""

from collections.abc import Iterator

import pytest

from tests.support.alarms import Chat, Watch
from tests.support.serving import served
from tests.support.world import World


@pytest.fixture
def chat() -> Iterator[Chat]:
    chat = Chat()
    with served(chat) as chat.address:
        yield chat


@pytest.fixture
def watch(world: World) -> Watch:
    return Watch(world)
