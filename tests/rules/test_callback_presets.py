"""When a callback is put off to with one press."""

from datetime import UTC, datetime

import pytest

from ivr.company.hours.rules import COMPANY
from ivr.web.console.callbacks.rules import Preset, due_at


@pytest.mark.parametrize(
    ("preset", "now", "due"),
    [
        (Preset.HOUR, "2026-11-30T17:00", "2026-11-30T18:00"),
        # Half past three: the line closes at four.
        (Preset.HOUR, "2026-11-30T23:30", "2026-12-01T15:00"),
        (Preset.TOMORROW, "2026-11-30T17:00", "2026-12-01T17:00"),
        # Friday: nobody is there tomorrow, nor the day after.
        (Preset.TOMORROW, "2026-12-04T17:00", "2026-12-07T15:00"),
    ],
)
def test_it_is_due_when_the_line_is_open(preset: Preset, now: str, due: str) -> None:
    found = due_at(preset, COMPANY, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)
