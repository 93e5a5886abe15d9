"""A line in which one call can be walked, and the figures of the walks."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from structlog.testing import capture_logs

from tests.exhaustive.walks import looks
from tests.exhaustive.walks.graph import Graph, Walked
from tests.exhaustive.walks.line import Line
from tests.exhaustive.walks.rehearsal import rehearse
from tests.exhaustive.walks.walk import Walk


@pytest.fixture(scope="session")
def rehearsed() -> None:
    """What is compiled once is compiled here, and not in every fork."""
    with time_machine.travel(0, tick=False) as traveller, capture_logs() as log:
        rehearse(Line(traveller, log))


@pytest.fixture
def line(rehearsed: None) -> Iterator[Line]:
    """The line, Monday morning at nine, all of it in this process."""
    with time_machine.travel(0, tick=False) as traveller, capture_logs() as log:
        yield Line(traveller, log)


@pytest.fixture
def walked(line: Line, tmp_path: Path, record_property: Callable[[str, object], None]) -> Walked:
    """Walks on from how things stand now; the figures are told at the end of the run."""

    def walk(**how: Any) -> Graph:
        graph = Walk(line, tmp_path / "notes", looks.look, **how).everywhere()
        record_property("walked", (len(graph.states), len(graph.steps), graph.longest_silence()))
        return graph

    return walk
