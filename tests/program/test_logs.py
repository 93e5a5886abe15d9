"""Telephone numbers do not reach the logs."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from ivr.core.logging_setup import init_logs

LastLine = Callable[[], dict[str, Any]]


@pytest.fixture
def logs() -> Iterator[LastLine]:
    written = StringIO()
    init_logs(written)
    yield lambda: json.loads(written.getvalue().splitlines()[-1])
    structlog.reset_defaults()


def test_a_number_keeps_its_last_four_digits_only(logs: LastLine) -> None:
    structlog.get_logger().info("rang", to="+14155552671", call_sid="CA" + "4155552671" * 3)

    line = logs()
    assert line["to"] == "****2671"
    assert line["event"] == "rang"
    assert line["call_sid"].startswith("CA4155552671")


def test_a_fault_is_logged_without_the_values_of_its_frames(logs: LastLine) -> None:
    said = "my number is 415 555 2671"
    try:
        int("bad number +14155552671")
    except ValueError:
        structlog.get_logger().exception("turn_failed")

    line = json.dumps(logs())
    assert "ValueError" in line
    assert said not in line
    assert "4155552671" not in line
